"""What a tagged object is: a place of business, a home, or neither. Pure rules over `tags.get`."""

from collections.abc import Callable
from typing import Final

Get = Callable[[str], str | None]
"""Looks up one tag: key to value, or nothing."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


AMENITIES: Final = _words(
    """arts_centre atm bank bar biergarten bureau_de_change bus_station cafe car_rental car_wash casino
    charging_station cinema clinic college conference_centre coworking_space dancing_school dentist doctors
    driving_school events_venue fast_food ferry_terminal food_court fuel gambling hospital ice_cream
    internet_cafe kindergarten language_school marketplace money_transfer music_school nightclub nursing_home
    pharmacy post_office pub restaurant school stripclub studio taxi theatre training university
    vehicle_inspection veterinary"""
)
"""Amenities that take money. Source: OSM wiki, Key:amenity; benches, bins, parking and worship are left out."""
TOURISM: Final = _words(
    """alpine_hut apartment aquarium camp_site caravan_site chalet gallery guest_house hostel hotel motel museum
    theme_park zoo"""
)
"""Tourism that takes money. Source: OSM wiki, Key:tourism; viewpoints and signs are left out."""
LEISURE: Final = _words(
    """adult_gaming_centre amusement_arcade bowling_alley dance escape_game fitness_centre golf_course hackerspace
    ice_rink miniature_golf sauna sports_centre stadium tanning_salon trampoline_park water_park"""
)
"""Leisure that takes money. Source: OSM wiki, Key:leisure; parks, pitches and pools are left out."""
RULES: Final[tuple[tuple[str, frozenset[str] | None], ...]] = (
    ("shop", None),
    ("amenity", AMENITIES),
    ("tourism", TOURISM),
    ("healthcare", None),
    ("leisure", LEISURE),
    ("craft", None),
    ("office", None),
)
"""Keys in order of precedence, each with the values that count (None: every value)."""
NOT_A_VALUE: Final = frozenset({"no", "vacant", "disused", "abandoned", "closed"})
FINANCIAL: Final = ("atm", "bank")

HOMES: Final = _words(
    """apartments bungalow cabin detached dormitory farm hut house houseboat residential semidetached_house
    static_caravan terrace"""
)
"""Building values that are homes. Source: OSM wiki, Key:building, Accommodation (hotels left out)."""
LANDUSE: Final = "landuse"
"""Kind of the fall-back: the middle of a residential area in which no house is mapped."""

SETTLEMENTS: Final = _words("""city town village hamlet suburb quarter neighbourhood borough isolated_dwelling""")
"""place values that name where people live. Source: OSM wiki, Key:place."""

PLACE_KEYS: Final = tuple(key for key, _ in RULES)
NODE_KEYS: Final = (*PLACE_KEYS, "building", "place")
WAY_KEYS: Final = (*PLACE_KEYS, "building", "landuse")


def classify(get: Get) -> tuple[tuple[str, str] | None, str | None]:
    """Tell what an object is.

    Returns:
        Key and value that make it a place of business, or nothing; the kind of home it is, or nothing. Never
        both: whatever carries one of the keys of business is no home, whatever its building and address say.
    """
    is_occupied = False
    for key, values in RULES:
        raw = get(key)
        if raw is None:
            continue
        is_occupied = True
        value = raw.partition(";")[0].strip().lower()
        if value and value not in NOT_A_VALUE and (values is None or value in values):
            return (key, value), None
    return None, None if is_occupied else _home(get)


def _home(get: Get) -> str | None:
    building = get("building")
    if building is None:
        return LANDUSE if get("landuse") == "residential" else None
    if building in HOMES or (building == "yes" and get("addr:housenumber")):
        return building
    return None


def population_of(get: Get) -> int | None:
    """Return the mapped population, thousands separators dropped; nothing if it is no number."""
    text = (get("population") or "").replace(",", "").replace(" ", "").replace(".", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
