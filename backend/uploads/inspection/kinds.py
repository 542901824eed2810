"""Is a file of one kind only, and of the kind it is said to be (SEC-57)?"""

import io
import zipfile

import puremagic

from backend.uploads.file_kind import FileKind, kind_of
from backend.uploads.inspection.refusal import Refusal


def agreed_kind(content: bytes, suffix: str, declared: str) -> FileKind:
    """The kind that the content shows, a library of signatures confirms, and neither name nor declaration denies.

    Raises:
        Refusal: there is no such kind.
    """
    if not content:
        raise Refusal("empty")
    kind = kind_of(content[:16])
    if kind is None:
        raise Refusal("type_not_accepted")
    if not _confirmed(content, kind):
        raise Refusal("type_not_accepted")
    if not kind.agrees(f"x{suffix}", declared):
        raise Refusal("type_differs")
    # An archive is read from its end, so it hides behind anything.
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise Refusal("two_files_in_one")
    return kind


def _confirmed(content: bytes, kind: FileKind) -> bool:
    try:
        found = puremagic.magic_string(content)
    except puremagic.PureError:
        return False
    return any(match.mime_type in kind.media_types for match in found)
