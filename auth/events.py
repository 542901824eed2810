"""What happens to sign-ins that other rooms may want to hear of."""

from kernel.events import Event


class NewDevice(Event, frozen=True, kw_only=True, tag="account.new_device"):
    """Somebody has signed in on a device on which they never had before, and not for the first time in their life."""

    session_id: str


class ActForStarted(Event, frozen=True, kw_only=True, tag="account.act_for_started"):
    """Somebody acts for a person from now on, in this session."""

    session_id: str


class SessionEnded(Event, frozen=True, kw_only=True, tag="account.session_ended"):
    """A session has ended before its time, by `reason`; `successor` is the session that took its place on the same device."""

    session_id: str
    reason: str
    successor: str | None = None
