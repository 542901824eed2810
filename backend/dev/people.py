"""The demo's people as the providers know them, and as world.json lists them."""

from typing import Any

from backend.dev.demo.persons import persons
from backend.dev.demo.staff import staff
from backend.dev.providers.person import Person

LISTED_CITIZENS = 12


def citizens() -> list[Person]:
    """Everybody with an electronic identity account."""
    return [
        Person(
            login=p.login,
            name=p.name,
            subject=f"vneid-{p.login}",
            birth_date=p.birth_date,
            personal_number=p.personal_number,
            assurance=p.assurance,
        )
        for p in persons()
    ]


def officials() -> list[Person]:
    """Everybody with an official mail account."""
    return [Person(login=s.login, name=s.name, subject=f"mail-{s.login}", email=s.email, roles=list(s.roles)) for s in staff()]


def listed() -> list[dict[str, Any]]:
    """The people a script or a newcomer signs in as: a dozen citizens and all staff."""
    asked = [("citizen", person) for person in citizens()[:LISTED_CITIZENS]] + [("staff", person) for person in officials()]
    return [{"login": p.login, "provider": kind, "name": p.name, "roles": p.roles} for kind, p in asked]
