"""The long-lived things of a process, made once from the settings, and the list of slices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auth.slice import Auth
from auth.slice import build_slice as build_auth
from auth.tokens.slips import Slips
from backend.accounts.slice import SLICE as ACCOUNTS
from backend.agencies.queries import AgencyNames
from backend.agencies.slice import build_slice as build_agencies
from backend.agencies.staff_directory import AgencyStaffDirectory
from backend.app.attestors import attestation
from backend.app.clients_file import auth_config, read_clients
from backend.app.connections import Connections, connections, open_audit, open_vault
from backend.app.text_channels import fallback_waits, open_text_channels
from backend.audit.slice import Auditing
from backend.bootstrap.queries import Bootstrap, Catalogue, Provider
from backend.bootstrap.slice import build_bootstrap
from backend.console.slice import build_console
from backend.dossiers.personal_data import open_cases
from backend.dossiers.slice import build_slice as build_dossiers
from backend.feedback.gateways.uploaded_files import UploadedFiles
from backend.feedback.place_consent import PRECISE_PLACE
from backend.feedback.slice import build_slice as build_feedback
from backend.open311.site import Site
from backend.open311.slice import build_slice as build_open311
from backend.privacy.gateways.standing_consent import StandingConsent
from backend.privacy.slice import Privacy, build_privacy
from backend.procedures.queries import catalogue_version
from backend.procedures.slice import SLICE as PROCEDURES
from backend.settings import Settings
from backend.sync.slice import Sync, build_sync
from backend.uploads.slice import Uploads, build_uploads
from kernel.clock import Clock, SystemClock
from kernel.http.claims import SLICE as CLAIMS
from kernel.http.limiter import Limits
from kernel.http.windows import Windows
from kernel.mongo.client import Database, bind
from kernel.mongo.reads import Reads, open_reads
from kernel.personal import CitizenKeys
from kernel.privacy.subjects import Subject, Subjects
from kernel.privacy.vault import Vault
from kernel.slice import Slice
from notifications.channels.port import TextChannel
from notifications.contacts.change import ContactDesk
from notifications.contacts.codes import Codes
from notifications.inbox.post import Notices
from notifications.slice import build_slice as build_notifications
from notifications.ways import ChannelName

# Subjects and claims belong to everybody, hence to the kernel; they need a place in the list all the same.
SUBJECTS = Slice(name="subjects", documents=[Subject])
# What an app keeps a copy of.
CATALOGUES = [Catalogue("procedures", "/v1/procedures", catalogue_version)]


@dataclass(frozen=True)
class Ground:
    """What every room stands on."""

    settings: Settings
    clock: Clock
    connections: Connections
    db: Database
    vault: Vault
    subjects: Subjects


@dataclass(frozen=True)
class Parts(Ground):
    """What the API, the worker and the command line are built from."""

    reads: Reads
    texts: Mapping[ChannelName, TextChannel]
    notices: Notices
    auth: Auth
    audit: Auditing
    privacy: Privacy
    sync: Sync
    bootstrap: Bootstrap
    limits: Limits
    uploads: Uploads
    slices: tuple[Slice, ...]
    """In the order of their layers. A new slice is added in `make_parts` and nowhere else."""

    async def open(self, *, build_indexes: bool = False) -> None:
        """Bind the documents to the database; build their indexes where asked."""
        await bind(self.db, [d for s in self.slices for d in s.documents], self.vault, build_indexes=build_indexes)
        self.sync.start()
        if build_indexes:
            await self.limits.windows.prepare()
        # With a user of its own the trail is made by `motcua audit role`: that user may not build indexes.
        if build_indexes and not self.settings.audit_uri:
            await self.audit.trail.prepare()

    async def close(self) -> None:
        """Let go of the database."""
        await self.uploads.desk.close()
        for channel in self.texts.values():
            await channel.close()
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
        SettingsError: the clients file or the file of key services is missing or does not fit, or the scanner's address.
    """
    ground = _ground(settings, clock or SystemClock())
    clock, db, vault = ground.clock, ground.db, ground.vault
    audit = open_audit(settings, ground.connections.audit, clock, vault)
    auth = _auth(ground, audit)
    uploads = build_uploads(db=db, vault=vault, clock=clock, clamd=settings.clamd, public_url=settings.public_url)
    files, places = UploadedFiles(vault, clock), StandingConsent(PRECISE_PLACE, audit.log, clock)
    texts = open_text_channels(settings, vault, clock)
    notifications = build_notifications(ContactDesk(texts, Codes(settings.key_secret)))
    slices = [SUBJECTS, CLAIMS, auth.slice, notifications, build_agencies(clock, auth.staff_sessions), PROCEDURES]
    slips = Slips(auth_config(settings).issuer, auth.keys)
    slices += [uploads.slice, build_dossiers(slips, settings.key_secret), build_feedback(files, places), ACCOUNTS, audit.slice]
    slices.append(build_open311(_open311(settings)))
    sync = _sync(ground, slices, auth)
    privacy = _privacy(ground, [*slices, sync.slice], audit)
    console = build_console(auth_config(settings), auth.tokens.verify, clock)
    starting = build_bootstrap(clock, providers=_providers(settings), catalogues=CATALOGUES)
    return Parts(
        **vars(ground),
        texts=texts,
        notices=Notices(clock, fallback_waits(settings)),
        reads=open_reads(settings.read_driver, db, settings.mongodb_uri, vault),
        auth=auth,
        audit=audit,
        privacy=privacy,
        uploads=uploads,
        sync=sync,
        bootstrap=starting.bootstrap,
        limits=Limits(Windows(db, clock), settings.limits_scale),
        slices=(*slices, sync.slice, privacy.slice, starting.slice, console),
    )


def _ground(settings: Settings, clock: Clock) -> Ground:
    opened = connections(settings)
    return Ground(
        settings=settings,
        clock=clock,
        connections=opened,
        db=opened.data[settings.database],
        vault=open_vault(settings, opened.keys),
        subjects=Subjects(CitizenKeys(settings.identity_secret.encode())),
    )


def _auth(ground: Ground, audit: Auditing) -> Auth:
    return build_auth(
        auth_config(ground.settings),
        db=ground.db,
        mongodb_uri=ground.settings.mongodb_uri,
        directory=AgencyStaffDirectory(ground.clock),
        subjects=ground.subjects,
        clock=ground.clock,
        attestation=attestation(ground.settings),
        audit=audit.log,
    )


def _sync(ground: Ground, slices: Sequence[Slice], auth: Auth) -> Sync:
    """Sync over everything these slices declare."""
    return build_sync(
        db=ground.db,
        vault=ground.vault,
        key_secret=ground.settings.key_secret,
        synced=[one for part in slices for one in part.synced],
        services={AgencyNames: AgencyNames(ground.clock)},
        standing=auth.tokens.verify,
        clock=ground.clock,
        catalogues={catalogue.name: catalogue.version for catalogue in CATALOGUES},
    )


def _privacy(ground: Ground, slices: Sequence[Slice], audit: Auditing) -> Privacy:
    """What these slices hold of citizens, handed out and destroyed."""
    return build_privacy(
        db=ground.db,
        vault=ground.vault,
        subjects=ground.subjects,
        audit=audit.log,
        clock=ground.clock,
        personal_data=[data for part in slices for data in part.personal_data],
        open_cases=open_cases,
    )


def _open311(settings: Settings) -> Site:
    """What partners' apps find here, and who may write."""
    keys = read_clients(settings).open311_keys
    return Site(settings.public_url, settings.in_production, keys, updates=settings.open311_updates)


def _providers(settings: Settings) -> list[Provider]:
    """The accounts an app may offer."""
    return [Provider(provider.id, provider.name, provider.kind) for provider in read_clients(settings).providers]
