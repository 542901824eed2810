"""How sure we want to be before everything we hold about a citizen is handed out, or destroyed (SEC-37)."""

from datetime import datetime

from auth import step_up
from kernel.principal import Principal

LEVEL = 2


def require_fresh(actor: Principal, now: datetime) -> None:
    """Let pass who signed in with an account of level 2 within the last five minutes.

    Raises:
        StepUpRequired.
    """
    step_up.require_fresh(actor, now, level=LEVEL)


def require_own_act(actor: Principal, now: datetime) -> None:
    """Let pass who signed in, or whose session began, within the last five minutes.

    Of any level: an account that cannot prove more has the right to be erased all the same.

    Raises:
        StepUpRequired.
    """
    step_up.FreshSignIns().for_destination(actor, now)
