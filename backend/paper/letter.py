"""What an official letter says; how it looks is the template's business."""

from datetime import date

import msgspec


class Row(msgspec.Struct, frozen=True):
    """A labelled line: `Mã hồ sơ: H12.13-260615-0007`."""

    label: str
    text: str


class Table(msgspec.Struct, frozen=True):
    """A table with a head; every row as long as the head. `widths` are shares of the line."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One letter.

    `form` names the model it follows (`Mẫu số 01`), `number` the document's own number. `qr` is what the code says, `qr_says` the
    words under it; `wide` turns the sheet for a long table. Texts are text: nothing in them is markup.
    """

    form: str
    agency: str
    above: str = ""
    number: str = ""
    place: str
    on: date
    title: str
    subtitle: str = ""
    opening: str = ""
    rows: tuple[Row, ...] = ()
    table: Table | None = None
    closing: tuple[str, ...] = ()
    left_signs: str = ""
    right_signs: str = ""
    right_name: str = ""
    qr: str = ""
    qr_says: str = ""
    wide: bool = False
