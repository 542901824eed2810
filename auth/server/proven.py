"""Whose key a request to the token endpoint proves (RFC 9449, 5), in the words of OAuth errors."""

from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Error
from litestar import Request

from auth.attestation import HEADER as ATTESTATION
from auth.attestation import Attestation
from auth.audit import AuthAudit
from auth.config import AuthConfig
from auth.errors import ProofInvalid, ProofNonceMissing
from auth.tokens.dpop import Presented, Proofs
from auth.tokens.nonces import Nonces


class ProofError(OAuth2Error):
    """The proof is not good, or one is missing where the configuration wants it."""

    error = "invalid_dpop_proof"


class NonceError(OAuth2Error):
    """RFC 9449, 8: the nonce comes along in a header."""

    error = "use_dpop_nonce"
    description = "The DPoP proof needs the nonce in the DPoP-Nonce header"


class AttestationError(OAuth2Error):
    """Nobody vouches for the app that asks (SEC-66)."""

    error = "invalid_client"
    description = "The app could not be attested"


class ProvenEndpoint:
    """The check of proofs, and of who vouches for the app, where tokens are given out."""

    def __init__(self, config: AuthConfig, proofs: Proofs, attestation: Attestation, audit: AuthAudit) -> None:
        self._config, self._proofs, self._attestation, self._audit = config, proofs, attestation, audit

    async def attest(self, request: Request[Any, Any, Any], client_id: str) -> None:
        """Let pass whom somebody vouches for.

        Raises:
            AttestationError: nobody does, and that is not only observed.
        """
        if why := await self._attestation.doubt(client_id, request.headers.get(ATTESTATION)):
            await self._audit.attestation_failed(client_id, why)
            if self._attestation.refuses:
                raise AttestationError

    @property
    def nonces(self) -> Nonces | None:
        """Where proofs need nonces, their maker."""
        return self._proofs.nonces

    async def key(self, request: Request[Any, Any, Any], path: str, client_id: str) -> str | None:
        """The thumbprint of the key that is proven; None without a proof, where that is allowed.

        Raises:
            OAuth2Error: `invalid_dpop_proof` or `use_dpop_nonce`.
        """
        # Where a request is pushed nothing is given out yet, so no proof is demanded: there `client_id` stays empty.
        proofs = [value for name, value in request.scope["headers"] if name == b"dpop"]
        if not proofs:
            # A system says who it is in its assertion: no client_id, no app.
            app = self._config.app_client(client_id)
            if self._config.bearer_tokens == "refused" or (app and not self._config.takes_bearer(client_id)):
                raise ProofError("A DPoP proof is required here")
            return None
        try:
            return await self._proofs.check(proofs, Presented(method="POST", url=self._config.issuer + path))
        except ProofNonceMissing as missing:
            raise NonceError from missing
        except ProofInvalid as refused:
            raise ProofError(refused.default_detail()) from refused
