"""What was held on the ground of a consent goes when the consent is withdrawn."""

from backend.privacy.holdings import Holdings


async def let_go(subject: str, purpose: str, holdings: Holdings) -> int:
    """Ask every slice to let go of what it holds of this citizen for this purpose; repeatable, answers how much there was."""
    asked = [ends for data in holdings.personal_data if (ends := data.withdrawals.get(purpose))]
    return sum([await ends(subject, holdings.vault, holdings.clock.now()) for ends in asked])
