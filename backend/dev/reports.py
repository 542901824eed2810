"""Demo reports into a fresh world, as they come: citizens and officials sign in and use the public API."""

from typing import Any

import httpx2

from backend.dev.app_user import AppUser
from backend.dev.demo.persons import DemoPerson, persons
from backend.dev.demo.reports import CITIZEN, DemoReport, reports
from kernel.clock import SystemClock

# The first persons are the heroes of stories and tests, who tell their own.
_FIRST, _CITIZENS = 8, 4


async def seed_reports(world: dict[str, Any]) -> int:
    """Tell every demo report and take its steps; answers how many there are. Repeating it changes nothing."""
    citizens = persons()[_FIRST : _FIRST + _CITIZENS]
    async with httpx2.AsyncClient(timeout=30) as client:
        people = _People(world, client)
        for number, report in enumerate(reports()):
            await _tell(people, citizens[number % len(citizens)], number, report)
    return len(reports())


class _People:
    """Who has signed in so far."""

    def __init__(self, world: dict[str, Any], client: httpx2.AsyncClient) -> None:
        self._world, self._client = world, client
        self._signed_in: dict[str, AppUser] = {}

    async def app_of(self, login: str, kind: str) -> AppUser:
        """Their app, signed in once."""
        if login not in self._signed_in:
            user = AppUser(self._world, self._client)
            await user.sign_in(login, kind)
            self._signed_in[login] = user
        return self._signed_in[login]


async def _tell(people: _People, person: DemoPerson, number: int, report: DemoReport) -> None:
    app = await people.app_of(person.login, "citizen")
    sent = await app.post("/v1/feedback", report.body(number, person.name, SystemClock().now()))
    # Told before, as far as it went: then its steps were taken, too, or will be missed by nobody.
    if len(sent["timeline"]) > 1:
        return
    for who, step, body in report.steps:
        if who == CITIZEN:
            await app.post(f"/v1/feedback/{sent['id']}/{step}", body)
        else:
            desk = await people.app_of(who, "staff")
            await desk.post(f"/v1/staff/feedback/{sent['id']}/{step}", body)
