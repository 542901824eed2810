"""The staff directory as auth asks for it: what may the owner of this official address do today?"""

from auth.directory import StaffGrant
from backend.agencies.documents import StaffMember


class AgencyStaffDirectory:
    """Answers from `staff_members`."""

    async def find(self, email: str) -> StaffGrant | None:
        """The grant of this address; None when nobody here has it."""
        member = await StaffMember.find_one({"email": {"$eq": email.casefold()}})
        if member is None:
            return None
        return StaffGrant(
            name=member.name,
            roles=frozenset(member.roles),
            agencies=frozenset(member.agencies),
            posts=frozenset(member.held()) if member.posts else frozenset(),
            active=member.active,
        )
