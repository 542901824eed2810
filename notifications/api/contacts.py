"""What a citizen's phone can say about where else its owner is reached."""

from typing import Annotated

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, SkipValidation

from kernel.audit import AuditEntry, Change, changed
from kernel.http.access import citizens
from kernel.http.given import Actor, Language, TheAudit, TheClock, TheFresh, TheStepUp, TheVault
from kernel.http.limits import limited
from kernel.principal import Principal
from kernel.privacy.vault import Vault
from notifications.addresses import ContactKind
from notifications.contacts import change
from notifications.contacts.change import ContactDesk
from notifications.schemas import ConfirmContact, ContactsView, ContactView, EnterContact

TheContactDesk = NamedDependency[SkipValidation[ContactDesk]]
Kind = Annotated[ContactKind, PathParameter(description="`email`, or `phone`: a mobile number, for SMS and Zalo.")]


class MyContacts(Controller):
    """A citizen says where they are reached when no push comes."""

    path = "/v1/me/contacts"
    tags = ["Inbox"]
    guards = [citizens]

    @get("/", operation_id="listContacts", summary="Where I am reached but by push")
    async def list_contacts(self, actor: Actor, vault: TheVault, fresh: TheFresh) -> ContactsView:
        """My e-mail address and telephone number, masked, and which of them still waits for its code.

        A message goes there only after no receipt of a push, once, and with a consent of its own for each way
        (`told_by_email`, `told_by_sms`, `told_by_zalo`).
        """
        rows, _ = await fresh.page(lambda _: change.contacts_of(actor.recipient))
        return ContactsView(items=[ContactView.of(row) for row in await vault.open(rows)])

    @put("/{kind:str}", operation_id="enterContact", summary="Have a code sent to a new address", opt=limited("contact_code"))
    async def enter(
        self,
        data: JSONBody[EnterContact],
        actor: Actor,
        clock: TheClock,
        language: Language,
        audit: TheAudit,
        step_up: TheStepUp,
        vault: TheVault,
        contact_desk: TheContactDesk,
        kind: Kind,
    ) -> ContactView:
        """Send a code of six digits to this address. It counts once the code is said; a former one counts until then.

        Needs a sign-in of the last five minutes (`step_up_required`).
        """
        step_up.for_destination(actor, clock.now())
        contact = await change.enter(actor.recipient, kind, data.address, contact_desk, language=language, now=clock.now())
        await audit.record(actor, _entry("contact.entered", actor, kind, ()))
        return await _view(actor, contact.id, vault)

    @post("/{kind:str}/confirmation", operation_id="confirmContact", summary="Say the code", status_code=200)
    async def confirm(
        self,
        data: JSONBody[ConfirmContact],
        actor: Actor,
        clock: TheClock,
        audit: TheAudit,
        vault: TheVault,
        contact_desk: TheContactDesk,
        kind: Kind,
    ) -> ContactView:
        """Say the code that came there: the address counts from now on. Five wrong ones, or ten minutes, and another is needed."""
        contact = await change.confirm(actor.recipient, kind, data.code, contact_desk, now=clock.now())
        await audit.record(actor, _entry("contact.confirmed", actor, kind, contact.changes()))
        return await _view(actor, contact.id, vault)

    @delete("/{kind:str}", operation_id="removeContact", summary="Forget this contact")
    async def remove(self, actor: Actor, clock: TheClock, audit: TheAudit, step_up: TheStepUp, kind: Kind) -> None:
        """Nothing goes there any more. Needs a sign-in of the last five minutes; withdrawing a consent does not."""
        step_up.for_destination(actor, clock.now())
        await change.remove(actor.recipient, kind)
        await audit.record(actor, _entry("contact.removed", actor, kind, changed({"confirmed": True}, {"confirmed": False})))


async def _view(actor: Principal, contact: str, vault: Vault) -> ContactView:
    rows, _ = await change.contacts_of(actor.recipient)
    return ContactView.of((await vault.open([row for row in rows if row["_id"] == contact]))[0])


def _entry(action: str, actor: Principal, kind: ContactKind, changes: tuple[Change, ...]) -> AuditEntry:
    return AuditEntry(action=action, object=f"contact:{kind}", subjects=(actor.recipient,), changes=changes)
