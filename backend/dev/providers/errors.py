"""How a provider says no: to the client's address, to its token request, or only to the person's face."""


class OAuthError(Exception):
    """The token, userinfo or sign-in request is refused; `error` is the protocol's word for why (RFC 6749, 5.2)."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description
        self.status = status


class Untrusted(Exception):
    """The client or its redirect address is unknown: say it on a page and redirect nowhere (RFC 9700, 4.1)."""


class Refused(Exception):
    """The authorization request is refused, and the client is told at its redirect address (RFC 6749, 4.1.2.1)."""

    def __init__(self, redirect_uri: str, state: str | None, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.redirect_uri = redirect_uri
        self.state = state
        self.error = error
        self.description = description
