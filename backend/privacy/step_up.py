"""Was this caller, and not just their unlocked phone, here a moment ago (RFC 9470)?"""

from datetime import datetime, timedelta

from backend.privacy.errors import MAX_AGE_S, StepUpRequired
from kernel.principal import Principal

LEVEL = 2


def require_fresh(actor: Principal, now: datetime) -> None:
    """Let pass who signed in with an account of level 2 within the last five minutes.

    Raises:
        StepUpRequired.
    """
    at = actor.authenticated_at
    if actor.assurance < LEVEL or at is None or now - at > timedelta(seconds=MAX_AGE_S):
        raise StepUpRequired
