"""From the margin of a class-weighted model to a probability.

`scale_pos_weight` makes the trees see frauds as often as honest payments, so their own probabilities are far too
high. Platt's scaling fits `probability = 1 / (1 + exp(-(slope * margin + intercept)))` on the validation window: two
numbers, strictly rising (ranks and areas under curves stay), and one line of code in any scorer. Isotonic regression
would tie neighbouring scores and needs more frauds than a short validation window has.

Source: J. Platt, "Probabilistic Outputs for Support Vector Machines", 1999, with his smoothed targets.
"""

import dataclasses
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

MAXIMUM_STEPS: Final = 50
TOLERANCE: Final = 1e-10
SMALLEST_SLOPE: Final = 1e-3
"""A slope that is not positive would turn the order of scores round; this one keeps it and says nothing more."""


@dataclasses.dataclass(frozen=True)
class Calibration:
    """Slope and intercept on the scale of log odds."""

    slope: float
    intercept: float

    def probabilities(self, margins: npt.NDArray[np.floating]) -> Floats:
        """Return the probability of each margin, shape (n,)."""
        return sigmoid(self.slope * np.asarray(margins, dtype=np.float64) + self.intercept)


def sigmoid(log_odds: Floats) -> Floats:
    """Return 1 / (1 + exp(-x)), without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * log_odds)), dtype=np.float64)


def fit_calibration(margins: npt.NDArray[np.floating], labels: Booleans) -> Calibration:
    """Fit slope and intercept by Newton's method.

    Args:
        margins: Log odds as the model has them, shape (n,).
        labels: What the bank held for fraud, shape (n,).

    Returns:
        The calibration; the mean prior alone when the labels hold one class only.
    """
    values = np.asarray(margins, dtype=np.float64)
    positives = int(labels.sum())
    targets = np.where(labels, (positives + 1) / (positives + 2), 1 / (labels.shape[0] - positives + 2))
    prior = float(np.log((positives + 1) / (labels.shape[0] - positives + 1)))
    if positives in (0, labels.shape[0]):
        return Calibration(SMALLEST_SLOPE, prior)
    slope, intercept = _newton(values, targets, prior)
    return Calibration(slope, intercept) if slope >= SMALLEST_SLOPE else Calibration(SMALLEST_SLOPE, prior)


def _newton(values: Floats, targets: Floats, prior: float) -> tuple[float, float]:
    parameters = np.array((0.0, prior))
    design = np.column_stack((values, np.ones_like(values)))
    loss = _loss(design @ parameters, targets)
    for _ in range(MAXIMUM_STEPS):
        chances = sigmoid(design @ parameters)
        gradient = design.T @ (chances - targets)
        curvature = (design * (chances * (1.0 - chances))[:, None]).T @ design + 1e-12 * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        scale = 1.0
        while (new_loss := _loss(design @ (parameters - scale * step), targets)) > loss and scale > TOLERANCE:
            scale *= 0.5
        parameters = parameters - scale * step
        if loss - new_loss <= TOLERANCE * abs(loss):
            break
        loss = new_loss
    return float(parameters[0]), float(parameters[1])


def _loss(log_odds: Floats, targets: Floats) -> float:
    return float(np.sum(np.logaddexp(0.0, log_odds) - targets * log_odds))
