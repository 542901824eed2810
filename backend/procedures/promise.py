"""What the counter may promise: the limit it can hold against every reader of the procedure, or none."""

from collections.abc import Iterable

from backend.procedures.channels import Channel
from kernel.deadline import Term


def promised(channels: Iterable[Channel]) -> Term | None:
    """The limit for a dossier handed in at the counter, or by any way where the counter is not named, in the unit it is printed in.

    None where the source gives no limit that can be read, or several for several kinds of case: then the officer has to decide,
    not the machine.
    """
    every = tuple(channels)
    counter = tuple(channel for channel in every if channel.channel == "counter") or every
    limits = {(limit.amount, limit.unit) for channel in counter for limit in channel.time_limits}
    if len(limits) != 1:
        return None
    amount, unit = limits.pop()
    return Term(amount, unit) if amount and unit else None
