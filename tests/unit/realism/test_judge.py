import pytest

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.packs.realism import Realism
from riskfabric_assets.realism.checks import Check, Interval, Measure, Needs, at_least, at_most, exactly
from riskfabric_assets.realism.judge import judge, verdict_of
from riskfabric_assets.realism.scorecard import excuses_of, score
from tests.unit.realism.lakes import at, lake, payments

TWO_DAYS = payments({}, {"event_at": at("2025-03-04 09:00")})
NO_EXCEPTIONS = Realism(exceptions={})


def check(**changes):
    fields = {
        "id": "R01",
        "title": "Share",
        "definition": "a share",
        "statistic": lambda _: {"merchant_share": 0.5, "count": 7},
        "measures": (Measure("merchant_share", "share", Interval(0.6, 0.8)),),
        "basis": "A",
        "source": "a bank",
        "needs": Needs(days=1),
    }
    return Check(**{**fields, **changes})


@pytest.mark.parametrize(
    ("value", "interval", "verdict"),
    [
        (0.6, Interval(0.6, 0.8), "pass"),
        (0.8, Interval(0.6, 0.8), "pass"),
        (0.56, Interval(0.6, 0.8), "warn"),
        (0.54, Interval(0.6, 0.8), "fail"),
        (0.86, Interval(0.6, 0.8), "fail"),
        (0.7, at_least(0.8), "warn"),
        (0.5, at_least(0.8), "fail"),
        (1.1, at_most(1.0), "warn"),
        (1.0, exactly(0), "fail"),
        (None, Interval(0, 1), "too small"),
        (float("nan"), Interval(0, 1), "too small"),
    ],
)
def test_a_value_outside_by_less_than_a_quarter_of_the_width_is_a_warning(value, interval, verdict):
    assert verdict_of(value, interval)[0] == verdict


def verdicts(given, world="india", exceptions=None, customers=1, rules=None):
    with lake(TWO_DAYS, rules) as data:
        return [
            (found.verdict, found.reason) for found in judge(given, data, world, "all", exceptions or {}, customers)
        ]


def test_too_little_data_says_the_least_size():
    assert verdicts(check(needs=Needs(customers=500, days=1))) == [("too small", "1 customers of the 500 it needs")]
    assert verdicts(check(needs=Needs(days=90))) == [("too small", "2 days of the 90 it needs")]
    assert verdicts(check(needs=Needs(days=1, rows=8))) == [("too small", "7 rows of the 8 it needs")]


def test_missing_tables_and_oversampled_crime_are_not_applicable():
    assert verdicts(check(reads=("cards",))) == [("not applicable", "the data has no cards")]
    natural = Measure("merchant_share", "share", Interval(0.6, 0.8), natural=True)
    assert verdicts(check(measures=(natural,))) == [("not applicable", "fraud is injected more often than is natural")]


def test_a_world_without_the_figure_has_no_finding():
    assert not verdicts(check(worlds=("russia",)))


def test_an_exception_excuses_a_failure_and_says_why():
    assert verdicts(check(), exceptions={"R01.merchant_share": "because"}) == [("excepted", "because")]
    assert verdicts(check(), exceptions={"R01": "because"}) == [("excepted", "because")]
    assert verdicts(check(), exceptions={"R02": "because"}) == [("fail", "outside by 0.1")]


def test_the_target_of_the_nearest_year_holds_and_the_later_one_on_a_tie():
    measure = Measure("share", "share", Interval(0, 1), {2023: Interval(0, 0.1), 2025: Interval(0, 0.2)})
    assert [measure.target_of(year).high for year in (2021, 2023, 2024, 2026)] == [0.1, 0.1, 0.2, 0.2]


def test_months_are_judged_where_a_month_is_enough():
    rows = payments({}, {"event_at": at("2025-04-30 09:00")})
    with lake(rows) as data:
        card = score(data, "india", NO_EXCEPTIONS, [check(), check(id="R02", needs=Needs(days=30))])
    assert [(found.check.id, found.period) for found in card.findings] == [
        ("R01", "all"), ("R02", "all"), ("R01", "2025-03"), ("R01", "2025-04"),
    ]  # fmt: skip
    assert card.failed == ("R01", "R02")
    assert card.frame().height == 4


def excuse(**changes):
    text = {"reason": "the country differs here", "source": "a national bank"}
    return {"check": "R16", "measure": "weekday_ratio", **text, **changes}


def test_an_exception_must_name_a_check_and_a_figure():
    assert excuses_of(Realism(exceptions={"india": [excuse()]}), "india") == {
        "R16.weekday_ratio": "the country differs here (a national bank)"
    }
    for wrong in (excuse(check="R99"), excuse(measure="weekday_ration")):
        with pytest.raises(ConfigError, match=r"config/realism.yaml: exceptions\.india"):
            excuses_of(Realism(exceptions={"india": [wrong]}), "russia")


def test_more_than_three_exceptions_for_a_world_are_refused():
    with pytest.raises(ValueError, match="at most 3 exceptions"):
        Realism(exceptions={"india": [excuse()] * 4})
