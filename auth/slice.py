"""The wiring: everything auth brings to the app, in one value."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from litestar import Router
from litestar.di import Provide
from pymongo import MongoClient

from auth.attestation import Attestation
from auth.audit import AuthAudit
from auth.config import AuthConfig
from auth.directory import CachedDirectory, StaffDirectory
from auth.documents import DOCUMENTS
from auth.personal_data import PERSONAL_DATA
from auth.providers.api import BackChannel, SharedSignals
from auth.providers.parties import Parties
from auth.server import clients
from auth.server.access_tokens import token_generator
from auth.server.api.authorization import Authorization
from auth.server.api.discovery import Discovery
from auth.server.api.token import Token
from auth.server.authorization_server import AuthorizationServer
from auth.server.code_grant import NamedKey, S256Challenge, code_grant
from auth.server.introspection import Introspection
from auth.server.proven import ProvenEndpoint
from auth.server.pushed import PushedRequests
from auth.server.refresh_grant import refresh_grant
from auth.server.revocation import Revocation
from auth.server.sign_in import SignIns
from auth.server.system_grant import ClientAssertion, SystemGrant
from auth.sessions.api import Me, Unlocking
from auth.sessions.arrivals import Arrivals
from auth.sessions.ended import EndedSessions
from auth.sessions.families import Families
from auth.sessions.queries import OpenSessions
from auth.sessions.staff import StaffSessions
from auth.spent import SpentProofs, SpentTokens
from auth.tokens.dpop import Proofs
from auth.tokens.middleware import AuthMiddleware
from auth.tokens.nonces import Nonces
from auth.tokens.signing_keys import SigningKeys
from auth.tokens.verification import AccessTokens
from kernel.audit import Audit
from kernel.clock import Clock
from kernel.mongo.client import Database
from kernel.privacy.subjects import Subjects
from kernel.slice import Slice

log = structlog.get_logger(__name__)

# Authlib prints the tokens it issues, and HTTP clients whole addresses with codes in them, when asked to be talkative (SEC-26).
_TALKATIVE = ("authlib", "httpx2", "httpcore2")

# Twice within the two seconds in which an ended session has to be known everywhere (SEC-32).
WATCH_EVERY = timedelta(seconds=1)


class Auth:
    """auth in one process: give `slice` and `middleware` to the app, call `start` before it serves and `stop` after."""

    def __init__(
        self,
        config: AuthConfig,
        *,
        db: Database,
        mongodb_uri: str,
        directory: StaffDirectory,
        subjects: Subjects,
        clock: Clock,
        attestation: Attestation | None = None,
        audit: Audit | None = None,
    ) -> None:
        self._sync_client = _sync_client(mongodb_uri)
        sync_db = self._sync_client[db.name]
        cached = CachedDirectory(directory, clock)
        self.audit = AuthAudit(audit)
        self.keys = SigningKeys(db, config.key_secret, clock, self.audit)
        self.ended = EndedSessions(db, clock)
        self.families = Families(sync_db, self.ended, clock, self.audit)
        self.staff_sessions = StaffSessions(self.families)
        self._arrivals = Arrivals(sync_db, self.families, clock)
        self.tokens = AccessTokens(config, db, keys=self.keys, ended=self.ended, directory=cached, clock=clock)
        self.proofs = Proofs(SpentProofs(db), Nonces(config.key_secret, clock) if config.dpop_nonce else None, clock)
        self.middleware = AuthMiddleware(config, self.tokens, self.proofs)
        self.proven_endpoint = ProvenEndpoint(config, self.proofs, attestation or Attestation(config, None, "off"), self.audit)
        spent = SpentTokens(sync_db)
        self._parties = Parties(config, spent, clock)
        server = self._authorization_server(config, spent, clock)
        pushed = PushedRequests(config, clock)
        sign_ins = SignIns(
            config, server, self._parties, pushed, directory=cached, subjects=subjects, clock=clock, audit=self.audit
        )
        self.slice = Slice(
            "auth",
            routes=_routes(
                {
                    "auth_config": config,
                    "authorization_server": server,
                    "clock": clock,
                    "families": self.families,
                    "open_sessions": OpenSessions(db, config, clock),
                    "parties": self._parties,
                    "pushed_requests": pushed,
                    "proven_endpoint": self.proven_endpoint,
                    "sign_ins": sign_ins,
                    "signing_keys": self.keys,
                }
            ),
            documents=DOCUMENTS,
            personal_data=[PERSONAL_DATA],
        )
        self._watching: asyncio.Task[None] | None = None

    def _authorization_server(self, config: AuthConfig, spent: SpentTokens, clock: Clock) -> AuthorizationServer:
        server = AuthorizationServer(config.issuer, clients.registry(config), token_generator(config.issuer, self.keys, clock))
        server.register_client_auth_method("private_key_jwt", ClientAssertion(config.issuer, spent, clock))
        server.register_grant(code_grant(self.families, self._arrivals), [S256Challenge(), NamedKey()])
        server.register_grant(refresh_grant(self.families))
        server.register_grant(SystemGrant)
        server.register_endpoint(Revocation(self.families, self.tokens.verify))
        server.register_endpoint(Introspection(self.tokens.claims_of))
        return server

    async def start(self) -> None:
        """Load or make the signing keys, learn which sessions have ended, and go on watching both. Documents are bound by now."""
        await self.keys.start()
        await self.ended.refresh()
        self._watching = asyncio.create_task(self._watch(), name="auth watch")

    async def stop(self) -> None:
        """End the watch and the connections."""
        if self._watching:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching
        await self._parties.close()
        self._sync_client.close()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_EVERY.total_seconds())
            try:
                await self.ended.refresh()
                await self.keys.reload()
            except Exception as error:  # noqa: BLE001 - a watch that ends with its first trouble would leave ended sessions alive
                log.warning("auth.watch_failed", error=type(error).__name__)


def build_slice(
    config: AuthConfig,
    *,
    db: Database,
    mongodb_uri: str,
    directory: StaffDirectory,
    subjects: Subjects,
    clock: Clock,
    attestation: Attestation | None = None,
    audit: Audit | None = None,
) -> Auth:
    """Auth for one process. `mongodb_uri` is where `db` is: the authorization server opens a synchronous client to it."""
    _quieten()
    return Auth(
        config,
        db=db,
        mongodb_uri=mongodb_uri,
        directory=directory,
        subjects=subjects,
        clock=clock,
        attestation=attestation,
        audit=audit,
    )


def _quieten() -> None:
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _sync_client(mongodb_uri: str) -> MongoClient[dict[str, Any]]:
    """Authlib's server works in threads, so it has a driver of its own; it connects with its first use."""
    return MongoClient(mongodb_uri, tz_aware=True, w="majority", journal=True, serverSelectionTimeoutMS=5_000, connect=False)


def _routes(services: Mapping[str, Any]) -> list[Router]:
    """The controllers, with their services as dependencies of their own: nobody else's handlers see these names."""
    dependencies = {name: _always(service) for name, service in services.items()}

    handlers = [Authorization, Token, Discovery, BackChannel, SharedSignals, Me, Unlocking]
    return [Router("/", route_handlers=handlers, dependencies=dependencies)]


def _always(service: Any) -> Provide:
    return Provide(lambda: service, sync_to_thread=False)
