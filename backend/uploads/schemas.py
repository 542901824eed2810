"""What crosses the wire about uploads."""

from datetime import datetime

from msgspec import UNSET, UnsetType

from kernel.http.schemas import View


class UploadStateView(View, frozen=True, kw_only=True):
    """Where an upload stands. Treat an unknown `name` as "being checked": more may come."""

    name: str
    label: str


class UploadReasonView(View, frozen=True, kw_only=True):
    """Why a file was refused, or what its check waits for, in the reader's language."""

    code: str
    detail: str


class KeptFileView(View, frozen=True, kw_only=True):
    """What is kept of a file: a picture is drawn anew, so it differs from what was sent; a PDF does not."""

    name: str
    media_type: str
    size: int
    sha256: str
    href: str


class UploadView(View, frozen=True, kw_only=True):
    """The receipt of an upload. `sha256` and `size` are of the file as it was sent, `file` is what is kept of it."""

    id: str
    name: str
    purpose: str
    state: UploadStateView
    size: int
    offset: int
    created_at: datetime
    expires_at: datetime
    completed_at: datetime | UnsetType = UNSET
    sha256: str | UnsetType = UNSET
    reason: UploadReasonView | UnsetType = UNSET
    file: KeptFileView | UnsetType = UNSET
