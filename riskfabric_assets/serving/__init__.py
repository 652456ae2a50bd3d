"""The real-time side: what a scorer does with a stream, and the proof that it sees what gold says.

Owns the states of customers as a scorer keeps them, one packed record by customer, and the replay of a day in
micro-batches. Reads `bronze/transactions`, `bronze/account_events`, the checkpoint `silver/customer_state` and, to
compare, `gold/payments`; makes `serving/replay_parity`. Computes no feature: that is the fold's.
"""
