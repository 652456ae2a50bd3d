"""Small literal maps for tests, and where real extracts may lie."""

import functools
from pathlib import Path

import osmium
import pytest

REAL_EXTRACTS = Path(__file__).parents[2] / "shared" / "data" / "osm"

TOWN = """\
n1 Tplace=town,name=Ahaus,population=12%20%345 x9.0000000 y47.0000000
n2 Tshop=bakery,name=Brot,addr:city=Ahaus,addr:state=Nord x9.0010000 y47.0010000
n3 Tamenity=atm,operator=Bank x9.0011000 y47.0011000
n4 Tbuilding=house,addr:housenumber=7,addr:city=Ahaus,addr:state=Nord x9.0020000 y47.0020000
n5 Tbuilding=house,addr:housenumber=8,office=lawyer x9.0021000 y47.0021000
n6 x9.0030000 y47.0030000
n7 x9.0032000 y47.0030000
n8 x9.0032000 y47.0031000
n9 x9.0030000 y47.0031000
n10 x8.9000000 y46.9000000
n11 x9.1000000 y46.9000000
n12 x9.1000000 y47.1000000
n13 x8.9000000 y47.1000000
w1 Tbuilding=apartments Nn6,n7,n8,n9,n6
w2 Tbuilding=retail,shop=mall,name=Halle Nn6,n7,n8,n9,n6
w3 Tbuilding=house Nn6,n7,n99,n6
w4 Nn10,n11,n12
w5 Nn12,n13,n10
r1 Ttype=boundary,boundary=administrative,admin_level=4,name=Nord,ISO3166-2=ZZ-N Mw4@outer,w5@outer
r2 Ttype=boundary,boundary=administrative,admin_level=5,name=Cut,is_in:state=Nord Mw4@outer,w77@outer
"""
"""A town with one home, one shop, one outline of each, one way and one relation that leave the extract."""


def write_map(path: Path, text: str) -> Path:
    """Write OPL text as the kind of file that the name says."""
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        osmium.apply(osmium.io.FileBuffer(text.encode(), "opl"), writer)
    return path


def without(text: str, *words: str) -> str:
    """Drop the lines that contain one of the words."""
    return "".join(line for line in text.splitlines(keepends=True) if not any(word in line for word in words))


@functools.cache
def real_extract(name: str) -> Path:
    """Return a real extract, or skip the test where there is none."""
    path = REAL_EXTRACTS / f"{name}.osm.pbf"
    if not path.is_file():
        pytest.skip(f"the real extract {path.name} is not beside this checkout")
    return path
