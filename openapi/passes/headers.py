"""The headers an answer carries, described once and named wherever they come."""

from collections.abc import Mapping

from openapi.document import PROBLEM_TYPE, Document, media, operations
from openapi.told import Told

STRING = {"type": "string"}
HEADERS: Document = {
    "TraceId": ("The id of this request in our logs; quote it when you ask about one.", STRING, "4bf92f3577b34da6a3ce929d0e0e4736"),
    "ContentLanguage": ("The language of what is written for people in it.", STRING, "vi"),
    "WwwAuthenticate": ("What kind of token is missing, and what is wrong with the one that came (RFC 6750).", STRING, "Bearer"),
    "RetryAfter": ("Seconds to wait before trying again.", {"type": "integer", "format": "int64"}, 5),
    "Tag": ("Version of what is answered; send it as `If-None-Match`, or as `If-Match` with a change.", STRING, '"7-a1b2c3"'),
    "PresentTag": ("The version that is the present one: look again, then send this as `If-Match`.", STRING, '"8"'),
    "Allow": ("The methods this address takes.", STRING, "GET, HEAD, OPTIONS"),
    "AcceptPatch": ("With a PATCH: the type of body it takes (RFC 5789).", STRING, "application/merge-patch+json"),
    "TusVersion": ("The version of tus that is spoken.", STRING, "1.0.0"),
    "UploadOffset": ("How many bytes have arrived: go on from there.", {"type": "integer", "format": "int64"}, 65536),
    "Replayed": ("`true` where the answer was kept from the first time.", {"type": "string", "enum": ["true"]}, "true"),
    "RateLimitPolicy": ("The limits that apply: how many (q) in how many seconds (w).", STRING, '"caller";q=600;w=60'),
    "RateLimit": ("What is left of them (r), and in how many seconds they begin anew (t).", STRING, '"caller";r=598;t=41'),
    "ContentDisposition": (
        "The file's name (RFC 6266).",
        STRING,
        "attachment; filename*=UTF-8''ket-qua.pdf",
    ),
    "ReprDigest": (
        "SHA-256 of the file (RFC 9530): compare it with what arrived.",
        STRING,
        "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
    ),
    "FileTag": ("The file's version.", STRING, '"5f8f04f6a3a892aaabbddb6cf273894493773960d4a325b105fee46eef4304f1"'),
}
_LIMITS = {"RateLimit": "RateLimit", "RateLimit-Policy": "RateLimitPolicy"}
_ON_PROBLEMS = {
    "401": {"WWW-Authenticate": "WwwAuthenticate"},
    "405": {"Allow": "Allow"},
    "415": {"Accept-Patch": "AcceptPatch"},
    "429": {"Retry-After": "RetryAfter", **_LIMITS},
    "503": {"Retry-After": "RetryAfter"},
}
# Where a status means many things, and only one of them comes with the header.
_ON_CODES = {
    "precondition_failed": {"ETag": "PresentTag"},
    "protocol_version_unsupported": {"Tus-Version": "TusVersion"},
    "offset_mismatch": {"Upload-Offset": "UploadOffset"},
}
_ON_FILES = {"Content-Disposition": "ContentDisposition", "Repr-Digest": "ReprDigest", "ETag": "FileTag"}


def headers_are_named(document: Document, told: Told) -> None:
    """Every answer has a trace id, every problem a language, and some what their status asks for."""
    document["components"]["headers"] = {
        name: {"description": description, "schema": schema, "example": example}
        for name, (description, schema, example) in HEADERS.items()
    }
    shared = document["components"]["responses"]
    for _, _, operation in operations(document):
        said = dict(_LIMITS) if "429" in operation["responses"] else {}
        spoken = {"Content-Language": "ContentLanguage"} if operation["operationId"] in told.spoken else {}
        for status, answer in operation["responses"].items():
            whole = shared[answer["$ref"].rsplit("/", 1)[-1]] if "$ref" in answer else answer
            of_successes = said | spoken if status < "300" else said
            _give(status, whole, of_successes if status < "400" else _of_its_problems(whole, told))


def _of_its_problems(answer: Document, told: Told) -> dict[str, str]:
    found: dict[str, str] = {}
    for code in answer.get("content", {}).get(PROBLEM_TYPE, {}).get("examples", {}):
        found |= _ON_CODES.get(code, {})
        if code in told.catalogue and told.catalogue[code].says_when:
            found["Retry-After"] = "RetryAfter"
    return found


def _give(status: str, answer: Document, more: Mapping[str, str]) -> None:
    named = {"X-Trace-Id": "TraceId", **more}
    if status == "default" or status >= "400":
        named |= {"Content-Language": "ContentLanguage", **_ON_PROBLEMS.get(status, {})}
    elif any(kind == "application/octet-stream" for kind, _ in media(answer)):
        named |= _ON_FILES
    given = answer.setdefault("headers", {})
    present = {name.lower() for name in given}
    for header, name in named.items():
        if header.lower() not in present:
            given[header] = {"$ref": f"#/components/headers/{name}"}
    answer["headers"] = dict(sorted(given.items()))
