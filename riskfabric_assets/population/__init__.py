"""Who lives in a world: customers with their homes, accounts, cards, devices and latent traits.

Owns: the draw of every population table, the identifiers that are safe by construction and the predicates
that say so. Reads: reference/residential, the packs, the start of the calendar. Writes: population/* as
frames. Refuses: payments and crime, the calendar's end, the wall clock. The entity of every draw is the
customer's ordinal, so an additional customer changes nobody else.
"""
