"""What was held on the ground of a consent goes when the consent is withdrawn."""

from datetime import timedelta

from backend.privacy import queries
from backend.privacy.holdings import Holdings

# A withdrawal is carried out in the same request; a worker looks again for as long as a crash may have kept one waiting.
LOOK_BACK = timedelta(days=1)


async def let_go(subject: str, purpose: str, holdings: Holdings) -> int:
    """Ask every slice to let go of what it holds of this citizen for this purpose; repeatable, answers how much there was."""
    asked = [ends for data in holdings.personal_data if (ends := data.withdrawals.get(purpose))]
    return sum([await ends(subject, holdings.vault, holdings.clock.now()) for ends in asked])


async def let_go_of_what_was_withdrawn(holdings: Holdings) -> int:
    """Every withdrawal of the last day once more, for those after which a process died."""
    withdrawn = await queries.withdrawn_since(holdings.clock.now() - LOOK_BACK)
    return sum([await let_go(subject, purpose, holdings) for subject, purpose in withdrawn])
