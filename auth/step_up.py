"""Was this caller, and not just their unlocked phone, here a moment ago (RFC 9470; SEC-36, SEC-37)?"""

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


class FreshSignIns:
    """The kernel's port for rooms that do not know auth (`kernel.step_up.StepUp`)."""

    def for_destination(self, actor: Principal, now: datetime) -> None:
        """Let pass who has proved themselves lately, or whose session has just begun (SEC-36, ADR 0029).

        A session begins with somebody's own act, and every other phone of theirs is told: its first minutes count although the
        provider may have known them from before, or does not say since when.

        Raises:
            StepUpRequired.
        """
        began = actor.signed_in_at
        if actor.acting or began is None or now - began > STEP_UP:
            require_fresh(actor, now, level=0)
