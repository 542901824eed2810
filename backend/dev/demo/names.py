"""What invented people are called: common Vietnamese family, middle and given names, to be combined."""

FAMILY = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Lâm", "Trương",
    "Thạch", "Danh", "Kim", "Châu", "Quách", "Tô", "Mai", "Đinh",
)  # fmt: skip

WOMEN_MIDDLE = ("Thị", "Ngọc", "Thu", "Kim", "Hồng", "Mỹ", "Thanh", "Bích")
WOMEN_GIVEN = (
    "An", "Ánh", "Bình", "Chi", "Cúc", "Diễm", "Dung", "Duyên", "Đào", "Giang", "Hà", "Hạnh", "Hằng", "Hiền", "Hương", "Huệ",
    "Khuyên", "Lài", "Liên", "Loan", "Ly", "Mận", "Mơ", "Nga", "Ngân", "Nhàn", "Nhi", "Nhung", "Oanh", "Phụng", "Phượng", "Quyên",
    "Sương", "Thắm", "Thơ", "Thúy", "Thủy", "Tiên", "Trang", "Trúc", "Tuyết", "Uyên", "Vân", "Xuân", "Yến",
)  # fmt: skip

MEN_MIDDLE = ("Văn", "Hữu", "Minh", "Quốc", "Thanh", "Đức", "Hoàng", "Công")
MEN_GIVEN = (
    "An", "Bảo", "Bình", "Cảnh", "Chí", "Cường", "Danh", "Duy", "Đạt", "Điền", "Đông", "Giàu", "Hải", "Hậu", "Hiếu", "Hòa",
    "Huy", "Hưng", "Kha", "Khải", "Khoa", "Kiệt", "Lộc", "Lợi", "Luân", "Mẫn", "Nghĩa", "Nguyên", "Nhân", "Phát", "Phú", "Quân",
    "Quý", "Sang", "Sơn", "Tài", "Tấn", "Thành", "Thiện", "Thịnh", "Tín", "Toàn", "Trí", "Trọng", "Trung", "Tường", "Vinh", "Vũ",
)  # fmt: skip
