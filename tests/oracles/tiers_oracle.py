"""The obvious way to find who trades around a home: look at every place, one by one."""

import h3.api.basic_int as h3


def candidates(merchants, home_cell_r7, home_region, tier):
    """Return the merchant ids of a tier around a home, ascending; `merchants` is reference/merchants."""
    if tier == "everywhere":
        return sorted(merchants["merchant_id"])
    if tier == "region":
        return sorted(merchants.filter(merchants["region_id"] == home_region)["merchant_id"])
    resolution = {"r6": 6, "r4": 4}[tier]
    wanted = h3.cell_to_parent(home_cell_r7, resolution)
    return sorted(
        row["merchant_id"]
        for row in merchants.iter_rows(named=True)
        if h3.cell_to_parent(row["h3_cell_r7"], resolution) == wanted
    )


def cascaded_candidates(merchants, home_cell_r7, home_region, tier):
    """Return the candidates of a tier, or of the next wider one that has any."""
    order = ("r6", "r4", "region", "everywhere")
    for wider in order[order.index(tier) :]:
        found = candidates(merchants, home_cell_r7, home_region, wider)
        if found:
            return found
    return []
