"""Address slices of households' internet providers, as arrays that kernels draw addresses from."""

import ipaddress
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_kernel
from riskfabric_assets.packs.people import Networks

UInt32s = npt.NDArray[np.uint32]


class NetworkSlices(NamedTuple):
    """One unroutable IPv4 slice per provider, in the order of the pack: a provider's code is its position."""

    base_address: UInt32s
    """First address, shape (providers,)."""
    host_mask: UInt32s
    """Bits of an address that are free inside the slice, shape (providers,)."""


def network_names(networks: Networks) -> tuple[str, ...]:
    """Return the providers in code order."""
    return tuple(networks.providers)


def network_slices(networks: Networks) -> NetworkSlices:
    """Return the slices of all providers."""
    slices = [ipaddress.IPv4Network(provider.slice) for provider in networks.providers.values()]
    return NetworkSlices(
        np.array([int(network.network_address) for network in slices], dtype=np.uint32),
        np.array([int(network.hostmask) for network in slices], dtype=np.uint32),
    )


@inline_kernel
def address_in(slices: NetworkSlices, network: int, bits: np.uint64) -> np.uint32:
    """Return the address that 64 random bits name inside a provider's slice."""
    return np.uint32(slices.base_address[network] | (np.uint32(bits >> np.uint64(32)) & slices.host_mask[network]))
