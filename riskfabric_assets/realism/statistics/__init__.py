"""The statistics behind the realism checks, one module per theme.

Each public function takes a `Lake` and returns values by measure, with `count` where the check needs a least number of
rows; null where there is nothing to measure. No function here knows a target.
"""
