"""What can become of a demo dossier, how often, and how long each step takes; all of it by the table of moves (domain.md B3)."""

from random import Random

from backend.dev.demo.agencies import LAND_OFFICE
from backend.dev.demo.events import Status
from backend.dev.demo.procedures import DemoProcedure

Route = tuple[Status, ...]

STRAIGHT: Route = ("accepted", "processing", "finished", "returned")
SAME_DAY: Route = ("accepted", "finished", "returned")
PAPERS: Route = ("accepted", "processing", "awaiting_papers", "processing", "finished", "returned")
PAYMENT: Route = ("accepted", "processing", "awaiting_payment", "processing", "finished", "returned")
# Commune or centre, land office, tax office, the citizen pays, back to the land office.
LAND: Route = ("accepted", "processing", "processing", "awaiting_payment", "processing", "finished", "returned")
NEVER_COLLECTED: Route = ("accepted", "processing", "finished")
GIVEN_UP: Route = ("accepted", "processing", "awaiting_papers", "stopped")
STOPPED: Route = ("accepted", "processing", "stopped")
WITHDRAWN: Route = ("accepted", "processing", "withdrawal_requested", "stopped")
REFUSED: Route = ("not_accepted",)

_COMMON: dict[Route, int] = {
    STRAIGHT: 66, PAPERS: 9, PAYMENT: 4, NEVER_COLLECTED: 12, GIVEN_UP: 2, STOPPED: 1, WITHDRAWN: 2,
}  # fmt: skip
_SAME_DAY = {SAME_DAY: 70, STRAIGHT: 20, NEVER_COLLECTED: 8, STOPPED: 1, WITHDRAWN: 1}
_LAND = {STRAIGHT: 40, LAND: 30, PAPERS: 14, NEVER_COLLECTED: 8, GIVEN_UP: 3, STOPPED: 2, WITHDRAWN: 3}
_REFUSED_ONLINE = 0.03
_SLOW_OFFICE = 0.08
_SLOW_CITIZEN = 0.15
_SHORTEST = 0.2


def choose_route(rng: Random, procedure: DemoProcedure, *, online: bool) -> Route:
    """The whole way of a dossier, were there time enough. What was sent online begins as registered and may be refused."""
    if online and rng.random() < _REFUSED_ONLINE:
        return ("registered", *REFUSED)
    same_day = procedure.amount == 1 and procedure.fee == 0
    table = _LAND if procedure.decided_by == LAND_OFFICE else _SAME_DAY if same_day else _COMMON
    route = rng.choices(list(table), weights=list(table.values()))[0]
    return ("registered", *route) if online else route


def choose_pace(rng: Random) -> float:
    """Share of the time limit an office really takes: mostly less than all of it, sometimes far more."""
    if rng.random() < _SLOW_OFFICE:
        return rng.uniform(1.1, 6.0)
    return rng.triangular(0.2, 1.0, 0.75)


def office_hours(rng: Random, before: Status, status: Status, left: float) -> float:
    """Office hours from one status to the next; `left` is what the office still wants to spend in all."""
    match before, status:
        case ("awaiting_papers" | "awaiting_payment", "processing"):
            return rng.uniform(150, 700) if rng.random() < _SLOW_CITIZEN else rng.uniform(3, 60)
        case ("awaiting_papers", "stopped"):
            return rng.uniform(120, 240)
        case ("finished", "returned"):
            return rng.uniform(1, 40)
        case ("registered" | "withdrawal_requested", _):
            return rng.uniform(0.5, 8)
        case _:
            return max(_SHORTEST, _working_hours(rng, before, status, left))


def _working_hours(rng: Random, before: Status, status: Status, left: float) -> float:
    if status == "finished":
        return left
    if before == "accepted":
        return min(rng.uniform(0.3, 4), left)
    return rng.uniform(0.2, 0.5) * left
