"""From the feature contract to what the fold needs: its hash, its thresholds, its tables."""

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Final

import numpy as np

from riskfabric_assets.features.kernels import fold as fold_kernels
from riskfabric_assets.features.kernels.arrays import LOG_STEPS, SECOND_US, Settings
from riskfabric_assets.features.state import STATE, Floats
from riskfabric_assets.foundation.tables.bronze import CHANNELS, EVENT_KINDS, MERCHANT_CATEGORIES
from riskfabric_assets.packs.features import AmountPrior, Features

MINUTES_PER_DAY: Final = 1440
ANGLE_STEPS: Final = 1 << 20
"""Steps of a sine or cosine per unit; sums of 10**12 payments fit in 63 bits."""
MINOR_UNITS_PER_UNIT: Final = 100


@dataclasses.dataclass(frozen=True, eq=False)
class Fold:
    """A feature contract made ready for the kernel, once for many batches."""

    contract: str
    currencies: tuple[str, ...]
    settings: Settings

    @classmethod
    def of(cls, features: Features) -> "Fold":
        """Prepare the fold of a validated config/features.yaml."""
        return cls(contract_hash(features), tuple(features.settings.amount_prior.rupees_per_unit), _settings(features))


def _fold_source() -> bytes:
    path = fold_kernels.__file__
    if path is None:
        raise RuntimeError("the fold has no source file")
    return b"".join(module.read_bytes() for module in sorted(Path(path).parent.glob("*.py")))


def contract_hash(features: Features) -> str:
    """Hash all that decides what a state means: contract, settings, code lists, layout and the fold's own text.

    Returns:
        16 hexadecimal digits. States of another hash are rebuilt, never reinterpreted.
    """
    content = {
        "features": features.model_dump(mode="json"),
        "state": STATE.descr,
        "categories": MERCHANT_CATEGORIES,
        "channels": CHANNELS,
        "event_kinds": EVENT_KINDS,
    }
    digest = hashlib.sha256(json.dumps(content).encode())
    digest.update(_fold_source())
    return digest.hexdigest()[:16]


def _settings(features: Features) -> Settings:
    settings = features.settings
    log_scale, prior_mean = _segments(settings.amount_prior)
    angle = 2.0 * np.pi * (np.arange(MINUTES_PER_DAY) + 0.5) / MINUTES_PER_DAY
    return Settings(
        rapid_fire_gap_us=np.int64(round(settings.rapid_fire_gap * SECOND_US)),
        burst_payments=np.int64(settings.burst_payments),
        speed_cap_kmh=np.float64(settings.speed_cap),
        minimum_elapsed_us=np.int64(round(settings.minimum_elapsed * SECOND_US)),
        prior_strength=np.float64(settings.amount_prior.strength),
        prior_variance=np.float64((settings.amount_prior.log_spread * LOG_STEPS) ** 2),
        round_amount_minor=np.int64(round(settings.round_amount * MINOR_UNITS_PER_UNIT)),
        log_scale=log_scale,
        prior_mean=prior_mean,
        cosine_of_minute=np.rint(np.cos(angle) * ANGLE_STEPS).astype(np.int64),
        sine_of_minute=np.rint(np.sin(angle) * ANGLE_STEPS).astype(np.int64),
    )


def _segments(prior: AmountPrior) -> tuple[Floats, Floats]:
    """Return log scale and prior mean by segment: currency x channel, currency outermost."""
    scale = np.log(np.array(list(prior.rupees_per_unit.values())))
    median = np.log(np.array([prior.median_amount[channel] * MINOR_UNITS_PER_UNIT for channel in CHANNELS]))
    return np.repeat(scale, len(CHANNELS)), np.tile(median * LOG_STEPS, scale.shape[0])
