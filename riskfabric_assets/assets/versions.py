"""Code versions: a hash of the sources that make an asset, so that Dagster shows what is stale."""

import functools
import hashlib
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent.parent
GROUND: Final = ("foundation", "packs", "warehouse")
ROOMS: Final = {
    "osm": ("osm",),
    "population": ("population", "world"),
    "plan": ("typologies", "population", "world"),
    "bronze": ("ledger", "labels", "typologies", "simulation", "world"),
    "own": (),
    "silver": ("features",),
    "realism": ("realism",),
    "model": ("learning",),
    "serving": ("serving", "features"),
    "reports": ("stories", "learning"),
}
"""Layer -> rooms whose sources make it, besides the common ground."""


@functools.cache
def code_version(layer: str) -> str:
    """Return the hash of the sources behind a layer; 12 hexadecimal digits."""
    return sources_hash(*ROOMS[layer], *GROUND)


def sources_hash(*rooms: str) -> str:
    """Return the hash of every Python source in the given rooms, or in the whole package; 12 hexadecimal digits."""
    folders = [PACKAGE / room for room in rooms] or [PACKAGE]
    digest = hashlib.sha256()
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        digest.update(str(path.relative_to(PACKAGE)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
