"""What a client says of itself in the headers of tus: lengths, offsets, metadata, checksums."""

import base64
import binascii
import re
from dataclasses import dataclass

from backend.uploads.errors import ChecksumAlgorithmUnknown, UploadHeaderMalformed
from kernel.errors import FieldError
from kernel.text import clean

LONGEST_NAME = 120
LONGEST_METADATA = 4_096
ALGORITHMS = ("sha1", "sha256")
_NUMBER = re.compile(r"[0-9]{1,15}")
_PURPOSE = re.compile(r"[a-z][a-z_]{0,31}")
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}")


@dataclass(frozen=True)
class Metadata:
    """What a client says of a file. Empty is what it did not say; `raw` is all of it, as it was said."""

    name: str = ""
    media_type: str = ""
    purpose: str = ""
    raw: str = ""


def malformed(header: str, why: str) -> UploadHeaderMalformed:
    """The problem with one header."""
    return UploadHeaderMalformed(errors=[FieldError(header, "malformed", why)])


def number(header: str, given: str | None) -> int:
    """A non-negative whole number (tus 1.0.0, Upload-Offset and Upload-Length).

    Raises:
        UploadHeaderMalformed: it is missing or something else.
    """
    if given is None or not _NUMBER.fullmatch(given):
        raise malformed(header, "a non-negative whole number is needed")
    return int(given)


def parsed_metadata(given: str) -> Metadata:
    """`filename`, `filetype` and `purpose` of `Upload-Metadata`; what else is said is passed over.

    Raises:
        UploadHeaderMalformed: it is not pairs of a key and a base64 value, a key stands twice, or a value does not fit.
    """
    if len(given) > LONGEST_METADATA:
        raise malformed("upload-metadata", "at most 4096 characters")
    pairs: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in given.split(","))):
        key, _, value = pair.partition(" ")
        if key in pairs:
            raise malformed("upload-metadata", f"{key!r} stands twice")
        try:
            pairs[key] = base64.b64decode(value, validate=True).decode()
        except ValueError as broken:
            raise malformed("upload-metadata", f"the value of {key!r} is not UTF-8 text in base64") from broken
    return Metadata(
        # Browsers of old put whole paths here.
        name=clean(pairs.get("filename", "").replace("\\", "/").rpartition("/")[2]).replace("\n", " ")[-LONGEST_NAME:],
        media_type=_fitting("filetype", pairs.get("filetype", ""), _MEDIA_TYPE),
        purpose=_fitting("purpose", pairs.get("purpose", ""), _PURPOSE),
        raw=given,
    )


def _fitting(key: str, value: str, pattern: re.Pattern[str]) -> str:
    if value and not pattern.fullmatch(value):
        raise malformed("upload-metadata", f"the value of {key!r} does not fit")
    return value


def parsed_checksum(given: str) -> tuple[str, bytes]:
    """Algorithm and digest of `Upload-Checksum`.

    Raises:
        ChecksumAlgorithmUnknown: it is another algorithm, or no such header.
    """
    algorithm, _, digest = given.partition(" ")
    if algorithm not in ALGORITHMS:
        raise ChecksumAlgorithmUnknown
    try:
        return algorithm, base64.b64decode(digest.strip(), validate=True)
    except (ValueError, binascii.Error) as broken:
        raise ChecksumAlgorithmUnknown from broken
