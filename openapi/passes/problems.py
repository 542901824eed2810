"""What can go wrong, operation by operation: each status with each of its problems as a named example (RFC 9457)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from openapi.document import PROBLEM_TYPE, Document, operations
from openapi.told import ProblemFacts, Told

PROBLEM = {"$ref": "#/components/schemas/ProblemView"}


def problems_are_named(document: Document, told: Told) -> None:
    """A status an operation documents by hand (OAuth has a form of its own for errors) stays as it is."""
    components = document["components"]
    # Of the catalogue only what some operation answers: it holds whatever has been imported, which differs by process.
    answered = {"internal_error", *(code for codes in told.problems.values() for code in codes)}
    components["examples"] = {
        component_name(code): {"summary": facts.meaning, "value": dict(facts.body)}
        for code, facts in told.catalogue.items()
        if code in answered
    }
    responses = components.setdefault("responses", {})
    responses["Problem"] = {
        "description": "Something is wrong: `code` is stable, `detail` is for the reader in their language.",
        "content": {PROBLEM_TYPE: {"schema": PROBLEM, "examples": _examples(["internal_error"], told.catalogue)}},
    }
    for _, _, operation in operations(document):
        by_status: dict[int, list[str]] = defaultdict(list)
        for code in sorted(told.problems.get(operation["operationId"], ())):
            by_status[told.catalogue[code].status].append(code)
        for status, codes in by_status.items():
            if str(status) not in operation["responses"]:
                operation["responses"][str(status)] = _answer(document, status, codes, told.catalogue)
        operation["responses"]["default"] = {"$ref": "#/components/responses/Problem"}


def component_name(code: str) -> str:
    """`dossier_not_found` as components are named: `DossierNotFound`."""
    return "".join(word.capitalize() for word in code.split("_"))


def _answer(document: Document, status: int, codes: Sequence[str], catalogue: Mapping[str, ProblemFacts]) -> Document:
    """The answer of a status. One that means a single problem is a component, because many operations share it."""
    content = {PROBLEM_TYPE: {"schema": PROBLEM, "examples": _examples(codes, catalogue)}}
    answer = {"description": f"{phrase(status)}: {', '.join(f'`{code}`' for code in codes)}.", "content": content}
    if len(codes) > 1:
        return answer
    name = component_name(codes[0])
    document["components"]["responses"].setdefault(name, answer)
    return {"$ref": f"#/components/responses/{name}"}


def phrase(status: int) -> str:
    """What a status is called; some (460 of tus) have a number only."""
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else f"Status {status}"


def _examples(codes: Sequence[str], catalogue: Mapping[str, ProblemFacts]) -> Document:
    return {code: {"$ref": f"#/components/examples/{component_name(code)}"} for code in codes if code in catalogue}
