"""What a handler may ask for by name; the app provides it (backend.app.factory). `actor: Actor` reads better than its machinery."""

from litestar.di import NamedDependency

from kernel.calendar import Calendar
from kernel.clock import Clock
from kernel.mongo.client import Database
from kernel.mongo.files import Files
from kernel.mongo.reads import Reads
from kernel.personal import CitizenKeys
from kernel.principal import Principal

Actor = NamedDependency[Principal]
Language = NamedDependency[str]
TheClock = NamedDependency[Clock]
TheCalendar = NamedDependency[Calendar]
TheFiles = NamedDependency[Files]
TheCitizenKeys = NamedDependency[CitizenKeys]
TheReads = NamedDependency[Reads]
TheDatabase = NamedDependency[Database]
