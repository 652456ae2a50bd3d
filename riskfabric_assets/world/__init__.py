"""Where and when: the reference marts as read-only arrays, and the days of a world's time zone.

Owns: the market (merchants and cash machines in canonical order, with their spatial index), the
neighbourhoods of homes in it, the clock, and the one policy for moving a position by a few hundred metres.
Reads: frames of `reference`. Writes nothing. Refuses: people, payments, the end of the calendar.
"""
