"""Reading the catalogue: the best matches first, page by page, ranked by the database from indexed words."""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from backend.procedures import codes
from backend.procedures.channels import Channel
from backend.procedures.documents import Procedure
from backend.procedures.errors import ProcedureCodeMalformed, ProcedureNotFound
from backend.procedures.promise import promised
from backend.procedures.search import Query, read_query
from kernel.deadline import Term
from kernel.http.conditional import Marks
from kernel.http.paging import decode_cursor, encode_cursor
from kernel.mongo.reads import Fields

Row = dict[str, Any]

MAX_TIME_MS = 2_000

_SUMMARY = {"version": 1, "name": 1, "field": 1, "levels": 1, "channels.channel": 1, "search.length": 1, "rank": 1}
_HIDDEN = {"search": 0, "source_hash": 0}
# The place in the order is part of a page's cursor.
MARKS = Marks({"version": 1, "search.length": 1, "rank": 1})
_CHANNELS = TypeAdapter(list[Channel])
# The ranks of a search; without one, or among codes, everything ranks the same.
_EXACT_IN_A_ROW, _IN_A_ROW, _ALL_IN_NAME, _ELSEWHERE = range(4)


@dataclass(frozen=True)
class ProcedureBrief:
    """What a dossier has to know of its procedure; `term` is None where the catalogue has no single limit to promise.

    `version` and `decision` say by which state of the procedure it is promised.
    """

    code: str
    name: str
    term: Term | None
    version: int = 0
    decision: str = ""


async def page_of_procedures(
    *,
    q: str = "",
    field: str | None = None,
    level: str | None = None,
    limit: int,
    cursor: str | None = None,
    shown: Fields | None = None,
) -> tuple[list[Row], str | None]:
    """One page, the best match first, and the cursor of the next page if there is one.

    `shown` are the fields to read, instead of those of a summary.

    Raises:
        CursorMalformed.
    """
    stages = [*pipeline(q, field=field, level=level, cursor=cursor), {"$limit": limit + 1}, {"$project": shown or _SUMMARY}]
    found = await Procedure.get_pymongo_collection().aggregate(stages, maxTimeMS=MAX_TIME_MS)
    rows: list[Row] = await found.to_list()
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], encode_cursor(last["rank"], last["search"]["length"], last["_id"])


async def one_procedure(code: str, shown: Fields | None = None) -> Row:
    """The procedure of that code, or the fields of it that are to be `shown`.

    A province's copy is found by its national core where it has no row of its own.

    Raises:
        ProcedureNotFound: there is none of that code, or it is no code.
    """
    try:
        wanted = codes.parse(code)
    except ProcedureCodeMalformed as malformed:
        raise ProcedureNotFound from malformed
    collection = Procedure.get_pymongo_collection()
    for candidate in dict.fromkeys((wanted.text, wanted.core)):
        row: Row | None = await collection.find_one({"_id": {"$eq": candidate}}, shown or _HIDDEN, max_time_ms=MAX_TIME_MS)
        if row is not None:
            return row
    raise ProcedureNotFound


async def find_procedure(code: str) -> ProcedureBrief:
    """What a dossier has to know of its procedure.

    Raises:
        ProcedureNotFound.
    """
    row = await one_procedure(code)
    term = promised(_CHANNELS.validate_python(row["channels"]))
    return ProcedureBrief(row["_id"], row["name"], term, row["version"], row["decision"])


async def catalogue_version() -> str:
    """Changes with every import that changed something; empty while there is no catalogue."""
    procedures, last_first = Procedure.get_pymongo_collection(), [("updated_at", -1)]
    latest = await procedures.find_one({}, {"updated_at": 1}, sort=last_first, max_time_ms=MAX_TIME_MS)
    return latest["updated_at"].strftime("%Y%m%dT%H%M%S%fZ") if latest else ""


def pipeline(q: str, *, field: str | None = None, level: str | None = None, cursor: str | None = None) -> list[Row]:
    """The aggregation behind a page, not yet cut to size. Its first stage is always served by an index."""
    wanted: list[Row] = []
    if field is not None:
        wanted.append({"field": {"$eq": field}})
    if level is not None:
        wanted.append({"levels": {"$eq": level}})
    begun_code = codes.beginning(q)
    query = read_query(q) if begun_code is None else None
    if begun_code is not None:
        wanted.append({"_id": {"$regex": "^" + re.escape(begun_code)}})
    elif query is not None:
        wanted.extend(_has_all_words(query))
    elif q.strip():
        # Something was asked for, and it has no word in it: nothing can match.
        wanted.append({"_id": {"$in": []}})
    if query is None:
        # The order of an index: nothing is sorted, only as much is read as the page is long.
        later = [_after(cursor, ranked=False)] if cursor is not None else []
        match = {"$and": [*wanted, *later]} if wanted or later else {}
        return [{"$match": match}, {"$sort": {"search.length": 1, "_id": 1}}, {"$addFields": {"rank": 0}}]
    after = [{"$match": _after(cursor, ranked=True)}] if cursor is not None else []
    ranked = {"$project": _SUMMARY | {"rank": _rank(query)}}
    return [{"$match": {"$and": wanted}}, ranked, *after, {"$sort": {"rank": 1, "search.length": 1, "_id": 1}}]


def _has_all_words(query: Query) -> list[Row]:
    # A reader's word becomes a pattern only escaped and anchored (SEC-51): an index range, never a scan.
    begun = {"search.words": {"$regex": "^" + re.escape(query.begun)}}
    return [*({"search.words": {"$eq": word}} for word in query.complete), begun]


def _rank(query: Query) -> Row:
    in_name = [_says("$search.name", f" {word} ") for word in query.complete] + [_says("$search.name", f" {query.begun}")]
    branches = [
        {"case": _says("$search.exact", f" {query.exact}"), "then": _EXACT_IN_A_ROW},
        {"case": _says("$search.name", f" {query.folded}"), "then": _IN_A_ROW},
        {"case": {"$and": in_name}, "then": _ALL_IN_NAME},
    ]
    return {"$switch": {"branches": branches, "default": _ELSEWHERE}}


def _says(key: str, text: str) -> Row:
    return {"$gte": [{"$indexOfCP": [key, {"$literal": text}]}, 0]}


def _after(cursor: str, *, ranked: bool) -> Row:
    rank, length, code = decode_cursor(cursor, [int, int, str])
    same_rank: list[Row] = [{"search.length": {"$gt": length}}, {"search.length": length, "_id": {"$gt": code}}]
    if not ranked:
        return {"$or": same_rank}
    return {"$or": [{"rank": {"$gt": rank}}, *({"rank": rank, **rest} for rest in same_rank)]}
