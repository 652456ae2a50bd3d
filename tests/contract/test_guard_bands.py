"""The bands of the too-easy guard belong to typologies that exist; a new typology needs none."""

import pathlib

from riskfabric_assets.packs.settings import resolve


def test_every_band_belongs_to_a_typology() -> None:
    settings = resolve({}, pathlib.Path("nowhere"))
    assert set(settings.config.model.guard.detectability) <= set(settings.typologies)
