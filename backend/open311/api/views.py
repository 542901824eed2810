"""From what we have to what GeoReport v2 calls it."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from backend.agencies.queries import AgencyNames
from backend.feedback import states
from backend.feedback.categories import CATEGORIES, Category
from backend.feedback.routing import COMMUNES
from backend.open311 import schemas
from backend.open311.attributes import ATTRIBUTES, Choice
from backend.open311.dates import written
from backend.open311.formats import FORMATS
from backend.open311.queries import CLOSED, MOST, OPEN, Asked
from backend.open311.services import KIND, SERVICES
from backend.open311.site import CHANGESET, SPECIFICATION, Site
from kernel.mongo.reads import Row

LONGEST_DESCRIPTION = 4_000


def discovery(site: Site) -> schemas.Discovery:
    """Where the API is."""
    endpoint = schemas.Endpoint(
        specification=SPECIFICATION,
        url=site.endpoint,
        changeset=CHANGESET,
        type="production" if site.production else "test",
        formats=[one.media_type.partition(";")[0] for one in FORMATS.values()],
    )
    docs = f"{site.public_url}/docs"
    key_service = f"Khóa api_key do cơ quan vận hành cấp / An api_key is given by the operator: {docs}"
    return schemas.Discovery(changeset=CHANGESET, contact=docs, key_service=key_service, endpoints=[endpoint])


def services(language: str) -> list[schemas.Service]:
    """Everything that can be reported."""
    return [
        schemas.Service(
            service_code=code,
            service_name=category.words.said(language),
            description=category.words.said(language),
            metadata=True,
            type="batch",
            keywords=f"{category.vi}, {category.en}",
            group=KIND,
        )
        for code, category in SERVICES.items()
    ]


def definition(category: Category, language: str) -> schemas.ServiceDefinition:
    """The attributes of a service: the same for each."""
    found = [_attribute(choice, order, language) for order, choice in enumerate(ATTRIBUTES.values(), 1)]
    return schemas.ServiceDefinition(service_code=category.code, attributes=found)


def _attribute(choice: Choice, order: int, language: str) -> schemas.Attribute:
    return schemas.Attribute(
        variable=True,
        code=choice.code,
        datatype="singlevaluelist",
        required=False,
        datatype_description=None,
        order=order,
        description=choice.words.said(language),
        values=[schemas.Value(key=key, name=words.said(language)) for key, words in choice.values.items()],
    )


def request(row: Row, language: str, agencies: AgencyNames) -> schemas.ServiceRequest:
    """A public report, of a row of `backend.feedback.published`."""
    state, category = states.STATES[row["state"]], CATEGORIES[row["category"]]
    lon, lat = row["spot"]["coordinates"] if "spot" in row else (None, None)
    commune = COMMUNES.get(row.get("commune", ""))
    return schemas.ServiceRequest(
        service_request_id=row["code"],
        status=status(row["state"]),
        status_notes=states.STATES[state.public].words.said(language),
        service_name=category.words.said(language),
        service_code=category.code,
        description=row["public"]["text"][:LONGEST_DESCRIPTION],
        agency_responsible=agencies[row.get("agency") or row["desk"]],
        requested_datetime=written(row["received_at"]),
        updated_datetime=written(row["updated_at"] if state.is_open else _closed_at(row)),
        expected_datetime=_expected(row) if state.is_open else None,
        address=commune.name if commune else None,
        address_id=commune.unit if commune else None,
        lat=lat,
        long=lon,
    )


def updates(rows: Sequence[Row], wanted: Asked, language: str) -> list[schemas.RequestUpdate]:
    """The steps of that time, the first one first; what is the office's own business is no step to anybody else."""
    steps = [
        (step["at"], f"{row['code']}-{number}", row["code"], step["state"])
        for row in rows
        for number, (before, step) in enumerate(pairwise([None, *row["timeline"]]))
        if wanted.since <= step["at"] < wanted.until and _public(step) != _public(before)
    ]
    return [
        schemas.RequestUpdate(
            update_id=name,
            service_request_id=code,
            status=status(state),
            description=states.STATES[states.STATES[state].public].words.said(language),
            updated_datetime=written(at),
        )
        for at, name, code, state in sorted(steps)[:MOST]
    ]


def _public(step: Row | None) -> str | None:
    return states.STATES[step["state"]].public if step else None


def status(state: str) -> str:
    """Open311 knows two."""
    return OPEN if states.STATES[state].is_open else CLOSED


def _closed_at(row: Row) -> datetime:
    """When it was closed and has not been opened since: answered, which is days before the clock draws the line under it."""
    closed: datetime = row["timeline"][-1]["at"]
    for step in reversed(row["timeline"]):
        if states.STATES[step["state"]].is_open:
            break
        closed = step["at"]
    return closed


def _expected(row: Row) -> str | None:
    """By when it is promised to be answered."""
    promised: list[Any] = [one for one in row["promises"] if one["what"] == states.ANSWER and "stopped_at" not in one]
    return written(promised[-1]["due_at"]) if promised else None
