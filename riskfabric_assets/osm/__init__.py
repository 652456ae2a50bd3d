"""The map: any extract in, places, residences, settlements and boundaries out; and the sample extract.

Owns the tables `osm/*` and the facts behind the sample. Reads one `.osm.pbf`, `.osm` or `.osm.gz`, writes
Parquet and, as a sample, a real PBF. Refuses what is no map, is cut off, or holds no merchants or no homes.
Leaves to dbt: which region a point is in, what a category means, which node and way are the same shop.
"""
