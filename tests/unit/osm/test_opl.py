import numpy as np
import polars as pl
import pytest

from riskfabric_assets.osm.sample.opl import escape, escaped, node_lines, relation_line, way_line


@pytest.mark.parametrize("text", ["Shree Balaji", "a,b", "k=v", "100%", "x@y", "two\nlines", "%20%"])
def test_a_column_is_escaped_like_a_text(text):
    assert pl.select(escaped(pl.lit(text)))[0, 0] == escape(text)
    assert not set(escape(text)) & set(" ,=@\n")


def test_coordinates_keep_sign_and_leading_zeros():
    nodes = pl.DataFrame(
        {"id": [1, 2], "lat_e7": [-500_000, 129_719_000], "lon_e7": [-1, 775_937_001], "tags": ["shop=tea", None]}
    )
    assert node_lines(nodes).to_list() == [
        "n1 Tshop=tea x-0.0000001 y-0.0500000",
        "n2 x77.5937001 y12.9719000",
    ]


def test_ways_and_relations_list_what_they_refer_to():
    assert way_line(7, np.array([3, 4, 3])) == "w7 Nn3,n4,n3"
    assert relation_line(1, [(7, "outer"), (8, "inner")], {"name": "A B"}) == "r1 Tname=A%20%B Mw7@outer,w8@inner"
