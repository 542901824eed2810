"""A JWT signed by a provider: its key, its algorithm, its signature. What the claims have to say is for the caller to check."""

from typing import Any

import msgspec
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

from auth.config import ProviderConfig
from auth.errors import ProviderAnswerRefused
from auth.providers.discovery import Discovery

MAX_LENGTH = 16 * 1024


class Signed(msgspec.Struct, frozen=True):
    """A JWT whose signature is the provider's."""

    header: dict[str, Any]
    claims: dict[str, Any]

    @property
    def typ(self) -> str:
        """The `typ` header in lower case without `application/`; empty when absent (RFC 8725, 3.11)."""
        return str(self.header.get("typ", "")).lower().removeprefix("application/")


async def verify(token: str, provider: ProviderConfig, discovery: Discovery) -> Signed:
    """Check the signature with the provider's key, under an algorithm the configuration names.

    Raises:
        ProviderAnswerRefused: not a JWT, an algorithm we do not take, an unknown key, a wrong signature.
        ProviderUnavailable: the provider's keys cannot be had.
    """
    if len(token) > MAX_LENGTH:
        raise ProviderAnswerRefused
    try:
        header = jws.extract_compact(token.encode()).headers()
        kid = header.get("kid")
        if not isinstance(kid, str | None):
            raise ProviderAnswerRefused
        key = await discovery.key(kid)
        # A key whose own `alg` or `use` says otherwise is refused by joserfc. A header may carry parameters we do not know;
        # `crit` ones among them are refused all the same.
        registry = JWSRegistry(algorithms=list(provider.algorithms), strict_check_header=False)
        decoded = jwt.decode(token, key, registry=registry)
    except (JoseError, ValueError, RecursionError) as refused:
        raise ProviderAnswerRefused from refused
    return Signed(decoded.header, decoded.claims)
