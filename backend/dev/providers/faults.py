"""Answering wrongly on demand: what a client must survive has to be had at will.

A fault is armed with `POST /_control/faults` and counts down with every request it applies to:

    endpoint   discovery | authorize | signIn | token | jwks | userinfo | endSession; left out: every one
    delayMs    wait that long before answering
    status     answer with that HTTP status and nothing of use, for example 503
    break      answer, but wrongly, any of
                 discoveryIssuer          at discovery
                 responseIssuer, state    at signIn: in the redirect to the client
                 issuer, audience, nonce, expiry, authTime, atHash, signature, kid, none
                                          at token: in the ID token (`signature`: a stranger's key under the right kid, `kid`: the
                                          stranger's own kid, `none`: not signed at all,
                                          `authTime`: signed in an hour ago)
                 subject                  at userinfo: another subject than in the ID token
    times      apply that often, then vanish; left out: until DELETE
"""

from typing import Literal

import msgspec

Endpoint = Literal["discovery", "authorize", "signIn", "token", "jwks", "userinfo", "endSession"]
Break = Literal[
    "discoveryIssuer",
    "responseIssuer",
    "state",
    "issuer",
    "audience",
    "nonce",
    "expiry",
    "authTime",
    "signature",
    "kid",
    "none",
    "atHash",
    "subject",
]


class Fault(msgspec.Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """One wrong answer to come."""

    endpoint: Endpoint | None = None
    delay_ms: int = 0
    status: int | None = None
    breaks: list[Break] = msgspec.field(default_factory=list, name="break")
    times: int | None = None


class Faults:
    """What is armed."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []

    def arm(self, fault: Fault) -> None:
        self._armed.append(fault)

    def clear(self) -> None:
        self._armed.clear()

    def take(self, endpoint: str) -> Fault:
        """What applies to a request at this endpoint, in one fault; used up by asking."""
        applying = [fault for fault in self._armed if fault.endpoint in {None, endpoint}]
        for fault in applying:
            if fault.times is not None:
                fault.times -= 1
        self._armed = [fault for fault in self._armed if fault.times is None or fault.times > 0]
        return Fault(
            delay_ms=max((fault.delay_ms for fault in applying), default=0),
            status=next((fault.status for fault in applying if fault.status), None),
            breaks=[wrong for fault in applying for wrong in fault.breaks],
        )
