"""The staff directory as auth asks for it: what may the owner of this official address do today?"""

from auth.directory import StaffGrant
from backend.agencies.documents import StaffMember
from backend.agencies.queries import gone_on
from kernel.clock import VIETNAM, Clock


class AgencyStaffDirectory:
    """Answers from `staff_members`. An agency that is not there today gives nobody anything; what was its is its successor's."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def find(self, email: str) -> StaffGrant | None:
        """The grant of this address; None when nobody here has it."""
        member = await StaffMember.find_one({"email": {"$eq": email.casefold()}})
        if member is None:
            return None
        today = self._clock.now().astimezone(VIETNAM).date()
        gone = await gone_on(today)
        held = {(agency, role) for agency, role in member.held() if agency not in gone}
        held |= {(old, role) for old, heir in gone.items() for agency, role in held if heir == agency}
        own = {agency for agency in member.agencies if agency not in gone}
        agencies = own | {old for old, heir in gone.items() if heir in own}
        return StaffGrant(
            name=member.name,
            roles=frozenset(role for _, role in held) if member.posts or not own else frozenset(member.roles),
            agencies=frozenset(agencies),
            posts=frozenset(held) if member.posts else frozenset(),
            active=member.active,
        )
