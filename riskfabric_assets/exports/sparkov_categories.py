"""The 14 categories of Sparkov's card payments, by ISO 18245 code and whether the shop is visited or remote."""

from typing import Final

import duckdb

from riskfabric_assets.foundation.tables.spending import GROUP_CODES

CATEGORIES: Final = (
    "entertainment",
    "food_dining",
    "gas_transport",
    "grocery_net",
    "grocery_pos",
    "health_fitness",
    "home",
    "kids_pets",
    "misc_net",
    "misc_pos",
    "personal_care",
    "shopping_net",
    "shopping_pos",
    "travel",
)
"""Source: the data set of Sparkov's generator, column `category`."""

_SPLIT: Final = ("grocery", "misc", "shopping")
"""Categories that differ between shops that are visited (_pos) and remote ones (_net)."""
_OF_GROUP: Final = {
    "grocery": "grocery",
    "bakery_and_dairy": "grocery",
    "restaurant": "food_dining",
    "fast_food": "food_dining",
    "fuel": "gas_transport",
    "transport": "gas_transport",
    "vehicle": "gas_transport",
    "pharmacy": "health_fitness",
    "health": "health_fitness",
    "digital_goods": "entertainment",
    "entertainment": "entertainment",
    "gambling": "entertainment",
    "apparel": "shopping",
    "marketplace": "shopping",
    "department_store": "shopping",
    "electronics": "shopping",
    "jewellery": "shopping",
    "small_retail": "shopping",
    "travel": "travel",
    "home_and_garden": "home",
}
"""Category of a spending group; any other group is misc. Assumed: by what the names say."""
_OF_CODE: Final = {
    5641: "kids_pets",  # children's wear
    5945: "kids_pets",  # toys
    5995: "kids_pets",  # pet shops
    742: "kids_pets",  # veterinarians
    8351: "kids_pets",  # child care
    5977: "personal_care",  # cosmetics
    7230: "personal_care",  # barbers
    7297: "personal_care",  # massage
    7298: "personal_care",  # spas
    7997: "health_fitness",  # clubs
}
"""Codes whose category is not their group's."""


def category_of(code: int, *, is_remote: bool) -> str:
    """Return the category of a merchant code."""
    groups = {code: group for group, codes in GROUP_CODES.items() for code in codes}
    name = _OF_CODE.get(code) or _OF_GROUP.get(groups.get(code, ""), "misc")
    return f"{name}_{'net' if is_remote else 'pos'}" if name in _SPLIT else name


def create_categories(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the table sparkov_categories(code, is_remote, category); codes that it lacks are misc."""
    codes = sorted({code for group in GROUP_CODES.values() for code in group})
    rows = [(code, is_remote, category_of(code, is_remote=is_remote)) for code in codes for is_remote in (False, True)]
    connection.execute("create or replace temp table sparkov_categories (code int, is_remote bool, category varchar)")
    connection.executemany("insert into sparkov_categories values (?, ?, ?)", rows)
