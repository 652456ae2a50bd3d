"""Parquet from arrays: pages, row groups and footer of files that are too long to pass through a frame.

Owns: the encodings (plain, dictionary, delta, bits), the footer and the order of the bytes. Reads: the contract of a
table and arrays of its types. Writes: bytes into an open file; `warehouse.parquet` gives the file its name. Refuses:
nested types, compression, and arrays that break the contract. Source: Apache Parquet format, encodings and thrift.
"""
