"""SMS through an operator's gateway: seven-bit text, never more segments than configured, no link."""

from datetime import datetime

from notifications.channels.gsm7 import fitted
from notifications.channels.over_http import Provider
from notifications.channels.port import Outcome, Text
from notifications.channels.sms_answers import outcome_of


class SmsChannel:
    """Hands texts to one gateway."""

    def __init__(self, url: str, token: str, *, brand: str, segments: int = 1) -> None:
        """`brand` is the registered name they come from (Decree 91/2020: a brandname of the agency)."""
        self._url, self._brand, self._segments = url, brand, segments
        self._provider = Provider({"authorization": f"Bearer {token}"})

    async def send(self, what: Text, /, *, now: datetime) -> Outcome:
        """Try once."""
        asked = {
            # Gateways take the number without its plus.
            "to": what.address.removeprefix("+"),
            "from": self._brand,
            "text": fitted(what.said.title, what.said.short, self._segments),
            "reference": what.reference,
        }
        return outcome_of(await self._provider.post(self._url, json=asked), what.reference, now)

    async def close(self) -> None:
        """Give up what is held open."""
        await self._provider.close()
