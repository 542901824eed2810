"""Two hundred invented citizens. The first few never change: documentation and tests call them by name.

Personal numbers are fake for everybody to see: the prefixes of Cà Mau (096) and Bạc Liêu (095), then 0 for a man or 1 for a woman,
"99" whatever the year of birth, and a running number (domain.md E).
"""

from datetime import date, timedelta
from random import Random
from typing import Literal

import msgspec

from backend.dev.demo.names import FAMILY, MEN_GIVEN, MEN_MIDDLE, WOMEN_GIVEN, WOMEN_MIDDLE
from kernel.text import fold

Sex = Literal["man", "woman"]

# A child has no account of its own; the oldest invented person is about ninety.
_YOUNGEST_BORN, _BIRTH_SPAN_DAYS = date(2006, 12, 31), 70 * 365
_ONLY_LEVEL_1 = 0.12


class DemoPerson(msgspec.Struct, frozen=True):
    """One invented citizen; `assurance` is the level (1 or 2) of the electronic identity account."""

    login: str
    name: str
    birth_date: date
    personal_number: str
    assurance: int


_KNOWN: tuple[tuple[str, str, Sex, date, int], ...] = (
    ("lan", "Nguyễn Thị Lan", "woman", date(1988, 3, 8), 2),
    ("nam", "Trần Văn Nam", "man", date(1979, 11, 20), 2),
    ("mai", "Lê Thị Mai", "woman", date(1995, 5, 19), 2),
    ("hung", "Phạm Quốc Hùng", "man", date(1966, 2, 3), 2),
    ("tuyet", "Danh Thị Tuyết", "woman", date(1951, 8, 14), 1),
    ("khoa", "Võ Minh Khoa", "man", date(2002, 10, 10), 2),
)


def persons(count: int = 200, *, seed: int = 96) -> tuple[DemoPerson, ...]:
    """`count` persons; the first six are always the same, a larger `count` only adds to the end."""
    rng = Random(seed)
    known = [_person(n, login, name, sex, born, level) for n, (login, name, sex, born, level) in enumerate(_KNOWN, 1)]
    taken = {person.login for person in known}
    invented = [_invented(rng, n, taken) for n in range(len(known) + 1, count + 1)]
    return tuple([*known, *invented][:count])


def _invented(rng: Random, number: int, taken: set[str]) -> DemoPerson:
    sex: Sex = rng.choice(("man", "woman"))
    middle, given = (WOMEN_MIDDLE, WOMEN_GIVEN) if sex == "woman" else (MEN_MIDDLE, MEN_GIVEN)
    family, first = rng.choice(FAMILY), rng.choice(given)
    born = _YOUNGEST_BORN - timedelta(days=rng.randrange(_BIRTH_SPAN_DAYS))
    level = 1 if rng.random() < _ONLY_LEVEL_1 else 2
    login = _free_login(f"{fold(first)}.{fold(family)}", taken)
    return _person(number, login, f"{family} {rng.choice(middle)} {first}", sex, born, level)


def _free_login(wanted: str, taken: set[str]) -> str:
    login, n = wanted, 1
    while login in taken:
        n += 1
        login = f"{wanted}{n}"
    taken.add(login)
    return login


def _person(number: int, login: str, name: str, sex: Sex, born: date, assurance: int) -> DemoPerson:
    # Every third person comes from the former province of Bạc Liêu: their numbers keep the old prefix for life.
    prefix = "095" if number % 3 == 0 else "096"
    personal_number = f"{prefix}{1 if sex == 'woman' else 0}99{number:06}"
    return DemoPerson(login, name, born, personal_number, assurance)
