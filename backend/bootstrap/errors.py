"""What can go wrong when somebody changes what apps are told."""

from kernel.errors import Invalid


class AppStateMalformed(Invalid):
    """A version is up to three numbers with dots, a store address is https, a switch is a short name."""

    vi = "Phiên bản gồm tối đa ba số cách nhau bằng dấu chấm; địa chỉ cửa hàng phải là https; tên tính năng phải ngắn gọn."
