"""A personal value does not slip out: not printed, not logged, not serialised, not in an error."""

import json
import logging
import pickle
from typing import Any, get_args

import bson
import msgspec
import pytest
import structlog
from bson.binary import Binary
from pydantic import ValidationError

from kernel.privacy import field
from kernel.privacy.field import ENCRYPTED, Personal, PersonName, Plain, Sealed
from kernel.privacy.kind import Kind
from kernel.privacy.vault import Vault
from tests.unit.privacy.cards import NAME, Card, Remark

pytestmark = pytest.mark.proves("SEC-72")

SEALED = Sealed(b"\x02" + b"k" * 16 + b"\x02" + b"cipher")


@pytest.mark.parametrize("value", [Plain(NAME), SEALED])
def test_it_is_never_printed(value: Any) -> None:
    shown = f"{value} {value!r} {[value]} {({'v': value},)} {value:}"
    assert NAME not in shown
    assert "cipher" not in shown


async def test_a_document_that_holds_it_is_printed_without_it(vault: Vault) -> None:
    card = Card(name=Plain(NAME), remarks=(Remark(text=Plain(NAME)),))
    assert NAME not in f"{card} {card!r} {card.model_dump()}"


def test_it_is_never_logged(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("x").warning("a name: %s %r", Plain(NAME), {"v": Plain(NAME)})
    for renderer in (structlog.processors.JSONRenderer(), structlog.dev.ConsoleRenderer()):
        print(renderer(None, "info", {"event": "x", "name": Plain(NAME)}))  # noqa: T201 - what a log line is
    assert NAME not in caplog.text + capsys.readouterr().out


@pytest.mark.parametrize(
    "write",
    [
        lambda v: bson.encode({"v": v}),
        msgspec.json.encode,
        msgspec.to_builtins,
        json.dumps,
        pickle.dumps,
        lambda v: Card(name=v).model_dump_json(),
    ],
)
async def test_no_serialiser_knows_it(vault: Vault, write: Any) -> None:
    with pytest.raises(Exception) as refused:
        write(Plain(NAME))
    assert NAME not in str(refused.value)


@pytest.mark.parametrize("wrong", [{"name": NAME}, {"phones": [NAME]}, {"remarks": [{"text": NAME}]}, {"owner": {NAME: 1}}])
def test_a_rejected_value_is_not_in_the_error(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        Card.model_validate(wrong)
    assert NAME not in f"{refused.value} {refused.value!r}"


def test_a_bare_string_is_no_personal_value() -> None:
    with pytest.raises(ValidationError):
        Card(name=NAME)  # type: ignore[arg-type]


def test_only_ciphertext_is_read_as_sealed() -> None:
    from kernel.privacy.field import _SealedCodec

    codec = _SealedCodec()
    assert codec.transform_bson(Binary(SEALED.raw, ENCRYPTED)) == SEALED
    assert codec.transform_bson(Binary(b"token")) == Binary(b"token")
    assert codec.transform_python(SEALED) == Binary(SEALED.raw, ENCRYPTED)


def test_values_are_compared_by_what_they_hold() -> None:
    assert Plain("a") == Plain("a") != Plain("b")
    assert {Sealed(b"a"), Sealed(b"a")} == {Sealed(b"a")}
    assert Plain("a") != "a"


@pytest.mark.parametrize(
    ("kind", "raw", "masked"),
    [
        (Kind.IDENTITY_NUMBER, "096099000034", "0960******34"),
        (Kind.NAME, NAME, "N. T. C. Y."),
        (Kind.PHONE, "0912345678", "091*****78"),
        (Kind.EMAIL, "lan@example.vn", "l***@example.vn"),
        (Kind.ADDRESS, "1 Đường Số 1", "***"),
        (Kind.TEXT, "", "***"),
    ],
)
@pytest.mark.proves("SEC-46")
def test_each_kind_is_masked_its_own_way(kind: Kind, raw: str, masked: str) -> None:
    assert kind.mask(raw) == masked


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.IDENTITY_NUMBER, Kind.NAME, Kind.PHONE, Kind.EMAIL}, key=str))
@pytest.mark.proves("SEC-46")
def test_what_has_no_mask_of_its_own_shows_nothing(kind: Kind) -> None:
    assert kind.mask("1987-02-03, 9.176912, Đường Số 1") == "***"


@pytest.mark.parametrize("kind", [Kind.IDENTITY_NUMBER, Kind.PHONE])
@pytest.mark.parametrize("raw", ["", "1", "1234", "12345", "123456"])
@pytest.mark.proves("SEC-46")
def test_what_is_short_is_not_shown_whole(kind: Kind, raw: str) -> None:
    assert kind.mask(raw) == "*" * len(raw)


def test_each_kind_has_its_type() -> None:
    types = [value for value in vars(field).values() if isinstance(value, type(PersonName))]
    marks = [mark.kind for type_ in types for mark in get_args(type_)[1:] if isinstance(mark, Personal)]
    assert sorted(kind.code for kind in marks) == sorted(kind.code for kind in Kind)
