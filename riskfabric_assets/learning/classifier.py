"""The trained model: a booster, its calibration and its card; scores payments, lives in two JSON files.

`fraud_classifier.json` is XGBoost's own format; `fraud_classifier.schema.json` is the card: inputs with types and
levels, the days and labels it learned from, thresholds, versions. A scorer needs these two files and nothing else.
"""

import dataclasses
import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import xgboost as xgb
from pydantic import ValidationError

from riskfabric_assets.features.contract import contract_hash
from riskfabric_assets.foundation.errors import StaleError
from riskfabric_assets.learning.calibration import Calibration, Floats
from riskfabric_assets.learning.dataset import Inputs, ModelInput, input_matrix, model_inputs
from riskfabric_assets.packs.features import Features
from riskfabric_assets.packs.measured import Section
from riskfabric_assets.warehouse.parquet import atomic_path

NAME: Final = "fraud_classifier"
FORMAT_VERSION: Final = 1
REFRESH: Final = "riskfabric train"
THREADS: Final = 1
"""Threads of scoring; measured: 700,000 scores a second with 39 trees, and no spinning where cores are shared."""


class InputCard(Section):
    """One input as the model saw it."""

    name: str
    type: str
    unit: str
    levels: tuple[str, ...]


class WindowCard(Section):
    """Days, payments and known frauds of one window, and the moment whose knowledge labelled them."""

    first_day: dt.date
    last_day: dt.date
    label_cutoff: dt.datetime
    count_payments: int
    count_frauds: int


class ModelCard(Section):
    """Everything about a model that is not in its trees; machine-readable."""

    name: str = NAME
    format_version: int = FORMAT_VERSION
    identity: str
    feature_contract: str
    data_hash: str
    booster_hash: str
    inputs: tuple[InputCard, ...]
    train: WindowCard
    validation: WindowCard
    count_rounds: int
    positive_weight: float
    calibration_slope: float
    calibration_intercept: float
    thresholds: dict[str, float]
    libraries: dict[str, str]


@dataclasses.dataclass(frozen=True, eq=False)
class FraudClassifier:
    """A booster with its card."""

    booster: xgb.Booster
    card: ModelCard

    @property
    def inputs(self) -> tuple[ModelInput, ...]:
        """Inputs in the order of the matrix."""
        return tuple(ModelInput(card.name, card.type, card.unit, card.levels) for card in self.card.inputs)

    @property
    def calibration(self) -> Calibration:
        """How margins become probabilities."""
        return Calibration(self.card.calibration_slope, self.card.calibration_intercept)

    def margins(self, matrix: Inputs) -> Floats:
        """Return the log odds of the trees, before calibration, shape (n,)."""
        if not matrix.shape[0]:
            return np.empty(0)
        return np.asarray(self.booster.inplace_predict(matrix, predict_type="margin"), dtype=np.float64)

    def scores(self, matrix: Inputs) -> Floats:
        """Return the calibrated probability of fraud per row of an input matrix, shape (n,)."""
        return self.calibration.probabilities(self.margins(matrix))

    def score(self, payments: pl.DataFrame) -> Floats:
        """Return the calibrated probability of fraud per payment, shape (n,); raises InputError."""
        return self.scores(input_matrix(payments, self.inputs))

    def save(self, folder: Path) -> tuple[Path, Path]:
        """Write booster and card, the card last, each atomically; return both files."""
        booster_path, card_path = _paths(folder)
        with atomic_path(booster_path) as unfinished:
            unfinished.write_bytes(booster_bytes(self.booster))
        with atomic_path(card_path) as unfinished:
            unfinished.write_text(self.card.model_dump_json(indent=2) + "\n", encoding="utf-8")
        return booster_path, card_path


def load(folder: Path, features: Features) -> FraudClassifier:
    """Read a model that was trained under this feature contract.

    Raises:
        StaleError: There is none, its files do not belong together, or its contract is another.
    """
    booster_path, card_path = _paths(folder)
    wanted = f"{NAME} of feature contract {contract_hash(features)}"
    if not (booster_path.exists() and card_path.exists()):
        raise StaleError(f"no {NAME} in {folder.name}/", wanted, REFRESH)
    card = _read_card(card_path, wanted)
    if card.feature_contract != contract_hash(features):
        raise StaleError(f"{NAME} of feature contract {card.feature_contract}", wanted, REFRESH)
    content = booster_path.read_bytes()
    if hash_of_bytes(content) != card.booster_hash:
        raise StaleError(f"{booster_path.name} {hash_of_bytes(content)}", f"booster {card.booster_hash}", REFRESH)
    booster = xgb.Booster()
    booster.load_model(bytearray(content))
    booster.set_param({"nthread": THREADS})
    classifier = FraudClassifier(booster, card)
    if classifier.inputs != model_inputs(features):
        raise StaleError(f"{NAME} with other inputs", wanted, REFRESH)
    return classifier


def _read_card(path: Path, wanted: str) -> ModelCard:
    try:
        card = ModelCard.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, json.JSONDecodeError) as error:
        raise StaleError(f"{path.name} of another format", wanted, REFRESH) from error
    if card.format_version != FORMAT_VERSION:
        raise StaleError(f"{path.name} of format {card.format_version}", f"format {FORMAT_VERSION}", REFRESH)
    return card


def booster_bytes(booster: xgb.Booster) -> bytes:
    """Return the booster as XGBoost's JSON; equal data and parameters give equal bytes."""
    return bytes(booster.save_raw(raw_format="json"))


def hash_of_bytes(content: bytes) -> str:
    """Return 16 hexadecimal digits of SHA-256."""
    return hashlib.sha256(content).hexdigest()[:16]


def _paths(folder: Path) -> tuple[Path, Path]:
    return folder / f"{NAME}.json", folder / f"{NAME}.schema.json"
