"""The columns of the office's lists of selection, as they go out."""

from expertteam.exports import Listing
from expertteam.templatetags.terrace import mask_phone, mask_receipt
from recruitment import renewals


def period(notice) -> str:
    """When it runs, and whether that is certain."""
    if not notice.begins_at:
        return "未发布"
    return "暂定" if notice.provisional else ""


def due(objection):
    """The day, or why there is none."""
    if not objection.answer_due:
        return "不限期"
    return "已答复" if objection.state == "answered" else objection.answer_due


def wished(term):
    """When another term was asked for, or what became of that."""
    wish = getattr(term, "wish", None)
    if wish is None:
        return "还没有表示"
    return "已撤回" if wish.withdrawn_at else wish.at


APPLICATIONS = Listing(
    "选聘申请",
    {
        "申请人": "applicant.name",
        "编号": "number",
        "续聘": lambda application: "续聘" if application.renews_id else "",
        "类别": "get_category_display",
        "单位职务": lambda application: f"{application.employer}{application.position}",
        "手机号": lambda application: mask_phone(application.applicant.phone),
        "批次": "round",
        "提交": lambda application: application.submitted_at or "未提交",
        "状态": "get_state_display",
    },
)
NOTICES = Listing(
    "公示",
    {
        "公示": str,
        "批次": "round",
        "人数": "people",
        "公示期": period,
        "开始": "begins_at",
        "结束": "ends_at",
        "未办结异议": "open_objections",
        "状态": "get_state_display",
    },
)
OBJECTIONS = Listing(
    "异议和线索",
    {
        "受理编号": lambda objection: mask_receipt(objection.receipt),
        "公示": "notice",
        "反映对象": lambda objection: objection.candidate or "整份公示",
        "方面": "get_kind_display",
        "答复期限": due,
        "状态": "get_state_display",
    },
)
RENEWALS = Listing(
    "聘期与续聘",
    {
        "专家": "name",
        "聘书编号": "number",
        "聘期末日": "last_day",
        "聘任类别": "category_name",
        "续聘意愿": wished,
        "进度": "stage_words",
    },
    {"stage": renewals.STAGES},
)
FORMER = Listing(
    "原专家团名单",
    {
        "编号": "number",
        "文件": "filename",
        "试读": "read_at",
        "试读人": "read_by",
        "新建": "new_rows",
        "已有": "known_rows",
        "有问题": "wrong_rows",
        "状态": "get_state_display",
        "导入": "taken_at",
        "导入人": "taken_by",
    },
)
