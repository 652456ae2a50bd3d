"""Reputations counted the slow way: for one payment, walk through everything the bank knew at the close before."""

import dataclasses
import datetime as dt
import zoneinfo
from collections.abc import Sequence


@dataclasses.dataclass(frozen=True)
class Known:
    """Payments with the moments (naive UTC) from which label and payer's report may be used, if ever."""

    rows: Sequence[dict[str, object]]
    timezone: str
    strength: float
    prior_share: float

    def counts(
        self, payment: dict[str, object], keys: Sequence[str], moment: str = "label_known_at"
    ) -> tuple[int, int]:
        """Return payments on earlier days and reports known by their close, of whoever shares all `keys`."""
        close = _opening_of(payment["event_date"], self.timezone)
        same = [row for row in self.rows if all(row[key] == payment[key] for key in keys)]
        count_payments = sum(row["event_date"] < payment["event_date"] for row in same)
        count_reports = sum(row[moment] is not None and row[moment] <= close for row in same)
        return count_payments, count_reports

    def share(self, payment: dict[str, object], keys: Sequence[str]) -> float | None:
        """Return the share of reports, shrunk to the world's; None where a key is null."""
        if any(payment[key] is None for key in keys):
            return None
        payments, reports = self.counts(payment, keys)
        world_payments, world_reports = self.counts(payment, ())
        world = (world_reports + self.strength * self.prior_share) / (world_payments + self.strength)
        return (reports + self.strength * world) / (payments + self.strength)


def _opening_of(day: dt.date, timezone: str) -> dt.datetime:
    """Return the moment at which a business day begins, naive UTC."""
    local = dt.datetime.combine(day, dt.time(), tzinfo=zoneinfo.ZoneInfo(timezone))
    return local.astimezone(dt.UTC).replace(tzinfo=None)
