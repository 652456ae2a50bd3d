"""The fold: what a bank knew about a customer just before each payment, computed once for batch and stream.

Owns the state record of a customer and the one function that advances it. Reads `bronze/transactions`,
`bronze/account_events` and the feature contract; makes `silver/payment_features` and the checkpoint
`silver/customer_state`. Refuses events out of order, late or repeated, unknown customers, positions off the
Earth, and checkpoints of another contract. Knows no label and no answer key.

`fold.advance` and `fold.advance_in_place` move states, `state` holds them, `checkpoint` stores them, and
`kernels/` computes.
"""
