"""Which kinds of file are taken, and whether a name, a declaration and a content agree (SEC-56, SEC-57)."""

from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True)
class FileKind:
    """A kind of file: what it is called in Pillow, in file names and in media types. The first media type is the one we say."""

    formats: tuple[str, ...]
    media_types: tuple[str, ...]
    extensions: tuple[str, ...]

    @property
    def media_type(self) -> str:
        return self.media_types[0]

    def agrees(self, name: str, declared: str) -> bool:
        """Neither the extension of the name nor the declared media type says something else. What says nothing agrees."""
        extension, declared = PurePosixPath(name).suffix.lower(), declared.partition(";")[0].strip().lower()
        says_nothing = declared in ("", "application/octet-stream")
        return (not extension or extension in self.extensions) and (says_nothing or declared in self.media_types)


# MPO is a JPEG with a second picture behind the first, as many phones write it.
JPEG = FileKind(("JPEG", "MPO"), ("image/jpeg", "image/jpg", "image/pjpeg"), (".jpg", ".jpeg", ".jpe", ".jfif"))
PNG = FileKind(("PNG",), ("image/png",), (".png",))
WEBP = FileKind(("WEBP",), ("image/webp",), (".webp",))
HEIC = FileKind(("HEIF",), ("image/heic", "image/heif"), (".heic", ".heif"))
PDF = FileKind((), ("application/pdf", "application/x-pdf"), (".pdf",))

PICTURES = (JPEG, PNG, WEBP, HEIC)
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1"}


def kind_of(head: bytes) -> FileKind | None:
    """The kind that the first bytes show, if it is one of ours. A PDF begins at its first byte, whatever readers forgive."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    # ISO/IEC 23008-12: the brand stands behind the first box's length and name.
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return HEIC
    if head.startswith(b"%PDF-"):
        return PDF
    return None
