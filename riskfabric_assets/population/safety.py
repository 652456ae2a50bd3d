"""Predicates of the identifier policy: nothing that is emitted may resolve, dial, route or match a real person.

Every identifier column has one predicate here; tests hold it over every row, and a check may do so on a lake.
"""

import ipaddress
import re
from typing import Final

RESERVED_TOP_LEVELS: Final = ("example", "test", "invalid")
"""RFC 2606, RFC 6761."""
UNROUTABLE: Final = tuple(ipaddress.IPv4Network(text) for text in ("100.64.0.0/10", "240.0.0.0/4", "198.18.0.0/15"))
"""RFC 6598 (carrier-grade NAT), RFC 1112 (class E), RFC 2544 (benchmarks)."""
HOME_DECIMALS: Final = 3
"""Decimals of a home's position: no exact dwelling."""


def passes_luhn(number: str) -> bool:
    """Tell whether the last digit is the Luhn check digit of the others (ISO/IEC 7812)."""
    total = 0
    for position, character in enumerate(reversed(number)):
        digit = int(character)
        if position % 2:
            digit = digit * 2 - 9 if digit > 4 else digit * 2
        total += digit
    return total % 10 == 0


def is_safe_card_number(number: str) -> bool:
    """16 digits that no issuer can have given out: they fail the Luhn test, or start with 0 or 9."""
    return bool(re.fullmatch(r"[0-9]{16}", number)) and (not passes_luhn(number) or number[0] in "09")


def is_safe_account_number(number: str) -> bool:
    """18 digits that start with 00."""
    return bool(re.fullmatch(r"00[0-9]{16}", number))


def is_safe_bank_code(code: str) -> bool:
    """A synthetic code, in the shape of no routing number."""
    return bool(re.fullmatch(r"BANK_[A-Z]{1,2}", code))


def is_safe_email_address(address: str) -> bool:
    """A domain that is reserved for examples."""
    return bool(re.fullmatch(r"[a-z0-9.]+@([a-z0-9]+\.)+(" + "|".join(RESERVED_TOP_LEVELS) + ")", address))


def is_safe_phone_number(number: str, prefix: str) -> bool:
    """The national part starts with the trunk digit 0 and is no assignable number."""
    return number.startswith(f"{prefix} 0") and bool(re.fullmatch(r"0[0-9]{9}", number.removeprefix(f"{prefix} ")))


def is_safe_address(address: str) -> bool:
    """An IPv4 address that is never routed."""
    return any(ipaddress.IPv4Address(address) in network for network in UNROUTABLE)


def is_safe_coordinate(degrees: float) -> bool:
    """At most 3 decimals."""
    return round(degrees, HOME_DECIMALS) == degrees
