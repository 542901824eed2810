"""What is stored of what apps are told: one document."""

from datetime import datetime

from pydantic import BaseModel

from kernel.mongo.document import Stored

THE_ONE = "app"


class Platform(BaseModel, frozen=True):
    """One platform's app. An empty `minimum` stops nobody."""

    minimum: str = ""
    latest: str = ""
    store_url: str = ""


class Maintenance(BaseModel, frozen=True):
    """Nobody is served until then; the words are for whoever asks meanwhile."""

    until: datetime
    vi: str
    en: str = ""
    km: str = ""


class AppState(Stored):
    """What apps are told, as an administrator last set it (`motcua app set`)."""

    ios: Platform = Platform()
    android: Platform = Platform()
    maintenance: Maintenance | None = None
    features: dict[str, bool] = {}

    class Settings:
        name = "app_state"


class Told(BaseModel, frozen=True):
    """The same, as a process remembers it."""

    version: int = 0
    ios: Platform = Platform()
    android: Platform = Platform()
    maintenance: Maintenance | None = None
    features: dict[str, bool] = {}


async def present() -> AppState:
    """What is set; what has never been set is at its default."""
    return await AppState.get(THE_ONE) or AppState(id=THE_ONE)


async def told() -> Told:
    """What is set, to be remembered."""
    return Told.model_validate((await present()).model_dump())
