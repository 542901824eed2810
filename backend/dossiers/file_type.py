"""Is a file what it says it is? By its first bytes, not by its name."""

from backend.dossiers.errors import FileNotAccepted

MAX_RESULT_BYTES = 20 * 1024 * 1024

_SIGNATURES = {
    "application/pdf": (b"%PDF-",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
}


def media_type_of(content: bytes) -> str:
    """The media type the content itself shows.

    Raises:
        FileNotAccepted: it is none of the types a result may have.
    """
    for media_type, signatures in _SIGNATURES.items():
        if content.startswith(signatures):
            return media_type
    raise FileNotAccepted
