"""H3 cells of positions; the only resolution stored is 7, the coarser ones are its parents."""

import h3.api.basic_int as h3
import numpy as np
import numpy.typing as npt

RESOLUTION = 7


def cells_of(latitude: npt.NDArray[np.float64], longitude: npt.NDArray[np.float64]) -> npt.NDArray[np.uint64]:
    """Return the resolution-7 cell of each position in degrees, shape (n,)."""
    pairs = zip(latitude.tolist(), longitude.tolist(), strict=True)
    return np.fromiter((h3.latlng_to_cell(lat, lon, RESOLUTION) for lat, lon in pairs), np.uint64, latitude.shape[0])
