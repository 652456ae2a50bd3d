"""Is this data believable? Checks that need no secret reference data, and the distance between two data sets.

Owns: the table of realism checks (`catalogue`), the statistic behind each (`statistics/`, one module per theme), the
verdict (`judge`), the scorecard of a home, and the comparison of two data sets. Reads: bronze, the population and the
reference marts; truth only for checks whose subject is crime or labels, and to leave crime out of the honest ones.
Writes nothing: assets and the command line store and print. Refuses: to judge what is too small, and to widen an
interval without a source.
"""
