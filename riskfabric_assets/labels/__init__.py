"""What the bank learns about fraud, when, from whom, and how often wrongly.

Reads: payments of any slice of a month, `truth/fraud` of the same slice, config/labels.yaml and the discovery
that a typology states. Makes `bronze/labels` and `bronze/label_events`. Refuses: amounts and anything else that would
let the noise depend on what a payment looks like; the channel decides how long a report takes, how many may be filed
and, with payee and outcome, what can be charged back. Every draw is keyed by the payment's id alone, so that slices,
blocks and days cannot change it.
"""
