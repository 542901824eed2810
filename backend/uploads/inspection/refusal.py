"""How the program says no."""


class Refusal(Exception):
    """The file is not taken; `reason` is a code of `backend.uploads.states.REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
