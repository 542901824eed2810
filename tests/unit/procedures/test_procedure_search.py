"""Finding procedures as people type: the expected one on top, by index, page by page."""

from typing import Any

import pytest

from backend.dev.demo.procedures import procedures
from backend.procedures import queries
from backend.procedures.documents import Procedure
from backend.procedures.errors import ProcedureNotFound
from backend.procedures.search import keys_of, read_query
from kernel.deadline import Term
from kernel.http.paging import CursorMalformed

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]


async def found(q: str, **rest: Any) -> list[str]:
    rows, _ = await queries.page_of_procedures(q=q, limit=100, **rest)
    return [row["_id"] for row in rows]


async def plan(**asked: Any) -> dict[str, Any]:
    collection = Procedure.get_pymongo_collection()
    command = {"aggregate": collection.name, "pipeline": [*queries.pipeline(**asked), {"$limit": 21}], "cursor": {}}
    answer = await collection.database.command("explain", command, verbosity="executionStats")
    return {"said": str(answer)}


@pytest.mark.parametrize(
    ("q", "code"),
    [
        ("dang ky thuong tru", "1.004222"),
        ("đăng ký thường trú", "1.004222"),
        ("khai sinh", "1.001193"),
        ("KHAI SINH", "1.001193"),
        ("ĐẤT ĐAI", "1.012812"),
        ("Ðất đai", "1.012812"),
        ("dat dai", "1.012812"),
        ("thường tr", "1.004222"),
        ("tam tru gia han", "1.002755"),
        ("1.004222", "1.004222"),
        ("1.0042", "1.004222"),
    ],
)
async def test_the_expected_procedure_is_on_top(catalogue: None, q: str, code: str) -> None:
    assert (await found(q))[0] == code


async def test_exact_diacritics_come_before_folded_ones(catalogue: None) -> None:
    rows, _ = await queries.page_of_procedures(q="hộ", limit=100)
    exact = [" hộ" in f" {row['name'].lower()}" for row in rows]
    assert True in exact
    assert False in exact
    assert exact == sorted(exact, reverse=True)


async def test_a_phrase_in_the_name_beats_scattered_words_and_those_beat_the_field(catalogue: None) -> None:
    ranks = [row["rank"] for row in (await queries.page_of_procedures(q="dat dai", limit=100))[0]]
    assert ranks == sorted(ranks)
    assert {1, 3} <= set(ranks)


async def test_every_word_has_to_be_there(catalogue: None) -> None:
    assert await found("khai sinh vũ trụ") == []


async def test_a_query_without_a_word_in_it_finds_nothing_and_none_at_all_finds_everything(catalogue: None) -> None:
    assert await found("(.*") == []
    assert len(await found("")) == len(procedures())


@pytest.mark.parametrize("q", ["$where", "^", "(a+)+$", '{"$gt": ""}', "\\", ".*khai"])
async def test_a_query_is_never_a_pattern(catalogue: None, q: str) -> None:
    assert len(await found(q)) < len(procedures())


async def test_field_and_level_narrow_the_list(catalogue: None) -> None:
    expected = {p.code for p in procedures() if p.field == "Hộ tịch"}
    assert set(await found("", field="Hộ tịch")) == expected
    assert set(await found("khai sinh", field="Hộ tịch", level="province")) == set()
    assert set(await found("", level="commune")) == {p.code for p in procedures() if p.level == "commune"}


@pytest.mark.parametrize("q", ["", "dang ky", "1.0"])
async def test_pages_add_up_to_the_whole_without_gap_or_double(catalogue: None, q: str) -> None:
    pages: list[str] = []
    cursor: str | None = None
    while True:
        rows, cursor = await queries.page_of_procedures(q=q, limit=4, cursor=cursor)
        pages += [row["_id"] for row in rows]
        if cursor is None:
            break
    assert pages == await found(q)


async def test_a_page_stays_where_it_was_when_rows_are_added_before_it(catalogue: None) -> None:
    _, cursor = await queries.page_of_procedures(q="dang ky", limit=5)
    before, _ = await queries.page_of_procedures(q="dang ky", limit=5, cursor=cursor)
    new = await Procedure.get("1.004222")
    assert new is not None
    await new.model_copy(update={"id": "1.000001", "version": 0}).commit()
    after, _ = await queries.page_of_procedures(q="dang ky", limit=5, cursor=cursor)
    assert [row["_id"] for row in after] == [row["_id"] for row in before]


async def test_a_foreign_cursor_is_refused(catalogue: None) -> None:
    with pytest.raises(CursorMalformed):
        await queries.page_of_procedures(q="", limit=5, cursor="bm9uc2Vuc2U")


@pytest.mark.parametrize(
    "asked",
    [
        {"q": ""},
        {"q": "dang ky thuong tru"},
        {"q": "k"},
        {"q": "1.00"},
        {"q": "", "field": "Hộ tịch"},
        {"q": "khai", "field": "Hộ tịch"},
        {"q": "", "level": "commune"},
        {"q": "", "field": "Hộ tịch", "level": "commune"},
    ],
)
async def test_no_search_scans_the_collection(catalogue: None, asked: dict[str, Any]) -> None:
    said = (await plan(**asked))["said"]
    assert "IXSCAN" in said
    assert "COLLSCAN" not in said


async def test_a_provinces_copy_is_found_by_its_core(catalogue: None) -> None:
    brief = await queries.find_procedure("1.004222.000.00.00.h12")
    assert (brief.code, brief.name, brief.term) == ("1.004222", "Đăng ký thường trú", Term(7, "working_days"))


@pytest.mark.parametrize("code", ["1.999999", "khai sinh", ""])
async def test_an_unknown_code_is_not_found(catalogue: None, code: str) -> None:
    with pytest.raises(ProcedureNotFound):
        await queries.one_procedure(code)


def test_keys_and_query_are_folded_alike() -> None:
    keys, query = keys_of("Đăng ký ĐẤT ĐAI", "Đất đai"), read_query("đăng ký Ðất")
    assert query is not None
    assert keys.words == ("dang", "ky", "dat", "dai")
    assert (query.complete, query.begun) == (("dang", "ky"), "dat")
    assert f" {query.exact}" in keys.exact
    assert read_query(" (.* ") is None
