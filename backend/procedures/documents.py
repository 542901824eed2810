"""What is stored of procedures."""

from datetime import datetime
from typing import ClassVar

from beanie.odm.fields import IndexModelField
from pymongo import ASCENDING, IndexModel

from backend.procedures.channels import Channel
from backend.procedures.search import SearchKeys
from kernel.mongo.document import Stored

_SHORT_NAMES_FIRST = [("search.length", ASCENDING), ("_id", ASCENDING)]


class Procedure(Stored):
    """A procedure (thủ tục hành chính), by its code: its `id` is that code.

    `levels` and what is in `channels` are codes of ours where the source could be read and the source's own words where not;
    `source_hash` tells whether the source has changed since it was imported.
    """

    name: str
    field: str
    levels: list[str]
    kind: str
    applicants: list[str]
    competent_agency: str
    implementing_agency: str
    channels: list[Channel]
    channels_rest: str
    papers: str
    legal_basis: str
    result: str
    steps: str
    decision: str
    ministry: str
    search: SearchKeys
    source_hash: str
    updated_at: datetime

    class Settings:
        name = "procedures"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [
            IndexModel([("search.words", ASCENDING)]),
            IndexModel([("updated_at", ASCENDING)]),
            IndexModel(_SHORT_NAMES_FIRST),
            IndexModel([("field", ASCENDING), *_SHORT_NAMES_FIRST]),
            IndexModel([("levels", ASCENDING), *_SHORT_NAMES_FIRST]),
        ]
