"""What crosses the wire about the trail: one struct per audience."""

from datetime import datetime

from msgspec import UNSET, UnsetType

from kernel.http.schemas import View


class Named(View, frozen=True, kw_only=True):
    """A stable code, and the same in the reader's language. Treat an unknown code by its label: more may come."""

    code: str
    label: str


class WhoLooked(View, frozen=True, kw_only=True):
    """Who it was: `you`, `staff` (by office and role), `citizen` or `system`."""

    kind: Named
    office: Named | UnsetType = UNSET
    roles: list[Named] = []
    name: str | UnsetType = UNSET


class AccessLogItem(View, frozen=True, kw_only=True):
    """One time somebody looked at or changed the caller's data. `fields` are the personal data concerned."""

    id: str
    at: datetime
    action: Named
    object: str
    who: WhoLooked
    fields: list[Named]
    result: str
    purpose: Named | UnsetType = UNSET


class AccessLogPage(View, frozen=True, kw_only=True):
    """One page of the access log, the latest first."""

    items: list[AccessLogItem]
    next_cursor: str | UnsetType = UNSET


class AuditActor(View, frozen=True, kw_only=True):
    """Who acted, as they were signed in; `name` of officials only."""

    id: str
    kind: str
    client: str
    roles: list[str]
    name: str | UnsetType = UNSET


class AuditChange(View, frozen=True, kw_only=True):
    """A field before and after. Of a `personal` one there is ciphertext only: a reference, until its citizen is erased."""

    field: str
    personal: bool
    before: str | UnsetType = UNSET
    after: str | UnsetType = UNSET


class AuditItem(View, frozen=True, kw_only=True):
    """One record of the trail. `hash` is its place in the chain: quote it when the record serves as evidence."""

    id: str
    at: datetime
    actor: AuditActor
    action: Named
    object: str
    subjects: list[str]
    fields: list[str]
    result: str
    hash: str
    office: Named | UnsetType = UNSET
    purpose: Named | UnsetType = UNSET
    changes: list[AuditChange] = []
    trace_id: str | UnsetType = UNSET
    network: str | UnsetType = UNSET


class AuditPage(View, frozen=True, kw_only=True):
    """One page of the trail, the latest first."""

    items: list[AuditItem]
    next_cursor: str | UnsetType = UNSET
