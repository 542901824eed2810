"""What other rooms hand in: somebody is to be told something."""

import msgspec


class Notice(msgspec.Struct, frozen=True):
    """Tell `recipient` the `message` of the catalogue.

    `params` fill its blanks and are seen in the inbox only, behind sign-in. `link` is where a tap leads, a path of the app. The
    same `dedupe_key` (an event's id) for the same recipient is one notice, however often it is posted (I4).
    """

    recipient: str
    message: str
    params: dict[str, str]
    link: str
    dedupe_key: str
