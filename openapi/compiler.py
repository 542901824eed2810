"""Mends the generated OpenAPI document, one named pass for each thing that is wrong with it. Deterministic, byte for byte.

`compile_contract` is the order of the passes; `openapi.sdk.sdk_profile` makes of its result what client generators take.
"""

import copy
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from openapi.document import Document
from openapi.passes import (
    conditions,
    examples,
    headers,
    introductions,
    open_lists,
    order,
    overlays,
    problems,
    security,
    shapes,
    unions,
    webhooks,
)
from openapi.told import Told


def compile_contract(generated: Mapping[str, Any], told: Told) -> Document:
    """The contract (OpenAPI 3.1): what was generated, mended, with what the compiler was told put in."""
    document: Document = copy.deepcopy(dict(generated))
    document.setdefault("components", {}).setdefault("schemas", {}).update(copy.deepcopy(dict(told.schemas)))
    shapes.framework_errors_gone(document)
    shapes.empty_bodies_gone(document)
    shapes.successes_are_described(document)
    overlays.laid_over(document, hand_written("overlays"))
    shapes.optional_means_absent(document)
    shapes.objects_have_a_name(document)
    shapes.objects_say_what_they_are(document, told)
    shapes.files_are_binary(document)
    shapes.descriptions_are_for_callers(document)
    webhooks.pushes_are_webhooks(document, told)
    shapes.numbers_have_a_format(document)
    shapes.plain_schemas_need_no_title(document)
    security.security_is_explicit(document, told)
    problems.problems_are_named(document, told)
    conditions.conditions_are_said(document, told)
    headers.headers_are_named(document, told)
    introductions.introductions_are_said(document)
    unions.variants_are_told_apart(document)
    open_lists.answers_are_open(document)
    examples.bodies_have_examples(document, {**hand_written("examples"), **told.examples})
    order.ordered(document)
    return document


@cache
def hand_written(folder: str) -> dict[str, dict[str, Any]]:
    """What the files of a folder say, by name: `examples` by schema, or by operationId and status; `overlays` by operationId.

    Raises:
        ValueError: two files tell of the same name.
    """
    found: dict[str, dict[str, Any]] = {}
    for file in sorted((files("openapi") / folder).iterdir(), key=lambda file: file.name):
        told = json.loads(file.read_bytes())
        if twice := set(told) & set(found):
            raise ValueError(f"{file.name} tells of {sorted(twice)} once more")
        found |= told
    return found


def as_text(document: Document) -> str:
    """A contract as it is committed and served."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
