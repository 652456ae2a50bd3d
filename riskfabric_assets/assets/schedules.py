"""The schedule that moves simulated time: one day per tick, stopped until somebody starts it."""

import datetime as dt

import dagster as dg

from riskfabric_assets.assets.jobs import ADVANCE
from riskfabric_assets.assets.resources import monthly_config
from riskfabric_assets.foundation.units import month_of
from riskfabric_assets.packs.settings import Settings
from riskfabric_assets.warehouse.home import Home
from riskfabric_assets.warehouse.horizon import recorded_through


def advance_one_day(settings: Settings) -> dg.ScheduleDefinition:
    """Return the schedule. Each tick asks for the day after the mark, in the partition of its month."""

    @dg.schedule(
        name="advance_one_day_schedule",
        job_name=ADVANCE,
        cron_schedule="0 6 * * *",
        execution_timezone=settings.config.world.timezone,
        default_status=dg.DefaultScheduleStatus.STOPPED,
        description="Makes the next simulated day every morning",
    )
    def schedule() -> dg.RunRequest | dg.SkipReason:
        through = recorded_through(Home(settings.home))
        if through is None:
            return dg.SkipReason("nothing has been made yet: materialize everything first (riskfabric demo)")
        day = through + dt.timedelta(days=1)
        return dg.RunRequest(
            run_key=day.isoformat(), partition_key=month_of(day), run_config=monthly_config(through=day)
        )

    return schedule
