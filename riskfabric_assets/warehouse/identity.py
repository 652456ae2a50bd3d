"""One home, one identity: the marker file, and the refusal of anything else."""

import dataclasses
import json
from pathlib import Path
from typing import Final

from riskfabric_assets.foundation.errors import StaleError
from riskfabric_assets.packs.settings import Settings
from riskfabric_assets.warehouse.home import Home

MARKER: Final = "identity.json"


@dataclasses.dataclass(frozen=True)
class Identity:
    """What a home holds."""

    identity: str
    world: str
    profile: str
    scenario: str
    seed: int

    @classmethod
    def of(cls, settings: Settings) -> "Identity":
        """Take the identity of resolved settings."""
        return cls(settings.identity, settings.world, settings.profile, settings.scenario, settings.seed)

    def __str__(self) -> str:
        """Name it for a person."""
        return f"{self.world}/{self.profile}/seed {self.seed}/{self.scenario} ({self.identity})"


def claim(home: Home, wanted: Identity) -> None:
    """Write the marker of a new home, or check the marker of an old one.

    Raises:
        StaleError: The home holds another identity.
    """
    stored = stored_identity(home.root)
    if stored is None:
        home.root.mkdir(parents=True, exist_ok=True)
        (home.root / MARKER).write_text(json.dumps(dataclasses.asdict(wanted), indent=2) + "\n")
    elif stored.identity != wanted.identity:
        raise StaleError(
            stored=f"{home.root} holds {stored}",
            wanted=str(wanted),
            command="set RISKFABRIC_HOME to another folder, or remove this one and run `riskfabric demo`",
        )


def stored_identity(root: Path) -> Identity | None:
    """Return the identity that a folder holds, or None for a new folder."""
    path = root / MARKER
    return Identity(**json.loads(path.read_text())) if path.exists() else None
