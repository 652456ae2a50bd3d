"""The scorecard: every check over the whole horizon, and month by month where a month is enough."""

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import polars as pl

from riskfabric_assets.foundation.errors import ConfigError, Problem, nearest
from riskfabric_assets.foundation.tables.realism import SCORECARD
from riskfabric_assets.packs.realism import ALL_MEASURES, Realism
from riskfabric_assets.realism.catalogue import CHECKS
from riskfabric_assets.realism.checks import Check
from riskfabric_assets.realism.judge import WHOLE, Finding, Verdict, judge
from riskfabric_assets.realism.lake import Lake

SEVERITY: Final[tuple[Verdict, ...]] = ("pass", "not applicable", "too small", "excepted", "warn", "fail")
"""Verdicts from the best to the worst."""
Tell = Callable[[str, str], None]
"""Called with a period and the id of the check that is about to be measured."""


@dataclasses.dataclass(frozen=True)
class Scorecard:
    """Every finding about one data set."""

    world: str
    findings: tuple[Finding, ...]

    def whole(self, check_id: str) -> list[Finding]:
        """Return the findings of a check over the whole horizon."""
        return [found for found in self.findings if found.check.id == check_id and found.period == WHOLE]

    def verdict(self, check_id: str) -> Verdict:
        """Return the worst verdict of a check over the whole horizon; not applicable where it has none."""
        verdicts = [found.verdict for found in self.whole(check_id)]
        return max(verdicts, key=SEVERITY.index, default="not applicable")

    @property
    def failed(self) -> tuple[str, ...]:
        """Ids of the checks that fail over the whole horizon."""
        return tuple(check.id for check in CHECKS if self.verdict(check.id) == "fail")

    def frame(self) -> pl.DataFrame:
        """Return the findings as the table realism/scorecard."""
        return pl.DataFrame([_row(found, self.world) for found in self.findings], schema=SCORECARD.schema)


def score(
    lake: Lake,
    world: str,
    realism: Realism,
    checks: Sequence[Check] = CHECKS,
    months: bool = True,
    tell: Tell | None = None,
) -> Scorecard:
    """Judge a data set.

    Args:
        lake: The data, whole.
        world: World whose intervals apply.
        realism: Exceptions.
        checks: Checks to make.
        months: Judge single months as well.
        tell: Told before every check.

    Raises:
        ConfigError: An exception names no check or figure of the table.
    """
    excuses = excuses_of(realism, world)
    customers = count_customers(lake)
    periods: list[str | None] = [None, *(lake.months() if months else [])]
    findings: list[Finding] = []
    for period in periods:
        cut = lake.over(period)
        for check in checks:
            if period is not None and not check.needs.is_monthly:
                continue
            if tell is not None:
                tell(period or WHOLE, check.id)
            findings.extend(judge(check, cut, world, period or WHOLE, excuses, customers))
    lake.over(None)
    return Scorecard(world, tuple(findings))


def excuses_of(realism: Realism, world: str) -> dict[str, str]:
    """Return the reason and source of each exception of a world by check id, or by "id.measure".

    Raises:
        ConfigError: An exception of any world names no check or figure of the table.
    """
    known = {check.id: {measure.name for measure in check.measures} for check in CHECKS}
    problems = []
    for name, excuses in realism.exceptions.items():
        for excuse in excuses:
            place = f"config/realism.yaml: exceptions.{name}"
            if excuse.check not in known:
                problems.append(Problem(place, f"'{excuse.check}'", "a check", nearest(excuse.check, list(known))))
            elif excuse.measure not in {ALL_MEASURES, *known[excuse.check]}:
                fix = nearest(excuse.measure, [ALL_MEASURES, *sorted(known[excuse.check])])
                problems.append(Problem(place, f"'{excuse.measure}'", f"a figure of {excuse.check}", fix))
    if problems:
        raise ConfigError(problems)
    return {
        excuse.check if excuse.measure == ALL_MEASURES else f"{excuse.check}.{excuse.measure}": (
            f"{excuse.reason} ({excuse.source})"
        )
        for excuse in realism.exceptions.get(world, ())
    }


def count_customers(lake: Lake) -> int:
    """Return the customers of a data set: of the population where it is known, else those who pay."""
    table = "customers" if "customers" in lake.available else "every_attempt"
    return int(lake.row(f"select count(distinct customer_id) as n from {table}")["n"] or 0)


def _row(found: Finding, world: str) -> Mapping[str, object]:
    return {
        "check_id": found.check.id,
        "measure": found.measure.name,
        "period": found.period,
        "world": world,
        "title": found.check.title,
        "subject": found.check.subject,
        "unit": found.measure.unit,
        "basis": found.check.basis,
        "verdict": found.verdict,
        "reason": found.reason,
        "value": found.value,
        "low": found.target.low if math.isfinite(found.target.low) else None,
        "high": found.target.high if math.isfinite(found.target.high) else None,
        "count_rows": found.count,
    }
