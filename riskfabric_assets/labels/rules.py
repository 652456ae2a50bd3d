"""The rules of discovery as arrays: one row per typology, in the order of the registry."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.tables.bronze import LABEL_REPORTERS
from riskfabric_assets.packs.labels import Case, Discovery, Labels

Floats = npt.NDArray[np.float64]

BANK_RULE: Final = LABEL_REPORTERS.index("bank_rule")
DAYS_OF_A_BURST: Final = 2
"""Business days that a burst touches when it crosses midnight; the cap of a payer and payee is divided by it."""
DAYS_OF_A_PAYER: Final = 4
"""The same for the cap of a payer, whom two bursts may hit within 30 days."""


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
    """Age of a payment at which no report is heard any more."""
    instant_window_days: Floats
    """The same for instant payments, shape (typologies,)."""
    statement_log_median: Floats
    """Logarithm of the median delay where a card was charged online, shape (typologies,)."""
    statement_sigma: Floats


class NoiseArrays(NamedTuple):
    """How often labels are wrong, and for what a false report passes."""

    never_share: Floats
    """Share of fraud that is never reported, shape (typologies,)."""
    false_positive_share: float
    taken_back_share: float
    """Share of honest payments that are reported by mistake and taken back before the bank decides."""
    disguise: Floats
    """Cumulative weight with which a false report passes for a typology, so that a wrong label looks exactly
    like a right one, shape (typologies,)."""


@dataclasses.dataclass(frozen=True)
class LabelRules:
    """The rules of all typologies; `typologies` names the rows."""

    typologies: tuple[str, ...]
    noise: NoiseArrays
    discovery: DiscoveryArrays
    most_per_payer: int
    """Instant payments of one business day that a payer reports; the bank finds the others itself."""
    most_per_payee: int
    case: Case


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
    mix = np.array([weights[name] for name in names], dtype=np.float64)
    total = float(mix.sum())
    mistaken, withdrawn = (labels.noise.false_positive_share if total > 0 else 0.0), labels.case.withdrawn_share
    noise = NoiseArrays(
        np.array([_or(rule.never_share, labels.noise.false_negative_share) for rule in own]),
        mistaken,
        mistaken * withdrawn / (1.0 - withdrawn),
        np.cumsum(mix) / (total or 1.0),
    )
    caps = labels.dispute_caps
    return LabelRules(
        names,
        noise,
        _discovery(labels, own),
        caps.per_payer // DAYS_OF_A_PAYER,
        caps.per_payee // DAYS_OF_A_BURST,
        labels.case,
    )


def _discovery(labels: Labels, own: Sequence[Discovery]) -> DiscoveryArrays:
    reporters = np.array([[rule.reporters.get(reporter, 0.0) for reporter in LABEL_REPORTERS] for rule in own])
    delay_factor = np.ones(len(LABEL_REPORTERS))
    delay_factor[BANK_RULE] = labels.bank_rule_delay_factor
    median, sigma = (np.array([getattr(rule, name) for rule in own]) for name in ("delay_median", "delay_sigma"))
    is_sooner = median < labels.statement.delay_median
    return DiscoveryArrays(
        np.cumsum(reporters.reshape(len(own), len(LABEL_REPORTERS)), axis=1),
        np.log(median),
        sigma,
        delay_factor,
        labels.delay_cap,
        np.array([_or(rule.instant_window, labels.delay_cap) for rule in own]),
        np.log(np.where(is_sooner, labels.statement.delay_median, median)),
        np.where(is_sooner, labels.statement.delay_sigma, sigma),
    )


def _or(stated: float | None, general: float) -> float:
    return general if stated is None else stated
