"""Which fields of a document are declared personal, at any depth: read off its types, so that nothing keeps a list of its own."""

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from kernel.mongo.document import Stored
from kernel.privacy.field import Personal


def fields_of(model: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel], FieldInfo]]:
    """Every field of a model and of the models inside it: its dotted path, the model it stands in, and itself."""
    for name, info in model.model_fields.items():
        yield name, model, info
        for inner in _models_in(info.annotation):
            for path, owner, field in fields_of(inner):
                yield f"{name}.{path}", owner, field


def is_personal(info: FieldInfo) -> bool:
    """Is the field, or what it is a list of, one of the personal types?"""
    return any(isinstance(mark, Personal) for mark in (*info.metadata, *_marks_in(info.annotation)))


def personal_fields(document: type[Stored]) -> list[str]:
    """The dotted paths of what is personal in a document."""
    return [path for path, _, info in fields_of(document) if is_personal(info)]


def collections_with_personal_data(documents: Sequence[type[Stored]]) -> list[str]:
    """Where ciphertext lies."""
    return sorted({d.get_settings().name or d.__name__ for d in documents if personal_fields(d)})


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def _marks_in(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        yield from _marks_in(inner)
