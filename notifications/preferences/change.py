"""A recipient reads what they chose, and chooses anew."""

import msgspec
from pymongo.errors import DuplicateKeyError

from kernel.errors import FieldError, StaleVersion
from kernel.http.merge_patch import merged
from kernel.http.preconditions import Precondition
from notifications.documents import Muted, Preferences, QuietHours
from notifications.errors import MustBeRead
from notifications.messages.catalogue import MUST_READ
from notifications.schemas import ChangePreferences, Wishes
from notifications.ways import CHANNELS


async def preferences_of(recipient: str) -> Preferences:
    """What they chose; everything as it comes, at version 0, while they have chosen nothing."""
    return await Preferences.get(recipient) or Preferences(id=recipient, recipient=recipient)


def wishes_of(preferences: Preferences) -> Wishes:
    """The choices as they cross the wire."""
    return msgspec.convert(preferences, Wishes, from_attributes=True)


async def change(recipient: str, patch: ChangePreferences, if_match: Precondition) -> Preferences:
    """Merge the patch into what they chose.

    Raises:
        PreconditionFailed: they saw another version, or another phone of theirs was faster.
        MustBeRead: what has to reach them cannot be muted.
    """
    present = await preferences_of(recipient)
    present.remember()
    with if_match.on(present.version):
        wanted = merged(wishes_of(present), patch)
        _refuse_muting(wanted)
        present.language, present.detail = wanted.language, wanted.detail
        present.quiet_hours = QuietHours.model_validate(wanted.quiet_hours, from_attributes=True)
        present.muted = Muted(push=sorted(set(wanted.muted.push)), fallback=sorted(set(wanted.muted.fallback)))
        present.fallback = sorted((name for name in CHANNELS if name in wanted.fallback), key=wanted.fallback.index)
        return await _committed(present)


def _refuse_muting(wanted: Wishes) -> None:
    errors = [
        FieldError(f"/muted/{channel}/{place}", "must_be_read", f"{category} cannot be muted")
        for channel, muted in (("push", wanted.muted.push), ("fallback", wanted.muted.fallback))
        for place, category in enumerate(muted)
        if category in MUST_READ
    ]
    if errors:
        raise MustBeRead(errors=errors)


async def _committed(preferences: Preferences) -> Preferences:
    try:
        return await preferences.commit()
    except DuplicateKeyError as faster:
        # Two first choices at one moment.
        there = await Preferences.get(preferences.id)
        raise StaleVersion(id=preferences.id, present=there.version if there else 0) from faster
