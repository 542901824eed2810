"""What a handler may ask for by name; the app provides it (backend.app.factory). `actor: Actor` reads better than its machinery."""

from litestar.di import NamedDependency

from kernel.audit import Audit
from kernel.calendar import Calendar
from kernel.clock import Clock
from kernel.http.conditional import Fresh
from kernel.mongo.client import Database
from kernel.mongo.files import Files
from kernel.mongo.reads import Reads
from kernel.principal import Principal
from kernel.privacy.subjects import Subjects
from kernel.privacy.vault import Vault

Actor = NamedDependency[Principal]
Language = NamedDependency[str]
TheClock = NamedDependency[Clock]
TheCalendar = NamedDependency[Calendar]
TheFiles = NamedDependency[Files]
TheSubjects = NamedDependency[Subjects]
TheVault = NamedDependency[Vault]
TheAudit = NamedDependency[Audit]
TheReads = NamedDependency[Reads]
TheDatabase = NamedDependency[Database]
TheFresh = NamedDependency[Fresh]
