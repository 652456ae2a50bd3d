"""From values to verdicts: pass, warn, fail, not applicable, too small, and excepted."""

import dataclasses
import math
from collections.abc import Mapping
from typing import Final, Literal

from riskfabric_assets.realism.checks import COUNT, Check, Interval, Measure
from riskfabric_assets.realism.lake import Lake

Verdict = Literal["pass", "warn", "fail", "not applicable", "too small", "excepted"]
WHOLE: Final = "all"
WARN_SHARE: Final = 0.25
"""Outside by less than this share of the interval's width is a warning."""


@dataclasses.dataclass(frozen=True)
class Finding:
    """One figure of one check over one period: what was found, what is wanted, and the verdict with its reason."""

    check: Check
    measure: Measure
    period: str
    target: Interval
    value: float | None
    count: int | None
    verdict: Verdict
    reason: str = ""


def judge(
    check: Check, lake: Lake, world: str, period: str, exceptions: Mapping[str, str], customers: int
) -> list[Finding]:
    """Return a finding per measure of a check that applies in a world.

    Args:
        check: The check.
        lake: The data, already cut to the period.
        world: World that the data comes from; "other" is judged by nothing country-specific.
        period: "all" or a month key, for the record.
        exceptions: Reason by check id, or by "id.measure": explained exceptions of config/realism.yaml.
        customers: Customers in the data.
    """
    measures = check.measures_in(world)
    obstacle = obstacle_of(check, lake, customers)
    found = check.statistic(lake) if measures and obstacle is None else {}
    count = found.get(COUNT)
    if obstacle is None and check.needs.rows and (count or 0) < check.needs.rows:
        obstacle = ("too small", f"{int(count or 0):,} rows of the {check.needs.rows:,} it needs")
    findings = []
    for measure in measures:
        target = measure.target_of(lake.middle_year)
        value = found.get(measure.name)
        verdict, reason = obstacle or unnatural(measure, lake) or verdict_of(value, target)
        excuse = exceptions.get(f"{check.id}.{measure.name}") or exceptions.get(check.id)
        if verdict in ("warn", "fail") and excuse:
            verdict, reason = "excepted", excuse
        whole = None if count is None else int(count)
        findings.append(Finding(check, measure, period, target, value, whole, verdict, reason))
    return findings


def obstacle_of(check: Check, lake: Lake, customers: int) -> tuple[Verdict, str] | None:
    """Return why a check cannot be judged on this data, or None."""
    needs = check.needs
    missing = [name for name in check.reads if name not in lake.available]
    if missing:
        return "not applicable", f"the data has no {', '.join(missing)}"
    if customers < needs.customers:
        return "too small", f"{customers:,} customers of the {needs.customers:,} it needs"
    if lake.days < needs.days:
        return "too small", f"{lake.days} days of the {needs.days} it needs"
    return None


def unnatural(measure: Measure, lake: Lake) -> tuple[Verdict, str] | None:
    """Return why a figure means nothing where crime is oversampled, or None."""
    if measure.natural and not lake.rules.is_natural:
        return "not applicable", "fraud is injected more often than is natural"
    return None


def verdict_of(value: float | None, target: Interval) -> tuple[Verdict, str]:
    """Return the verdict on a value, and why it is not a pass."""
    if value is None or math.isnan(value):
        return "too small", "nothing to measure"
    distance = target.distance(value)
    if distance == 0:
        return "pass", ""
    if distance < WARN_SHARE * target.width:
        return "warn", f"outside by {distance:.3g}"
    return "fail", f"outside by {distance:.3g}"
