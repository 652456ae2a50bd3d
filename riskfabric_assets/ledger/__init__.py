"""The ledger: assembles a month of what the bank's systems record.

Owns: putting honest life and crime into one order, the frames of `bronze/transactions`, `bronze/account_events`,
`bronze/labels`, `bronze/label_events` and `truth/fraud`, cutting a month at `through`, and keeping its memory bounded.
Reads: a society of `simulation`; crime and labels come in through ports (`ports`). Writes: month files, through
`warehouse`. Refuses: behaviour; it changes no value that it is given.
"""
