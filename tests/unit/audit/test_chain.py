"""However the rows of a chain are changed, the inspection names the place."""

from datetime import UTC, datetime, timedelta

import pytest
from bson import decode, encode
from bson.codec_options import CodecOptions
from hypothesis import assume, given
from hypothesis import strategies as st

from backend.audit.chain import Head, Row, begin, digest, extend, line, sealed
from backend.audit.inspection import Link, inspect, link_of
from backend.audit.shipped import Shipped

AT = datetime(2026, 11, 20, 14, 0, 0, 123_000, tzinfo=UTC)
NAME = "2026-11-20/one"
LENGTH = 8

places = st.integers(0, LENGTH - 1)
drafts = st.fixed_dictionaries(
    {"action": st.text(max_size=20), "subjects": st.lists(st.text(max_size=5), max_size=3)},
    optional={"purpose": st.text(max_size=30)},
)


def chain(length: int = LENGTH, name: str = "one") -> tuple[list[Row], Head]:
    return extend(begin("2026-11-20", name), [{"action": "dossier.viewed", "object": f"dossier:{n}"} for n in range(length)], at=AT)


def found(rows: list[Row], head: Head | None = None) -> list[tuple[str, str]]:
    links = sorted((link_of(row) for row in rows), key=lambda link: link.seq)
    return [(finding.kind, finding.place) for finding in inspect(NAME, links, head)]


@given(st.lists(drafts, min_size=1, max_size=10), st.integers(0, 10))
def test_a_chain_nobody_touched_is_whole_however_it_was_cut_into_inserts(contents: list[Row], cut: int) -> None:
    first, head = extend(begin("2026-11-20", "one"), contents[:cut], at=AT)
    rest, head = extend(head, contents[cut:], at=AT + timedelta(hours=1))
    assert found(first + rest, head) == []


@given(drafts)
def test_a_row_hashes_the_same_out_of_the_database_and_out_of_the_copy(content: Row) -> None:
    (row,), _ = extend(begin("2026-11-20", "one"), [content], at=AT)
    assert digest(decode(encode(row), CodecOptions(tz_aware=True))) == row["hash"]
    assert Shipped([line(row)]).findings == []


@given(places, st.sampled_from(["at", "action", "object", "added", "prev_hash", "hash", "day", "chain"]))
def test_a_changed_field_is_found_where_it_is(place: int, name: str) -> None:
    rows, head = chain()
    rows[place][name] = AT + timedelta(seconds=1) if name == "at" else "0" * 64
    assert (("altered", f"{NAME}/{place + 1}")) in found(rows, head)


@given(places)
def test_a_removed_field_is_found(place: int) -> None:
    rows, head = chain()
    del rows[place]["object"]
    assert found(rows, head) == [("altered", f"{NAME}/{place + 1}")]


@given(places)
def test_a_row_that_was_changed_and_hashed_anew_no_longer_fits_the_next(place: int) -> None:
    rows, head = chain()
    rows[place] = sealed({**rows[place], "object": "dossier:other"}, rows[place]["prev_hash"])
    last = place == LENGTH - 1
    assert found(rows, head) == [("rewritten", f"{NAME}/{LENGTH}") if last else ("unlinked", f"{NAME}/{place + 2}")]


@given(places, st.integers(1, LENGTH - 1))
def test_deleted_rows_leave_a_gap(start: int, count: int) -> None:
    assume(start + count < LENGTH)
    rows, head = chain()
    assert found(rows[:start] + rows[start + count :], head) == [("missing", f"{NAME}/{start + 1}")]


@given(st.integers(1, LENGTH))
def test_a_tail_that_was_cut_off_is_missed_by_the_anchor(count: int) -> None:
    rows, head = chain()
    left = LENGTH - count
    assert found(rows[:left], head) == [("cut", f"{NAME}/{left + 1}") if left else ("vanished", NAME)]


@given(places, st.integers(1, LENGTH - 1))
def test_deleted_rows_are_found_when_the_rest_moves_up_to_close_the_gap(start: int, count: int) -> None:
    assume(start + count < LENGTH)
    rows, head = chain()
    rest = [{**row, "seq": row["seq"] - count} for row in rows[start + count :]]
    kinds = {kind for kind, _ in found(rows[:start] + rest, head)}
    assert {"altered", "cut"} <= kinds


@given(places, places)
def test_rows_that_changed_places_are_found_as_moved(one: int, other: int) -> None:
    assume(one != other)
    rows, head = chain()
    rows[one]["seq"], rows[other]["seq"] = rows[other]["seq"], rows[one]["seq"]
    findings = found(rows, head)
    moved = {place for kind, place in findings if kind in {"moved", "altered"}}
    assert {f"{NAME}/{one + 1}", f"{NAME}/{other + 1}"} <= moved
    assert "moved" in {kind for kind, _ in findings}


@given(st.integers(1, LENGTH - 1))
def test_a_forged_row_is_found_wherever_it_is_put_in(place: int) -> None:
    rows, head = chain()
    forged = sealed({**rows[place], "object": "dossier:forged"}, rows[place - 1]["hash"])
    behind = [{**row, "seq": row["seq"] + 1} for row in rows[place:]]
    assert found([*rows[:place], forged, *behind], head)
    # Beside the one that is there already: two rows in one place.
    assert ("repeated", f"{NAME}/{place + 1}") in found([*rows[: place + 1], forged, *rows[place + 1 :]], head)


@given(st.integers(0, LENGTH - 2))
def test_a_chain_written_anew_from_some_place_on_is_missed_by_the_anchor(place: int) -> None:
    rows, head = chain()
    kept = Head("2026-11-20", "one", place, rows[place]["prev_hash"])
    anew, _ = extend(kept, [{"action": "x"}] * (LENGTH - place), at=AT)
    assert found(rows[:place] + anew, head) == [("rewritten", f"{NAME}/{LENGTH}")]


@given(places)
def test_a_row_of_another_chain_does_not_fit(place: int) -> None:
    rows, head = chain()
    others, _ = chain(name="two")
    rows[place] = others[place]
    assert found(rows, head), "taken over as it is"
    rows[place] = {**others[place], "chain": "one"}
    assert ("altered", f"{NAME}/{place + 1}") in found(rows, head)


@pytest.mark.parametrize("rubbish", [{}, {"seq": "7"}, {"seq": 1, "hash": None}, {"seq": 1, "object": object()}])
def test_what_is_no_row_at_all_is_an_unsound_link(rubbish: Row) -> None:
    assert not link_of(rubbish).sound
    assert link_of(rubbish).seq in {0, 1}


def test_the_copy_finds_broken_lines_differences_and_what_is_on_one_side_only() -> None:
    rows, _ = chain(4)
    lines = [line(row) for row in rows]
    shipped = Shipped([lines[0], lines[1].replace(b"dossier:1", b"dossier:9"), b'{"cut', lines[3]])
    assert [finding.place for finding in shipped.findings] == ["copy, line 2", "copy, line 3"]
    compared = [finding.kind for row in rows[:3] for finding in shipped.compare(NAME, row["seq"], row["hash"])]
    assert compared == ["copy_lacks", "copy_lacks"]
    assert [(finding.kind, finding.place) for finding in shipped.left()] == [("missing", f"{NAME}/4")]
    assert [f.kind for f in Shipped([lines[0]]).compare(NAME, 1, "another")] == ["copy_differs"]
    assert list(Shipped([]).compare(NAME, 1, "anything")) == []


def test_links_are_small() -> None:
    assert not hasattr(Link(1, "", "", sound=True), "__dict__")
