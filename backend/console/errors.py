"""What can go wrong between a browser and the console."""

from collections.abc import Mapping
from typing import Any

from kernel.errors import FieldError, Forbidden, NotFound, Unauthenticated

# What somebody else has changed (RFC 9110, 15.5.13), or moved to where this step is none (15.5.10).
STALE, CLASH = 412, 409


class NotSignedIn(Unauthenticated):
    """There is no session, or not any more: sign in, and come back to where you were."""

    vi = "Chưa đăng nhập, hoặc phiên làm việc đã kết thúc."


class SignInFailed(Unauthenticated):
    """The sign-in was not completed. Please begin again."""

    vi = "Đăng nhập chưa hoàn tất. Vui lòng đăng nhập lại."


class FormForged(Forbidden):
    """This form did not come from the console, or its session is over. Nothing has been changed."""

    vi = "Biểu mẫu không do bàn làm việc này tạo ra, hoặc phiên đã kết thúc. Chưa có gì thay đổi."


class ConsoleNotSetUp(NotFound):
    """The console is not set up here: the clients file has no app client `motcua-console` for staff."""

    vi = "Bàn làm việc chưa được cài đặt: tệp clients chưa có ứng dụng motcua-console dành cho cán bộ."


class ActUnknown(NotFound):
    """There is no such step."""

    vi = "Không có bước này."


class ApiRefused(Exception):
    """The API said no, in its own words."""

    def __init__(self, status: int, code: str, detail: str, errors: list[FieldError], present: str = "") -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.detail, self.errors, self.present = status, code, detail, errors, present

    def overtaken(self, version: object, form: Mapping[str, Any]) -> bool:
        """Is it because somebody else has changed it since the form was shown? `version` is the present one."""
        return self.status in (STALE, CLASH) and str(version) != form.get("version")
