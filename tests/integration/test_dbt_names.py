"""How often the likeness that dbt uses recognizes a misspelt town, on real names of India."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import jinja2
import numpy as np
import polars as pl
import pytest

import riskfabric_assets.osm

MACROS = Path(__file__).parents[2] / "dbt_project" / "macros" / "normalize_names.sql"
FACTS = Path(riskfabric_assets.osm.__file__).parent / "facts" / "india"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
COUNT_NAMES = 1_000


@pytest.fixture(scope="module")
def macro() -> Callable[..., str]:
    module = jinja2.Environment().from_string(MACROS.read_text()).module  # noqa: S701  # SQL, not HTML
    return lambda name, *arguments: str(getattr(module, name)(*arguments))


@pytest.fixture(scope="module")
def matched(macro: Callable[..., str]) -> pl.DataFrame:
    """Misspelt towns, one row each: the truth, and the likest town of the same state and of a foreign one."""
    states = "select distinct iso_3166_2 as state from districts"
    likeness = macro("name_similarity", "misspelt.text", "towns.key")
    with duckdb.connect() as connection:
        connection.register("districts", pl.read_csv(FACTS / "districts.csv"))
        connection.register("settlements", pl.read_parquet(FACTS / "settlements.parquet"))
        connection.execute(f"""
            create table towns as
            select distinct iso_3166_2 as state, {macro("city_key", "settlement_name")} as key
            from settlements inner join districts using (district_id)
            where length(key) >= 4
        """)
        towns = connection.execute("from towns order by all").pl()
        texts = np.random.default_rng(7).choice(towns.height, COUNT_NAMES, replace=False).tolist()
        connection.register("misspelt", misspell(towns, texts))
        foreign = f"select state, lead(state, 1, 'IN-TN') over (order by state) as foreign_state from ({states})"
        return connection.execute(f"""
            select
                misspelt.number,
                any_value(misspelt.truth) as truth,
                arg_max(towns.key, {likeness}) filter (towns.state = misspelt.state) as likest,
                max({likeness}) filter (towns.state = misspelt.state) as score,
                max({likeness}) filter (towns.state != misspelt.state and towns.key != misspelt.truth) as foreign_score
            from misspelt
            inner join ({foreign}) as neighbors using (state)
            inner join towns on towns.state in (misspelt.state, neighbors.foreign_state)
            group by misspelt.number
        """).pl()


def misspell(towns: pl.DataFrame, numbers: list[int]) -> pl.DataFrame:
    draws = np.random.default_rng(11)
    rows = []
    for number in numbers:
        text = truth = towns["key"][number]
        while text == truth:
            for _ in range(draws.choice((1, 1, 2))):
                text = edit(text, draws)
        rows.append((number, towns["state"][number], truth, text))
    return pl.DataFrame(rows, schema=["number", "state", "truth", "text"], orient="row")


def edit(text: str, draws: np.random.Generator) -> str:
    """Drop, add, replace or swap one letter."""
    at = int(draws.integers(len(text) - 1))
    letter = LETTERS[draws.integers(len(LETTERS))]
    edited = (
        text[:at] + text[at + 1 :],
        text[:at] + letter + text[at:],
        text[:at] + letter + text[at + 1 :],
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
    )
    return edited[draws.integers(len(edited))]


def test_a_misspelt_town_is_recognized_and_rarely_mistaken(matched: pl.DataFrame, macro: Callable[..., str]) -> None:
    """At least 97 % right; nine in ten recognized, less two standard errors at 1,000 names."""
    accepted = matched.filter(pl.col("score") >= float(macro("city_similarity_threshold")))
    right = (accepted["truth"] == accepted["likest"]).mean()
    assert accepted.height >= 0.88 * COUNT_NAMES
    assert right is not None
    assert right >= 0.97


def test_a_town_of_another_state_is_rarely_taken_for_one_here(matched: pl.DataFrame, macro: Callable[..., str]) -> None:
    accepted = matched.filter(pl.col("foreign_score") >= float(macro("city_similarity_threshold")))
    assert accepted.height <= 0.02 * COUNT_NAMES
