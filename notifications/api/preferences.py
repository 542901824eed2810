"""What a phone can say about how its owner wants to be told."""

from litestar import Controller, Response, get, patch

from kernel.audit import AuditEntry
from kernel.http.access import citizens
from kernel.http.given import Actor, MustMatch, TheAudit, TheFresh
from kernel.http.merge_patch import MergePatch
from kernel.http.preconditions import etag_of
from notifications.documents import Preferences
from notifications.preferences.change import change, preferences_of, wishes_of
from notifications.schemas import ChangePreferences, PreferencesView


class MyPreferences(Controller):
    """A citizen chooses how to be told."""

    path = "/v1/me/preferences"
    tags = ["Inbox"]
    guards = [citizens]

    @get("/", operation_id="getPreferences", summary="How I want to be told")
    async def read(self, actor: Actor, fresh: TheFresh) -> PreferencesView:
        """My language, my quiet hours, what is muted, and how much a push says. `ETag` is what a change has to name."""
        mine = await fresh.read(lambda _: preferences_of(actor.recipient), {}, lambda found: str(found.version))
        return PreferencesView.of(wishes_of(mine), mine.version)

    @patch("/", operation_id="changePreferences", summary="Choose how I want to be told")
    async def choose(
        self, data: MergePatch[ChangePreferences], actor: Actor, audit: TheAudit, must_match: MustMatch
    ) -> Response[PreferencesView]:
        """Change what is named and leave the rest (RFC 7396). Counts for every push that has not left yet."""
        chosen = await change(actor.recipient, data, must_match)
        entry = AuditEntry(
            action="preferences.changed", object="preferences:own", subjects=(actor.recipient,), changes=chosen.changes()
        )
        await audit.record(actor, entry)
        return _answer(chosen)


def _answer(preferences: Preferences) -> Response[PreferencesView]:
    headers = {"etag": etag_of(preferences.version), "cache-control": "private, no-cache"}
    return Response(PreferencesView.of(wishes_of(preferences), preferences.version), headers=headers)
