"""The long-lived things of a process, made once from the settings, and the list of slices."""

from dataclasses import dataclass

from auth.slice import Auth
from auth.slice import build_slice as build_auth
from backend.agencies.slice import build_slice as build_agencies
from backend.agencies.staff_directory import AgencyStaffDirectory
from backend.app.clients_file import auth_config
from backend.app.connections import Connections, connections, open_audit, open_vault
from backend.audit.slice import Auditing
from backend.dossiers.personal_data import open_cases
from backend.dossiers.slice import SLICE as DOSSIERS
from backend.privacy.slice import Privacy, build_privacy
from backend.procedures.slice import SLICE as PROCEDURES
from backend.settings import Settings
from kernel.clock import Clock, SystemClock
from kernel.mongo.client import Database, bind
from kernel.mongo.reads import Reads, open_reads
from kernel.personal import CitizenKeys
from kernel.privacy.subjects import Subject, Subjects
from kernel.privacy.vault import Vault
from kernel.slice import Slice
from notifications.slice import SLICE as NOTIFICATIONS

# The subjects belong to everybody, hence to the kernel; they need a place in the list all the same.
SUBJECTS = Slice(name="subjects", documents=[Subject])


@dataclass(frozen=True)
class Parts:
    """What the API, the worker and the command line are built from."""

    settings: Settings
    clock: Clock
    connections: Connections
    db: Database
    reads: Reads
    vault: Vault
    subjects: Subjects
    auth: Auth
    audit: Auditing
    privacy: Privacy
    slices: tuple[Slice, ...]
    """In the order of their layers. A new slice is added in `make_parts` and nowhere else."""

    async def open(self, *, build_indexes: bool = False) -> None:
        """Bind the documents to the database; build their indexes where asked."""
        await bind(self.db, [d for s in self.slices for d in s.documents], self.vault, build_indexes=build_indexes)
        # With a user of its own the trail is made by `motcua audit role`: that user may not build indexes.
        if build_indexes and not self.settings.audit_uri:
            await self.audit.trail.prepare()

    async def close(self) -> None:
        """Let go of the database."""
        await self.reads.close()
        await self.vault.close()
        await self.connections.close()

    @property
    def event_collections(self) -> list[str]:
        """The collections whose documents carry an outbox."""
        documents = [d for s in self.slices for d in s.documents if d.emits_events]
        return [d.get_settings().name or d.__name__ for d in documents]


def make_parts(settings: Settings, *, clock: Clock | None = None) -> Parts:
    """Build everything; nothing is connected before `Parts.open`.

    Raises:
        SettingsError: the clients file or the file of key services is missing or does not fit.
    """
    clock = clock or SystemClock()
    opened = connections(settings)
    db = opened.data[settings.database]
    vault = open_vault(settings, opened.keys)
    reads = open_reads(settings.read_driver, db, settings.mongodb_uri, vault)
    subjects = Subjects(CitizenKeys(settings.identity_secret.encode()))
    audit = open_audit(settings, opened.audit, clock, vault)
    auth = build_auth(
        auth_config(settings),
        db=db,
        mongodb_uri=settings.mongodb_uri,
        directory=AgencyStaffDirectory(),
        subjects=subjects,
        clock=clock,
        audit=audit.log,
    )
    slices = [SUBJECTS, auth.slice, NOTIFICATIONS, build_agencies(clock), PROCEDURES, DOSSIERS, audit.slice]
    privacy = build_privacy(
        db=db,
        vault=vault,
        subjects=subjects,
        audit=audit.log,
        clock=clock,
        personal_data=[data for part in slices for data in part.personal_data],
        open_cases=open_cases,
    )
    return Parts(
        settings=settings,
        clock=clock,
        connections=opened,
        db=db,
        reads=reads,
        vault=vault,
        subjects=subjects,
        auth=auth,
        audit=audit,
        privacy=privacy,
        slices=(*slices, privacy.slice),
    )
