"""What a phone asks to keep its copies up to date."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import MediaType, Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, QueryParameter

from backend.sync.api.desk import Place, SyncDesk, TheSyncDesk, while_there
from backend.sync.api.event_stream import MEDIA_TYPE, EventStream
from backend.sync.errors import SyncTokenExpired
from backend.sync.queries import Delta
from backend.sync.schemas import StreamNews
from backend.sync.token import LOST, Position, etag_of, known_as
from kernel.http.access import citizens
from kernel.http.conditional import TAGGED_BY_ITSELF
from kernel.http.given import Actor, Language, TheClock
from kernel.http.language import SPEAKS_KHMER
from kernel.principal import Principal
from kernel.slice import Asked

MOST_AT_ONCE = 500
LONGEST_WAIT_S = 25

Since = Annotated[str | None, QueryParameter(name="since", max_length=400, description="`nextSince` of the answer before.")]
Most = Annotated[int, QueryParameter(name="limit", ge=1, le=MOST_AT_ONCE, description="How many changes at most.")]
Types = Annotated[
    str | None,
    QueryParameter(name="types", max_length=200, description="Kinds of copy, separated by commas; all of them when absent."),
]
Wait = Annotated[
    int, QueryParameter(name="wait", ge=0, le=LONGEST_WAIT_S, description="Seconds to wait for a change when there is none.")
]
LastEventId = Annotated[
    str | None, HeaderParameter(name="Last-Event-ID", max_length=400, description="The last `id` seen, or a `nextSince`.")
]

# Whether somebody is still signed in, by the token they came with; raises once they are not.
Standing = Callable[[str], Awaitable[Principal]]
TheStanding = NamedDependency[Standing]

# `fresh` tags what is read; here it is the place in the feed that says whether anything is new.
OWN_TAG = {TAGGED_BY_ITSELF: "the token of the place reached is its tag"}
_PRIVATE = {"cache-control": "private, no-cache"}


def sync_routes(desk: SyncDesk) -> Router:
    """The routes of an app with these kinds of copy: their contract names each of them."""
    answers = {
        200: ResponseSpec(desk.wire.page, generate_examples=False, description="The changes, or some of them."),
        304: ResponseSpec(None, generate_examples=False, description="Nothing is new."),
    }
    events = {200: ResponseSpec(StreamNews, generate_examples=False, media_type=MEDIA_TYPE, description="Events, while both stay.")}
    changes = get(
        "/sync",
        operation_id="getChanges",
        summary="What has changed",
        responses=answers,
        media_type=MediaType.JSON,
        opt={**OWN_TAG, **SPEAKS_KHMER},
    )
    stream = get(
        "/events", operation_id="followChanges", summary="Be told when something changes", media_type=MEDIA_TYPE, responses=events
    )
    return Router("/v1", route_handlers=[changes(get_changes), stream(follow_changes)], tags=["Sync"], guards=[citizens])


async def get_changes(
    request: Request[Any, Any, Any],
    actor: Actor,
    language: Language,
    clock: TheClock,
    sync_desk: TheSyncDesk,
    since: Since = None,
    limit: Most = 200,
    types: Types = None,
    wait: Wait = 0,
) -> Response[Any]:
    """Everything of mine that a phone keeps, or what has changed of it since last time.

    Without `since` everything, with `reset: true` on the first page. Go on with `nextSince`, at once while `hasMore`, else later.
    410 `sync_token_expired` means: begin anew without `since`. Send the last `ETag` as `If-None-Match`: when nothing is new the
    answer is 304 and nothing else. `wait` holds an answer without changes back until there is one. Texts are in the language of the
    request: after changing it, begin anew.
    """
    place = sync_desk.place(actor.recipient, since, types)
    catalogue = await sync_desk.catalogue(place)
    same_catalogue = place.position is not None and place.position.catalogue == catalogue
    held = _held(request, sync_desk, place, limit, wait) if wait and same_catalogue else sync_desk.changes(place, limit=limit)
    found = await held
    delta = msgspec.structs.replace(found, after=msgspec.structs.replace(found.after, catalogue=catalogue))
    headers = {"etag": etag_of(sync_desk.token(place, delta.after)), **_PRIVATE}
    unchanged = same_catalogue and not delta.entries
    if unchanged and (known := known_as(request.headers.get("if-none-match"), headers["etag"])):
        return Response(None, status_code=304, headers={**headers, "etag": known})
    asked = Asked(actor, language, clock.now(), sync_desk.row_reads)
    return Response(await sync_desk.page(asked, place, delta), headers=headers)


async def follow_changes(
    request: Request[Any, Any, Any],
    actor: Actor,
    sync_desk: TheSyncDesk,
    standing: TheStanding,
    last_event_id: LastEventId = None,
    types: Types = None,
) -> Response[Any]:
    """Server-sent events without content: `changed` names the kinds, `GET /v1/sync` tells the changes.

    Open the stream, then sync once, then sync at each `changed`. An `id` says how far you have been told, `nextSince` how far you
    have come: go on syncing from your own. `reauth` ends the stream: get a fresh access token and come back.

    Raises:
        TooManyStreams: as the stream begins, which is after this.
    """
    place = sync_desk.beginning(actor.recipient, types)
    if last_event_id:
        try:
            place = sync_desk.place(actor.recipient, last_event_id, types)
        except SyncTokenExpired:
            # EventSource cannot forget its last id: whoever comes with a stale one is told to look.
            place = Place(place.citizen, place.kinds, LOST)
    token = request.headers["authorization"].partition(" ")[2]
    return EventStream(sync_desk, place, partial(standing, token))


async def _held(request: Request[Any, Any, Any], desk: SyncDesk, place: Place, limit: int, wait: int) -> Delta:
    """The delta, held back while it is empty; let go at once when the caller has hung up."""
    with desk.bells.hung(place.citizen) as bell:
        news = desk.news(place, bell, limit=limit, wait_s=wait)
        delta = await while_there(request.receive, bell, news)
    # Nobody reads the answer to somebody who has gone.
    return delta or Delta([], place.position or Position(), has_more=False)
