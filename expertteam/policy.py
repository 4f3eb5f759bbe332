"""The numbers that the Measures leave open, each with its default and why that default."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple


class OpenNumber(NamedTuple):
    """A number the bureau may fix by a document, from ``least`` to ``most``; until then ``default`` holds."""

    label: str
    default: int
    ground: str
    least: int = 1
    most: int = 366


OPEN_NUMBERS = {
    "notice_days": OpenNumber(
        "公示天数（工作日）", 5, "第十一条未定天数；各地人选公示惯例为5个工作日，首日计入", least=3, most=30
    ),
    "notice_end_hour": OpenNumber("公示末日截止时刻（点）", 18, "下班时间", least=0, most=23),
    "supplement_days": OpenNumber("补正期限（工作日）", 5, "办法未定，留足一周"),
    "supplement_rounds": OpenNumber("每次报名最多退回补正次数", 2, "办法未定，避免无限退回", least=0, most=9),
    "objection_days": OpenNumber("异议答复期限（工作日）", 10, "办法未定，惯例为10个工作日"),
    "answer_days": OpenNumber("预约答复期限（工作日）", 3, "办法未定，前台承诺最晚3个工作日答复"),
    "offer_days": OpenNumber("专家答复期限（工作日）", 1, "办法未定，逾期由下一位候选接上"),
    "change_hours": OpenNumber(
        "自行改期或取消的截止（见面前小时数）", 24, "办法未定，再晚请电话办理", least=0, most=168
    ),
    "open_bookings": OpenNumber("每个手机号同时进行的预约上限", 3, "办法未定，防止占号"),
    "bookings_a_day": OpenNumber("每个手机号每天预约上限", 10, "办法未定，防止滥用"),
    "log_days": OpenNumber("服务记录期限（工作日）", 3, "办法未定，逾期仍可补记并标明"),
    "confirm_days": OpenNumber("服务对象确认期限（工作日）", 5, "办法未定，不答复的进入电话回访，不视为同意"),
    "callback_percent": OpenNumber(
        "逾期未确认的服务电话回访比例（%）", 100, "办法未定，不答复不等于同意，先全部回访", least=1, most=100
    ),
    "callback_days": OpenNumber("电话回访期限（工作日）", 5, "办法未定，留足一周，多打几次"),
    "phone_code": OpenNumber(
        "预约时验证手机号（1验证，0不验证）", 0, "办法未定；短信通道开通后由局里决定", least=0, most=1
    ),
    "slot_minutes": OpenNumber("每次指导时长（分钟）", 60, "办法未定，面对面谈清一件事约需一小时", least=15, most=240),
    "monthly_cap": OpenNumber(
        "每位专家每月最多接几次预约", 12, "办法未定，专家兼职，每周约三次；专家可以自定", least=1, most=99
    ),
    "booking_lead_hours": OpenNumber(
        "最晚提前多少小时预约", 24, "办法未定，留出匹配和专家答复的时间", least=0, most=168
    ),
    "pairing_days": OpenNumber("结对帮扶至少几天联系一次", 30, "办法只说持续跟踪；结对时可另行约定"),
    "booking_horizon_days": OpenNumber("最远可约多少天以后", 28, "办法未定，再远容易改期", least=1, most=120),
    "rating_days": OpenNumber("评价期限（天）", 15, "办法未定，惯例为15天"),
    "rating_change_hours": OpenNumber("评价后可修改的时间（小时）", 24, "办法未定，只能改一次", least=0, most=168),
    "poor_call_days": OpenNumber("差评回访期限（工作日）", 1, "办法未定，评价页承诺1个工作日内回电话"),
    "statement_days": OpenNumber("专家对差评的说明期限（工作日）", 5, "办法未定，留足一周"),
    "finding_days": OpenNumber("差评和不履职认定期限（工作日，从说明期满起）", 5, "办法未定，留足一周"),
    "rectify_days": OpenNumber("差评整改期限（工作日）", 10, "参照太原市政务服务好差评制度，10个工作日内整改"),
    "panel_alternates": OpenNumber("评审备选人数", 2, "参照财政部门旧规，按顺序至少抽2名备选", least=0, most=5),
    "panel_draw_days": OpenNumber(
        "最早在评审前几个工作日抽取", 2, "参照财库〔2016〕198号，不早于评审前2个工作日", most=30
    ),
    "panel_answer_hours": OpenNumber("评审专家答复期限（小时）", 4, "办法未定，评审前两日内抽取，须当天答复", most=72),
    "panel_cap": OpenNumber("每位专家90天内最多参加几次评审", 3, "办法未定，轮换参加，避免总是同几个人", most=90),
    "seat_objection_days": OpenNumber("被递补专家提出异议的期限（工作日）", 5, "办法未定，与公示期相同"),
    "report_days": OpenNumber("举报答复期限（工作日）", 10, "办法未定，与公示异议的答复期限相同"),
    "refusal_statement_days": OpenNumber("专家说明不履职原因的期限（工作日）", 5, "办法未定，与差评说明期限相同"),
    "strike_appeal_days": OpenNumber("对计次提出申诉的期限（工作日）", 5, "办法未定，与公示期相同"),
    "defence_days": OpenNumber(
        "解聘前陈述申辩期限（工作日）", 5, "第十二条未定天数；参照行政处罚法听证申请期限5日", least=3, most=30
    ),
    "hearing_notice_days": OpenNumber(
        "当面听取意见前几个工作日通知", 7, "参照行政处罚法，听证的7日前通知", least=1, most=30
    ),
    "decision_service_days": OpenNumber("解聘决定书送达期限（工作日）", 7, "参照行政处罚法，7日内送达", most=30),
    "suspend_during_case": OpenNumber(
        "解聘案件办理期间暂停派新任务（1暂停，0不暂停）", 1, "办法未定，先不派新任务，已约好的照常", least=0, most=1
    ),
    "reapply_years": OpenNumber(
        "被解聘后几年内不再受理报名（0不限）", 3, "办法未定，本人提出的不受限制", least=0, most=10
    ),
    "assessment_contest_days": OpenNumber("对年度评价申请复核的期限（工作日）", 5, "办法未定，与公示期相同"),
    "account_cooling_days": OpenNumber("收款账户变更后的观察期（天）", 3, "办法未定，留出本人发现冒用的时间", most=30),
    "phone_cooling_hours": OpenNumber(
        "更换手机号的观察期（小时）", 72, "办法未定，留出本人发现冒用的时间", least=24, most=720
    ),
    "withhold_vat": OpenNumber(
        "代扣增值税（1代扣，0不代扣）",
        0,
        "财政部税务总局公告2026年第28号的内容待财务科确认，确认前不代扣",
        least=0,
        most=1,
    ),
    "renewal_window_days": OpenNumber("聘期届满前几天起可提出续聘", 180, "办法未定，留出一批选聘的时间"),
    "export_rows": OpenNumber("名单一次最多导出几行", 2000, "办法未定；再多的先筛选，分几次导出", most=20_000),
}


def in_force(dated: Iterable, keys: list[str], on: date) -> dict[str, int]:
    """The values of these keys on that day, by the ``Policy`` rows in the order in which they came into force."""
    fixed = {each.key: each.value for each in dated if each.key in keys and each.effective_from <= on}
    return {key: OPEN_NUMBERS[key].default for key in keys} | fixed
