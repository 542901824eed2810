"""Who asks for what, where, when and how: the dossiers before anything happens to them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from backend.dev.demo.agencies import PROVINCIAL_CENTRE, RURAL_COMMUNES, WARDS, centre_of, police_of
from backend.dev.demo.events import SubmitChannel
from backend.dev.demo.office import HOURS_A_DAY, Office
from backend.dev.demo.persons import DemoPerson
from backend.dev.demo.procedures import BY_COMMUNE, BY_COMMUNE_POLICE, DemoProcedure, procedures
from backend.dev.demo.routes import Route, choose_pace, choose_route
from kernel.clock import VIETNAM

_YEAR = timedelta(days=365)
_CHANNELS: dict[SubmitChannel, int] = {"online": 56, "counter": 40, "post": 4}
# Since 2025-07-01 any counter of the province takes any dossier; about one person in eight makes use of it.
_CROSS_BOUNDARY = 0.12
_AT_PROVINCIAL_CENTRE = 0.6
# An ordinary closed weekend is two days; only Tết closes offices for a week, and the counters fill up for a fortnight after it.
_TET_DAYS, _BURST_DAYS, _BURST = 7, 14, 3.0
_DAY_OFF = 0.08
# More of the last three weeks, so that every counter of the demonstration has work on its desk.
_RECENT_DAYS, _RECENT = 21, 3.0


@dataclass(frozen=True)
class Case:
    """One dossier to be: `received` is when it was sent or handed over, `route` what would become of it, were there time enough."""

    person: DemoPerson
    procedure: DemoProcedure
    receiving: str
    deciding: str
    channel: SubmitChannel
    received: datetime
    route: Route
    pace: float


def arrival_days(now: datetime, office: Office) -> dict[date, float]:
    """The days of the year before `now`, today not included, with their share of arrivals."""
    today, shares = now.astimezone(VIETNAM).date(), {}
    closed, since_tet = 0, _BURST_DAYS
    for n in range(_YEAR.days + 2 * _BURST_DAYS, 0, -1):
        day = today - timedelta(days=n)
        works = office.calendar.works(day)
        since_tet = 0 if works and closed >= _TET_DAYS else since_tet + 1
        closed = 0 if works else closed + 1
        if n <= _YEAR.days:
            crowd = (_BURST if since_tet < _BURST_DAYS else 1.0) * (_RECENT if n <= _RECENT_DAYS else 1.0)
            shares[day] = crowd * (1.0 if works else _DAY_OFF)
    return shares


def invent(rng: Random, people: tuple[DemoPerson, ...], days: dict[date, float], office: Office) -> Case:
    """One plausible case."""
    day = rng.choices(list(days), weights=list(days.values()))[0]
    channel = rng.choices(list(_CHANNELS), weights=list(_CHANNELS.values()))[0]
    if not office.calendar.works(day):
        channel = "online"
    procedure = rng.choices(procedures(), weights=[p.weight for p in procedures()])[0]
    receiving, deciding = _agencies(rng, procedure)
    return Case(
        person=rng.choice(people),
        procedure=procedure,
        receiving=receiving,
        deciding=deciding,
        channel=channel,
        received=_received(rng, day, office, online=channel == "online"),
        route=choose_route(rng, procedure, online=channel == "online"),
        pace=choose_pace(rng),
    )


def _agencies(rng: Random, procedure: DemoProcedure) -> tuple[str, str]:
    """The counter that takes the dossier and the agency that decides it."""
    home = rng.choice(WARDS + RURAL_COMMUNES)
    counter = rng.choice(WARDS + RURAL_COMMUNES) if rng.random() < _CROSS_BOUNDARY else home
    if procedure.decided_by == BY_COMMUNE:
        return centre_of(counter), home
    if procedure.decided_by == BY_COMMUNE_POLICE:
        return centre_of(counter), police_of(home)
    at_province = rng.random() < _AT_PROVINCIAL_CENTRE
    return PROVINCIAL_CENTRE if at_province else centre_of(counter), procedure.decided_by


def _received(rng: Random, day: date, office: Office, *, online: bool) -> datetime:
    if online:
        return datetime.combine(day, time(6), VIETNAM) + timedelta(seconds=rng.randrange(17 * 3600))
    return office.after(datetime.combine(day, time(0), VIETNAM), rng.uniform(0.01, HOURS_A_DAY - 0.01))
