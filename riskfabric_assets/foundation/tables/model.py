"""What is said about a model: its measures, its explanation and its audit."""

from typing import Final

from riskfabric_assets.foundation.contracts import Column, Table

TARGETS: Final = ("label", "truth")
SECTIONS: Final = ("population", "ranking", "alerts", "operating_point", "typology", "reliability")

EVALUATION: Final = Table(
    "model/evaluation",
    "One row per measure of the test window, against the label that the bank has and against the truth",
    ("target", "section", "name", "measure"),
    (
        Column("target", "VARCHAR", "What a flag is compared with: the bank's label or the answer key", values=TARGETS),
        Column("section", "VARCHAR", "Kind of measure", values=SECTIONS),
        Column("name", "VARCHAR", "Operating point, typology, bin or budget; 'all' where there is one only"),
        Column("measure", "VARCHAR", "What is measured"),
        Column("unit", "VARCHAR", "Unit of the value"),
        Column("value", "DOUBLE", "Value; null where there is nothing to measure", is_nullable=True),
        Column("low", "DOUBLE", "Lower end of the bootstrap interval by customer", is_nullable=True),
        Column("high", "DOUBLE", "Upper end of the bootstrap interval by customer", is_nullable=True),
    ),
)

EXPLANATION: Final = Table(
    "model/explanation",
    "One row per input of the model, in order of SHAP importance",
    ("feature",),
    (
        Column("feature", "VARCHAR", "Input"),
        Column("gain_share", "DOUBLE", "Share of the loss reduction of all splits", "share"),
        Column("permutation_loss", "DOUBLE", "Fall of ROC AUC against the truth when the input is shuffled", "share"),
        Column("shap_share", "DOUBLE", "Share of the mean absolute SHAP value", "share"),
        Column("solo_roc_auc", "DOUBLE", "ROC AUC against the truth of this input alone", "share", is_nullable=True),
    ),
)

LEAKAGE_AUDIT: Final = Table(
    "model/leakage_audit",
    "One row per merchant category of the test window, in order of over-representation among flags",
    ("merchant_category",),
    (
        Column("merchant_category", "VARCHAR", "Category"),
        Column("count_payments", "BIGINT", "Payments of the category", "payments"),
        Column("count_flags", "BIGINT", "Payments of the category that are flagged", "payments"),
        Column("payment_share", "DOUBLE", "Share of the category in all payments", "share"),
        Column("flag_share", "DOUBLE", "Share of the category in all flags", "share"),
        Column("flag_index", "DOUBLE", "flag_share over payment_share", "ratio", is_nullable=True),
        Column("fraud_rate", "DOUBLE", "True fraud in all payments of the category", "share"),
        Column("verified_share", "DOUBLE", "True fraud in the flags of the category", "share", is_nullable=True),
        Column("is_alarm", "BOOLEAN", "A shortcut: fraud_rate is above the limit of config/model.yaml, at 97.5 %"),
    ),
)
