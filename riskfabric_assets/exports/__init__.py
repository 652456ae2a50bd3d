"""Taking data out: tables, a portable warehouse, the references, and the formats that people already use.

Reads the warehouse read-only; writes only where it is told to, atomically. Refuses unknown tables and formats, a
target that would overwrite the warehouse itself, and a folder that holds something else.
A format is one file in `formats/`, found by its name; `registry` says what the file offers.
"""
