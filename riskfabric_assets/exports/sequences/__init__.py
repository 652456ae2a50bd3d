"""User sequences in a database: generated records, evaluation metadata and the graph, in DuckDB or PostgreSQL.

Owns their schema (`tables`), the models that every record passes (`models`), the queries (`rows`) and the writing
(`database`, `seeding`). Whatever is written twice is there once.
"""
