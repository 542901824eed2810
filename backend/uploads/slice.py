"""What uploads bring to the app."""

import asyncio
from dataclasses import dataclass

from litestar.di import Provide

from backend.uploads.actions.check import Checking
from backend.uploads.api.desk import UploadDesk
from backend.uploads.api.receipts import Uploads as UploadRoutes
from backend.uploads.documents import Segment, Upload
from backend.uploads.gateways.clamd import scanner_at
from backend.uploads.gateways.sandbox import AT_ONCE, Sandbox
from backend.uploads.personal_data import PERSONAL_DATA
from kernel.clock import Clock
from kernel.mongo.arriving import Segments
from kernel.mongo.client import Database
from kernel.mongo.files import Files
from kernel.privacy.vault import Vault
from kernel.slice import Slice


@dataclass(frozen=True)
class Uploads:
    """Uploads in one process: `slice` for the app, `checking` for the worker's jobs."""

    slice: Slice
    checking: Checking
    desk: UploadDesk


def build_uploads(*, db: Database, vault: Vault, clock: Clock, clamd: str, public_url: str) -> Uploads:
    """Uploads with the virus scanner of the setting `clamd`.

    Raises:
        ScannerAddressMalformed: it is no address.
    """
    checking = Checking(
        scanner=scanner_at(clamd),
        inspector=Sandbox(),
        files=Files(db),
        segments=Segments(db[Segment.Settings.name]),
        vault=vault,
        clock=clock,
        room=asyncio.Semaphore(AT_ONCE),
    )
    desk = UploadDesk(checking, public_url)
    part = Slice(
        name="uploads",
        routes=[UploadRoutes],
        documents=[Upload, Segment],
        dependencies={"upload_desk": Provide(lambda: desk, use_cache=True, sync_to_thread=False)},
        personal_data=[PERSONAL_DATA],
    )
    return Uploads(part, checking, desk)
