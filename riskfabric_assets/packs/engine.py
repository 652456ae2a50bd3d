"""config/engine.yaml and config/calendar.yaml: how the work is cut, and which days there are."""

import datetime as dt
import os
from typing import Annotated

from pydantic import Field, field_validator

from riskfabric_assets.foundation.units import first_day, last_day, month_of, next_month
from riskfabric_assets.packs.measured import Measured, Section


class Engine(Section):
    """Block sizes and resources; none of them changes a byte of what is made."""

    block_days: Annotated[int, Field(ge=1, le=31), Measured("days")]
    cards_per_block: Annotated[int, Field(ge=1), Measured("cards")]
    threads: Annotated[int, Field(ge=0, le=256), Measured("threads")]
    memory_mb: Annotated[int, Field(ge=256), Measured("MB")]

    @property
    def count_threads(self) -> int:
        """Threads to use: as configured, or one per core."""
        return self.threads or os.cpu_count() or 1


class Calendar(Section):
    """The simulated days: a fixed start, a first end, and an open continuation."""

    start: dt.date
    months: Annotated[int, Field(ge=1, le=600), Measured("months")]
    open_months: Annotated[int, Field(ge=0, le=120), Measured("months")]

    @property
    def first_month(self) -> str:
        """Month key of the first month."""
        return month_of(self.start)

    @property
    def last_month(self) -> str:
        """Month key of the last month that is made at first."""
        month = self.first_month
        for _ in range(self.months - 1):
            month = next_month(month)
        return month

    @property
    def last_open_month(self) -> str:
        """Month key of the last month that can be made before the mark of what was made moves on."""
        month = self.last_month
        for _ in range(self.open_months):
            month = next_month(month)
        return month

    @property
    def end(self) -> dt.date:
        """Last day that is made at first."""
        return last_day(self.last_month)

    @field_validator("start")
    @classmethod
    def _starts_a_month(cls, start: dt.date) -> dt.date:
        if start != first_day(month_of(start)):
            raise ValueError(f"{start}|the first day of a month|write {first_day(month_of(start))}")
        return start
