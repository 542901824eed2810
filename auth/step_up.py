"""Was this caller, and not just their unlocked phone, here a moment ago (RFC 9470; SEC-37)?"""

from datetime import datetime

from auth.errors import StepUpRequired
from auth.lifetimes import STEP_UP
from kernel.principal import Principal


def require_fresh(actor: Principal, now: datetime, *, level: int) -> None:
    """Let pass who has signed in with an account of this level (0: any) within the last five minutes.

    Raises:
        StepUpRequired.
    """
    at = actor.authenticated_at
    # Whoever acts for them is not them, however lately they have signed in.
    if actor.acting or actor.assurance < level or at is None or now - at > STEP_UP:
        raise StepUpRequired(level, int(STEP_UP.total_seconds()))
