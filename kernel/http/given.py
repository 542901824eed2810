"""What a handler may ask for by name; the app provides it (backend.app.factory). `actor: Actor` reads better than its machinery.

What the app itself provides is what it says it is: the framework need not look at each of them again on every request.
"""

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from kernel.audit import Audit
from kernel.calendar import Calendar
from kernel.clock import Clock
from kernel.http.conditional import Fresh
from kernel.http.idempotency import Operation
from kernel.http.limiter import Limits
from kernel.http.preconditions import Precondition
from kernel.mongo.client import Database
from kernel.mongo.files import Files
from kernel.mongo.reads import Reads
from kernel.principal import Principal
from kernel.privacy.subjects import Subjects
from kernel.privacy.vault import Vault
from kernel.step_up import StepUp

Actor = NamedDependency[SkipValidation[Principal]]
Language = NamedDependency[SkipValidation[str]]
TheClock = NamedDependency[SkipValidation[Clock]]
TheCalendar = NamedDependency[SkipValidation[Calendar]]
TheFiles = NamedDependency[SkipValidation[Files]]
TheSubjects = NamedDependency[SkipValidation[Subjects]]
TheVault = NamedDependency[SkipValidation[Vault]]
TheAudit = NamedDependency[SkipValidation[Audit]]
TheReads = NamedDependency[SkipValidation[Reads]]
TheDatabase = NamedDependency[SkipValidation[Database]]
TheLimits = NamedDependency[SkipValidation[Limits]]
TheFresh = NamedDependency[SkipValidation[Fresh]]
TheStepUp = NamedDependency[SkipValidation[StepUp]]

# One write, however often it is sent. A verb that makes a document gives it `operation.id`, and looks before it makes it whether
# it is there already; a handler whose answer shows another citizen's data says so with `operation.concerns(subject)`.
TheOperation = NamedDependency[SkipValidation[Operation]]
# Which version the caller means to change: honoured where it is said, or demanded. The verb changes `with if_match.on(version):`.
IfMatch = NamedDependency[SkipValidation[Precondition]]
MustMatch = NamedDependency[SkipValidation[Precondition]]
