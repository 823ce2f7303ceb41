"""Every verb of the system: the name used by permission, audit, workflow and button alike."""

from __future__ import annotations

from finance.labels import LabelledEnum


class Action(LabelledEnum):
    """An act a person may ask for. The operation that performs it bears the same words."""

    # Looking
    VIEW_WORKLIST = "VIEW_WORKLIST", "xem việc của tôi"
    VIEW_PROGRAMME = "VIEW_PROGRAMME", "xem chương trình"
    VIEW_ROUND = "VIEW_ROUND", "xem đợt lập dự toán"
    VIEW_ESTIMATE = "VIEW_ESTIMATE", "xem dự toán"
    VIEW_REVIEWS = "VIEW_REVIEWS", "xem hồ sơ thẩm định"
    VIEW_SCENARIOS = "VIEW_SCENARIOS", "xem phương án phân bổ"
    VIEW_ALLOCATION = "VIEW_ALLOCATION", "xem quyết định phân bổ"
    VIEW_ANSWER = "VIEW_ANSWER", "xem kết quả phân bổ của đơn vị"
    VIEW_REPORTS = "VIEW_REPORTS", "xem bảng tổng hợp"
    VIEW_AUDIT = "VIEW_AUDIT", "xem nhật ký"
    # Own account
    SIGN_IN = "SIGN_IN", "đăng nhập"
    SIGN_OUT = "SIGN_OUT", "đăng xuất"
    CHANGE_PASSWORD = "CHANGE_PASSWORD", "đổi mật khẩu"
    # Administration
    REGISTER_AGENCY = "REGISTER_AGENCY", "đăng ký cơ quan"
    ASSIGN_FUNCTION = "ASSIGN_FUNCTION", "giao chức năng cho cơ quan"
    ADD_PERSON = "ADD_PERSON", "thêm người dùng"
    GRANT_POSITION = "GRANT_POSITION", "giao vị trí công tác"
    END_POSITION = "END_POSITION", "thôi vị trí công tác"
    DEACTIVATE_PERSON = "DEACTIVATE_PERSON", "khóa tài khoản"
    LOAD_PROGRAMME = "LOAD_PROGRAMME", "nạp chương trình và danh mục"
    SET_CLOCK = "SET_CLOCK", "đặt ngày làm việc minh họa"
    # The round
    OPEN_ROUND = "OPEN_ROUND", "mở đợt lập dự toán"
    SET_DEADLINE = "SET_DEADLINE", "đặt thời hạn"
    ISSUE_CEILING = "ISSUE_CEILING", "thông báo số kiểm tra"
    SET_ENVELOPE = "SET_ENVELOPE", "xác định khả năng cân đối"
    RECORD_BASELINE = "RECORD_BASELINE", "ghi hiện trạng chỉ tiêu"
    # The estimate
    START_ESTIMATE = "START_ESTIMATE", "lập dự toán mới"
    SAVE_DRAFT = "SAVE_DRAFT", "lưu bản nháp"
    IMPORT_WORKBOOK = "IMPORT_WORKBOOK", "nhập từ bảng tính"
    CHECK_ESTIMATE = "CHECK_ESTIMATE", "trình thủ trưởng"
    REOPEN_ESTIMATE = "REOPEN_ESTIMATE", "rút lại để sửa"
    REFUSE_ESTIMATE = "REFUSE_ESTIMATE", "trả lại người lập"
    SIGN_ESTIMATE = "SIGN_ESTIMATE", "ký duyệt"
    SEND_ESTIMATE = "SEND_ESTIMATE", "gửi thẩm định"
    WITHDRAW_ESTIMATE = "WITHDRAW_ESTIMATE", "rút hồ sơ đã gửi"
    REVISE_ESTIMATE = "REVISE_ESTIMATE", "mở bản lập lại"
    # Appraisal
    RECEIVE_ESTIMATE = "RECEIVE_ESTIMATE", "tiếp nhận"
    RETURN_ESTIMATE = "RETURN_ESTIMATE", "trả lại để hoàn chỉnh"
    BEGIN_CONTENT_APPRAISAL = "BEGIN_CONTENT_APPRAISAL", "bắt đầu thẩm định nội dung"
    GIVE_CONTENT_OPINION = "GIVE_CONTENT_OPINION", "cho ý kiến nội dung"
    PASS_CONTENT = "PASS_CONTENT", "thông qua nội dung"
    APPRAISE_LINE = "APPRAISE_LINE", "thẩm định dòng chi"
    APPRAISE_OUTPUT = "APPRAISE_OUTPUT", "thẩm định kết quả cam kết"
    GIVE_POOL_OPINION = "GIVE_POOL_OPINION", "cho ý kiến về dự án xin phân bổ"
    GIVE_IT_OPINION = "GIVE_IT_OPINION", "cho ý kiến chuyên ngành"
    CONCLUDE_APPRAISAL = "CONCLUDE_APPRAISAL", "kết luận thẩm định"
    # Allocation
    CREATE_SCENARIO = "CREATE_SCENARIO", "lập phương án"
    CHANGE_SCENARIO = "CHANGE_SCENARIO", "sửa phương án"
    REQUEST_RUN = "REQUEST_RUN", "chạy phương án"
    CANCEL_RUN = "CANCEL_RUN", "dừng lượt chạy"
    RECORD_RUN = "RECORD_RUN", "ghi kết quả lượt chạy"
    ADOPT_SCENARIO = "ADOPT_SCENARIO", "chọn phương án"
    ADJUST_AWARD = "ADJUST_AWARD", "điều chỉnh mức phân bổ"
    SUBMIT_ALLOCATION = "SUBMIT_ALLOCATION", "trình phê duyệt phân bổ"
    RETURN_ALLOCATION = "RETURN_ALLOCATION", "trả lại phương án phân bổ"
    APPROVE_ALLOCATION = "APPROVE_ALLOCATION", "phê duyệt phân bổ"
