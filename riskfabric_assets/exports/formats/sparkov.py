"""Sparkov, in the CSV that benchmarks use: card payments with the holder's data in every row, train and test apart."""

from pathlib import Path
from typing import Final

from pydantic import Field

from riskfabric_assets.exports.options import ExportOptions
from riskfabric_assets.exports.sheets import Sheet, open_sheet
from riskfabric_assets.exports.source import Source
from riskfabric_assets.exports.sparkov_categories import create_categories
from riskfabric_assets.foundation.contracts import Column

TITLE: Final = "Sparkov: card payments at merchants, `fraudTrain.csv` and `fraudTest.csv`"
COLUMNS: Final = (
    Column("Unnamed: 0", "BIGINT", "Running number within the file, from 0; the name that pandas gives to it"),
    Column("trans_date_trans_time", "VARCHAR", "Local moment, YYYY-MM-DD HH:MM:SS"),
    Column("cc_num", "VARCHAR", "Card number; fails the Luhn test"),
    Column("merchant", "VARCHAR", "Name of the merchant, without the source's prefix `fraud_`"),
    Column("category", "VARCHAR", "One of Sparkov's 14 categories, by the merchant's code"),
    Column("amt", "DECIMAL(18,2)", "Amount", "major units"),
    Column("first", "VARCHAR", "First word of the holder's name"),
    Column("last", "VARCHAR", "The rest of it", is_nullable=True),
    Column("gender", "VARCHAR", "F or M"),
    Column("street", "VARCHAR", "Address, down to the locality only"),
    Column("city", "VARCHAR", "City of the holder", is_nullable=True),
    Column("state", "VARCHAR", "Region of the holder"),
    Column("zip", "VARCHAR", "Postal code of the holder", is_nullable=True),
    Column("lat", "DOUBLE", "Home", "degrees"),
    Column("long", "DOUBLE", "Home", "degrees"),
    Column("city_pop", "BIGINT", "People of the settlement, as mapped", "people", is_nullable=True),
    Column("job", "VARCHAR", "Kind of employment"),
    Column("dob", "VARCHAR", "1 January of the year of birth: the day is not known"),
    Column("trans_num", "VARCHAR", "Payment, 16 hexadecimal digits"),
    Column("unix_time", "BIGINT", "Seconds since 1970 of the local moment", "seconds"),
    Column("merch_lat", "DOUBLE", "Position of terminal, or of the device for a remote payment", "degrees"),
    Column("merch_long", "DOUBLE", "Position of terminal, or of the device for a remote payment", "degrees"),
    Column("is_fraud", "TINYINT", "1 for fraud in truth"),
)
TRAIN: Final = Sheet("fraudTrain.csv", "One row per approved card payment at a merchant, in order of time", COLUMNS)
TEST: Final = Sheet("fraudTest.csv", "The same for the last months", COLUMNS)
SHEETS: Final = (TRAIN, TEST)

_ROWS: Final = """
select
    $start + row_number() over (order by event_at, transactions.event_id) - 1 as "Unnamed: 0",
    strftime(event_at_local, '%Y-%m-%d %H:%M:%S') as trans_date_trans_time, card_number as cc_num,
    merchant_name as merchant,
    coalesce(category, if(channel = 'online', 'misc_net', 'misc_pos')) as category, major(amount_minor) as amt,
    split_part(full_name, ' ', 1) as first,
    nullif(full_name[length(split_part(full_name, ' ', 1)) + 2:], '') as last,
    upper(gender[1]) as gender, address_text as street, customers.city_name as city, customers.region_name as state,
    customers.postcode as zip, home_latitude as lat, home_longitude as long, people_of_home.population as city_pop,
    occupation as job, birth_year || '-01-01' as dob, hex_of(transactions.event_id) as trans_num,
    floor(epoch(event_at_local)) as unix_time, transactions.latitude as merch_lat, transactions.longitude as merch_long,
    fraud.event_id is not null as is_fraud
from month.transactions
join people.customers on customers.customer_id = transactions.customer_id
join people.cards on cards.card_id = transactions.card_id
join shops on shops.merchant_id = transactions.merchant_id
left join people_of_home on people_of_home.residence_id = customers.residence_id
left join sparkov_categories on code = transactions.merchant_category_code and is_remote = (channel = 'online')
left join month.fraud on fraud.event_id = transactions.event_id
where transactions.status = 'approved' and payment_kind in ('purchase', 'bill')
order by event_at, transactions.event_id
"""


class Options(ExportOptions):
    """How the months are divided."""

    test_months: int = Field(1, ge=0, description="Last exported months that go to fraudTest.csv")


def write(source: Source, folder: Path, options: Options) -> dict[str, int]:
    """Write both files; returns rows by path."""
    create_categories(source.connection)
    _create_people_of_home(source)
    rows = dict.fromkeys((TRAIN.path, TEST.path), 0)
    first_of_test = len(source.months) - options.test_months
    with (
        open_sheet(source.connection, TRAIN, folder) as train,
        open_sheet(source.connection, TEST, folder) as test,
    ):
        for number, _ in enumerate(source.each_month()):
            sheet, append = (TEST, test) if number >= first_of_test else (TRAIN, train)
            rows[sheet.path] += append(_ROWS.replace("$start", str(rows[sheet.path])))
    return rows


def _create_people_of_home(source: Source) -> None:
    residences = source.run.read("reference/residential", columns=["residence_id", "settlement_id"])
    settlements = source.run.read("osm/settlements", columns=["settlement_id", "population"])
    homes = residences.join(settlements, on="settlement_id", how="inner").select("residence_id", "population")
    source.load("people_of_home", homes)
