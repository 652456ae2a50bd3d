import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.packs.settings import known_worlds, packaged_config, resolve
from riskfabric_assets.world.clock import EPOCH
from riskfabric_assets.world.fx import rates_of, tell_rates
from riskfabric_assets.world.outside import currencies_of

WORLDS = known_worlds(packaged_config())
CONFIG = resolve({}, Path("nowhere")).config
RULES = CONFIG.remote.exchange
CURRENCIES = currencies_of(CONFIG.remote, CONFIG.world)
FIRST = (dt.date(2024, 1, 1) - EPOCH).days
TEN_YEARS = 3_653
RATES = rates_of(RULES, Streams(5), CURRENCIES, FIRST, TEN_YEARS)
IS_OPEN = np.array([(EPOCH + dt.timedelta(days=FIRST + day)).weekday() < 5 for day in range(TEN_YEARS)])


def row_of(currency):
    return RATES[CURRENCIES.index(currency)]


def test_home_costs_one_and_comes_first():
    assert CURRENCIES[0] == CONFIG.world.currency_code
    assert (RATES[0] == 1.0).all()


def test_pegs_are_exact():
    for currency, peg in RULES.pegs.items():
        assert np.allclose(row_of(currency) * peg, row_of(RULES.hub), rtol=1e-14, atol=0)


def test_nothing_moves_at_weekends_and_something_on_every_working_day():
    moves = np.diff(RATES[1:], axis=1)
    assert (moves[:, ~IS_OPEN[1:]] == 0).all()
    assert (moves[:, IS_OPEN[1:]] != 0).all()


def test_years_end_on_their_anchors():
    for currency, anchors in RULES.anchors.items():
        for year, rate in anchors.items():
            day = (dt.date(year, 12, 31) - EPOCH).days - FIRST
            if day >= 0:
                assert row_of(currency)[day] == pytest.approx(rate, rel=1e-12)


def test_after_the_last_anchor_the_trend_goes_on():
    last = max(RULES.anchors["USD"])
    day = (dt.date(last + 3, 12, 31) - EPOCH).days - FIRST
    wanted = RULES.anchors["USD"][last] * np.exp(3 * RULES.drifts["USD"])
    assert row_of("USD")[day] == pytest.approx(wanted, rel=1e-9)


def test_daily_moves_have_the_configured_deviation_and_heavy_tails():
    """Of Student's t with 4.5 degrees the sample deviation of 2,600 days is within 10 % (three standard errors)."""
    moves = np.diff(np.log(row_of("USD")))[IS_OPEN[1:]]
    assert moves.std() == pytest.approx(RULES.daily_sds["USD"], rel=0.10)
    assert np.mean(np.abs(moves - moves.mean()) > 3 * moves.std()) > 0.005
    own = np.diff(np.log(row_of("EUR") / row_of("USD")))[IS_OPEN[1:]]
    assert own.std() == pytest.approx(RULES.daily_sds["EUR"], rel=0.10)


def test_any_span_of_days_gives_the_same_rates():
    for start, days in ((0, 1), (300, 90), (365, 2), (730, 31)):
        part = rates_of(RULES, Streams(5), CURRENCIES, FIRST + start, days)
        assert np.array_equal(part, RATES[:, start : start + days])


def test_a_currency_does_not_depend_on_the_others_in_the_list():
    alone = rates_of(RULES, Streams(5), (CURRENCIES[0], "GBP"), FIRST, 400)
    assert np.array_equal(alone[1], row_of("GBP")[:400])


@pytest.mark.parametrize("world", WORLDS)
def test_the_table_holds_every_currency_on_every_day(world):
    config = resolve({"RISKFABRIC_WORLD": world}, Path("nowhere")).config
    frame = tell_rates(config.remote, config.world, Streams(5), dt.date(2025, 2, 1), dt.date(2025, 2, 28))
    abroad = currencies_of(config.remote, config.world)[1:]
    assert frame.height == 28 * len(abroad)
    assert not frame.select("event_date", "currency_code").is_duplicated().any()
    assert (frame["rate"] > 0).all()
    assert set(frame["home_currency_code"]) == {config.world.currency_code}
