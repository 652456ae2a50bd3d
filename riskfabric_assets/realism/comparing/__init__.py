"""How far is one data set from another: shapes, pair trends, coverage, novelty and realism, side by side.

The measures are those of the SDMetrics quality and diagnostic reports by definition, computed here without that
package; A takes the place of the real data. Nothing leaves the machine.
"""
