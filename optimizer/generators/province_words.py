"""Names of a synthetic province: sources, reform areas and counted targets, in the program's trade words."""

from __future__ import annotations

SOURCES = (
    ("tx", "Ngân sách tỉnh, chi thường xuyên", "recurrent"),
    ("dt", "Ngân sách tỉnh, chi đầu tư", "capital"),
    ("mt", "Chương trình mục tiêu quốc gia", "recurrent"),
    ("ht", "Hỗ trợ và huy động ngoài ngân sách", "capital"),
)
"""Id, name and nature of money."""

AREA_NAMES = (
    "cải cách thể chế",
    "cải cách thủ tục hành chính",
    "cải cách tổ chức bộ máy",
    "xây dựng đội ngũ cán bộ, công chức, viên chức",
    "cải cách tài chính công",
    "hiện đại hóa hành chính",
)

TARGETS = (
    ("Thủ tục hành chính được đơn giản hóa", "thủ tục"),
    ("Văn bản quy phạm được rà soát", "văn bản"),
    ("Hồ sơ giải quyết đúng hạn tăng thêm", "trăm hồ sơ"),
    ("Bộ phận một cửa được hiện đại hóa", "bộ phận"),
    ("Dịch vụ công trực tuyến được cung cấp", "dịch vụ"),
    ("Cán bộ cấp xã được bồi dưỡng", "lượt người"),
    ("Công chức được đào tạo theo vị trí việc làm", "lượt người"),
    ("Vị trí việc làm có bản mô tả", "vị trí"),
    ("Đơn vị sự nghiệp tự chủ thêm", "đơn vị"),
    ("Cơ quan được kiện toàn chức năng", "cơ quan"),
    ("Quy trình áp dụng hệ thống quản lý chất lượng", "quy trình"),
    ("Văn bản trao đổi qua mạng", "nghìn văn bản"),
    ("Cơ sở dữ liệu dùng chung được đưa vào sử dụng", "bộ dữ liệu"),
    ("Trụ sở xã được cải tạo", "trụ sở"),
    ("Máy trạm được thay mới", "máy"),
    ("Đường truyền chuyên dùng được lắp đặt", "điểm"),
    ("Cuộc đối thoại với người dân", "cuộc"),
    ("Phiếu khảo sát mức độ hài lòng", "trăm phiếu"),
    ("Thủ tục thực hiện theo cơ chế liên thông", "thủ tục"),
    ("Cuộc kiểm tra công vụ", "cuộc"),
    ("Hồ sơ lưu trữ được số hóa", "nghìn hồ sơ"),
    ("Đơn vị giao kinh phí theo kết quả", "đơn vị"),
    ("Bộ thủ tục được công khai", "bộ"),
    ("Tin bài tuyên truyền cải cách", "bài"),
)
"""Name and unit of each counted target."""
