"""The seam to the room of consents: an exact place is taken with its citizen's consent, and goes when that is withdrawn."""

from typing import Protocol

from kernel.principal import Principal

PRECISE_PLACE = "precise_place"


class PlaceConsents(Protocol):
    """Whoever keeps consents."""

    async def stands(self, actor: Principal) -> bool:
        """Has the citizen consented to exact places, and not withdrawn it?"""
        ...

    async def give(self, actor: Principal, shown_version: str) -> None:
        """Keep the consent the citizen gives with a report, to the text of this version.

        Raises:
            ConsentTextChanged: that is not the present text; offline it may have grown old.
            ProcessingRestricted: the citizen has had the processing of their data restricted; a report without the exact place
                is taken all the same.
        """
        ...


class AskedEachTime:
    """Without such a room every report asks anew, and what it is told counts for that report alone."""

    async def stands(self, actor: Principal) -> bool:  # noqa: ARG002
        return False

    async def give(self, actor: Principal, shown_version: str) -> None:
        pass


ASKED_EACH_TIME = AskedEachTime()
