"""Honest life: what every customer does in one month when no criminal interferes.

Owns: the columns a month travels in (`columns`), the arrays of people (`people`), the kernels that draw
sessions, merchants, amounts, devices and declines and fold the balances, and `honest_month`, which runs them
for a block of customers. Reads: population frames, the market and clock of `world`, behaviour and payments
settings. Writes nothing. Refuses: knowledge of crime, of labels, of where the calendar ends and of the time
of day it runs at.
"""
