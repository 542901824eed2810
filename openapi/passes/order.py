"""Paths and components by name, answers by status: a difference between two versions is a difference in content."""

from openapi.document import Document, operations


def ordered(document: Document) -> None:
    """The same bytes, whatever order the routes were handed over in."""
    document["paths"] = dict(sorted(document["paths"].items()))
    if "webhooks" in document:
        document["webhooks"] = dict(sorted(document["webhooks"].items()))
    for kind, members in document["components"].items():
        document["components"][kind] = dict(sorted(members.items()))
    for _, _, operation in operations(document):
        # "default" sorts behind every number.
        operation["responses"] = dict(sorted(operation["responses"].items()))
