"""What money is spent on: groups of merchants finer than the categories, by ISO 18245 code.

A group decides how much a payment costs, how it is paid and how often it happens; what it is called for the bank is
the merchant's category and code. The first code of a group is the one that shops without a place on the map carry.
"""

from typing import Final

GROUP_CODES: Final[dict[str, tuple[int, ...]]] = {
    "grocery": (5411, 5422, 5499),
    "restaurant": (5812, 5813, 5811),
    "fast_food": (5814,),
    "bakery_and_dairy": (5462, 5441, 5451),
    "telecom": (4814, 4816, 4899),
    "fuel": (5541, 5542, 5552, 5983),
    "pharmacy": (5912, 5122),
    "utilities": (4900,),
    "digital_goods": (5816, 5815, 5817, 5818),
    "transport": (4121, 4111, 4131, 4784, 7523),
    "tobacco": (5993, 5994),
    "apparel": (5651, 5621, 5611, 5641, 5661, 5691, 5699, 5137, 5139),
    "loan_instalment": (7322, 6012),
    "alcohol": (5921,),
    "health": (8062, 8011, 8021, 8042, 8043, 8049, 8071, 8099, 742),
    "travel": (4722, 4112, 4511, 7011, 7033, 7512),
    "marketplace": (5262, 5964, 5300),
    "government": (9399, 9311, 9222),
    "department_store": (5311, 5331),
    "electronics": (5732, 5722, 5734, 5045, 4812),
    "investment": (6211,),
    "insurance": (6300, 5960),
    "education": (8220, 8211, 8241, 8244, 8249, 8299, 8351),
    "jewellery": (5944, 5094, 5950),
    "home_and_garden": (5200, 5211, 5231, 5251, 5261, 5712, 5713, 5714, 5718, 5719, 5992, 780),
    "services": (7299, 7210, 7211, 7216, 7221, 7230, 7251, 7273, 7297, 7298, 7311, 7338, 7349, 7399, 7629, 7699, 8111),
    "vehicle": (7538, 5511, 5521, 5531, 5532, 5533, 5571, 7531, 7542, 7549),
    "entertainment": (7999, 7832, 7841, 7911, 7922, 7929, 7932, 7933, 7941, 7991, 7993, 7994, 7996, 7997, 7998),
    "gambling": (7995, 7800, 7801, 7802),
    "charity": (8398, 8641, 8651, 8661),
    "wholesale": (5099, 5013, 5021, 5039, 5046, 5047, 5065, 5072, 5074, 5085, 5111, 5169, 5192, 5193, 5198, 5199),
    "small_retail": (5999, 5399, 5931, 5932, 5933, 5940, 5941, 5942, 5943, 5945, 5946, 5947, 5948, 5949, 5970, 5971,
                     5973, 5977, 5995, 5996, 5997, 5998),
}  # fmt: skip
"""Codes of each group, the most typical first. Source: ISO 18245."""

SPENDING_GROUPS: Final = tuple(GROUP_CODES)
"""Groups in code order."""

OTHER_GROUP: Final = "small_retail"
"""Where a code that no group names belongs: NPCI's unclassified merchants."""

GROUP_CATEGORIES: Final[dict[str, str]] = {
    "grocery": "GROCERY",
    "restaurant": "FOOD_AND_DRINK",
    "fast_food": "FOOD_AND_DRINK",
    "bakery_and_dairy": "FOOD_AND_DRINK",
    "telecom": "SERVICES",
    "fuel": "TRANSPORT",
    "pharmacy": "MEDICAL",
    "utilities": "SERVICES",
    "digital_goods": "ENTERTAINMENT",
    "transport": "TRANSPORT",
    "tobacco": "ALCOHOL",
    "apparel": "RETAIL",
    "loan_instalment": "SERVICES",
    "alcohol": "ALCOHOL",
    "health": "MEDICAL",
    "travel": "TRAVEL",
    "marketplace": "GENERAL_RETAIL",
    "government": "SERVICES",
    "department_store": "RETAIL",
    "electronics": "ELECTRONICS",
    "investment": "SERVICES",
    "insurance": "SERVICES",
    "education": "SERVICES",
    "jewellery": "LUXURY",
    "home_and_garden": "HOME_GARDEN",
    "services": "SERVICES",
    "vehicle": "AUTOMOTIVE",
    "entertainment": "ENTERTAINMENT",
    "gambling": "GAMBLING",
    "charity": "CHARITY",
    "wholesale": "B2B_WHOLESALE",
    "small_retail": "RETAIL",
}
"""Category that a shop without a place on the map has, by its group."""

CATEGORY_GROUPS: Final[dict[str, str]] = {
    "GROCERY": "grocery",
    "FOOD_AND_DRINK": "restaurant",
    "SERVICES": "services",
    "ENTERTAINMENT": "entertainment",
    "ELECTRONICS": "electronics",
    "TRAVEL": "travel",
    "MEDICAL": "health",
    "AUTOMOTIVE": "vehicle",
    "LUXURY": "jewellery",
    "B2B_WHOLESALE": "wholesale",
    "HOME_GARDEN": "home_and_garden",
    "TRANSPORT": "transport",
    "CHARITY": "charity",
    "ALCOHOL": "alcohol",
    "GAMBLING": "gambling",
}
"""Group of a merchant on the map whose code no group names, by its category; elsewhere OTHER_GROUP."""
