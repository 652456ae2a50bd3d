"""Stories: what happened, told from the tables of a home to people: one payment to who asks, kinds of fraud on pages.

Reads bronze, population and reference tables together with plan and truth, which no bank sees, and the evaluation of
the model. Writes pages into the reports of a home (`writing`), nothing else. The telling is pure functions over frames
(`telling`, `pages`); `reading` and `cases` ask the warehouse. Refuses a home that has not been made, one of own
payments (nobody knows their truth), and an id that it does not hold. Nothing that a bank computes reads what is told.
"""
