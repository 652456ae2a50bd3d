"""The ground everything stands on: errors, random streams, units, ids, table contracts and the jit shim.

Owns no data, opens no file, knows no other room.
"""
