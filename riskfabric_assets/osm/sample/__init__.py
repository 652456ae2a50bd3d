"""A made-up extract of a real country: real settlements and borders of cells, invented shops and homes.

`facts` reads a folder of `osm/facts`, `anchors` turns it into weighted places, `objects` draws what stands
around them, `borders` makes the boundary relations, `opl` writes text and `extract` turns text into a PBF.
"""
