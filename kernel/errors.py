"""What can go wrong, in words; which HTTP number that is, only `kernel.http.problems` knows.

A slice writes one class a sentence: the docstring is the default English detail, `vi` the Vietnamese one, the class name in
snake_case the public and stable `code`. Causes go to the log, never into the detail.
"""

import re
from typing import Any, ClassVar

import msgspec


class FieldError(msgspec.Struct, frozen=True, rename="camel"):
    """One broken part of a request: where (RFC 6901 JSON pointer, or the parameter's name) and why."""

    pointer: str
    code: str
    detail: str


class Problem(Exception):
    """Something is wrong."""

    title: ClassVar[str] = "Problem"
    vi: ClassVar[str] = "Có lỗi xảy ra."
    retry_after_s: int | None = None

    def __init__(self, detail: str | None = None, *, errors: list[FieldError] | None = None, **params: Any) -> None:
        self.detail = detail
        self.errors = errors or []
        self.params = params
        super().__init__(detail or self.default_detail())

    @classmethod
    def code(cls) -> str:
        """Public, stable name of this problem: the class name in snake_case."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @classmethod
    def default_detail(cls) -> str:
        """First paragraph of the docstring, on one line."""
        return " ".join((cls.__doc__ or cls.title).strip().split("\n\n")[0].split())


class Invalid(Problem):
    """The request does not make sense as it stands."""

    title = "Invalid request"
    vi = "Yêu cầu không hợp lệ."


class Unauthenticated(Problem):
    """Sign in first: the access token is missing, expired or not valid here."""

    title = "Not signed in"
    vi = "Bạn cần đăng nhập: phiên đăng nhập thiếu, hết hạn hoặc không hợp lệ."


class Forbidden(Problem):
    """You are signed in, but this is not yours to do."""

    title = "Not allowed"
    vi = "Bạn không có quyền thực hiện việc này."


class RoleMissing(Forbidden):
    """Your role does not include this."""

    vi = "Vai trò của bạn không bao gồm thao tác này."


class ScopeMissing(Forbidden):
    """The access token was not given the scope this needs."""

    vi = "Mã truy cập không có phạm vi cần thiết cho thao tác này."


class NotForHelpers(Forbidden):
    """You act for somebody else, who has not allowed this or can only do it themselves."""

    vi = "Bạn đang làm thay người khác: việc này chưa được cho phép hoặc chỉ chính người đó được làm."


class NotFound(Problem):
    """There is no such thing that you may see."""

    title = "Not found"
    vi = "Không tìm thấy."


class Conflict(Problem):
    """The thing has changed or is in a state that does not allow this."""

    title = "Conflict"
    vi = "Trạng thái hiện tại không cho phép thao tác này."


class StaleVersion(Conflict):
    """Somebody changed this in the meantime: load it again and decide anew."""

    vi = "Dữ liệu vừa được người khác thay đổi: vui lòng tải lại rồi quyết định."


class Unprocessable(Problem):
    """The request is well formed, and still cannot be carried out as it stands."""

    title = "Cannot be processed"
    vi = "Yêu cầu đúng dạng nhưng không thể thực hiện."


class PreconditionFailed(Problem):
    """What you have is not the present version: load it again, and decide anew."""

    title = "Precondition failed"
    vi = "Bản bạn đang có không còn mới nhất: vui lòng tải lại rồi quyết định."


class PreconditionRequired(Problem):
    """Say with `If-Match` which version you want to change."""

    title = "Precondition required"
    vi = "Cần nêu phiên bản muốn thay đổi bằng tiêu đề If-Match."


class UpgradeRequired(Problem):
    """This version of the app is no longer served: update it."""

    title = "Upgrade required"
    vi = "Phiên bản ứng dụng này không còn được hỗ trợ: vui lòng cập nhật."


class Gone(Problem):
    """This was here once and has expired."""

    title = "Gone"
    vi = "Nội dung này đã hết hạn."


class TooLarge(Problem):
    """That is larger than we take."""

    title = "Too large"
    vi = "Nội dung quá lớn."


class TooMany(Problem):
    """Too many requests: wait a moment."""

    title = "Too many requests"
    vi = "Quá nhiều yêu cầu: vui lòng chờ một lát."


class Locked(Problem):
    """Somebody else is at work on this: ask how far it has come, and go on from there."""

    title = "Locked"
    vi = "Nội dung này đang được một yêu cầu khác xử lý: vui lòng hỏi lại tiến độ rồi tiếp tục."


class ChecksumMismatch(Problem):
    """What arrived is not what the checksum says: nothing of it has been kept, send it again."""

    title = "Checksum mismatch"
    vi = "Dữ liệu nhận được không khớp mã kiểm tra nên đã bị bỏ: vui lòng gửi lại."


class Unavailable(Problem):
    """A system we depend on does not answer: try again shortly."""

    title = "Temporarily unavailable"
    vi = "Hệ thống tạm thời gián đoạn: vui lòng thử lại sau."
    retry_after_s = 5


class AuditUnavailable(Unavailable):
    """What was asked for may only be answered once it has been recorded, and that is not possible at the moment."""

    vi = "Chưa ghi được nhật ký truy cập nên tạm thời chưa thể trả lời."
