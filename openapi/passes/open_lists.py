"""Lists of values that the server sends are open (R-C7): an installed app has to live with a value that is added later.

A closed `enum` makes generated Kotlin, Swift and Dart clients throw on an unknown value, so an answer says `type: string`, what is
known today as `examples`, and the same for tools as `x-extensible-enum`. What a caller sends stays a closed list.
"""

import re

from openapi.document import Document, nodes, operations, sent_and_answered

_WORD = re.compile(r"[a-z][a-z0-9_.]*")


def answers_are_open(document: Document) -> None:
    """Opens every list of words in what the server sends. A property that tells variants apart, or has one value, stays."""
    _, answered = sent_and_answered(document)
    parts = [document["components"]["schemas"][name] for name in sorted(answered)]
    parts += [operation["responses"] for _, _, operation in operations(document)]
    for part in parts:
        for node in nodes(part):
            _open(node)


def _open(node: Document) -> None:
    values = node.get("enum")
    if isinstance(values, list) and len(values) > 1 and all(isinstance(value, str) for value in values):
        del node["enum"]
        node.update({"type": "string", "examples": values})
    known = node.get("examples")
    # Two words or more are a list of known values; anything else are just examples.
    if node.get("type") == "string" and isinstance(known, list) and len(known) > 1 and all(map(_is_word, known)):
        node["x-extensible-enum"] = list(known)


def _is_word(value: object) -> bool:
    return isinstance(value, str) and _WORD.fullmatch(value) is not None
