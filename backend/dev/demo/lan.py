"""The dossiers of Nguyễn Thị Lan, on whom the documentation and the main story rely: one in every state worth showing."""

from datetime import datetime, time

from backend.dev.demo.agencies import LAND_OFFICE, PROVINCIAL_CENTRE, centre_of, police_of
from backend.dev.demo.cases import Case
from backend.dev.demo.events import SubmitChannel
from backend.dev.demo.office import Office
from backend.dev.demo.persons import DemoPerson
from backend.dev.demo.procedures import procedure
from backend.dev.demo.routes import LAND, NEVER_COLLECTED, PAPERS, STRAIGHT, Route
from kernel.clock import VIETNAM

AN_XUYEN, DAT_MUI = "H12.126", "H12.164"

_PACE = 0.25

# Procedure, counter, deciding agency, channel, working days ago, route. The first is the one whose result the story publishes.
_CASES: tuple[tuple[str, str, str, SubmitChannel, int, Route], ...] = (
    ("1.012783", PROVINCIAL_CENTRE, LAND_OFFICE, "counter", 6, STRAIGHT[:2]),
    ("1.004873", centre_of(AN_XUYEN), AN_XUYEN, "online", 1, ("registered",)),
    ("1.001612", centre_of(AN_XUYEN), AN_XUYEN, "counter", 5, PAPERS[:3]),
    ("1.012784", centre_of(DAT_MUI), LAND_OFFICE, "counter", 12, LAND[:4]),
    ("1.004222", centre_of(AN_XUYEN), police_of(AN_XUYEN), "counter", 11, NEVER_COLLECTED),
    # A building permit that should have been there two weeks ago.
    ("1.013225", centre_of(AN_XUYEN), AN_XUYEN, "counter", 26, STRAIGHT[:2]),
    # Cross-boundary: born in Đất Mũi, registered over a counter in town.
    ("1.001193", centre_of(AN_XUYEN), DAT_MUI, "counter", 140, STRAIGHT),
)


def cases(lan: DemoPerson, now: datetime, office: Office) -> list[Case]:
    """Her dossiers as they stand at `now`."""
    today = now.astimezone(VIETNAM).date()
    return [
        Case(
            person=lan,
            procedure=procedure(code),
            receiving=receiving,
            deciding=deciding,
            channel=channel,
            received=datetime.combine(office.days_before(today, days_ago), time(8, 15), VIETNAM),
            route=route,
            pace=_PACE,
        )
        for code, receiving, deciding, channel, days_ago, route in _CASES
    ]
