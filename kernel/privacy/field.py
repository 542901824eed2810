"""The types of a personal field. A value is `Plain` until it is stored and `Sealed` ever after; neither slips out by accident.

Both refuse to be printed, logged or serialised: BSON and msgspec do not know `Plain`, so a write that goes round the vault fails
instead of storing a name in the clear (SEC-72).
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final, NoReturn, Self

from bson.binary import Binary
from bson.codec_options import TypeCodec, TypeRegistry
from pydantic_core import CoreSchema, core_schema

from kernel.privacy.kind import Kind

# Ciphertext of client-side field encryption (BSON specification, binary subtype 6).
ENCRYPTED: Final = 6


class Plain:
    """A personal value in the clear, on its way to the vault."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value. Whoever calls this holds somebody's data."""
        return self._value

    def __repr__(self) -> str:
        return "<personal>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Plain) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a personal value is not pickled")

    def __deepcopy__(self, _: object) -> Self:
        return self


class Sealed:
    """A personal value as it is stored. `key_id` names the data key that opens it."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    @property
    def key_id(self) -> bytes:
        """16 bytes: the `_id` of its data key (client-side encryption specification, payload 1 and 2)."""
        return self.raw[1:17]

    def __repr__(self) -> str:
        return "<sealed>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and other.raw == self.raw

    def __hash__(self) -> int:
        return hash(self.raw)


@dataclass(frozen=True)
class Personal:
    """The marker that makes a field personal, and says of which kind."""

    kind: Kind

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> CoreSchema:
        values = core_schema.is_instance_schema(Plain), core_schema.is_instance_schema(Sealed)
        return core_schema.union_schema(list(values), serialization=core_schema.plain_serializer_function_ser_schema(lambda v: v))


IdentityNumber = Annotated[Plain | Sealed, Personal(Kind.IDENTITY_NUMBER)]
PersonName = Annotated[Plain | Sealed, Personal(Kind.NAME)]
BirthDate = Annotated[Plain | Sealed, Personal(Kind.BIRTH_DATE)]
Phone = Annotated[Plain | Sealed, Personal(Kind.PHONE)]
Email = Annotated[Plain | Sealed, Personal(Kind.EMAIL)]
Address = Annotated[Plain | Sealed, Personal(Kind.ADDRESS)]
Place = Annotated[Plain | Sealed, Personal(Kind.PLACE)]
PersonalText = Annotated[Plain | Sealed, Personal(Kind.TEXT)]
FileKey = Annotated[Plain | Sealed, Personal(Kind.FILE_KEY)]


class _SealedCodec(TypeCodec):
    """Sealed in Python is binary subtype 6 in BSON, and nothing else is."""

    python_type = Sealed
    bson_type = Binary

    def transform_python(self, value: Sealed) -> Binary:
        return Binary(value.raw, ENCRYPTED)

    def transform_bson(self, value: Binary) -> Binary | Sealed:
        return Sealed(bytes(value)) if value.subtype == ENCRYPTED else value


TYPES = TypeRegistry([_SealedCodec()])
