"""config/serving.yaml: what the real-time side is held to."""

from typing import Annotated

from pydantic import Field

from riskfabric_assets.packs.measured import Measured, Section


class Replay(Section):
    """How a day is cut when it is replayed; it changes no feature."""

    largest_batch: Annotated[int, Field(ge=1), Measured("events")]


class Serving(Section):
    """The file."""

    replay: Replay
