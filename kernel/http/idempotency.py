"""`Idempotency-Key`: a write that a phone repeats because it heard no answer happens once and is answered once (R-A1, I12).

    phone ──POST, Idempotency-Key──> claim ── nobody has it ────> handler ──> answer kept, sealed ──> phone
                                       ├───── answered before ──> the kept answer, `Idempotency-Replayed: true`
                                       ├───── in hand now ──────> 409, Retry-After: 1
                                       └───── for another body ─> 422

A route says `opt=IDEMPOTENT` (a key is honoured) or `opt=KEY_REQUIRED` (400 without one), and nothing else. Whoever makes a new
document also asks for `operation: TheOperation` and gives the document `operation.id`: a process that dies between the write and
the answer has kept no answer, and whoever takes the claim over finds by this id what was made (docs/decisions/0014).

Only success is kept. A refusal has changed nothing, so the key is free again: a mended body may come under it, and a limit, a
missing right or a state that was in the way is looked at anew.
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any, cast

import structlog
from litestar import Request
from litestar.enums import RequestEncodingType
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from pymongo.errors import PyMongoError

from kernel.errors import Conflict, Invalid, TooMany, Unprocessable
from kernel.http.answer import Answer as NotedAnswer
from kernel.http.answer import answer_of
from kernel.http.claims import Answer, Claim, take
from kernel.http.problems import to_response
from kernel.ids import derived_id, new_id
from kernel.principal import Principal
from kernel.privacy.errors import SubjectErased, VaultUnavailable

log = structlog.get_logger(__name__)

HEADER = "Idempotency-Key"
OPT = "idempotency"
IDEMPOTENT = {OPT: "honoured"}
KEY_REQUIRED = {OPT: "required"}
SHORTEST, LONGEST = 16, 128
# tus 1.0.0: the body may be as long as the upload, and these two headers say which upload it is.
STREAM, STREAM_HEADERS = "application/offset+octet-stream", ("upload-length", "upload-metadata")

_OPERATION = "operation"
_KEPT_HEADERS = frozenset({"content-type", "content-language", "location", "etag"})
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
# RFC 8941, 3.3.3: printable ASCII in quotes, in which a quote and a backslash are escaped.
_STRING = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')


class IdempotencyKeyMissing(Invalid):
    """This write needs an `Idempotency-Key`, so that it can be repeated without happening twice."""

    vi = "Thao tác này cần tiêu đề Idempotency-Key để có thể gửi lại mà không bị thực hiện hai lần."


class IdempotencyKeyMalformed(Invalid):
    """An `Idempotency-Key` is a UUID, or a text of 16 to 128 characters in quotes."""

    vi = "Idempotency-Key phải là một UUID, hoặc chuỗi 16 đến 128 ký tự trong dấu ngoặc kép."


class IdempotencyKeyReused(Unprocessable):
    """This `Idempotency-Key` came before with another request: every write has a key of its own."""

    vi = "Idempotency-Key này đã được dùng cho một yêu cầu khác: mỗi thao tác cần một khóa riêng."


class IdempotencyKeyInUse(Conflict):
    """The first request with this `Idempotency-Key` is still being answered: ask again in a moment."""

    vi = "Yêu cầu đầu tiên với Idempotency-Key này đang được xử lý: vui lòng hỏi lại sau giây lát."
    retry_after_s = 1


@dataclass
class Operation:
    """One write, however often it is sent. `id` is the same each time, and free for the document the write makes.

    `subject` is whose data the answer shows: nobody's but the caller's, unless the handler says so with `concerns`.
    """

    id: str = field(default_factory=new_id)
    subject: str | None = None

    def concerns(self, subject: str) -> None:
        """The answer shows this citizen's data: it is kept under their key, and unreadable once they are erased."""
        self.subject = subject


async def operation(request: Request[Any, Any, Any]) -> Operation:
    """The write this request is; one of its own where no key came along."""
    return _state(request.scope).setdefault(_OPERATION, Operation())  # type: ignore[no-any-return]


class Idempotency:
    """Stands next to the handler, inside everything that changes an answer on its way out (compression, tracing)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted, caller = scope["route_handler"].opt.get(OPT), scope.get("user")
        # A stranger is the guard's to refuse: without somebody to belong to, a key would be anybody's.
        if wanted is None or caller is None:
            await self._app(scope, receive, send)
            return
        key = key_of(scope)
        if key is not None:
            await _once(key, caller, cast("HTTPScope", scope), receive, send, self._app)
        elif wanted == KEY_REQUIRED[OPT]:
            raise IdempotencyKeyMissing
        else:
            await self._app(scope, receive, send)


def knows_repetitions(handler: HTTPRouteHandler) -> bool:
    """Does this route answer a write that comes again with what it answered first?"""
    return OPT in handler.opt


def is_keyed(scope: Any) -> bool:
    """Is this a write that is answered once, however often it is sent?"""
    named = any(name == HEADER.lower().encode() for name, _ in scope["headers"])
    return named and knows_repetitions(scope["route_handler"]) and scope.get("user") is not None


def key_of(scope: Any) -> str | None:
    """The key a request comes with, without its quotes; None when there is none.

    Raises:
        IdempotencyKeyMalformed: it is neither a UUID nor an sf-string of the right length, or there are two.
    """
    headers = [value for name, value in scope["headers"] if name == HEADER.lower().encode()]
    if not headers:
        return None
    text = headers[0].decode("latin-1").strip()
    if quoted := _STRING.fullmatch(text):
        key = re.sub(r"\\(.)", r"\1", quoted[1])
    elif _UUID.fullmatch(text):
        key = text
    else:
        raise IdempotencyKeyMalformed
    if len(headers) > 1 or not SHORTEST <= len(key) <= LONGEST:
        raise IdempotencyKeyMalformed
    return key


def required_key(request: Request[Any, Any, Any]) -> str:
    """The key of a write whose route makes one thing of each key by itself, and so keeps no answers.

    Raises:
        IdempotencyKeyMissing, IdempotencyKeyMalformed.
    """
    key = key_of(request.scope)
    if key is None:
        raise IdempotencyKeyMissing
    return key


async def _once(key: str, caller: Principal, scope: HTTPScope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
    request: Request[Any, Any, Any] = Request(scope, receive)
    fingerprint = await fingerprint_of(request)
    place = (caller.recipient, scope["method"], scope["path_template"], key)
    claim = await take(derived_id("idempotency", *place), fingerprint, caller.recipient)
    if claim.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    if claim.answer:
        # Who may not call the route any more is not shown what it once answered them.
        await request.route_handler.authorize_connection(request)
        await _send(claim.answer, send)
        return
    if not claim.held:
        raise IdempotencyKeyInUse
    # The fingerprint is part of it: a key that comes again after its day is over, with another body, makes another document.
    this = Operation(derived_id("operation", *place, fingerprint))
    _state(scope)[_OPERATION] = this
    answer: list[Message] = []

    async def hold_back(message: Message) -> None:
        answer.append(message)

    try:
        await next_app(scope, receive, hold_back)
    except TooMany:
        # It has not come to the handler: nothing was done.
        await claim.release()
        raise
    if await _settled(claim, this, answer, answer_of(scope)):
        for message in answer:
            await send(message)
    else:
        # Not raised: Litestar believes that the answer we held back is on its way.
        late = to_response(request, IdempotencyKeyInUse()).to_asgi_response(app=None, request=request)
        await late(scope, receive, send)


async def fingerprint_of(request: Request[Any, Any, Any]) -> str:
    """What makes two requests the same one: method, address, query, kind of content, content.

    The boundary of a form is made anew by whoever sends it again, and says nothing: it is left out. A body that is a stream is
    for the route to read; what it brings is told by its headers.
    """
    kind, parameters = request.content_type
    if kind == STREAM:
        body = "\n".join(request.headers.get(name, "") for name in STREAM_HEADERS).encode()
    else:
        body = await request.body()
    if kind == RequestEncodingType.MULTI_PART and (boundary := parameters.get("boundary")):
        body = body.replace(boundary.encode(), b"")
    digest = hashlib.sha256()
    for part in (request.method, request.scope["path"], request.scope["query_string"], kind, body):
        raw = part if isinstance(part, bytes) else part.encode()
        digest.update(len(raw).to_bytes(8) + raw)
    return digest.hexdigest()


async def _settled(claim: Claim, this: Operation, messages: list[Message], noted: NotedAnswer) -> bool:
    """Keep the answer before anybody hears it, or give the key back. False: we were so slow that somebody took over."""
    start = next(m for m in messages if m["type"] == "http.response.start")
    headers = {name.decode(): value.decode("latin-1") for name, value in start["headers"] if name.decode().lower() in _KEPT_HEADERS}
    # What the edge will write on this answer, it has to write on each repetition.
    if noted.tag is not None and start["status"] == 200:
        headers.setdefault("etag", f'"{noted.tag}"')
    if noted.language is not None:
        headers.setdefault("content-language", noted.language)
    body = b"".join(m.get("body", b"") for m in messages if m["type"] == "http.response.body")
    try:
        if not 200 <= start["status"] < 300:
            await claim.release()
            return True
        return await claim.keep(Answer(start["status"], headers, body), this.subject or claim.subject)
    except (SubjectErased, VaultUnavailable, PyMongoError, UnicodeDecodeError) as failure:
        # What was done a repetition will find by its id: better an answer that cannot be repeated to the letter than none.
        log.warning("idempotency.answer_not_kept", error=type(failure).__name__)
        return True


async def _send(answer: Answer, send: Send) -> None:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in answer.headers.items()]
    headers.append((b"idempotency-replayed", b"true"))
    # RFC 9110, 8.6: an answer without content has no length either.
    if answer.status != 204:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})


def _state(scope: Scope) -> dict[str, Any]:
    state: dict[str, Any] = scope.setdefault("state", {})
    return state
