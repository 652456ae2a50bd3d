"""What the bank learns from its labels: data set, model, evaluation, explanation, audits and the report.

Reads `gold/payments` and the feature contract; `truth/fraud` enters `evaluation` and the report alone, to say how
far the labels mislead. Writes nothing itself but the model's two files. Refuses ids, labels and outcomes as inputs,
labels that were not known at the cut-off, and a stored model of another contract.

    dataset       windows of the calendar, labels as of a moment, inputs as one matrix
    training      gradient-boosted trees, calibration, thresholds
    classifier    the trained model: scores, files
    ranking       curves and areas, with intervals by customer
    evaluation    everything that is said about the scores of the test window
    explanation   gain, permutation and SHAP importances side by side
    audit         shortcuts, dominance and the health band
    report        one page to print
"""
