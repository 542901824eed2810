"""What can go wrong on the way in. The same sentences serve problem+json and the pages a person sees in the browser."""

from kernel.errors import Forbidden, Invalid, NotFound, Unauthenticated, Unavailable


class TokenInvalid(Unauthenticated):
    """This access token is not valid here, or no longer."""

    vi = "Mã truy cập không hợp lệ hoặc không còn hiệu lực."


class ProofInvalid(Unauthenticated):
    """The DPoP proof is missing or does not fit: it must be of this request, this access token and this minute, and come once."""

    vi = "Bằng chứng DPoP thiếu hoặc không khớp với yêu cầu, mã truy cập, thời điểm này, hoặc đã được dùng."


class ProofNonceMissing(Unauthenticated):
    """The DPoP proof needs the nonce that comes with this answer in `DPoP-Nonce`: make a new proof with it and try again."""

    vi = "Bằng chứng DPoP cần giá trị nonce trong tiêu đề DPoP-Nonce của phản hồi này: hãy tạo bằng chứng mới và thử lại."

    def __init__(self, nonce: str = "") -> None:
        self.nonce = nonce
        super().__init__()


class TokenNeedsProof(Unauthenticated):
    """This access token is bound to a key: send it with the scheme DPoP and a proof of that key."""

    vi = "Mã truy cập này gắn với khóa của thiết bị: cần gửi kèm bằng chứng DPoP."


class TokenUnbound(Unauthenticated):
    """This access token is bound to no key, so the scheme DPoP says nothing about it."""

    vi = "Mã truy cập này không gắn với khóa nào nên không dùng được với DPoP."


class BearerRefused(Unauthenticated):
    """Access tokens that are bound to no key are not taken here any more: update the app and sign in again."""

    vi = "Hệ thống không còn nhận mã truy cập không gắn với khóa: vui lòng cập nhật ứng dụng rồi đăng nhập lại."


class SessionEnded(Unauthenticated):
    """This session has been ended: sign in again."""

    vi = "Phiên đăng nhập đã kết thúc: vui lòng đăng nhập lại."


class StaffAccessWithdrawn(Unauthenticated):
    """The staff directory does not grant you access any more."""

    vi = "Danh bạ cán bộ không còn cấp quyền truy cập cho bạn."


class SessionNotFound(NotFound):
    """You have no such session."""

    vi = "Bạn không có phiên đăng nhập này."


class AppNotAttested(Forbidden):
    """Nobody vouches for the app that asks: use the app as the store gives it, and update it."""

    vi = "Không xác thực được ứng dụng: hãy dùng bản ứng dụng từ kho chính thức và cập nhật."


class DelegationNotFound(NotFound):
    """You have given no such permission."""

    vi = "Bạn không có ủy quyền này."


class DelegationTooLong(Invalid):
    """An assistant may act for you for an hour, a proxy for a day, a guardian for thirty days."""

    vi = "Cán bộ hỗ trợ được làm thay tối đa một giờ, người được ủy quyền một ngày, người giám hộ ba mươi ngày."


class ClientUnknown(Invalid):
    """The application that sent you here is not registered, or its return address is not: nothing has been sent anywhere."""

    title = "Unknown application"
    vi = "Ứng dụng yêu cầu đăng nhập chưa được đăng ký, hoặc địa chỉ quay về không đúng. Chưa có thông tin nào được gửi đi."


class AuthorizationRequestMalformed(Invalid):
    """The application's sign-in request says the same thing twice or cannot be read."""

    title = "Broken sign-in request"
    vi = "Yêu cầu đăng nhập của ứng dụng bị lặp tham số hoặc không đọc được."


class StepUpRequired(Unauthenticated):
    """This needs a fresh sign-in: sign in again as the answer's WWW-Authenticate says, then ask within five minutes."""

    vi = "Thao tác này cần đăng nhập lại: hãy đăng nhập theo yêu cầu trong phản hồi rồi thực hiện trong vòng năm phút."

    def __init__(self, level: int = 0, max_age_s: int = 0) -> None:
        # RFC 9470, 3: what the app has to ask for at the authorization endpoint.
        acr = f', acr_values="{level}"' if level else ""
        super().__init__(challenge=f'error="insufficient_user_authentication"{acr}, max_age="{max_age_s}"')


class ProviderUnknown(NotFound):
    """There is no such account provider."""

    title = "Unknown account provider"
    vi = "Không có nhà cung cấp tài khoản này."


class SignInInterrupted(Invalid):
    """This sign-in was not started in this browser, has been used, or took longer than ten minutes. Start again in the app."""

    title = "Sign-in interrupted"
    vi = "Phiên đăng nhập này không bắt đầu từ trình duyệt này, đã được dùng hoặc đã quá 10 phút. Vui lòng bắt đầu lại từ ứng dụng."


class ProviderUnavailable(Unavailable):
    """The account provider does not answer."""

    vi = "Nhà cung cấp tài khoản không phản hồi: vui lòng thử lại sau."


class ProviderAnswerRefused(Invalid):
    """The account provider's answer did not pass our checks."""

    vi = "Phản hồi của nhà cung cấp tài khoản không vượt qua kiểm tra an toàn."


class AccountNotAccepted(Forbidden):
    """This account cannot be used here."""

    vi = "Tài khoản này không được dùng để đăng nhập tại đây."


class AccountLocked(AccountNotAccepted):
    """This account has been locked by its owner: unlock it with the code that was given then."""

    vi = "Tài khoản đã được chủ tài khoản khóa: hãy mở khóa bằng mã đã được cấp."


class UnlockCodeUnknown(NotFound):
    """No locked account has this code."""

    vi = "Không có tài khoản bị khóa nào ứng với mã này."


class SecurityEventInvalid(Invalid):
    """The security event token did not pass our checks."""

    vi = "Thông điệp sự kiện an toàn không hợp lệ."


class LogoutTokenInvalid(Invalid):
    """The logout token did not pass our checks."""

    vi = "Mã đăng xuất không hợp lệ."
