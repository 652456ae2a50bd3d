"""The rules of discovery as arrays: one row per typology, in the order of the registry."""

import dataclasses
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.tables.bronze import LABEL_REPORTERS
from riskfabric_assets.packs.labels import Discovery, Labels

Floats = npt.NDArray[np.float64]

BANK_RULE: Final = LABEL_REPORTERS.index("bank_rule")


class DiscoveryArrays(NamedTuple):
    """Who finds which kind of fraud, and how fast; for kernels, one row per typology."""

    reporters: Floats
    """Cumulative shares, shape (typologies, reporters)."""
    log_median: Floats
    """Logarithm of the median delay in days, shape (typologies,)."""
    sigma: Floats
    """Standard deviation of the logarithm, shape (typologies,)."""
    delay_factor: Floats
    """Factor on the delay, shape (reporters,)."""
    delay_cap_days: float


class NoiseArrays(NamedTuple):
    """How often labels are wrong, and for what a false report passes."""

    false_negative_share: float
    false_positive_share: float
    disguise: Floats
    """Cumulative weight with which a false report passes for a typology, so that a wrong label looks exactly
    like a right one, shape (typologies,)."""


@dataclasses.dataclass(frozen=True)
class LabelRules:
    """The rules of all typologies; `typologies` names the rows."""

    typologies: tuple[str, ...]
    noise: NoiseArrays
    discovery: DiscoveryArrays


def label_rules(
    labels: Labels, discoveries: Mapping[str, Discovery | None], weights: Mapping[str, float]
) -> LabelRules:
    """Join the general rules with those of each typology.

    Args:
        labels: config/labels.yaml.
        discoveries: What a typology states of its own, by name; None where the general rule holds.
        weights: Weight of each typology among fraudulent payments, by the same names.
    """
    names = tuple(sorted(discoveries))
    own = [discoveries[name] or labels.discovery for name in names]
    reporters = np.array([[rule.reporters.get(reporter, 0.0) for reporter in LABEL_REPORTERS] for rule in own])
    delay_factor = np.ones(len(LABEL_REPORTERS))
    delay_factor[BANK_RULE] = labels.bank_rule_delay_factor
    mix = np.array([weights[name] for name in names], dtype=np.float64)
    total = float(mix.sum())
    noise = NoiseArrays(
        labels.noise.false_negative_share,
        labels.noise.false_positive_share if total > 0 else 0.0,
        np.cumsum(mix) / (total or 1.0),
    )
    discovery = DiscoveryArrays(
        np.cumsum(reporters.reshape(len(names), len(LABEL_REPORTERS)), axis=1),
        np.log([rule.delay_median for rule in own]),
        np.array([rule.delay_sigma for rule in own]),
        delay_factor,
        labels.delay_cap,
    )
    return LabelRules(names, noise, discovery)
