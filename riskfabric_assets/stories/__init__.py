"""Stories: what happened, told from the tables of a home to a person who asks.

Reads bronze, population and reference tables together with plan and truth, which no bank sees; writes nothing by
itself. The telling is a pure function over frames (`telling`); `reading` asks the warehouse. Refuses a home that has
not been made, one of own payments (nobody knows their truth), and an id that it does not hold.
"""
