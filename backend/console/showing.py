"""The page of a report, put together: what the API says of it, what may be done, and what was being typed."""

from dataclasses import dataclass, field
from typing import Any

from litestar import Response

from backend.agencies.queries import AgencyNames
from backend.console import acts, sessions
from backend.console.pages import page
from backend.console.visit import Visit
from backend.feedback.categories import CATEGORIES
from backend.feedback.doors import DOORS, REJECTIONS
from kernel.errors import FieldError
from kernel.ids import new_id

ADDRESS = "/v1/staff/feedback"
PUBLISH = "publish"
# A report is passed on to another door only where there is one.
OTHER_DOORS = ("procedure_complaint", "denunciation")


@dataclass(frozen=True)
class Again:
    """A form that comes back: what was typed, what is wrong with it, and which files have arrived already."""

    act: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    uploads: list[str] = field(default_factory=list)
    detail: str = ""
    errors: list[FieldError] = field(default_factory=list)


async def report_page(
    visit: Visit,
    agencies: AgencyNames,
    report: dict[str, Any],
    *,
    again: Again | None = None,
    status: int = 200,
    done: str = "",
    identity: dict[str, str] | None = None,
) -> Response[str]:
    """A report, as it stands; with the form that did not go through as it was filled in."""
    again = again or Again()
    forms = acts.offered(report["allowedActions"])
    drafts = {act.name: visit.opened.draft(sessions.place_of(report["id"], act.name)) for act, _ in forms}
    drafts["note"] = visit.opened.draft(sessions.place_of(report["id"], "note"))
    templates = await _templates(visit, report, forms)
    _begin_with(visit.request.query_params.get("template", ""), templates, drafts)
    if again.act:
        drafts[again.act] = again.typed
    return page(
        visit,
        "report.html",
        status=status,
        report=report,
        forms=forms,
        drafts=drafts,
        again=again,
        done=done,
        identity=identity,
        key=new_id(),
        others=await sessions.who_else_writes(report["id"], visit.official.id, visit.now),
        templates=templates,
        similar=await _similar(visit, report, forms),
        **choices(visit.look.language, await agencies.load()),
    )


def choices(language: str, agencies: AgencyNames) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen in the forms: code and name."""
    return {
        "categories": [(code, category.words.said(language)) for code, category in CATEGORIES.items()],
        "reasons": [(code, reason.said(language)) for code, reason in REJECTIONS.items()],
        "doors": [(code, DOORS[code].words.said(language)) for code in OTHER_DOORS],
        "agencies": agencies.listed(),
    }


async def _templates(visit: Visit, report: dict[str, Any], forms: list[tuple[acts.Act, str]]) -> list[dict[str, Any]]:
    """Words to begin with, for the steps at which the citizen is told something."""
    if not any(act.tells for act, _ in forms):
        return []
    found = await visit.get(f"{ADDRESS}/templates", category=report["category"]["code"])
    return list(found["items"])


def _begin_with(code: str, templates: list[dict[str, Any]], drafts: dict[str, dict[str, str]]) -> None:
    """Put the words of a template below what has been typed: nothing typed is ever lost."""
    for template in templates:
        if template["code"] == code and template["move"] in drafts:
            draft = drafts[template["move"]]
            typed = draft.get(acts.TEXT, "").strip()
            if template["text"] not in typed:
                drafts[template["move"]] = {**draft, acts.TEXT: f"{typed}\n\n{template['text']}".strip()}


async def _similar(visit: Visit, report: dict[str, Any], forms: list[tuple[acts.Act, str]]) -> list[dict[str, Any]]:
    """Open reports of the same kind into which this one could be merged; asked only where that may be done."""
    if all(act.name != "merge" for act, _ in forms):
        return []
    found = await visit.get(ADDRESS, category=report["category"]["code"], limit="30")
    return [other for other in found["items"] if other["id"] != report["id"]]
