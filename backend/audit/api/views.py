"""From a record to what its reader sees."""

from collections.abc import Mapping

from litestar.di import NamedDependency
from msgspec import UNSET, UnsetType

from backend.agencies.queries import AgencyNames
from backend.audit.chain import Row
from backend.audit.schemas import AccessLogItem, AuditActor, AuditChange, AuditItem, Named, WhoLooked
from backend.audit.vocabulary import ACTS, CALLERS, FIELDS, PURPOSES, ROLES, Words, said
from kernel.principal import Principal

# Law 91/2025/QH15 lets a citizen know which office processed their data and why. That the official is named too is a decision the
# province has to take; until then office and role answer for the office.
OFFICIALS_BY_NAME = False


class AuditViewer:
    """Shows records to one reader, in their language."""

    def __init__(self, actor: Principal, language: str, agencies: AgencyNames, *, by_name: bool = OFFICIALS_BY_NAME) -> None:
        self._actor, self._language, self._agencies, self._by_name = actor, language, agencies, by_name

    def for_citizen(self, row: Row) -> AccessLogItem:
        return AccessLogItem(
            id=row["_id"],
            at=row["at"],
            action=self._named(ACTS, row["action"]),
            object=row["object"],
            who=self._who(row),
            fields=[self._named(FIELDS, name) for name in row["fields"]],
            result=row["result"],
            purpose=self._named(PURPOSES, row["purpose"]) if "purpose" in row else UNSET,
        )

    def for_staff(self, row: Row) -> AuditItem:
        return AuditItem(
            id=row["_id"],
            at=row["at"],
            actor=AuditActor(**row["actor"]),
            action=self._named(ACTS, row["action"]),
            object=row["object"],
            subjects=row["subjects"],
            fields=row["fields"],
            result=row["result"],
            hash=row["hash"],
            office=self._office(row),
            purpose=self._named(PURPOSES, row["purpose"]) if "purpose" in row else UNSET,
            changes=[_change(change) for change in row.get("changes", [])],
            trace_id=row.get("trace_id", UNSET),
            network=row.get("network", UNSET),
        )

    def _who(self, row: Row) -> WhoLooked:
        actor = row["actor"]
        kind = "you" if actor["id"] == self._actor.id else actor["kind"]
        official = kind == "staff"
        return WhoLooked(
            kind=self._named(CALLERS, kind),
            office=self._office(row) if official else UNSET,
            roles=[self._named(ROLES, role) for role in actor["roles"]] if official else [],
            name=actor.get("name", UNSET) if official and self._by_name else UNSET,
        )

    def _office(self, row: Row) -> Named | UnsetType:
        return Named(code=row["agency"], label=self._agencies[row["agency"]]) if "agency" in row else UNSET

    def _named(self, table: Mapping[str, Words], code: str) -> Named:
        return Named(code=code, label=said(table, code, self._language))


def _change(change: Row) -> AuditChange:
    values = {name: change[name] for name in ("before", "after") if name in change}
    personal = any(isinstance(value, dict) for value in values.values())
    told = {name: value["sealed"] if isinstance(value, dict) else str(value) for name, value in values.items()}
    return AuditChange(field=change["field"], personal=personal, **told)


TheAuditViewer = NamedDependency[AuditViewer]
