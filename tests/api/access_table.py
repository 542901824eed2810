"""Who gets which answer from each route, as one table, and how each route is called rightly (SEC-44).

A route that is not in it fails tests/api/test_access.py, so nobody can add one without saying who may call it.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from backend.privacy.purposes import PURPOSES
from kernel.ids import new_id
from kernel.state_calendar import calendar_at
from tests.support.api import PDF
from tests.support.callers import NAMES, NUMBERS
from tests.support.feed import event, new_code
from tests.support.georeport import FORM, sent
from tests.support.officials import CENTRE, LAND_OFFICE
from tests.support.parts import LIMITED
from tests.support.reports import ENOUGH, FOLLOWED, GOES_ON, NO_PICTURE, QUESTION, SECRET, a_report, keyed
from tests.support.tus import BYTES, TUS

# The dossier, the notice, the session, the phone, the request and the export of the table are lan's. The dossier lies at the
# centre, where hoa, minh and be work, thu inspects and khoa administers; phuc works elsewhere. `forged` has a token of another
# issuer's making, `stats` one without the scope of the feed.
CALLERS = ("nobody", "forged", "lan", "nam", "hoa", "minh", "phuc", "be", "thu", "khoa", "one-stop", "statistics")

# A working day long after anything here is due.
LATER = calendar_at(datetime.now(UTC)).working_days_after(datetime.now(UTC).date(), 100)
# The upload that is ready to be supplied, and what is on a slip: tests/api/routes.py makes them together with their dossier.
READY = {"upload": "", "code": "", "secret": "", "contact_code": "000000"}
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
    "report": (404, "feedback_not_found"),
    "empty": (404, "inbox_item_not_found"),
    "phone": (404, "push_target_not_found"),
    "contact": (404, "contact_not_found"),
    "session": (404, "session_not_found"),
    "given": (404, "delegation_not_found"),
    "erasure": (404, "erasure_not_found"),
    "asked": (404, "data_request_not_found"),
    "export": (404, "export_not_found"),
    "upload": (404, "upload_not_found"),
}

_TABLE = """
operation                nobody  forged  lan     nam     hoa     minh    phuc    be      thu     khoa    feed    stats

getLiveness              200     200     200     200     200     200     200     200     200     200     200     200
getReadiness             200     200     200     200     200     200     200     200     200     200     200     200
getContract              200     token   200     200     200     200     200     200     200     200     200     200
getContractAsYaml        200     token   200     200     200     200     200     200     200     200     200     200
getSdkContract           200     token   200     200     200     200     200     200     200     200     200     200
readDocs                 200     token   200     200     200     200     200     200     200     200     200     200
getDocsStyle             200     token   200     200     200     200     200     200     200     200     200     200
listProcedures           200     token   200     200     200     200     200     200     200     200     200     200
getAppBootstrap          200     token   200     200     200     200     200     200     200     200     200     200
getProcedure             200     token   200     200     200     200     200     200     200     200     200     200

getMe                    anon    token   200     200     200     200     200     200     200     200     200     200
listMySessions           anon    token   200     200     200     200     200     200     200     200     kind    kind
endMySessions            anon    token   204     204     204     204     204     204     204     204     kind    kind
nameMySession            anon    token   204     session session session session session session session kind    kind
listMyDelegations        anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
allowHelp                anon    token   201     201     kind    kind    kind    kind    kind    kind    kind    kind
endMyDelegation          anon    token   204     given   kind    kind    kind    kind    kind    kind    kind    kind
lockMyAccount            anon    token   200     200     200     200     200     200     200     200     kind    kind
endMySession             anon    token   204     session session session session session session session kind    kind

listDossiers             anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
getDossier               anon    token   200     none    kind    kind    kind    kind    kind    kind    kind    kind
supplyPapers             anon    token   200     none    kind    kind    kind    kind    kind    kind    kind    kind
rateDossier              anon    token   200     none    kind    kind    kind    kind    kind    kind    kind    kind
askWithdrawal            anon    token   200     none    kind    kind    kind    kind    kind    kind    kind    kind
lookUpDossier            200     token   200     200     200     200     200     200     200     200     200     200
listDocuments            anon    token   200     none    kind    kind    kind    kind    kind    kind    kind    kind
downloadDocument         anon    token   200     none    kind    kind    kind    kind    kind    kind    kind    kind
getDeadline              anon    token   200     none    kind    kind    kind    kind    kind    kind    kind    kind
getDeadlineFile          anon    token   200     none    kind    kind    kind    kind    kind    kind    kind    kind
downloadResult           anon    token   200     none    kind    kind    kind    kind    kind    kind    kind    kind
listInbox                anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
markNoticeRead           anon    token   200     empty   kind    kind    kind    kind    kind    kind    kind    kind
markNoticeUnread         anon    token   200     empty   kind    kind    kind    kind    kind    kind    kind    kind
getChanges               anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
followChanges            anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
registerPushTarget       anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
removePushTarget         anon    token   204     phone   kind    kind    kind    kind    kind    kind    kind    kind
sendReceipts             anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
getPreferences           anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
changePreferences        anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
listContacts             anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
enterContact             anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
confirmContact           anon    token   200     contact kind    kind    kind    kind    kind    kind    kind    kind
removeContact            anon    token   204     contact kind    kind    kind    kind    kind    kind    kind    kind

listStaffDossiers        anon    token   kind    kind    200     200     200     200     200     200     kind    kind
createDossier            anon    token   kind    kind    201     role    agency  role    role    role    kind    kind
getStaffDossier          anon    token   kind    kind    200     200     none    200     200     200     kind    kind
transitionDossier        anon    token   kind    kind    200     role    none    role    role    role    kind    kind
publishResult            anon    token   kind    kind    role    201     none    role    role    role    kind    kind
getStaffDeadline         anon    token   kind    kind    200     200     none    200     200     200     kind    kind
extendDeadline           anon    token   kind    kind    role    201     none    role    role    role    kind    kind
listReminders            anon    token   kind    kind    200     200     200     200     200     200     kind    kind
downloadSupplied         anon    token   kind    kind    200     200     none    200     200     200     kind    kind
listStaffDocuments       anon    token   kind    kind    200     200     none    200     200     200     kind    kind
downloadStaffDocument    anon    token   kind    kind    200     200     none    200     200     200     kind    kind
downloadStaffResult      anon    token   kind    kind    200     200     none    200     200     200     kind    kind

listFeedbackCategories   200     token   200     200     200     200     200     200     200     200     200     200
listFeedbackDoors        200     token   200     200     200     200     200     200     200     200     200     200
followFeedback           200     token   200     200     200     200     200     200     200     200     200     200
sendFeedback             anon    token   201     201     kind    kind    kind    kind    kind    kind    kind    kind
listFeedback             anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
getFeedback              anon    token   200     report  kind    kind    kind    kind    kind    kind    kind    kind
replyFeedback            anon    token   201     report  kind    kind    kind    kind    kind    kind    kind    kind
withdrawFeedback         anon    token   200     report  kind    kind    kind    kind    kind    kind    kind    kind
reopenFeedback           anon    token   200     report  kind    kind    kind    kind    kind    kind    kind    kind
rateFeedback             anon    token   201     report  kind    kind    kind    kind    kind    kind    kind    kind
downloadFeedbackFile     anon    token   200     report  kind    kind    kind    kind    kind    kind    kind    kind
getFeedbackMap           200     token   200     200     200     200     200     200     200     200     200     200
listNearbyFeedback       anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
listFollowedFeedback     anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
followReport             anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
unfollowReport           anon    token   204     204     kind    kind    kind    kind    kind    kind    kind    kind

listStaffFeedback        anon    token   kind    kind    200     200     200     200     200     200     kind    kind
moveReports              anon    token   kind    kind    role    200     200     role    role    role    kind    kind
listAnswerTemplates      anon    token   kind    kind    200     200     200     200     200     200     kind    kind
getStaffFeedback         anon    token   kind    kind    200     200     report  200     200     200     kind    kind
downloadStaffFeedbackFile anon   token   kind    kind    200     200     report  200     200     200     kind    kind
addStaffNote             anon    token   kind    kind    201     201     report  201     201     201     kind    kind
unmaskReporter           anon    token   kind    kind    200     200     report  role    role    role    kind    kind
publishFeedback          anon    token   kind    kind    200     200     report  role    role    role    kind    kind
unpublishFeedback        anon    token   kind    kind    200     200     report  role    role    role    kind    kind
classifyFeedback         anon    token   kind    kind    report  200     report  report  report  report  kind    kind
assignFeedback           anon    token   kind    kind    role    200     report  role    role    role    kind    kind
rejectFeedback           anon    token   kind    kind    report  200     report  report  report  report  kind    kind
redirectFeedback         anon    token   kind    kind    role    200     report  role    role    role    kind    kind
mergeFeedback            anon    token   kind    kind    200     200     report  role    role    role    kind    kind
startFeedback            anon    token   kind    kind    200     200     report  role    role    role    kind    kind
askReporter              anon    token   kind    kind    200     200     report  role    role    role    kind    kind
forwardFeedback          anon    token   kind    kind    200     200     report  role    role    role    kind    kind
takeBackFeedback         anon    token   kind    kind    200     200     report  role    role    role    kind    kind
answerFeedback           anon    token   kind    kind    200     200     report  role    role    role    kind    kind
approveAnswer            anon    token   kind    kind    role    200     report  role    role    role    kind    kind
sendBackAnswer           anon    token   kind    kind    role    200     report  role    role    role    kind    kind
decideReopening          anon    token   kind    kind    role    200     report  role    role    role    kind    kind
createUpload             anon    token   201     201     201     201     201     201     201     201     kind    kind
appendToUpload           anon    token   204     upload  upload  upload  upload  upload  upload  upload  kind    kind
deleteUpload             anon    token   204     upload  upload  upload  upload  upload  upload  upload  kind    kind
overrideUploadMethod     anon    token   204     upload  upload  upload  upload  upload  upload  upload  kind    kind
getUpload                anon    token   200     upload  upload  upload  upload  upload  upload  upload  kind    kind
downloadUpload           anon    token   200     upload  upload  upload  upload  upload  upload  upload  kind    kind

listMyAccessLog          anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
listConsents             anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
decideConsent            anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
requestErasure           anon    token   201     201     kind    kind    kind    kind    kind    kind    kind    kind
listErasureRequests      anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
getErasureRequest        anon    token   200     erasure kind    kind    kind    kind    kind    kind    kind    kind
takeBackErasureRequest   anon    token   200     erasure kind    kind    kind    kind    kind    kind    kind    kind
askAboutMyData           anon    token   201     201     kind    kind    kind    kind    kind    kind    kind    kind
listMyDataRequests       anon    token   200     200     kind    kind    kind    kind    kind    kind    kind    kind
getMyDataRequest         anon    token   200     asked   kind    kind    kind    kind    kind    kind    kind    kind
takeBackDataRequest      anon    token   200     asked   kind    kind    kind    kind    kind    kind    kind    kind
requestExport            anon    token   202     202     kind    kind    kind    kind    kind    kind    kind    kind
getExport                anon    token   200     export  kind    kind    kind    kind    kind    kind    kind    kind
takeExport               anon    token   200     export  kind    kind    kind    kind    kind    kind    kind    kind

listStaffMembers         anon    token   kind    kind    role    role    role    role    role    200     kind    kind
enrolStaffMember         anon    token   kind    kind    role    role    role    role    role    201     kind    kind
getStaffMember           anon    token   kind    kind    role    role    role    role    role    200     kind    kind
changeStaffMember        anon    token   kind    kind    role    role    role    role    role    200     kind    kind
offBoardStaffMember      anon    token   kind    kind    role    role    role    role    role    200     kind    kind
listDirectoryAgencies    anon    token   kind    kind    role    role    role    role    role    200     kind    kind
closeAgency              anon    token   kind    kind    role    role    role    role    role    200     kind    kind
nameAgencyUnits          anon    token   kind    kind    role    role    role    role    role    200     kind    kind
choosePapers             anon    token   kind    kind    role    role    role    role    role    200     kind    kind

listAuditRecords         anon    token   kind    kind    role    role    role    role    200     200     kind    kind
listStaffErasureRequests anon    token   kind    kind    role    role    role    role    role    200     kind    kind
acknowledgeErasure       anon    token   kind    kind    role    role    role    role    role    200     kind    kind
refuseErasure            anon    token   kind    kind    role    role    role    role    role    200     kind    kind
extendErasure            anon    token   kind    kind    role    role    role    role    role    200     kind    kind
listStaffDataRequests    anon    token   kind    kind    role    role    role    role    role    200     kind    kind
readDataRequest          anon    token   kind    kind    role    role    role    role    role    200     kind    kind
acknowledgeDataRequest   anon    token   kind    kind    role    role    role    role    role    200     kind    kind
fulfilDataRequest        anon    token   kind    kind    role    role    role    role    role    200     kind    kind
refuseDataRequest        anon    token   kind    kind    role    role    role    role    role    200     kind    kind
extendDataRequest        anon    token   kind    kind    role    role    role    role    role    200     kind    kind

recordDossierEvents      anon    token   kind    kind    kind    kind    kind    kind    kind    kind    200     scope

readOpen311Discovery     200     200     200     200     200     200     200     200     200     200     200     200
readOpen311List          200     200     200     200     200     200     200     200     200     200     200     200
readOpen311Service       200     200     200     200     200     200     200     200     200     200     200     200
readOpen311Token         200     200     200     200     200     200     200     200     200     200     200     200
readOpen311Request       200     200     200     200     200     200     200     200     200     200     200     200
sendOpen311Request       201     201     201     201     201     201     201     201     201     201     201     201
"""

ANSWERS = {row[0]: dict(zip(CALLERS, row[1:], strict=True)) for row in map(str.split, _TABLE.strip().splitlines()[2:]) if row}

# Pages know a browser's cookie and no token, so a table of tokens says nothing of them: tests/api/console/test_door.py does.
CONSOLE = {
    "showReportNotices",
    "showDossierNotices",
    "getConsoleAsset",
    "showDossiers",
    "showDossier",
    "showDossierResult",
    "showSuppliedPaper",
    "takeDossierStep",
    "publishDossierResult",
    "showFigures",
    "listenToConsole",
    "showPeople",
    "showPerson",
    "offBoardPerson",
    "showMyWork",
    "moveTickedReports",
    "publishReport",
    "showReport",
    "showReportFile",
    "keepReportDraft",
    "takeReportStep",
    "showConsoleSignIn",
    "startConsoleSignIn",
    "finishConsoleSignIn",
    "leaveConsole",
    "changeConsoleLook",
}
# Sign-in speaks OAuth, with pages and errors of its own, and has no use for an access token: tests/api/auth is about it.
OAUTH = {
    "authorize",
    "finishSignIn",
    "issueToken",
    "revokeToken",
    "introspectToken",
    "pushAuthorization",
    "getAssetLinks",
    "getAppleAppSiteAssociation",
    "getSigningKeys",
    "getServerMetadata",
    "getOpenIdMetadata",
    "receiveLogout",
    "unlockAccount",
    "receiveSecurityEvent",
}

# Speaks GeoReport v2: errors of its own, and instead of a token a key in the form it takes (tests/api/open311).
OPEN311 = {operation for operation in ANSWERS if "Open311" in operation}


@dataclass(frozen=True)
class Body:
    """What a route takes: JSON, a file or bytes; and headers it cannot do without."""

    json: Any = None
    files: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    content: bytes | None = None

    @property
    def sent(self) -> dict[str, Any]:
        told = {"files": self.files or None, "json": self.json, "content": self.content, "headers": dict(self.headers) or None}
        return {name: value for name, value in told.items() if value is not None}


def bodies() -> dict[str, Body]:
    """A right body for each operation that takes one; dossier codes in it are fresh."""
    applicant = {"personalNumber": NUMBERS["lan"], "name": NAMES["lan"]}
    agencies = {"receivingAgency": CENTRE, "decidingAgency": LAND_OFFICE}
    return {
        "registerPushTarget": Body(
            {"platform": "android", "target": {"kind": "fid", "value": f"fid-{new_code()}"}, "locale": "vi", "appVersion": "1.0"}
        ),
        "enterContact": Body({"address": "lan@example.com"}),
        "confirmContact": Body({"code": READY["contact_code"]}),
        "sendReceipts": Body(
            {"receipts": [{"noticeId": "n", "installationId": "i" * 16, "stage": "opened", "at": "2026-07-01T08:00:00Z"}]}
        ),
        "changePreferences": Body(
            {"language": "en", "quietHours": {"begins": "22:00", "ends": "06:30"}, "muted": {"push": ["dossier"]}},
            headers={"content-type": "application/merge-patch+json", "if-match": "*"},
        ),
        "enrolStaffMember": Body(
            {"email": f"{new_code()}@camau.gov.vn".lower(), "name": "Cán bộ mới", "agencyCodes": [CENTRE], "roles": ["assistant"]}
        ),
        "changeStaffMember": Body({"name": "Cán bộ cũ", "agencyCodes": [CENTRE], "roles": ["dispatcher"], "unit": "Một cửa"}),
        "closeAgency": Body({"validTo": "2099-01-01", "successor": LAND_OFFICE}),
        "choosePapers": Body({"picturesAsPdf": False}),
        "nameAgencyUnits": Body({"units": ["Bộ phận Một cửa", "Phòng Tổng hợp"]}),
        "nameMySession": Body({"name": "Điện thoại của tôi"}),
        "allowHelp": Body({"relation": "assistant", "scopes": ["dossiers:read"], "minutes": 30}),
        "createDossier": Body({"procedureCode": LIMITED, "applicant": applicant, **agencies}),
        "transitionDossier": Body({"action": "start_processing", "reason": "Hồ sơ đã đủ giấy tờ"}),
        "publishResult": Body(files={"data": ("ket-qua.pdf", PDF, "application/pdf")}),
        "extendDeadline": Body(
            {
                "until": LATER.isoformat(),
                "document": "12/TB-TTPVHCC",
                "reason": "Chờ ý kiến của cơ quan phối hợp",
            }
        ),
        "supplyPapers": Body(
            {"items": [{"number": 1, "uploads": [READY["upload"]]}]}, headers={"idempotency-key": f'"{new_id()}"'}
        ),
        "lookUpDossier": Body({"code": READY["code"], "secret": READY["secret"]}),
        "rateDossier": Body({"stars": 5, "reasons": ["on_time"], "text": "Nhanh, không phải đi lại"}),
        "askWithdrawal": Body({"reason": "Tôi đã tìm được giấy tờ cũ"}),
        "followFeedback": Body({"code": FOLLOWED, "secret": SECRET}),
        "sendFeedback": Body(a_report(), headers=keyed()),
        "replyFeedback": Body({"text": "Cột đèn số 12"}, headers=keyed()),
        "reopenFeedback": Body({"reason": "Đèn vẫn chưa sáng, xin xem lại"}),
        "rateFeedback": Body({"liked": True, "stars": 5}),
        "addStaffNote": Body({"text": "Đã gọi Điện lực"}),
        "unmaskReporter": Body({"purpose": "feedback_handling"}),
        "moveReports": Body({"ids": [GOES_ON], "step": "classify", "urgency": "urgent"}),
        "listNearbyFeedback": Body({"lat": 9.1768, "lon": 105.1524}),
        "publishFeedback": Body({"publicText": ENOUGH}),
        "classifyFeedback": Body({"urgency": "urgent"}),
        "assignFeedback": Body({"agency": CENTRE}),
        "rejectFeedback": Body({"reason": "outside_the_province", "publicText": ENOUGH}),
        "redirectFeedback": Body({"door": "procedure_complaint", "publicText": ENOUGH}),
        "mergeFeedback": Body({"into": GOES_ON}),
        "askReporter": Body({"publicText": QUESTION}),
        "forwardFeedback": Body({"publicText": ENOUGH}),
        "answerFeedback": Body({"publicText": ENOUGH, "whyNoPicture": NO_PICTURE}),
        "sendBackAnswer": Body({"reason": "Viết lại cho rõ ràng hơn"}),
        "decideReopening": Body({"grant": True}),
        "decideConsent": Body({"granted": True, "textVersion": PURPOSES[ASKED].text_version}),
        "refuseErasure": Body({"reason": "Còn nghĩa vụ tài chính chưa hoàn thành"}),
        "extendErasure": Body({"reason": "Cần phối hợp với nhiều cơ quan"}),
        "askAboutMyData": Body({"kind": "rectification", "wish": "Sai ngày sinh trong hồ sơ"}),
        "fulfilDataRequest": Body({"reason": "Đã thực hiện theo yêu cầu"}),
        "refuseDataRequest": Body({"reason": "Dữ liệu đã đúng với giấy tờ gốc"}),
        "extendDataRequest": Body({"reason": "Cần phối hợp với nhiều cơ quan"}),
        "createUpload": Body(headers={**TUS, **keyed(), "upload-length": "3"}),
        "appendToUpload": Body(headers={**TUS, **BYTES, "upload-offset": "0"}, content=b"%PD"),
        "deleteUpload": Body(headers=TUS),
        "overrideUploadMethod": Body(headers={**TUS, "x-http-method-override": "DELETE"}),
        "sendOpen311Request": Body(content=urlencode(sent()).encode(), headers=FORM),
        "recordDossierEvents": Body({"events": [event(new_code(), note="Đã nhận")]}),
    }
