"""What a handler may ask for by name; the app provides it (backend.app.factory). `actor: Actor` reads better than its machinery."""

from litestar.di import NamedDependency

from kernel.audit import Audit
from kernel.calendar import Calendar
from kernel.clock import Clock
from kernel.http.idempotency import Operation
from kernel.http.preconditions import Precondition
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

# One write, however often it is sent. A verb that makes a document gives it `operation.id`, and looks before it makes it whether
# it is there already; a handler whose answer shows another citizen's data says so with `operation.concerns(subject)`.
TheOperation = NamedDependency[Operation]
# Which version the caller means to change: honoured where it is said, or demanded. The verb changes `with if_match.on(version):`.
IfMatch = NamedDependency[Precondition]
MustMatch = NamedDependency[Precondition]
