"""What agencies bring to the app."""

from litestar.di import Provide

from auth.sessions.staff import StaffSessions
from backend.agencies.api.staff import StaffDirectoryRoutes
from backend.agencies.documents import Agency, StaffMember
from backend.agencies.queries import AgencyNames
from kernel.clock import Clock
from kernel.slice import Slice


def build_slice(clock: Clock, sessions: StaffSessions) -> Slice:
    """The names are read once a minute and shared by all requests of this process."""
    names = AgencyNames(clock)
    agencies = Provide(lambda: names, use_cache=True, sync_to_thread=False)
    given = {"agencies": agencies, "staff_sessions": Provide(lambda: sessions, use_cache=True, sync_to_thread=False)}
    return Slice(name="agencies", documents=[Agency, StaffMember], routes=[StaffDirectoryRoutes], dependencies=given)
