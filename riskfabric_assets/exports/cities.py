"""Cities of a world, and the city that the cell of a payment lies in."""

from typing import Final

import numpy as np
import polars as pl

from riskfabric_assets.exports.source import Source
from riskfabric_assets.world.cells import parents_of

_CITIES: Final = """
create or replace temp table cities as
select
    row_number() over (order by region_name, city_name) as city_id, region_name as region, city_name as city,
    avg(latitude) as lat, avg(longitude) as lon, max(population) as population
from (
    select region_name, city_name, latitude, longitude, null as population from merchants
    union all
    select region_name, city_name, latitude, longitude, population from residential
    union all
    select region_name, city_name, home_latitude, home_longitude, null from people.customers
)
where city_name is not null
group by region_name, city_name
"""
_CELL_CITIES: Final = """
create or replace temp table cell_cities as
with
places as (
    select h3_cell_r7, h3_cell_r6, h3_cell_r4, city_name from merchants where city_name is not null
    union all
    select h3_cell_r7, h3_cell_r6, h3_cell_r4, city_name from residential where city_name is not null
),
sevens as (select h3_cell_r7 as cell, city_name, count(*) as n from places group by all),
sixes as (select h3_cell_r6 as cell, city_name, count(*) as n from places group by all),
fours as (select h3_cell_r4 as cell, city_name, count(*) as n from places group by all),
best as (
    select cell, city_name
    from (from sevens union all from sixes union all from fours)
    qualify row_number() over (partition by cell order by n desc, city_name) = 1
)
select paid_cells.cell, coalesce(r7.city_name, r6.city_name, r4.city_name) as city
from paid_cells
left join best as r7 on r7.cell = paid_cells.cell
left join best as r6 on r6.cell = paid_cells.parent_r6
left join best as r4 on r4.cell = paid_cells.parent_r4
"""


def create_cities(source: Source) -> None:
    """Create the tables cities(city_id, region, city, lat, lon, population) and cell_cities(cell, city).

    A cell has the city that most shops and homes of it name, else of its parent of resolution 6, else of resolution 4;
    null where nothing is near.
    """
    columns = ["settlement_id", "city_name", "region_name", "latitude", "longitude"]
    residential = source.run.read("reference/residential", columns=[*columns, "h3_cell_r7", "h3_cell_r6", "h3_cell_r4"])
    settlements = source.run.read("osm/settlements", columns=["settlement_id", "population"])
    source.load("residential", residential.join(settlements, on="settlement_id", how="left"))
    source.connection.execute(_CITIES)
    found = source.connection.execute("select distinct h3_cell_r7 from months.transactions order by 1").pl()
    cells = found["h3_cell_r7"].to_numpy().astype(np.uint64)
    parents = {f"parent_r{level}": parents_of(cells, level) for level in (6, 4)}
    source.load("paid_cells", pl.DataFrame({"cell": cells} | parents))
    source.connection.execute(_CELL_CITIES)
