"""config/market.yaml: how popular places are."""

from typing import Annotated

from pydantic import Field

from riskfabric_assets.packs.measured import Measured, Section


class Market(Section):
    """Rank-size law of merchants and cash machines among their neighbours."""

    popularity_exponent: Annotated[float, Field(ge=0, le=3), Measured("exponent")]
    popularity_cap: Annotated[float, Field(ge=1), Measured("ratio")]
