"""Where data lives: the home of a run, its lake of Parquet files and its DuckDB file.

Owns paths, connections, extensions, atomic writes, views over the lake, identity and high-water mark. Reads
and writes only below the home. Refuses a home of another identity, a locked file and a frame that breaks its
contract. Knows nothing of Dagster; the resource of the assets room is a thin wrapper around `Run`.
"""
