"""A union says by which property its variants are told apart (Q4): without that, a Kotlin client merges them into one class."""

from collections.abc import Mapping
from typing import Any

from openapi.document import Document, name_of, nodes, resolved


def variants_are_told_apart(document: Document) -> None:
    """Each union of named objects whose variants fix one common property gets a `discriminator` with its mapping."""
    for node in nodes(document):
        branches = node.get("oneOf") or node.get("anyOf")
        if not isinstance(branches, list) or "discriminator" in node or not all("$ref" in branch for branch in branches):
            continue
        tags = {name_of(branch["$ref"]): _fixed(resolved(document, branch)) for branch in branches}
        common = set.intersection(*(set(fixed) for fixed in tags.values()))
        for property_name in sorted(common):
            mapping = {fixed[property_name]: f"#/components/schemas/{name}" for name, fixed in tags.items()}
            if len(mapping) == len(tags):
                node["oneOf"] = node.pop("anyOf", branches)
                node["discriminator"] = {"propertyName": property_name, "mapping": dict(sorted(mapping.items()))}
                break


def _fixed(schema: Mapping[str, Any]) -> dict[str, str]:
    """The properties of a variant that can only have one value."""
    found = {}
    for name, property_ in schema.get("properties", {}).items():
        values = [property_["const"]] if "const" in property_ else property_.get("enum", [])
        if len(values) == 1 and isinstance(values[0], str):
            found[name] = values[0]
    return found
