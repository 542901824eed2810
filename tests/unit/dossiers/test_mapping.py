"""A row of a source's export becomes the events it tells of, and whatever cannot be read is named by the source's own columns."""

import csv
import io
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.dossiers.errors import ExportRowUnreadable
from backend.dossiers.mapping import Mapping, events_of, national_portal
from backend.dossiers.rows import rows
from backend.dossiers.states import STATUSES
from kernel.lines import Lines
from tests.support.exports import HEADING, row

PORTAL = national_portal()


def told(**change: str) -> list[tuple[str, str, str | None]]:
    return [(event.status, event.at, event.due_at) for event in events_of(row(1, **change), PORTAL)]


def wrong(**change: str) -> list[tuple[str, str]]:
    with pytest.raises(ExportRowUnreadable) as unreadable:
        events_of(row(1, **change), PORTAL)
    return [(error.pointer, error.code) for error in unreadable.value.errors]


def test_a_finished_dossier_was_accepted_before_and_is_due_when_the_counter_closes() -> None:
    assert told() == [
        ("accepted", "2026-06-15T08:30:00+07:00", "2026-06-30T17:00:00+07:00"),
        ("finished", "2026-06-29T10:00:00+07:00", None),
    ]


def test_one_that_came_online_was_registered_first_and_one_that_was_returned_was_finished() -> None:
    online = told(KenhThucHien="2", NgayNop="20260614203000", TrangThai="10", NgayTra="2026-07-01T08:00:00+07:00")
    assert [(status, at[:16]) for status, at, _ in online] == [
        ("registered", "2026-06-14T20:30"),
        ("accepted", "2026-06-15T08:30"),
        ("finished", "2026-06-29T10:00"),
        ("returned", "2026-07-01T08:00"),
    ]


def test_one_that_was_never_accepted_is_not_said_to_have_been() -> None:
    assert [status for status, *_ in told(TrangThai="3", KenhThucHien="2", NgayNop="14/06/2026")] == ["registered", "not_accepted"]
    assert [status for status, *_ in told(TrangThai="1", NgayNop="14/06/2026")] == ["registered"]


def test_one_in_between_is_there_since_it_was_changed() -> None:
    assert told(TrangThai="5", NgayCapNhat="17/06/2026 09:00", NgayKetThucXuLy="")[-1][:2] == (
        "awaiting_papers",
        "2026-06-17T09:00:00+07:00",
    )


def test_what_cannot_be_read_is_named_all_at_once_by_the_sources_own_columns() -> None:
    assert wrong(MaHoSo="", TrangThai="11", NgayTiepNhan="hôm qua", KenhThucHien="9") == [
        ("MaHoSo", "missing"),
        ("TrangThai", "unknown"),
        ("KenhThucHien", "unknown"),
        ("NgayTiepNhan", "malformed"),
    ]
    assert wrong(TrangThai="") == [("TrangThai", "missing")]
    assert wrong(TrangThai="4") == [("NgayCapNhat", "missing")]
    assert wrong(TrangThai="2", NgayTiepNhan="") == [("NgayTiepNhan", "missing")]


@given(
    status=st.sampled_from(sorted(PORTAL.statuses)),
    channel=st.sampled_from(["", *PORTAL.channels]),
    moments=st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2026, 7, 1)), min_size=5, max_size=5).map(sorted),  # noqa: DTZ001
)
def test_a_row_with_all_its_times_ends_where_it_says_the_dossier_stands(status: str, channel: str, moments: list[datetime]) -> None:
    columns = ("NgayNop", "NgayTiepNhan", "NgayCapNhat", "NgayKetThucXuLy", "NgayTra")
    times = {name: at.strftime("%d/%m/%Y %H:%M:%S") for name, at in zip(columns, moments, strict=True)}
    events = events_of(row(1, TrangThai=status, KenhThucHien=channel, **times), PORTAL)
    assert max(events, key=lambda event: (event.at, event.event_id)).status == PORTAL.statuses[status]
    assert len({event.event_id for event in events}) == len(events)
    assert all(event.at.endswith("+07:00") for event in events)
    assert events == events_of(row(1, TrangThai=status, KenhThucHien=channel, **times), PORTAL)


def test_a_mapping_is_checked_before_a_line_is_read() -> None:
    good = msgspec.to_builtins(PORTAL)
    for change in (
        {"statuses": {"1": "begun"}},
        {"columns": {"status": ["TrangThai"]}},
        {"columns": {"statuz": ["x"]}},
        {"extra": 1},
    ):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({**good, **change}, Mapping)
    assert set(PORTAL.statuses.values()) == STATUSES.keys()
    assert {name for names in PORTAL.columns.values() for name in names} >= set(HEADING)


FIELD = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=12)


@given(
    table=st.lists(st.lists(FIELD, min_size=3, max_size=3).filter(any), min_size=1, max_size=6), delimiter=st.sampled_from(",;\t")
)
def test_what_a_spreadsheet_writes_is_read_as_it_was_written(
    table: list[list[str]], delimiter: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # Blank lines inside a field are the one thing that is lost.
    table = [[field.replace("\n", "; ") if not field.strip() or "\n\n" in field else field for field in line] for line in table]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([["a", "b", "c"], *table])
    path = tmp_path_factory.mktemp("csv") / "export.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    refused: list[object] = []
    read = [list(row.values()) for _, row in rows(Lines(path, lambda *_: None), lambda *why: refused.append(why))]
    assert (read, refused) == (table, [])


def read_all(path: Path, content: bytes) -> tuple[list[tuple[int, str]], list[int]]:
    path.write_bytes(content)
    refused: list[int] = []
    lines = Lines(path, lambda line, _: refused.append(line))
    found = [(number, row["b"]) for number, row in rows(lines, lambda line, _: refused.append(line))]
    return found, sorted(refused)


def test_a_quote_that_is_never_closed_costs_its_own_line(tmp_path: Path) -> None:
    heading, good = b"a,b\n", b"".join(b"%d,x%d\n" % (n, n) for n in range(40))
    found, refused = read_all(tmp_path / "export.csv", heading + b'0,"never closed\n' + good)
    assert refused == [2]
    assert [value for _, value in found] == [f"x{n}" for n in range(40)]


def test_a_broken_letter_and_a_field_too_many_cost_their_own_line(tmp_path: Path) -> None:
    content = b'a;b\n1;t\xe1\xbb\n2;"two\nlines"\n3;x;y\n\n4;x\n'
    assert read_all(tmp_path / "export.csv", content) == ([(3, "two\nlines"), (7, "x")], [2, 5])


def test_json_lines_are_rows_too(tmp_path: Path) -> None:
    content = b'{"a": 1, "b": "x"}\n{"b": null}\n{"b": {}}\nnot json\n{"b": 7}'
    assert read_all(tmp_path / "export.jsonl", content) == ([(1, "x"), (2, ""), (5, "7")], [3, 4])
