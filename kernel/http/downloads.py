"""A stored file as a download that no browser mistakes for a page of ours (SEC-60)."""

import base64
import re
from collections.abc import AsyncIterator
from urllib.parse import quote

from litestar.response import Stream

from kernel.text import fold


def download(chunks: AsyncIterator[bytes], *, name: str, size: int, sha256: str) -> Stream:
    """The file as an attachment, with its digest (RFC 9530) so that the phone can check what it received.

    Its route says `application/octet-stream` and nothing closer: a browser is to keep it, not to run it.
    """
    digest = base64.b64encode(bytes.fromhex(sha256)).decode()
    return Stream(
        chunks,
        headers={
            "content-disposition": attachment(name),
            "content-length": str(size),
            "repr-digest": f"sha-256=:{digest}:",
            "etag": f'"{sha256}"',
            "x-content-type-options": "nosniff",
            "content-security-policy": "sandbox; default-src 'none'",
            "cache-control": "private, no-store",
        },
    )


def attachment(name: str) -> str:
    """How a file is called when it is saved: as it is, and in plain letters for what knows only those (RFC 6266, appendix D)."""
    plain = re.sub(r"[^a-z0-9._]+", "-", fold(name)).strip("-.") or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
