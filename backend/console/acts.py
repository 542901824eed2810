"""The steps at a report as forms: which blanks each has, and how what was filled in becomes the API's request.

Whether a step may be taken the API says (`allowedActions`); a step it names that is not here has no form, and is not shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TEXT, WHY, FILES, INTERNAL = "public_text", "why_no_picture", "files", "reason_text"
CATEGORY, URGENCY, AGENCY, REASON, DOOR, INTO = "category", "urgency", "agency", "reason", "door", "into"


@dataclass(frozen=True)
class Act:
    """One step: its address at the API, its blanks, and what it always says. `grave` ones end a report or part with it."""

    name: str
    step: str
    blanks: tuple[str, ...] = ()
    grave: bool = False
    fixed: tuple[tuple[str, Any], ...] = ()

    @property
    def tells(self) -> bool:
        """Does the citizen read what is written here? Then it can be looked at beforehand."""
        return TEXT in self.blanks

    def request(self, form: Mapping[str, Any], uploads: list[str]) -> dict[str, Any] | None:
        """The body of the API's request; None where it takes none."""
        names = {TEXT: "publicText", WHY: "whyNoPicture", INTERNAL: "reason"}
        body: dict[str, Any] = dict(self.fixed)
        for blank in self.blanks:
            if blank == FILES:
                body["uploads"] = uploads
            elif blank in names or form.get(blank):
                body[names.get(blank, blank)] = str(form.get(blank, "")).replace("\r\n", "\n").strip()
        return body if self.blanks or self.fixed else None


# What is most likely done next stands first.
ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("approve_answer", "approve"),
        Act("grant_reopening", "reopening", fixed=(("grant", True),)),
        Act("answer", "answer", (TEXT, FILES, WHY)),
        Act("submit_answer", "answer", (TEXT, FILES, WHY)),
        Act("start", "start"),
        Act("take_back", "take-back"),
        Act("assign", "assign", (AGENCY,)),
        Act("classify", "classify", (CATEGORY, URGENCY, AGENCY)),
        Act("ask_reporter", "ask", (TEXT,)),
        Act("forward", "forward", (TEXT,)),
        Act("send_back", "send-back", (INTERNAL,)),
        Act("decline_reopening", "reopening", (TEXT,), grave=True, fixed=(("grant", False),)),
        Act("merge", "merge", (INTO,), grave=True),
        Act("redirect", "redirect", (DOOR, TEXT), grave=True),
        Act("reject", "reject", (REASON, TEXT), grave=True),
    )
}


def offered(allowed: list[dict[str, Any]]) -> list[tuple[Act, str]]:
    """The forms for these of the API's `allowedActions`, each with its label, in their order."""
    labels = {action["name"]: action["label"] for action in allowed}
    return [(act, labels[name]) for name, act in ACTS.items() if name in labels]
