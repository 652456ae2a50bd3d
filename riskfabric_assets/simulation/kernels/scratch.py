"""Record layouts of the scratch space of one thread: what is known while one customer's month is lived."""

from typing import Final

import numpy as np

from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.simulation.kernels.records import BILLS

HABITS: Final = 3
"""Personal wants of one customer."""

ACCOUNT_SCRATCH: Final = np.dtype(
    [("balance", np.int64), ("given_back", np.int64), ("last_at", np.int64), ("usable", np.int64)]
)
"""Scratch of one account: balance, refunds that do not fund decisions any more, and last movement; `usable` is a list
of its own, the usable account slots."""

CARD_SCRATCH: Final = np.dtype([("usable", np.int64)])
"""The list of usable card slots."""

CUSTOMER_SCRATCH: Final = np.dtype(
    [
        ("accounts", np.int64),
        ("cards", np.int64),
        ("until", np.int64),
        ("lease", np.int64),
        ("devices", np.int64, (4,)),
        ("channels", np.float64, (len(CHANNELS),)),
        ("trip_start", np.int64, (2,)),
        ("trip_stop", np.int64, (2,)),
        ("trip_to", np.int64, (2,)),
        ("work_slot", np.int64),
        ("excursion_to", np.int64),
        ("favourites", np.float64),
        ("habits", np.float64, (HABITS,)),
        ("bill_day", np.int64, (BILLS,)),
        ("bill_minor", np.int64, (BILLS,)),
        ("bill_at", np.int64, (BILLS,)),
        ("is_mandate", np.uint8, (BILLS,)),
        ("last_present_at", np.int64),
        ("last_latitude", np.float64),
        ("last_longitude", np.float64),
        ("last_place", np.int64),
        ("last_machine", np.int64),
        ("busy_until", np.int64),
        ("day_end", np.int64),
        ("payment_row", np.int64),
        ("retries_left", np.int64),
        ("event_row", np.int64),
        ("extra_events", np.int64),
        ("extra_room", np.int64),
        ("new_device_day", np.int64),
        ("new_device_minor", np.int64),
        ("free_at", np.int64),
        ("credit_at", np.int64),
        ("credit_minor", np.int64),
        ("credit_kind", np.int64),
        ("credit_account", np.int64),
        ("inflows_left", np.int64),
        ("first_payment", np.int64),
        ("credits", np.int64),
    ],
    align=True,
)
"""Scratch of one customer: lengths of the lists and the first day on which they change, day of the household's address,
primary and secondary device of any kind and with an app, the running sums of the channels, the month's trips (days
of the month; a customer whose home is the destination, or -2 - city), the day's excursion, standing payments, the
last place the payer stood at, the machine if it was one, until when a retry takes, the next free rows and how many
more may be used, what comes in today, when the payment before this one was over, the first payment row and how many
inflows there have been."""

CREDIT: Final = np.dtype([("account_id", np.int64), ("moment", np.int64), ("amount_minor", np.int64)])
"""Money that came in from people; the last of a list has the moment NEVER."""

INTENT: Final = np.dtype(
    [
        ("key", np.uint64),
        ("base", np.int64),
        ("moment", np.int64),
        ("ordinal", np.int64),
        ("kind", np.int64),
        ("channel", np.int64),
        ("account", np.int64),
        ("card", np.int64),
        ("place", np.int64),
        ("payee", np.int64),
        ("stranger", np.int64),
        ("group", np.int64),
        ("amount", np.int64),
        ("device_since", np.int64),
        ("brought", np.int64),
        ("failed_for", np.int64),
        ("rule", np.int64),
        ("latitude", np.float64),
        ("longitude", np.float64),
        ("parallel", np.float64),
        ("cell", np.uint64),
        ("is_present", np.bool_),
        ("is_mandate", np.bool_),
        ("is_away", np.bool_),
    ],
    align=True,
)
"""A payment before it is decided: what somebody wants to do, where and with what; `stranger` is the id of a payee met
once, who has no row of `payees` (`payee` is NO_ID then); `brought` is the money moved in just
before, minor units, `failed_for` why the first try was declined, `rule` the rule that declines it, NO_CODE for none
that looks at facts."""
