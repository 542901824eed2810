"""What Open311's own validator asks of JSON answers, in our words (github.com/open311/schema-validation, schema/georeport-v2).

Its files carry no licence, so none of them is here: types, required fields, enumerations and the longest description are the same.
"""

from typing import Any

TEXT = {"type": "string"}
FLAG = {"type": "boolean"}
_TEXT_OR_NOTHING = {"type": ["string", "null"]}
_TIME = {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
_DEGREES = {"type": ["number", "null"]}


def _object(needed: list[str], /, **properties: Any) -> dict[str, Any]:
    # Stricter than theirs: the specification wants no foreign fields.
    return {"type": "object", "required": needed, "properties": properties, "additionalProperties": False}


SERVICES = {
    "type": "array",
    "minItems": 1,
    "items": _object(
        ["service_code", "service_name", "metadata", "type"],
        service_code=TEXT,
        service_name=TEXT,
        description=_TEXT_OR_NOTHING,
        metadata=FLAG,
        type={"enum": ["realtime", "batch", "blackbox"]},
        keywords=_TEXT_OR_NOTHING,
        group=_TEXT_OR_NOTHING,
    ),
}
SERVICE_DEFINITION = _object(
    ["service_code", "attributes"],
    service_code=TEXT,
    attributes={
        "type": "array",
        "items": _object(
            ["variable", "code", "datatype", "required"],
            variable=FLAG,
            code=TEXT,
            datatype={"enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]},
            required=FLAG,
            datatype_description=_TEXT_OR_NOTHING,
            order={"type": ["integer", "null"]},
            description=_TEXT_OR_NOTHING,
            values={"type": "array", "items": _object(["key", "name"], key=TEXT, name=TEXT)},
        ),
    },
)
REQUESTS = {
    "type": "array",
    "items": _object(
        ["service_request_id", "status", "service_code", "requested_datetime"],
        service_request_id=TEXT,
        status={"enum": ["open", "closed"]},
        status_notes=_TEXT_OR_NOTHING,
        service_name=_TEXT_OR_NOTHING,
        service_code=TEXT,
        description={"type": ["string", "null"], "maxLength": 4_000},
        agency_responsible=_TEXT_OR_NOTHING,
        service_notice=_TEXT_OR_NOTHING,
        requested_datetime=_TIME,
        updated_datetime=_TIME,
        expected_datetime={"anyOf": [_TIME, {"type": "null"}]},
        address=_TEXT_OR_NOTHING,
        address_id=_TEXT_OR_NOTHING,
        zipcode=_TEXT_OR_NOTHING,
        lat=_DEGREES,
        long=_DEGREES,
        media_url=_TEXT_OR_NOTHING,
    ),
}
ERRORS = {"type": "array", "minItems": 1, "items": _object(["code", "description"], code={"type": "integer"}, description=TEXT)}
