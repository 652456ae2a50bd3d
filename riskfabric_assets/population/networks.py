"""Through which providers people reach the bank: the household's line, and the carrier of their phone."""

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.population import LOCATION_TYPES
from riskfabric_assets.packs.people import NetworkShares
from riskfabric_assets.population.demography import Demography, weights_in_order
from riskfabric_assets.world.slices import pick_members, stack_weights

Int64s = npt.NDArray[np.int64]


def draw_networks(
    demography: Demography, streams: Streams, ordinals: Int64s, heads: Int64s, location: Int64s
) -> tuple[pl.Series, pl.Series]:
    """Draw the providers of some customers.

    Args:
        demography: Settings.
        streams: Random streams of the run.
        ordinals: Customers, shape (n,).
        heads: Entity of the household, shape (n,): its members share a line.
        location: Code of the location type, shape (n,).

    Returns:
        Columns home_network_name, null where a household has no line, and mobile_network_name.
    """
    networks = demography.people.networks
    names = pl.Series([*networks.providers, None], dtype=pl.String)

    def picks(shares: NetworkShares, stream: str, entities: Int64s) -> Int64s:
        rows = [weights_in_order(by, networks.providers) for by in shares.by_location]
        return pick_members(stack_weights(rows), location, streams.uniforms(stream, entities))

    home = picks(networks.home, "population/household/network", heads)
    has_line = (
        streams.uniforms("population/household/line", heads)
        < (np.array(weights_in_order(networks.home_line_shares, LOCATION_TYPES))[location])
    )
    mobile = picks(networks.mobile, "population/customer/network", ordinals)
    return (
        names.gather(np.where(has_line, home, len(names) - 1)).alias("home_network_name"),
        names.gather(mobile).alias("mobile_network_name"),
    )
