"""The columns of the office's lists of pay, as they go out; of an account no more than its tail."""

from expertteam import clock
from expertteam.exports import Listing
from expertteam.templatetags.terrace import duration, moment
from payments import batch_page, hindered, standing

EXPERT = {"专家": "expert", "专家编号": "expert.no"}


def line(claim):
    """The one that stands, if any."""
    return next(iter(claim.standing_lines), None)


def worked_out(claim) -> str:
    return line(claim).trace if line(claim) else claim.get_why_not_display()


def owed(claim):
    """The sum, or that there is none as yet."""
    return line(claim).amount if line(claim) else "未计价"


def in_batch(claim):
    """The number of its batch, if it is in one."""
    return line(claim).batch.number if line(claim) and line(claim).batch else None


def entered_by(account) -> str:
    return "本人" if account.entered_by_id == account.expert.user_id else str(account.entered_by)


def usable(account) -> str:
    """From when on, while it still cools."""
    cooling = account.state == "confirmed" and account.usable_from > clock.now()
    return f"{moment(account.usable_from)}起可用" if cooling else ""


def taken(month) -> str:
    """Which files of it were taken, when and by whom."""
    said = "；".join(f"{each.get_kind_display()}：{each.by}{moment(each.at)}导出" for each in month.exports)
    return said or "还没有导出"


def paying(told) -> str:
    return "；".join(f"{row.title}：{row.words}" for row in told.priced)


BATCHES = Listing(
    "劳务报酬批次",
    {
        "批次": "title",
        "编号": "number",
        "制表": "made_by",
        "制表时间": "made_at",
        "笔数": "count",
        "应发（元）": lambda batch: batch.amount if batch.gross is None else batch.gross,
        "实发（元）": lambda batch: "未计税" if batch.paid_out is None else batch.paid_out,
        "状态": "get_state_display",
        "等谁办": lambda batch: batch_page.waits_for(batch) or "已办完",
    },
)
ITEMS = Listing(
    "报酬逐笔",
    {
        **EXPERT,
        "事项": "get_activity_display",
        "日期": "day",
        "时长": lambda claim: duration(claim.minutes),
        "怎么算的": worked_out,
        "应发（元）": owed,
        "状态": standing.words,
        "批次": in_batch,
    },
)
SCHEDULES = Listing(
    "报酬标准",
    {
        "文号": "schedule.document_number",
        "名称": "schedule.title",
        "范围": "schedule.get_scope_display",
        "执行期间": "period",
        "文件有效期至": "schedule.valid_until",
        "怎么算": paying,
        "还没有金额": "open",
        "状态": "schedule.get_state_display",
        "执行": "when",
    },
)
ACCOUNTS = Listing(
    "收款账户",
    {
        **EXPERT,
        "账户": "bank",
        "尾号": "tail",
        "录入": entered_by,
        "录入时间": "entered_at",
        "核实": "confirmed_by",
        "核实时间": "confirmed_at",
        "状态": "get_state_display",
        "可用": usable,
    },
)
HINDERED = Listing(
    "还不能付款的专家",
    {
        "专家": str,
        "专家编号": "no",
        "为什么": lambda expert: "；".join(hindered.reasons(expert)),
        "待发报酬": lambda expert: "有" if expert.owed else "没有",
    },
)
RETURNS = Listing(
    "银行回盘",
    {
        "编号": "number",
        "文件": "filename",
        "导入": "read_by",
        "导入时间": "read_at",
        "到账": "arrived",
        "退回": "came_back",
        "对不上": "unmatched",
        "状态": "get_state_display",
    },
)
SUSPENSE = Listing(
    "挂账",
    {
        "回盘和行号": str,
        "支付参考号": lambda row: row.reference or "没有",
        "金额（元）": lambda row: row.amount or "看不懂",
        "哪里对不上": "why",
        "银行说明": "words",
        "入账": "bank_return.applied_at",
    },
)
TAXES = Listing(
    "个税申报",
    {
        "月份": lambda month: f"{month.first:%Y年}{month.first.month}月",
        "笔数": "payouts",
        "应发（元）": "gross",
        "已扣个税（元）": "tax",
        "申报截止": "due",
        "文件": taken,
    },
)
YEAR = Listing(
    "年度报酬和扣税",
    {
        "专家": "name",
        "专家编号": "no",
        "性质": "income",
        "笔数": "sums.count",
        "应发（元）": "sums.gross",
        "增值税及附加（元）": "sums.vat",
        "个人所得税（元）": "sums.tax",
        "实发（元）": "sums.amount",
    },
)
