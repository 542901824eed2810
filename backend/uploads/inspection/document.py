"""A PDF is looked through and not touched: a signature in it stays valid (SEC-59)."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

from backend.uploads.inspection.refusal import Refusal
from backend.uploads.limits import MAX_PAGES

# ISO 32000-1, 7.5.5: the marker is within the last 1024 bytes; what stands behind it is no PDF.
_END_WITHIN = 1024
_MOST_BEHIND_END = 64
# ISO 32000-1, table 198: what these do happens on the reader's machine, or leaves it.
_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR", "/Rendition", "/Movie"}
_ACTIONS |= {"/Sound", "/RichMediaExecute"}
_DEEPEST = 64


def checked(content: bytes) -> tuple[str, bytes]:
    """The document as it came.

    Raises:
        Refusal: it is encrypted, does something, carries other files, is too long, or is damaged.
    """
    _whole(content)
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise Refusal("pdf_encrypted")
            if len(pdf.pages) > MAX_PAGES:
                raise Refusal("pdf_too_long")
            if not len(pdf.pages):
                raise Refusal("damaged")
            _quiet(pdf)
    except pikepdf.PasswordError as locked:
        raise Refusal("pdf_encrypted") from locked
    except MemoryError as too_much:
        raise Refusal("too_complex") from too_much
    except (pikepdf.PdfError, ValueError, RuntimeError, TypeError, KeyError) as broken:
        # Behind the walls not every cipher can be set up: then it cannot even be opened to be asked.
        raise Refusal("pdf_encrypted" if b"/Encrypt" in content else "damaged") from broken
    return "application/pdf", content


def _whole(content: bytes) -> None:
    end = content.rfind(b"%%EOF", max(0, len(content) - _END_WITHIN))
    if end < 0:
        raise Refusal("damaged")
    behind = content[end + len(b"%%EOF") :].strip(b"\r\n\t \0")
    if len(behind) > _MOST_BEHIND_END:
        raise Refusal("two_files_in_one")


def _quiet(pdf: pikepdf.Pdf) -> None:
    """Nothing in it runs, opens something else by itself, or carries a file."""
    root = pdf.Root
    if "/OpenAction" in root and _acts(root["/OpenAction"]):
        raise Refusal("pdf_active")
    for found in pdf.objects:
        for dictionary in _dictionaries(found, 0):
            _look_at(dictionary)


def _dictionaries(value: Any, depth: int) -> Iterator[Any]:
    """The dictionaries in one object of the file, at any depth; references are followed by whoever walks all objects."""
    if depth > _DEEPEST:
        raise Refusal("too_complex")
    if isinstance(value, pikepdf.Array):
        for child in value:
            if not getattr(child, "is_indirect", False):
                yield from _dictionaries(child, depth + 1)
    elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        yield value
        for _, child in value.items():  # noqa: PERF102 - a pikepdf object has no `values`
            if not getattr(child, "is_indirect", False):
                yield from _dictionaries(child, depth + 1)


def _look_at(dictionary: Any) -> None:
    if "/JS" in dictionary or "/JavaScript" in dictionary or "/XFA" in dictionary or _name(dictionary, "/S") in _ACTIONS:
        raise Refusal("pdf_active")
    # An additional action runs when a page is opened, a field is left, a document is printed: a link there opens by itself.
    if "/AA" in dictionary and any(_acts(action) for _, action in dictionary["/AA"].items()):
        raise Refusal("pdf_active")
    subtype = _name(dictionary, "/Subtype")
    if "/EF" in dictionary or "/EmbeddedFiles" in dictionary or _name(dictionary, "/Type") == "/EmbeddedFile":
        raise Refusal("pdf_attachments")
    if subtype in ("/FileAttachment", "/RichMedia", "/Screen", "/3D"):
        raise Refusal("pdf_attachments" if subtype == "/FileAttachment" else "pdf_active")


def _acts(action: Any) -> bool:
    """Does opening do more than go to a place in the document?"""
    return isinstance(action, pikepdf.Dictionary) and _name(action, "/S") not in ("/GoTo", "/Named", "")


def _name(dictionary: Any, key: str) -> str:
    value = dictionary.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""
