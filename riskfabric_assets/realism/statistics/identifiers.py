"""Is every identifier safe: nothing that is emitted may resolve, dial, route or match a real person."""

from typing import Final

from riskfabric_assets.realism.lake import Lake

UNROUTABLE: Final = (("100.64.0.0", 10), ("198.18.0.0", 15), ("240.0.0.0", 4))
"""RFC 6598 (carrier-grade NAT), RFC 2544 (benchmarks), RFC 1112 (class E)."""

_LUHN: Final = """
    list_sum(list_transform(range(16), place -> case
        when place % 2 = 0 then card_number[16 - place]::int
        else card_number[16 - place]::int * 2 - case when card_number[16 - place]::int > 4 then 9 else 0 end
    end)) % 10
"""


def safe(lake: Lake) -> dict[str, float | None]:
    """Return the share of emitted identifiers that keep the policy, and how many there are.

    Cards fail the Luhn test (or start with 0 or 9), accounts start with 00, banks are codes, mail domains are reserved,
    phone numbers start with the trunk digit 0, addresses are never routed, homes are given to three decimals.
    """
    return lake.row(f"""
        with judged as (
            select {_card()} as is_safe from cards
            union all
            select
                regexp_full_match(account_number, '00[0-9]{{16}}')
                and regexp_full_match(bank_code, 'BANK_[A-Z]{{1,2}}')
            from accounts
            union all
            select regexp_full_match(email_address, '[a-z0-9.]+@([a-z0-9]+[.])+(example|test|invalid)')
            from customers where email_address is not null
            union all
            select regexp_full_match(phone_number, '[+][0-9]{{1,3}} 0[0-9]+') from customers
            union all
            select round(home_latitude, 3) = home_latitude and round(home_longitude, 3) = home_longitude from customers
            union all
            select {_address()} from (select distinct ip_address from all_attempts where ip_address is not null)
        )
        select avg(coalesce(is_safe, false)::int) as safe_share, count(*) as count from judged
    """)


def _card() -> str:
    shape = "regexp_full_match(card_number, '[0-9]{16}')"
    return f"case when {shape} then ({_LUHN}) <> 0 or left(card_number, 1) in ('0', '9') else false end"


def _address() -> str:
    slices = []
    for first, bits in UNROUTABLE:
        low = sum(int(part) << shift for part, shift in zip(first.split("."), (24, 16, 8, 0), strict=True))
        slices.append(f"ip_address between {low} and {low + (1 << (32 - bits)) - 1}")
    return " or ".join(slices)
