"""How long a receipt is waited for before a contact stands in for the push: each category has its own wait, or none. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from notifications.messages.catalogue import CATEGORIES

Waits = Mapping[str, timedelta]

# What warns of a stranger is told soon; what asks for an act, or brings the result, within the half hour; the rest the same day.
USUAL: Final = ("account=5m", "action_required=30m", "result_ready=30m", "dossier=4h", "feedback=4h")
_WAIT: Final = re.compile(r"([a-z_]+)=([0-9]{1,5})([smhd])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def waits_of(said: Iterable[str]) -> Waits:
    """From `account=5m`, `dossier=4h`, one a category; a category that is not named is never told by a contact.

    Raises:
        ValueError: there is no such category, or that is no time.
    """
    waits = {}
    for one in said:
        found = _WAIT.fullmatch(one)
        if found is None or found[1] not in CATEGORIES:
            raise ValueError(f"{one}: not category=30m (s, m, h, d) with one of {', '.join(CATEGORIES)}")
        waits[found[1]] = timedelta(**{_UNITS[found[3]]: int(found[2])})
    return waits
