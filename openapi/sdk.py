"""The contract for client generators: OpenAPI 3.0.3, without webhooks, which generators take for operations (Q2)."""

import copy
from collections.abc import Callable

from openapi.document import Document, nodes
from openapi.passes.introductions import introductions_gone

LICENSES = {"Apache-2.0": "https://www.apache.org/licenses/LICENSE-2.0.html"}


def sdk_profile(contract: Document) -> Document:
    """The same operations and the same schemas, those of the pushes too, in the words of 3.0.3."""
    document = copy.deepcopy(contract)
    document["openapi"] = "3.0.3"
    for foreign in ("webhooks", "jsonSchemaDialect"):
        document.pop(foreign, None)
    document["info"].pop("summary", None)
    license_ = document["info"].get("license", {})
    if identifier := license_.pop("identifier", None):
        license_["url"] = LICENSES[identifier]
    introductions_gone(document)
    for node in nodes(document):
        for downgrade in _DOWNGRADES:
            downgrade(node)
    return document


def _references_stand_alone(node: Document) -> None:
    # 3.0: "This object cannot be extended with additional properties and any properties added SHALL be ignored."
    if isinstance(node.get("$ref"), str) and len(node) > 1 and node["$ref"].startswith("#/"):
        ref = node["$ref"]
        node.clear()
        node["$ref"] = ref


def _one_example(node: Document) -> None:
    examples = node.get("examples")
    if isinstance(examples, list):
        del node["examples"]
        if examples:
            node.setdefault("example", examples[0])


def _constants_are_lists_of_one(node: Document) -> None:
    if "const" in node and not isinstance(node["const"], dict):
        node["enum"] = [node.pop("const")]


def _bounds_are_flags(node: Document) -> None:
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(node.get(exclusive), int | float) and not isinstance(node.get(exclusive), bool):
            node[bound] = node.pop(exclusive)
            node[exclusive] = True


def _nothing_required_is_not_said(node: Document) -> None:
    # An empty list is valid in 3.1 and not in 3.0 (Q16).
    if node.get("required") == []:
        del node["required"]


def _files_are_binary(node: Document) -> None:
    if isinstance(node.get("contentMediaType"), str):
        del node["contentMediaType"]
        node.pop("contentEncoding", None)
        node |= {"type": "string", "format": "binary"}


_DOWNGRADES: tuple[Callable[[Document], None], ...] = (
    _references_stand_alone,
    _one_example,
    _constants_are_lists_of_one,
    _bounds_are_flags,
    _nothing_required_is_not_said,
    _files_are_binary,
)
