"""config/account_events.yaml: what happens to accounts besides money, and how often."""

from typing import Annotated

from pydantic import Field

from riskfabric_assets.packs.measured import Measured, Section, Share, Shares, Weights
from riskfabric_assets.packs.population import AgeFactors

Rate = Annotated[float, Field(ge=0, le=2), Measured("per customer-month")]
"""Expected episodes of one customer in one month; at most 2, so that the room for a month is bounded."""
Minutes = Annotated[float, Field(gt=0, le=60), Measured("minutes")]


class Pace(Section):
    """How fast one thing follows another, and where it is done."""

    minutes: Minutes
    follow_up_days: Annotated[int, Field(ge=1, le=7), Measured("days")]
    remote_share: Share


class NewDevices(Section):
    """What follows when a new device replaces an old one."""

    pin_reset_share: Share
    sim_change_share: Share
    email_change_share: Share
    relink_share: Share


class Sims(Section):
    """Changes of the SIM, with the old number or with a new one."""

    change_rate: Rate
    new_number_share: Share
    rebinding_share: Share


class Emails(Section):
    """Changes of the e-mail address."""

    change_rate: Rate
    age_factors: AgeFactors


class Addresses(Section):
    """Moving house, as the bank is told."""

    change_rate: Rate
    age_factors: AgeFactors
    email_share: Share
    new_number_share: Share


class Pins(Section):
    """Forgotten PINs."""

    reset_rate: Rate
    age_factors: AgeFactors


class Links(Section):
    """Accounts at other banks that are linked in the app: one, or many in one sitting."""

    single_rate: Rate
    burst_rate: Rate
    burst_sizes: Annotated[list[float], Field(min_length=1, max_length=13), Shares(), Measured("share")]
    """Shares of 3, 4 ... links."""
    burst_minutes: Minutes
    age_factors: AgeFactors


class Logins(Section):
    """Logins that a bank keeps because something about them is unusual."""

    new_network_rate: Rate
    unknown_device_rate: Rate
    failed_rate: Rate
    failed_attempts: Annotated[float, Field(ge=1, le=5), Measured("logins")]
    failed_pin_reset_share: Share
    silence_days: Annotated[float, Field(gt=0, le=366), Measured("days")]


class AccountEvents(Section):
    """Everything about an account that is not a movement of money."""

    hours: Annotated[list[float], Field(min_length=24, max_length=24), Weights(), Measured("weight")]
    pace: Pace
    devices: NewDevices
    sim: Sims
    email: Emails
    address: Addresses
    pin: Pins
    links: Links
    logins: Logins
