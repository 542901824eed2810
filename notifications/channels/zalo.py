"""Zalo's notification service: an approved template with one blank, `title`, to a telephone number."""

from datetime import datetime

from notifications.channels.fcm_answers import OPERATOR_PAUSE
from notifications.channels.over_http import Provider, Reply
from notifications.channels.port import Outcome, Retry, Text
from notifications.channels.zalo_answers import Meaning, meaning_of, outcome_of
from notifications.channels.zalo_tokens import TokenUnavailable, ZaloTokens

PATH = "/message/template"


class ZaloChannel:
    """Sends from one official account."""

    def __init__(self, tokens: ZaloTokens, *, endpoint: str, template: str) -> None:
        self.tokens, self._template = tokens, template
        self._url, self._provider = endpoint + PATH, Provider()

    async def send(self, what: Text, /, *, now: datetime) -> Outcome:
        """Try once; a token that is not taken is renewed, and as nothing was sent with it, that is still the same try."""
        try:
            token = await self.tokens.get()
            reply = await self._asked(what, token)
            if meaning_of(reply) is Meaning.NOT_LET_IN:
                await self.tokens.refuse(token)
                reply = await self._asked(what, await self.tokens.get())
        except TokenUnavailable as why:
            return Retry(f"no_token: {why}", OPERATOR_PAUSE, "project")
        return outcome_of(reply, now)

    async def close(self) -> None:
        """Give up what is held open, once no token is under way."""
        await self.tokens.close()
        await self._provider.close()

    async def _asked(self, what: Text, token: str) -> Reply:
        body = {
            "phone": what.address.removeprefix("+"),
            "template_id": self._template,
            "template_data": {"title": what.said.title},
            # Ours, to find it again in their console.
            "tracking_id": what.reference,
        }
        return await self._provider.post(self._url, json=body, headers={"access_token": token})
