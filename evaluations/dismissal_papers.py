"""The letters of a dismissal: told, invited, decided, and the receipt that proves the service (Article 12).

A letter says what stood fixed when it was issued and nothing of later days, so that it is the same paper to the byte
whenever it is printed.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from django.conf import settings

from evaluations import actions
from evaluations.models import Delivery, Dismissal, DismissalFile
from expertteam import clock
from expertteam.documents import Block, paper
from expertteam.regulation import anchor, named, provision
from expertteam.templatetags.terrace import long_day, weekday

SITE = settings.SITE
MEASURES = "《创业就业指导专家团管理办法》"
COUNTED = ("日期", "编号", "认定"), (1.5, 1.4, 4)
RIGHTS = [
    "您有权陈述和申辩：可以登录工作台网上提交，可以邮寄或当面递交书面材料，也可以到我局口头陈述，由我们记录、您签字。",
    "您可以要求当面陈述，由没有承办这件事的人听取。",
    "您的每一点意见都会得到答复。不会因为您陈述申辩加重处理。",
    "逾期没有陈述，也没有要求当面陈述的，视为放弃陈述申辩。",
]
EFFECT = "本决定自送达之日起生效。自生效之日起，聘书{number}作废，专家名录不再列名，在办的服务由我局另行安排。保密义务不因解聘而终止。"
REMEDY = (
    "不服本决定的，可以书面向我局申请复核；依法可以申请行政复议或者提起行政诉讼的，期限和受理机关"
    "以局法制部门核定文字为准。"
)
CONTACT = f"{SITE['org']}，电话{SITE['phone']}，{SITE['hours']}"


class Letter(NamedTuple):
    """One kind: how it is made, whether it is there for the office, and whether the expert may read it already."""

    title: str
    made: Callable[[Dismissal], bytes]
    exists: Callable[[Dismissal], bool]
    is_open: Callable[[Dismissal], bool]


def written(day: date) -> str:
    return f"{long_day(day)}（{weekday(day)}）"


def basis_of(ground: str) -> list[str]:
    """The provision in its own words, and the one that asks to hear him first."""
    item = provision(anchor(ground)).text[0]
    heard = provision("a12").text[-1]
    return [f"{MEASURES}{named(ground)}：“{item.rstrip('；。')}”。", f"{MEASURES}{named('12¶2')}：“{heard}”"]


def whom(dismissal: Dismissal) -> list[list[str]]:
    term = dismissal.appointment
    return [["专家", f"{term.name}（{dismissal.expert.no}）"], ["聘书", term.number], ["案号", dismissal.number]]


def notice(dismissal: Dismissal) -> bytes:
    """解聘事先告知书: facts, reasons, basis, rights, until when, how."""
    on = clock.local(dismissal.notice_issued_at).date()
    days = f"自收到本告知书的第二天起{dismissal.defence_days}个工作日内"
    court = [["判决或处罚文书", dismissal.judgment_number]] if dismissal.judgment_number else []
    blocks = [
        Block("text", [f"{dismissal.appointment.name}老师："]),
        Block("text", [f"我局拟解除对您的聘任。作出决定以前，依照{MEASURES}{named('12¶2')}，把下列事项告诉您，并听取您的陈述和申辩。"]),
        Block("facts", [*whom(dismissal), ["情形", dismissal.get_ground_display()], *court]),
        Block("text", lines(dismissal.facts), "一、事实"),
        Block("table", counted(dismissal), "", *COUNTED),
        Block("text", lines(dismissal.reasons), "二、理由"),
        Block("text", basis_of(dismissal.ground), "三、依据"),
        Block("table", evidence(dismissal), "四、证据", ("证明什么", "查看"), (4, 1.4)),
        Block("text", RIGHTS, "您的权利"),
        Block("facts", [["期限", days], ["网上提交", f"{settings.SITE_URL}/desk/"], ["联系", CONTACT]], "期限和办法"),
    ]  # fmt: skip
    return paper("解聘事先告知书", dismissal.notice_number, [each for each in blocks if each.rows], on)


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def evidence(dismissal: Dismissal) -> list[list[str]]:
    """What each piece shows; none can be added once the notice is out."""
    files = dismissal.files.filter(kind=DismissalFile.Kind.EVIDENCE).order_by("pk")
    return [[each.shows, "可以查看" if each.open_to_expert else "涉及他人，不提供"] for each in files]


def decision(dismissal: Dismissal) -> bytes:
    """解聘决定书: facts, what he said and the answer to each point, basis, decision, effect, remedy."""
    on = clock.local(dismissal.decided_at).date()
    term = dismissal.appointment
    facts = lines(dismissal.facts) or ["专家本人提出不再担任。"]
    blocks = [
        Block("facts", [*whom(dismissal), ["情形", dismissal.get_ground_display()]]),
        Block("text", facts, "一、事实"),
        Block("table", counted(dismissal), "", *COUNTED),
        Block("text", lines(dismissal.reasons), "二、理由"),
        Block("text", [heard(dismissal)], "三、陈述申辩"),
        Block("table", answered(dismissal), "", ("您的意见", "采纳", "答复"), (3, 0.8, 3.4)),
        Block("text", basis_of(dismissal.ground), "四、依据"),
        Block("text", [*lines(dismissal.decision), f"决定解除对{term.name}的聘任。"], "五、决定"),
        Block("text", [EFFECT.format(number=term.number)], "六、生效"),
        Block("text", [REMEDY, f"联系：{CONTACT}。"], "七、不服怎么办"),
    ]
    return paper("解聘决定书", dismissal.decision_number, [each for each in blocks if each.rows], on)


def counted(dismissal: Dismissal) -> list[list[str]]:
    """The entries of the ledger it rests on; who found or said it is not told."""
    entries = dismissal.strikes.select_related("case", "refusal").order_by("day", "pk")
    return [[long_day(each.day), each.number, each.words] for each in entries]


def heard(dismissal: Dismissal) -> str:
    """How and when he was heard."""
    if dismissal.waives:
        return f"本人于{long_day(dismissal.heard_on)}提出申请，并书面放弃陈述申辩。"
    told = f"告知书（{dismissal.notice_number}）于{long_day(dismissal.told_on)}送达。"
    how = {
        Dismissal.Heard.STATEMENT: f"您于{long_day(dismissal.heard_on)}提交了陈述申辩。",
        Dismissal.Heard.HEARING: f"我局于{long_day(dismissal.heard_on)}当面听取了您的陈述申辩。",
        Dismissal.Heard.WAIVER: f"您于{long_day(dismissal.heard_on)}明确放弃陈述申辩。",
        Dismissal.Heard.LAPSE: f"截至{long_day(dismissal.defence_until)}，您没有陈述申辩。",
        Dismissal.Heard.MISSED: "您要求当面陈述，经通知没有到场。",
    }
    return told + how[dismissal.heard_how]


def answered(dismissal: Dismissal) -> list[list[str]]:
    """Each point with its answer."""
    return [
        [each.words, "采纳" if each.accepted else "不采纳", each.answer] for each in dismissal.pleas.order_by("place")
    ]


def hearing(dismissal: Dismissal) -> bytes:
    """听取意见通知: when and where; of the latest appointment."""
    at = clock.local(dismissal.hearing_at)
    entry = dismissal.history.filter(history_change_reason=actions.set_hearing.reason).first()
    on = clock.local(entry.history_date if entry else dismissal.hearing_at).date()
    blocks = [
        Block("text", [f"{dismissal.appointment.name}老师：", "您要求当面陈述。请按下面的时间到场，我们听取您的陈述和申辩。"]),
        Block("facts", [*whom(dismissal), ["时间", f"{written(at)} {at:%H:%M}"], ["地点", dismissal.hearing_place]]),
        Block("text", [
            "由没有承办这件事的人主持。您可以带书面材料，说明以后核对笔录并签字。",
            "因正当原因不能到场的，请提前告诉我们另约时间。没有说明原因又不到场的，视为放弃当面陈述。",
            f"联系：{CONTACT}。",
        ], "说明"),
    ]  # fmt: skip
    return paper("听取意见通知", dismissal.number, blocks, on)


def reminder(dismissal: Dismissal) -> bytes:
    """书面提醒: of what, and what was decided; the term goes on."""
    blocks = [
        Block("text", [f"{dismissal.appointment.name}老师：", "我局决定不解除对您的聘任，您的聘期不变。现就下列事项书面提醒您。"]),
        Block("facts", [*whom(dismissal), ["情形", dismissal.get_ground_display()]]),
        Block("text", lines(dismissal.facts), "事实"),
        Block("table", answered(dismissal), "您的意见和答复", ("您的意见", "采纳", "答复"), (3, 0.8, 3.4)),
        Block("text", lines(dismissal.decision), "决定意见"),
        Block("text", [f"请您今后遵守{MEASURES}。本提醒不是解聘。", f"联系：{CONTACT}。"], "提醒"),
    ]  # fmt: skip
    shown = [each for each in blocks if each.rows]
    return paper("书面提醒", dismissal.number, shown, clock.local(dismissal.decided_at).date())


def receipt(dismissal: Dismissal, of: str) -> bytes:
    """送达回证: filled in as far as the service is entered, else to be filled in by hand."""
    is_notice = of == Delivery.Paper.NOTICE
    number = dismissal.notice_number if is_notice else dismissal.decision_number
    issued = clock.local(dismissal.notice_issued_at if is_notice else dismissal.decided_at).date()
    done = dismissal.deliveries.filter(paper=of).select_related("by").first()
    is_online = bool(done) and done.channel == Delivery.Channel.ONLINE
    ways = "　".join(f"□{label}" for value, label in Delivery.Channel.choices if value != Delivery.Channel.ONLINE)
    rows = [
        ["送达文书", Delivery.Paper(of).label],
        ["文号", number],
        ["受送达人", f"{dismissal.appointment.name}（{dismissal.expert.no}）"],
        ["送达方式", done.get_channel_display() if done else ways],
        ["送达日期", long_day(done.served_on) if done else "　　　　年　　月　　日"],
        ["送达地点", "网上" if is_online else "　"],
        ["送达情况", done.note or "　" if done else "　"],
    ]
    signed = [
        ["收件人", "本人网上签收" if is_online else "　"],
        ["送达人", str(done.by) if done and not is_online else "　"],
    ]
    signed += [["见证人", "　"], ["日期", "　"]]
    note = "拒收的，写明拒收经过和日期，由送达人、见证人签字，并附现场照片。"
    blocks = [Block("facts", rows), Block("signatures", signed, "签字"), Block("text", [note], "备注")]
    return paper("送达回证", f"{number}-回证", blocks, issued)


def notice_receipt(dismissal: Dismissal) -> bytes:
    return receipt(dismissal, Delivery.Paper.NOTICE)


def decision_receipt(dismissal: Dismissal) -> bytes:
    return receipt(dismissal, Delivery.Paper.DECISION)


def never(dismissal: Dismissal) -> bool:
    return False


def is_issued(dismissal: Dismissal) -> bool:
    return bool(dismissal.notice_number)


def is_told(dismissal: Dismissal) -> bool:
    return bool(dismissal.notice_number and dismissal.told_on)


def is_confirmed(dismissal: Dismissal) -> bool:
    return bool(dismissal.decision_number)


def is_served(dismissal: Dismissal) -> bool:
    return bool(dismissal.effective_on)


def is_invited(dismissal: Dismissal) -> bool:
    return bool(dismissal.hearing_at)


def is_warned(dismissal: Dismissal) -> bool:
    return dismissal.warned and dismissal.state == Dismissal.State.KEPT


LETTERS = {
    "notice": Letter("解聘事先告知书", notice, is_issued, is_told),
    "notice-receipt": Letter("送达回证（告知书）", notice_receipt, is_issued, never),
    "hearing": Letter("听取意见通知", hearing, is_invited, is_invited),
    "reminder": Letter("书面提醒", reminder, is_warned, is_warned),
    "decision": Letter("解聘决定书", decision, is_confirmed, is_served),
    "decision-receipt": Letter("送达回证（决定书）", decision_receipt, is_confirmed, never),
}
