"""What crosses the wire, field by field as GeoReport v2 names it and in its order. What is not known is there and empty."""

import msgspec


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where one version of the API is, and in which formats it answers."""

    specification: str
    url: str
    changeset: str
    type: str
    formats: list[str]


class Discovery(msgspec.Struct, frozen=True, kw_only=True):
    """Service discovery; every field is required."""

    changeset: str
    contact: str
    key_service: str
    endpoints: list[Endpoint]


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """One type of request. `batch`: whoever sends one gets a token, and by it the id once the report is public."""

    service_code: str
    service_name: str
    description: str
    metadata: bool
    type: str
    keywords: str
    group: str


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a list."""

    key: str
    name: str


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    """What can be said of a request beside the usual."""

    variable: bool
    code: str
    datatype: str
    required: bool
    datatype_description: str | None
    order: int
    description: str
    values: list[Value]


class ServiceDefinition(msgspec.Struct, frozen=True, kw_only=True):
    """The attributes of a service."""

    service_code: str
    attributes: list[Attribute]


class SentRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to what was sent: a token, and therefore no service_request_id."""

    token: str
    service_notice: str
    account_id: str | None = None


class TokenStanding(msgspec.Struct, frozen=True, kw_only=True):
    """What has become of a token; without an id while the report is not public."""

    service_request_id: str | None
    token: str


class ServiceRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What everybody may read of a report."""

    service_request_id: str
    status: str
    status_notes: str
    service_name: str
    service_code: str
    description: str
    agency_responsible: str
    service_notice: str | None = None
    requested_datetime: str
    updated_datetime: str
    expected_datetime: str | None
    address: str | None
    address_id: str | None
    zipcode: str | None = None
    lat: float | None
    long: float | None
    media_url: str | None = None


class RequestUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a public report (an extension of mySociety's, not of GeoReport v2)."""

    update_id: str
    service_request_id: str
    status: str
    description: str
    updated_datetime: str
    media_url: str | None = None


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong."""

    code: int
    description: str
