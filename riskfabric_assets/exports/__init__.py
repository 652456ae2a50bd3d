"""Taking data out: any table as Parquet or CSV, the whole warehouse as one portable file, and the references.

Reads the warehouse read-only; writes only where it is told to, atomically. Refuses unknown tables and a target
that would overwrite the warehouse itself.
"""
