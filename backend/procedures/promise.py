"""What the counter may promise: the limit it can hold against every reader of the procedure, or none."""

from collections.abc import Iterable

from backend.procedures.channels import Channel


def working_days(channels: Iterable[Channel]) -> int | None:
    """The limit in working days for a dossier handed in at the counter, or by any way where the counter is not named.

    None where the source gives no limit, gives it in another unit, or gives several for several kinds of case: then the officer has
    to decide, not the machine.
    """
    every = tuple(channels)
    counter = tuple(channel for channel in every if channel.channel == "counter") or every
    limits = {(limit.amount, limit.unit) for channel in counter for limit in channel.time_limits}
    if len(limits) != 1:
        return None
    amount, unit = limits.pop()
    return amount if unit == "working_days" else None
