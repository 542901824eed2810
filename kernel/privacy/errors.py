"""What can go wrong with the vault."""

from kernel.errors import Unavailable


class VaultUnavailable(Unavailable):
    """Personal data cannot be opened or sealed at the moment. Nothing has been lost."""

    vi = "Tạm thời chưa mở được dữ liệu cá nhân. Không có dữ liệu nào bị mất."


class SubjectErased(Exception):
    """Somebody tried to seal data of a citizen whose data have been erased."""


class SubjectMissing(Exception):
    """A document holds personal data and does not say whose."""
