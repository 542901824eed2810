"""Every way FCM says no, word for word as Google does: a sender must be able to tell them all apart (delivery.md, 2)."""

from collections.abc import Mapping
from typing import Any

FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
QUOTA_FAILURE = "type.googleapis.com/google.rpc.QuotaFailure"

# The canonical status of an HTTP number (google/rpc/code.proto); any other number has none.
CANONICAL = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class Rejection(Exception):
    """A message is not taken: the HTTP status, and the body Google would send."""

    def __init__(self, status: int, message: str, details: list[dict[str, Any]] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = details or []

    def body(self) -> dict[str, Any]:
        """google.rpc.Status as JSON."""
        error: dict[str, Any] = {"code": self.status, "message": self.message, "status": CANONICAL.get(self.status, "UNKNOWN")}
        if self.details:
            error["details"] = self.details
        return {"error": error}


def fcm_error(code: str) -> dict[str, Any]:
    """The detail that carries FCM's own word."""
    return {"@type": FCM_ERROR, "errorCode": code}


def bad_target() -> Rejection:
    """The token itself is malformed: the FcmError detail, and no field violation, is what tells this from a bad payload."""
    return Rejection(400, "The registration token is not a valid FCM registration token", [fcm_error("INVALID_ARGUMENT")])


def bad_payload(field: str, description: str) -> Rejection:
    """The message is wrong, whoever it is for."""
    violation = {"field": field, "description": description}
    return Rejection(400, description, [{"@type": BAD_REQUEST, "fieldViolations": [violation]}])


def unregistered() -> Rejection:
    """The app instance is gone."""
    return Rejection(404, "Requested entity was not found.", [fcm_error("UNREGISTERED")])


def unauthenticated() -> Rejection:
    """No access token, or one that is no good any more."""
    reason = {
        "@type": ERROR_INFO,
        "reason": "ACCESS_TOKEN_EXPIRED",
        "domain": "googleapis.com",
        "metadata": {"service": "fcm.googleapis.com"},
    }
    return Rejection(401, "Request had invalid authentication credentials. Expected OAuth 2 access token.", [reason])


def wrong_project(project: str) -> Rejection:
    """An address with a project that is not ours; no FcmError, so no device is to blame."""
    return Rejection(404, f"Project {project} was not found.")


def _rate_limit() -> dict[str, Any]:
    metadata = {"service": "fcm.googleapis.com", "quota_limit": "SendsPerMinutePerProject", "quota_limit_value": "600000"}
    return {"@type": ERROR_INFO, "reason": "RATE_LIMIT_EXCEEDED", "domain": "googleapis.com", "metadata": metadata}


def _denied() -> dict[str, Any]:
    return {"@type": ERROR_INFO, "reason": "IAM_PERMISSION_DENIED", "domain": "iam.googleapis.com"}


def _device_quota() -> dict[str, Any]:
    violation = {"subject": "registration_token", "description": "Message rate exceeded for this device"}
    return {"@type": QUOTA_FAILURE, "violations": [violation]}


# What a fault can ask for by name: the last word of each row of the table in delivery.md, 2.
BY_NAME: Mapping[str, Rejection] = {
    "INVALID_TOKEN": bad_target(),
    "INVALID_ARGUMENT": bad_payload("message.data", "Invalid data payload"),
    "UNAUTHENTICATED": unauthenticated(),
    "THIRD_PARTY_AUTH_ERROR": Rejection(401, "Auth error from APNS or Web Push Service", [fcm_error("THIRD_PARTY_AUTH_ERROR")]),
    "SENDER_ID_MISMATCH": Rejection(403, "SenderId mismatch", [fcm_error("SENDER_ID_MISMATCH")]),
    "PERMISSION_DENIED": Rejection(403, "Permission 'cloudmessaging.messages.create' denied", [_denied()]),
    "UNREGISTERED": unregistered(),
    "NOT_FOUND": Rejection(404, "Requested entity was not found."),
    "QUOTA_EXCEEDED": Rejection(429, "Quota exceeded.", [fcm_error("QUOTA_EXCEEDED"), _device_quota()]),
    "RATE_LIMIT_EXCEEDED": Rejection(429, "Quota exceeded for quota metric 'Send requests' per minute.", [_rate_limit()]),
    "INTERNAL": Rejection(500, "Internal error encountered.", [fcm_error("INTERNAL")]),
    "UNAVAILABLE": Rejection(503, "The service is currently unavailable.", [fcm_error("UNAVAILABLE")]),
}
