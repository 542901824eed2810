"""How far a push is known to have come: the provider accepted it, the phone got it, drew it, somebody opened it. Pure."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

Stage = Literal["delivered", "displayed", "opened"]
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
# A later stage includes the earlier ones, and nothing takes it back (I33).
LEVELS: Final[Mapping[Stage, int]] = {stage: number for number, stage in enumerate(STAGES, start=1)}
