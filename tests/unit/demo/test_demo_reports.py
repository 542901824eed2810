"""The demo's reports: every category, every kind of end, by people who exist."""

from backend.dev.demo.reports import CITIZEN, client_id, reports
from backend.dev.demo.staff import staff
from backend.feedback.categories import CATEGORIES
from backend.feedback.routing import COMMUNES


def test_a_dozen_reports_about_everything() -> None:
    assert len(reports()) == 12
    assert {report.category for report in reports()} == set(CATEGORIES)
    assert {report.kind for report in reports()} == {"field_report", "procedure_complaint", "idea"}
    assert {report.commune for report in reports()} <= {*COMMUNES, None}


def test_whoever_takes_a_step_works_in_the_demonstration() -> None:
    logins = {member.login for member in staff()}
    assert {who for report in reports() for who, _, _ in report.steps} <= {*logins, CITIZEN}


def test_a_reports_name_is_always_the_same_and_a_uuid_of_version_7() -> None:
    ids = [client_id(number) for number in range(12)]
    assert len(set(ids)) == 12
    assert {name[14] for name in ids} == {"7"}
