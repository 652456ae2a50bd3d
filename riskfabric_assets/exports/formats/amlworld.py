"""AMLworld: payments between accounts of banks, the accounts, and the laundering attempts as patterns."""

import itertools
from pathlib import Path
from typing import Final

from riskfabric_assets.exports.laundering import shape_of
from riskfabric_assets.exports.months import write_months
from riskfabric_assets.exports.options import ExportOptions as Options
from riskfabric_assets.exports.sheets import PIECE, Sheet, load_piece, write_sheet
from riskfabric_assets.exports.source import Source
from riskfabric_assets.foundation.contracts import Column

__all__ = ["SHEETS", "TITLE", "Options", "write"]

TITLE: Final = "AMLworld: payments between accounts, accounts, and patterns of laundering"
COLUMNS: Final = (
    Column("Timestamp", "VARCHAR", "Local moment, YYYY/MM/DD HH:MM"),
    Column("From Bank", "VARCHAR", "Synthetic code of the payer's bank"),
    Column("Account", "VARCHAR", "Account that pays, 16 hexadecimal digits"),
    Column("To Bank", "VARCHAR", "Bank of the other side; a merchant's bank is not known: null", is_nullable=True),
    Column("Account.1", "VARCHAR", "Account, merchant or cash machine; the name that pandas gives to a second Account"),
    Column("Amount Received", "DECIMAL(18,2)", "What the other side gets", "major units"),
    Column("Receiving Currency", "VARCHAR", "Its currency, in AMLworld's words, else ISO 4217"),
    Column("Amount Paid", "DECIMAL(18,2)", "What the payer pays", "major units"),
    Column("Payment Currency", "VARCHAR", "Its currency, in AMLworld's words, else ISO 4217"),
    Column("Payment Format", "VARCHAR", "Credit Card (any card), Cash, ACH (bank transfer, wallet), Wire (instant)"),
    Column("Is Laundering", "TINYINT", "1 for a fraudulent transfer or cash-out in truth"),
)
TRANSACTIONS: Final = Sheet("transactions.csv", "One row per approved payment, in order of time", COLUMNS)
PATTERNS: Final = Sheet(
    "patterns.txt",
    "The rows of every attempt, without header, between BEGIN and END LAUNDERING ATTEMPT with its shape",
    COLUMNS,
)
ACCOUNTS: Final = Sheet(
    "accounts.csv",
    "One row per account of the simulated customers",
    (
        Column("Bank Name", "VARCHAR", "Name of the synthetic bank"),
        Column("Bank ID", "VARCHAR", "Its code"),
        Column("Account Number", "VARCHAR", "Account, as in transactions.csv"),
        Column("Entity ID", "VARCHAR", "Owner, 16 hexadecimal digits"),
        Column("Entity Name", "VARCHAR", "Name of the owner"),
    ),
)
SHEETS: Final = (TRANSACTIONS, PATTERNS, ACCOUNTS)
CURRENCIES: Final = {
    "AUD": "Australian Dollar",
    "BRL": "Brazil Real",
    "CAD": "Canadian Dollar",
    "CHF": "Swiss Franc",
    "CNY": "Yuan",
    "EUR": "Euro",
    "GBP": "UK Pound",
    "ILS": "Shekel",
    "INR": "Rupee",
    "JPY": "Yen",
    "MXN": "Mexican Peso",
    "RUB": "Ruble",
    "SAR": "Saudi Riyal",
    "USD": "US Dollar",
}
"""Source: the values of AMLworld's currency columns."""

_IS_LAUNDERING: Final = "(fraud.event_id is not null and payment_kind in ('transfer', 'cash_withdrawal'))"
_SELECT: Final = f"""
select
    strftime(event_at_local, '%Y/%m/%d %H:%M') as "Timestamp", accounts.bank_code as "From Bank",
    hex_of(transactions.account_id) as "Account", coalesce(theirs.bank_code, payees.bank_code) as "To Bank",
    hex_of(coalesce(transactions.payee_id, merchant_id)) as "Account.1",
    major(coalesce(merchant_amount_minor, amount_minor)) as "Amount Received",
    currency_name(coalesce(merchant_currency_code, transactions.currency_code)) as "Receiving Currency",
    major(amount_minor) as "Amount Paid",
    currency_name(transactions.currency_code) as "Payment Currency",
    case channel
        when 'atm' then 'Cash'
        when 'instant' then 'Wire'
        when 'bank_transfer' then 'ACH'
        when 'wallet' then 'ACH'
        else 'Credit Card'
    end as "Payment Format",
    {_IS_LAUNDERING} as "Is Laundering", coalesce(campaign_id, attack_id) as attempt_id
from $schema.transactions
join people.accounts on accounts.account_id = transactions.account_id
left join people.accounts as theirs on theirs.account_id = transactions.payee_id
left join people.payees on payees.customer_id = transactions.customer_id and payees.payee_id = transactions.payee_id
left join $schema.fraud on fraud.event_id = transactions.event_id
where transactions.status = 'approved'
"""
_ROWS: Final = _SELECT.replace("$schema", "month") + "order by event_at, transactions.event_id"
_PATTERN_ROWS: Final = (
    _SELECT.replace("$schema", "months")
    + f"and {_IS_LAUNDERING} order by min(event_at) over (partition by attempt_id), attempt_id, event_at, 1"
)
_ACCOUNT_ROWS: Final = """
select
    replace(bank_code, 'BANK_', 'Bank ') as "Bank Name", bank_code as "Bank ID", hex_of(account_id) as "Account Number",
    hex_of(customer_id) as "Entity ID", full_name as "Entity Name"
from people.accounts
join people.customers using (customer_id)
order by account_id
"""


def write(source: Source, folder: Path, options: Options) -> dict[str, int]:
    """Write the three files; returns rows by path."""
    names = ", ".join(f"'{code}': '{name}'" for code, name in CURRENCIES.items())
    source.connection.execute(f"create macro currency_name(code) as coalesce(map {{{names}}}[code], code)")
    rows = {ACCOUNTS.path: write_sheet(source.connection, ACCOUNTS, folder, _ACCOUNT_ROWS)}
    rows |= write_months(source, folder, {TRANSACTIONS: _ROWS})
    return rows | {PATTERNS.path: _write_patterns(source, folder / PATTERNS.path)}


def _write_patterns(source: Source, path: Path) -> int:
    keyed = Sheet(PATTERNS.path, PATTERNS.grain, (*COLUMNS, Column("attempt_id", "BIGINT", "Campaign, else attack")))
    count = load_piece(source.connection, keyed, _PATTERN_ROWS)
    rows = source.connection.execute(f"from {PIECE}").fetchall()
    with path.open("w", encoding="utf-8") as file:
        for _, attempt in itertools.groupby(rows, key=lambda row: row[-1]):
            lines = [row[:-1] for row in attempt]
            shape = shape_of((line[2], line[4]) for line in lines)
            file.write(f"BEGIN LAUNDERING ATTEMPT - {shape}\n")
            file.writelines(",".join("" if value is None else str(value) for value in line) + "\n" for line in lines)
            file.write(f"END LAUNDERING ATTEMPT - {shape}\n\n")
    return count
