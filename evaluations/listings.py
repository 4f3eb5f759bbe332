"""The columns of the office's lists of evaluation, as they go out."""

from expertteam.exports import Listing
from expertteam.templatetags.terrace import mask_receipt

EXPERT = {"专家": "expert", "专家编号": "expert.no"}
YEAR = {"year": {}}


def handled(rating) -> str:
    """What is still to be done about it."""
    if case := getattr(rating, "case", None):
        return case.get_state_display()
    if rating.quote != "none":
        return f"文字{rating.get_quote_display()}"
    return "等服务对象" if rating.state == "open" else "不用办"


def counted(merit) -> str:
    if merit.revokes_id:
        return "冲销"
    return "已冲销" if getattr(merit, "revoked_by", None) else "计入"


def due(case):
    """The day, or why there is none."""
    return (case.due or "没有定") if case.is_open else "已办结"


RATINGS = Listing(
    "评价与回访",
    {
        "评价": lambda rating: rating.get_grade_display() or "待评价",
        "评价时间": "given_at",
        "专家": "expert",
        "服务": "service.started_at",
        "预约号": "service.request.number",
        "哪些方面": lambda rating: "、".join(rating.reasons) or "没有选",
        "渠道": lambda rating: rating.get_channel_display() or "还没有",
        "回访编号": "case.number",
        "办理": handled,
    },
)
REPORTS = Listing(
    "举报",
    {
        "受理编号": lambda report: mask_receipt(report.receipt),
        "反映哪位": lambda report: report.expert or report.about,
        "方面": "get_kind_display",
        "答复期限": lambda report: "已答复" if report.state == "answered" else report.answer_due,
        "状态": "get_state_display",
    },
)
ASSESSMENTS = Listing(
    "年度评价",
    {
        "年度": "year",
        **EXPERT,
        "总分": "total",
        "等次": "get_grade_display",
        "说明": lambda sheet: "；".join(sheet.remarks) or "没有",
        "状态": "get_state_display",
        "第几版": "revision",
    },
    YEAR,
)
MERITS = Listing(
    "评价事项",
    {
        "年度": "year",
        "事项": "get_kind_display",
        "分": "points",
        "专家": "expert",
        "登记": "by",
        "登记时间": "at",
        "情况": counted,
    },
    YEAR,
)
REFUSALS = Listing(
    "不履职核实",
    {
        "编号": "number",
        **EXPERT,
        "情形": "get_kind_display",
        "发生日期": "day",
        "认定": lambda refusal: refusal.get_finding_display() or "还没有",
        "状态": "get_state_display",
        "期限": "due",
    },
)
STRIKES = Listing(
    "计次台账",
    {
        "编号": "number",
        **EXPERT,
        "依据": "get_ground_display",
        "发生日期": "day",
        "来源": "source.number",
        "认定": "found_by",
        "认定时间": "found_at",
        "申诉": "get_state_display",
        "申诉到": lambda strike: strike.appeal_until if strike.state == "standing" else None,
        "复查": "reviewed_by",
    },
)
DISMISSALS = Listing(
    "解聘",
    {
        "案号": "number",
        "提出": "opened_at",
        **EXPERT,
        "情形": "get_ground_display",
        "承办人": lambda case: case.handler or "还没有",
        "期限": due,
        "状态": "get_state_display",
    },
)
HONOURS = Listing(
    "表彰推荐",
    {
        "编号": "number",
        **EXPERT,
        "年度和类别": "words",
        "批准文号": "approval",
        "提名": "nominated_at",
        "状态": "get_state_display",
    },
)
