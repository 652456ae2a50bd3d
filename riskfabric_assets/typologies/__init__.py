"""Crime: one file per typology, and what they share.

A module of this folder that defines `Params` is a typology: it has a config file of its name, a version
(`INJECTOR_VERSION`), `plan` (who is attacked, when, by whom) and `inject` (what they try, or which honest
payments they dispute). `registry` finds them, `engine` runs them; neither knows one by name.

Owns: `plan/attacks`, the payments of attackers, the replenishment of drained accounts, `truth/fraud`.
Reads: people with their traits, the market, what honest life leaves over in a month. Refuses: editing an
honest row, a value that honest life never uses, and any draw that depends on another typology, block or day.
"""
