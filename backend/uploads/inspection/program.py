"""The program itself: `python -m backend.uploads.inspection.program '{"do": "inspect", ...}'`, the file on standard input."""

import json
import sys
from typing import Any

from backend.uploads.file_kind import PDF
from backend.uploads.inspection import document, picture
from backend.uploads.inspection.kinds import agreed_kind
from backend.uploads.inspection.limits import shut
from backend.uploads.inspection.paper import on_paper
from backend.uploads.inspection.refusal import Refusal


def run(order: dict[str, Any], content: bytes) -> tuple[dict[str, str], bytes]:
    """Do what is asked: `inspect` one file, or put pictures on `paper`. Answers the head of the answer, and its bytes."""
    if order["do"] == "paper":
        pictures, at = [], 0
        for size in order["sizes"]:
            pictures.append(content[at : at + size])
            at += size
        return {"accepted": "application/pdf"}, on_paper(pictures)
    try:
        kind = agreed_kind(content, order["suffix"], order["media_type"])
        media_type, kept = document.checked(content) if kind is PDF else picture.cleaned(content, kind)
    except Refusal as refusal:
        return {"refused": refusal.reason}, b""
    return {"accepted": media_type}, kept


def main() -> None:
    """Read, look, answer."""
    picture.prepare()
    shut()
    head, kept = run(json.loads(sys.argv[1]), sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + kept)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
