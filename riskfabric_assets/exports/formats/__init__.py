"""Formats by name, one file each: the schema of every file it writes, its options, and how rows are made.

A format reads the views of `exports.source` only. What its original holds and the world does not know is null, and its
column says so.
"""
