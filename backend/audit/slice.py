"""What the audit brings to the app: the log every room records in, the trail, its routes."""

from dataclasses import dataclass
from pathlib import Path

from litestar.di import NamedDependency, Provide

from backend.agencies.queries import AgencyNames
from backend.audit.actions.record import AuditLog
from backend.audit.api.citizen import AccessLog
from backend.audit.api.staff import StaffAudit
from backend.audit.api.views import AuditViewer
from backend.audit.documents import AuditTrail
from backend.audit.gateways.copy_file import FileCopy
from backend.audit.gateways.syslog import SyslogCopy
from backend.audit.personal_data import personal_data
from backend.audit.second_copy import SecondCopy
from kernel.clock import Clock
from kernel.http.given import Actor, Language, TheFresh
from kernel.mongo.client import Client
from kernel.privacy.vault import Vault
from kernel.slice import Slice


@dataclass(frozen=True)
class Auditing:
    """The audit of one process."""

    trail: AuditTrail
    copy: SecondCopy | None
    syslog: SecondCopy | None
    log: AuditLog
    slice: Slice


async def audit_viewer(actor: Actor, language: Language, agencies: NamedDependency[AgencyNames], fresh: TheFresh) -> AuditViewer:
    """Shows records to this request's reader."""
    fresh.depends_on((await agencies.load()).version)
    return AuditViewer(actor, language, agencies)


def build_audit(
    client: Client, database: str, clock: Clock, *, copy_file: Path | None = None, syslog: str = "", vault: Vault | None = None
) -> Auditing:
    """The audit in `database`, with a second copy in `copy_file` where named; `vault` seals what is personal in a change.

    What goes into the file is safe before an act is answered; a worker sends it to the `syslog` a moment later.

    Raises:
        SyslogAddressMalformed.

    The user of `client` needs no more than the role of `motcua audit role`.
    """
    trail = AuditTrail.of(client, database)
    copy = FileCopy(copy_file) if copy_file else None
    given = {
        "trail": Provide(lambda: trail, use_cache=True, sync_to_thread=False),
        "audit_viewer": Provide(audit_viewer),
    }
    part = Slice(name="audit", routes=[AccessLog, StaffAudit], dependencies=given, personal_data=[personal_data(trail)])
    return Auditing(trail, copy, SyslogCopy(syslog) if syslog else None, AuditLog(trail, clock, copy, vault), part)
