"""Who gets which answer from each route, as one table, and how each route is called rightly (SEC-44).

A route that is not in it fails tests/api/test_access.py, so nobody can add one without saying who may call it.
"""

from dataclasses import dataclass, field
from typing import Any

from backend.privacy.purposes import PURPOSES
from tests.support.api import PDF
from tests.support.callers import NAMES, NUMBERS
from tests.support.feed import event, new_code
from tests.support.officials import CENTRE, LAND_OFFICE
from tests.support.parts import LIMITED

# The dossier, the notice, the session, the phone, the request and the export of the table are lan's. The dossier lies at the
# centre, where hoa, minh and be work, thu inspects and khoa administers; phuc works elsewhere. `forged` has a token of another
# issuer's making, `stats` one without the scope of the feed.
CALLERS = ("nobody", "forged", "lan", "nam", "hoa", "minh", "phuc", "be", "thu", "khoa", "one-stop", "statistics")

# A purpose that consent decides.
ASKED = "foreign_push"

# A number is the status of success; a word is a problem, by what is wrong with the caller.
PROBLEMS = {
    "anon": (401, "unauthenticated"),
    "token": (401, "token_invalid"),
    "kind": (403, "forbidden"),
    "role": (403, "role_missing"),
    "scope": (403, "scope_missing"),
    "agency": (403, "not_your_agency"),
    "none": (404, "dossier_not_found"),
    "empty": (404, "inbox_item_not_found"),
    "phone": (404, "push_target_not_found"),
    "session": (404, "session_not_found"),
    "erasure": (404, "erasure_not_found"),
    "export": (404, "export_not_found"),
}

_TABLE = """
operation                nobody  forged  lan     nam     hoa     minh    phuc    be      thu     khoa    feed    stats

getLiveness              200     token   200     200     200     200     200     200     200     200     200     200
getReadiness             200     token   200     200     200     200     200     200     200     200     200     200
getContract              200     token   200     200     200     200     200     200     200     200     200     200
readDocs                 200     token   200     200     200     200     200     200     200     200     200     200
getDocsStyle             200     token   200     200     200     200     200     200     200     200     200     200
listProcedures           200     token   200     200     200     200     200     200     200     200     200     200
getProcedure             200     token   200     200     200     200     200     200     200     200     200     200

getMe                    anon    token   200     200     200     200     200     200     200     200     200     200
listMySessions           anon    token   200     200     200     200     200     200     200     200     kind    kind
endMySession             anon    token   204     session session session session session session session kind    kind

listDossiers             anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
getDossier               anon    token   200     none    kind    kind    kind    kind    kind    kind    kind    kind
downloadResult           anon    token   200     none    kind    kind    kind    kind    kind    kind    kind    kind
listInbox                anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
markNoticeRead           anon    token   200     empty   kind    kind    kind    kind    kind    kind    kind    kind
markNoticeUnread         anon    token   200     empty   kind    kind    kind    kind    kind    kind    kind    kind
registerPushTarget       anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
removePushTarget         anon    token   204     phone   kind    kind    kind    kind    kind    kind    kind    kind
sendReceipts             anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
getPreferences           anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
changePreferences        anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind

listStaffDossiers        anon    token   kind    kind    200     200     200     200     200     200     kind    kind
createDossier            anon    token   kind    kind    201     role    agency  role    role    role    kind    kind
getStaffDossier          anon    token   kind    kind    200     200     none    200     200     200     kind    kind
transitionDossier        anon    token   kind    kind    200     role    none    role    role    role    kind    kind
publishResult            anon    token   kind    kind    role    201     none    role    role    role    kind    kind
downloadStaffResult      anon    token   kind    kind    200     200     none    200     200     200     kind    kind

listMyAccessLog          anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
listConsents             anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
decideConsent            anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
requestErasure           anon    token   201     201     kind    kind    kind    kind    kind    kind    kind    kind
listErasureRequests      anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
getErasureRequest        anon    token   200     erasure kind    kind    kind    kind    kind    kind    kind    kind
takeBackErasureRequest   anon    token   200     erasure kind    kind    kind    kind    kind    kind    kind    kind
requestExport            anon    token   202     202     kind    kind    kind    kind    kind    kind    kind    kind
getExport                anon    token   200     export  kind    kind    kind    kind    kind    kind    kind    kind
takeExport               anon    token   200     export  kind    kind    kind    kind    kind    kind    kind    kind

listAuditRecords         anon    token   kind    kind    role    role    role    role    200     200     kind    kind
listStaffErasureRequests anon    token   kind    kind    role    role    role    role    role    200     kind    kind
acknowledgeErasure       anon    token   kind    kind    role    role    role    role    role    200     kind    kind
refuseErasure            anon    token   kind    kind    role    role    role    role    role    200     kind    kind
extendErasure            anon    token   kind    kind    role    role    role    role    role    200     kind    kind

recordDossierEvents      anon    token   kind    kind    kind    kind    kind    kind    kind    kind    200     scope
"""

ANSWERS = {row[0]: dict(zip(CALLERS, row[1:], strict=True)) for row in map(str.split, _TABLE.strip().splitlines()[2:]) if row}

# Sign-in speaks OAuth, with pages and errors of its own, and has no use for an access token: tests/api/auth is about it.
OAUTH = {
    "authorize",
    "finishSignIn",
    "issueToken",
    "revokeToken",
    "getSigningKeys",
    "getServerMetadata",
    "getOpenIdMetadata",
    "receiveLogout",
}


@dataclass(frozen=True)
class Body:
    """What a route takes: JSON, or a file; and headers it cannot do without."""

    json: Any = None
    files: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def sent(self) -> dict[str, Any]:
        content: dict[str, Any] = {"files": self.files} if self.files else {"json": self.json}
        return {**content, "headers": dict(self.headers)} if self.headers else content


def bodies() -> dict[str, Body]:
    """A right body for each operation that takes one; dossier codes in it are fresh."""
    applicant = {"personalNumber": NUMBERS["lan"], "name": NAMES["lan"]}
    agencies = {"receivingAgency": CENTRE, "decidingAgency": LAND_OFFICE}
    return {
        "registerPushTarget": Body(
            {"platform": "android", "target": {"kind": "fid", "value": f"fid-{new_code()}"}, "locale": "vi", "appVersion": "1.0"}
        ),
        "sendReceipts": Body(
            {"receipts": [{"noticeId": "n", "installationId": "i" * 16, "stage": "opened", "at": "2026-07-01T08:00:00Z"}]}
        ),
        "changePreferences": Body(
            {"language": "en", "quietHours": {"begins": "22:00", "ends": "06:30"}, "muted": {"push": ["dossier"]}},
            headers={"content-type": "application/merge-patch+json", "if-match": "*"},
        ),
        "createDossier": Body({"procedureCode": LIMITED, "applicant": applicant, **agencies}),
        "transitionDossier": Body({"action": "start_processing", "reason": "Hồ sơ đã đủ giấy tờ"}),
        "publishResult": Body(files={"data": ("ket-qua.pdf", PDF, "application/pdf")}),
        "decideConsent": Body({"granted": True, "textVersion": PURPOSES[ASKED].text_version}),
        "refuseErasure": Body({"reason": "Còn nghĩa vụ tài chính chưa hoàn thành"}),
        "extendErasure": Body({"reason": "Cần phối hợp với nhiều cơ quan"}),
        "recordDossierEvents": Body({"events": [event(new_code(), note="Đã nhận")]}),
    }
