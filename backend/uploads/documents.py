"""What is stored of uploads."""

from datetime import datetime
from typing import Any, ClassVar

from beanie.odm.fields import IndexModelField
from pydantic import BaseModel
from pymongo import ASCENDING, DESCENDING, IndexModel

from backend.uploads import states
from kernel.mongo.document import Stored
from kernel.mongo.files import StoredFile
from kernel.principal import Principal
from kernel.privacy.field import FileKey, PersonalText

# What an overtaken writer leaves behind is found by nobody: it goes by itself, long after every upload it could belong to.
SEGMENTS_FOR_S = 30 * 24 * 60 * 60


class Check(BaseModel, frozen=True):
    """Who is looking at an upload, and until when the database's clock lets them; or what keeps everybody from looking."""

    token: str = ""
    until: datetime
    attempts: int = 0
    waiting_for: str | None = None


class Upload(Stored):
    """One file on its way in.

    `segments` are the names of what has been stored whole, `tail` is the rest, encrypted; `offset` is the size of both together and
    moves with them in one write. `writer` is the fencing token of the request that may write: whoever has another one is too late.
    Once the file is `ready`, `file` is what is kept of it, under a key of its own, and the bytes as they came are gone.
    """

    owner: str
    state: str = states.RECEIVING
    name: PersonalText
    metadata: PersonalText | None = None
    declared_type: str = ""
    purpose: str = ""
    fingerprint: str | None = None
    length: int
    offset: int = 0
    key: FileKey | None = None
    segments: list[str] = []
    tail: bytes | None = None
    writer: str | None = None
    created_at: datetime
    expires_at: datetime
    completed_at: datetime | None = None
    check: Check | None = None
    sha256: str | None = None
    file: StoredFile | None = None
    refused_for: str | None = None
    attached_to: str | None = None

    class Settings:
        name = "uploads"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [
            IndexModel([("owner", ASCENDING), ("created_at", DESCENDING)]),
            IndexModel([("state", ASCENDING), ("expires_at", ASCENDING)]),
        ]

    def data_subject(self) -> str:
        return self.owner


class Segment(Stored):
    """64 KiB of a file that is arriving, encrypted (kernel/mongo/arriving.py). Its id is the upload's, a colon, and a name."""

    at: datetime
    content: bytes

    class Settings:
        name = "upload_segments"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [IndexModel([("at", ASCENDING)], expireAfterSeconds=SEGMENTS_FOR_S)]


def own(actor: Principal, upload_id: str) -> dict[str, Any]:
    """The filter of one upload of the actor's own."""
    return {"_id": {"$eq": upload_id}, "owner": {"$eq": actor.recipient}}
