"""What a phone can do with its inbox and its push registration."""

from typing import Annotated

from litestar import Controller, delete, get, put
from litestar.params import FromPath, JSONBody, PathParameter

from kernel.audit import AuditEntry, Change, changed
from kernel.http.access import citizens
from kernel.http.given import Actor, Language, TheAudit, TheClock, TheFresh, TheReads, TheStepUp
from kernel.http.language import SPEAKS_KHMER
from kernel.http.limits import limited
from kernel.http.paging import Cursor, Limit, next_cursor
from kernel.principal import Principal
from notifications.documents import PushTarget, Target
from notifications.inbox import read
from notifications.schemas import InboxEntry, InboxPage, PushTargetView, RegisterPushTarget
from notifications.targets import register

# Chosen by the app and kept for the life of the installation; long enough that nobody guesses another's.
InstallationId = Annotated[str, PathParameter(min_length=16, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


class Inbox(Controller):
    """A citizen reads what they were told."""

    path = "/v1/inbox"
    tags = ["Inbox"]
    guards = [citizens]
    opt = SPEAKS_KHMER

    @get("/", operation_id="listInbox", summary="My notices")
    async def list_inbox(
        self, actor: Actor, reads: TheReads, language: Language, fresh: TheFresh, limit: Limit = 20, cursor: Cursor = None
    ) -> InboxPage:
        """What I have been told, newest first, in my language."""
        page = await fresh.read(
            lambda shown: read.page(reads, actor.recipient, limit=limit, cursor=cursor, shown=shown), read.MARKED, read.version
        )
        return InboxPage(
            items=[InboxEntry.of(row, language) for row in page.rows],
            unread_count=page.unread,
            next_cursor=next_cursor(page.following),
        )

    @put("/{notice_id:str}/read", operation_id="markNoticeRead", summary="Mark as read")
    async def mark_read(self, actor: Actor, clock: TheClock, language: Language, notice_id: FromPath[str]) -> InboxEntry:
        """Mark a notice as read; doing it twice keeps the first time."""
        return InboxEntry.of(await read.mark(actor.recipient, notice_id, read_at=clock.now()), language)

    @delete("/{notice_id:str}/read", operation_id="markNoticeUnread", summary="Mark as unread", status_code=200)
    async def mark_unread(self, actor: Actor, language: Language, notice_id: FromPath[str]) -> InboxEntry:
        """Mark a notice as unread."""
        return InboxEntry.of(await read.mark(actor.recipient, notice_id, read_at=None), language)


class PushTargets(Controller):
    """A phone says where it can be reached."""

    path = "/v1/push-targets"
    tags = ["Push"]
    guards = [citizens]

    @put(
        "/{installation_id:str}",
        operation_id="registerPushTarget",
        summary="Register this phone",
        opt=limited("push_registration"),
    )
    async def register_target(
        self,
        data: JSONBody[RegisterPushTarget],
        actor: Actor,
        clock: TheClock,
        audit: TheAudit,
        step_up: TheStepUp,
        installation_id: InstallationId,
    ) -> PushTargetView:
        """Register or refresh this installation for push. It belongs to whoever registered it last.

        New to this session, it needs a sign-in of the last five minutes (`step_up_required`); refreshing it does not. Pushes reach
        it once its owner has consented to `foreign_push` (`PUT /v1/me/consents/foreign_push`): ask them now.
        """
        if not await register.is_of_this_session(actor, installation_id):
            step_up.for_destination(actor, clock.now())
        device = await register.register(
            actor,
            installation_id,
            platform=data.platform,
            target=Target(kind=data.target.kind, value=data.target.value),
            locale=data.locale,
            app_version=data.app_version,
            time_zone=data.time_zone,
            now=clock.now(),
        )
        # Sent at every start of the app: on record is what is different.
        if changes := device.changes():
            await audit.record(actor, _entry("push.target_registered", actor, installation_id, changes))
        return _view(device)

    @delete("/{installation_id:str}", operation_id="removePushTarget", summary="Forget this phone")
    async def remove_target(
        self, actor: Actor, clock: TheClock, audit: TheAudit, step_up: TheStepUp, installation_id: InstallationId
    ) -> None:
        """No more push to this installation; silencing one another session registered needs a sign-in of the last five minutes."""
        if not await register.is_of_this_session(actor, installation_id):
            step_up.for_destination(actor, clock.now())
        await register.remove(actor, installation_id)
        gone = changed({"active": True}, {"active": False})
        await audit.record(actor, _entry("push.target_removed", actor, installation_id, gone))


def _entry(action: str, actor: Principal, installation: str, changes: tuple[Change, ...]) -> AuditEntry:
    return AuditEntry(action=action, object=f"push_target:{installation}", subjects=(actor.recipient,), changes=changes)


def _view(device: PushTarget) -> PushTargetView:
    return PushTargetView(
        installation_id=device.id,
        platform=device.platform,
        locale=device.locale,
        registered_at=device.registered_at,
        refreshed_at=device.refreshed_at,
    )
