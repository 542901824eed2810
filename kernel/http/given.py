"""What a handler may ask for by name; the app provides it (backend.app.factory). `actor: Actor` reads better than its machinery.

What the app itself provides is what it says it is: the framework need not look at each of them again on every request.
"""

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from kernel.audit import Audit
from kernel.calendar import Calendar
from kernel.clock import Clock
from kernel.http.conditional import Fresh
from kernel.http.limiter import Limits
from kernel.mongo.client import Database
from kernel.mongo.files import Files
from kernel.mongo.reads import Reads
from kernel.principal import Principal
from kernel.privacy.subjects import Subjects
from kernel.privacy.vault import Vault

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
