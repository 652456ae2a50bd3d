"""Areas under curves for many resamples in one pass over payments in falling order of score."""

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import kernel

Booleans = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@kernel
def ranking_kernel(
    slots: npt.NDArray[np.int32],
    labels: Booleans,
    weights: Floats,
    is_last_of_tie: Booleans,
    multiplicities: npt.NDArray[np.uint8],
    budgets: Floats,
    out: Floats,
) -> None:
    """Fill one row per resample: average precision, ROC AUC, recall at each false positive budget.

    `multiplicities[resample, slot]` says how often a customer was drawn, shape (r, c); `out` has shape
    (r, 2 + budgets). A resample without both classes becomes NaN.
    """
    for resample in range(multiplicities.shape[0]):
        drawn = multiplicities[resample]
        positives, negatives = 0.0, 0.0
        for row in range(slots.shape[0]):
            weight = drawn[slots[row]] * weights[row]
            if labels[row]:
                positives += weight
            else:
                negatives += weight
        if positives <= 0.0 or negatives <= 0.0:
            out[resample, :] = np.nan
            continue
        out[resample, :] = 0.0
        hits, alarms, hits_before, alarms_before = 0.0, 0.0, 0.0, 0.0
        for row in range(slots.shape[0]):
            weight = drawn[slots[row]] * weights[row]
            if labels[row]:
                hits += weight
            else:
                alarms += weight
            if is_last_of_tie[row] and hits + alarms > hits_before + alarms_before:
                out[resample, 0] += (hits - hits_before) * hits / (hits + alarms)
                out[resample, 1] += (alarms - alarms_before) * 0.5 * (hits + hits_before)
                for budget in range(budgets.shape[0]):
                    if alarms <= budgets[budget] * negatives:
                        out[resample, 2 + budget] = hits / positives
                hits_before, alarms_before = hits, alarms
        out[resample, 0] /= positives
        out[resample, 1] /= positives * negatives
