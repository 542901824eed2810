"""The invented people: always the same, never real, and somebody behind every counter."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from backend.dev.demo.agencies import agencies
from backend.dev.demo.dossiers import dossiers
from backend.dev.demo.persons import persons
from backend.dev.demo.procedures import BY_COMMUNE, BY_COMMUNE_POLICE, procedures
from backend.dev.demo.staff import staff
from backend.procedures import codes
from kernel.state_calendar import state_calendar

NOW = datetime(2026, 11, 21, 10, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def test_the_same_two_hundred_persons_every_time() -> None:
    assert persons() == persons()
    assert len(persons()) == 200
    assert persons(20) == persons()[:20]
    assert (persons()[0].login, persons()[0].name) == ("lan", "Nguyễn Thị Lan")


def test_logins_and_personal_numbers_are_unique_and_fake_for_everybody_to_see() -> None:
    people = persons()
    assert len({p.login for p in people}) == len({p.personal_number for p in people}) == len(people)
    assert all(re.fullmatch(r"[a-z]+(\.[a-z]+\d*)?", p.login) for p in people)
    assert all(re.fullmatch(r"09[56][01]990000?\d{2,3}", p.personal_number) for p in people)


def test_most_have_the_second_level_of_assurance_and_some_only_the_first() -> None:
    first = sum(p.assurance == 1 for p in persons())
    assert 5 < first < 50
    assert {p.assurance for p in persons()} == {1, 2}


def test_staff_have_official_mail_and_work_at_real_agencies() -> None:
    assert all(re.fullmatch(r"[a-z]+@([a-z]+\.)?camau\.gov\.vn", member.email) for member in staff())
    assert {code for member in staff() for code in member.agencies} <= set(agencies())
    assert [member.login for member in staff()[:2]] == ["hoa", "minh"]


def test_every_agency_that_gets_a_dossier_has_a_handler_and_an_approver() -> None:
    told = [event for d in dossiers(persons(), now=NOW, calendar=state_calendar(2027)) for event in d.events]
    used = {code for event in told for code in (event.receiving_agency, event.deciding_agency)}
    for role in ("handler", "approver"):
        covered = {code for member in staff() if role in member.roles for code in member.agencies}
        assert used <= covered


def test_every_demo_procedure_has_a_code_a_fee_in_real_money_and_somebody_who_decides() -> None:
    assert 35 <= len(procedures()) <= 50
    for procedure in procedures():
        assert codes.parse(procedure.code).text == procedure.code
        assert procedure.fee == 0 or procedure.fee >= 1_000
        assert procedure.decided_by in {BY_COMMUNE, BY_COMMUNE_POLICE, *agencies()}


def test_the_province_has_its_64_communes_each_with_a_centre_and_a_police_station() -> None:
    names = {code: agency.name for code, agency in agencies().items()}
    communes = [code for code, name in names.items() if re.fullmatch(r"H12\.\d{3}", code)]
    assert len(communes) == 64
    assert sum(names[code].startswith("Phường ") for code in communes) == 9
    assert all(f"{code}.1" in names and f"{code}.2" in names for code in communes)
