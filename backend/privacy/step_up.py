"""How sure we want to be before everything we hold about a citizen is handed out (SEC-37)."""

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
