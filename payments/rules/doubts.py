"""What somebody has to look at before a line is paid, as sentences (Article 13)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from expertteam.regulation import article
from payments.rules.tariff import plain


class Doubt(NamedTuple):
    """One thing to look at; a hard one keeps the line out of every batch."""

    code: str
    words: str
    hard: bool = False


@dataclass(frozen=True)
class Facts:
    """What is known of one line; ``matter`` in words, as 劳务品牌评审, ``near_holiday`` the name of the
    holiday among whose bridged rest days it falls, ``overlaps`` what else took place at the time,
    ``returned``: it was sent before, and the bank sent it back, ``contradicted``: by a later word, not cleared up yet,
    it had arrived after all,
    ``account`` one of ``none``, ``cooling``, ``failed`` (the last payment came back), ``new`` and ``ok``,
    ``amount`` the fee if it is to be said.
    """

    whom: str
    matter: str
    day: date
    minutes: int
    capped: bool = False
    extended: bool = False
    amount: Decimal | None = None
    holiday: bool = False
    near_holiday: str = ""
    overlaps: str = ""
    signed_in: bool = True
    account: str = "ok"
    returned: bool = False
    contradicted: bool = False
    official: bool = False
    consented: bool = False
    expired_on: date | None = None
    confirmed: bool = True

    def __post_init__(self):
        if self.account not in ("none", "cooling", "failed", "new", "ok"):
            raise ValueError(f"unknown account {self.account!r}")


@article("13")
def doubts(facts: Facts) -> list[Doubt]:
    """给予一定的补贴

    Hard is what the law or a secure payment forbids: no account, one that is still cooling, a civil
    servant (公务员法第四十四条) without the consent of the unit, what the bank may have paid already.  All else
    a person looks at and decides.
    """
    return [
        each
        for find in (_account, _official, _again, _cap, _holiday, _presence, _first, _schedule)
        for each in find(facts)
    ]


def _account(facts: Facts):
    if facts.account == "none":
        yield Doubt("no_account", f"{facts.whom}还没有收款账户，不能付款。请专家填写，或者凭纸质材料代录", hard=True)
    if facts.account == "cooling":
        yield Doubt("cooling", f"{facts.whom}的收款账户刚变更，暂不能付款。请回访核实，等满观察期", hard=True)


def _official(facts: Facts):
    if facts.official and not facts.consented:
        yield Doubt("official", f"{facts.whom}是公职人员，没有登记单位同意，不能付款。请先登记同意和依据", hard=True)


def _again(facts: Facts):
    if facts.contradicted:
        words = "银行先说退回，后来又说已经到账。请先核实并核销那一行回盘"
        yield Doubt("contradicted", f"{_when(facts)}：{facts.matter}的报酬，{words}", hard=True)
    elif facts.returned:
        yield Doubt("again", f"{_when(facts)}：{facts.matter}的报酬付过一次，银行退回了。请核对退款已经到账再重发")


def _cap(facts: Facts):
    who = f"{facts.whom}，{facts.matter}{_length(facts.minutes)}"
    paid = "" if facts.amount is None else f"{plain(facts.amount)}元"
    part = f"、{_length(rest)}怎么算" if (rest := facts.minutes % 60) else ""
    if facts.extended:
        yield Doubt("over_cap", f"{who}：延时部分已计入{paid and f'，共{paid}'}。请确认延时是否批准{part}")
    elif facts.capped:
        yield Doubt("over_cap", f"{who}：按封顶计{paid or '算'}，超出的没有计入。请确认时长、延时是否批准{part}")


def _holiday(facts: Facts):
    if facts.holiday:
        yield Doubt("holiday", f"{_when(facts)}：当天是法定节假日，已加倍。请确认{facts.matter}确在这一天")
    elif facts.near_holiday:
        yield Doubt(
            "near_holiday", f"{_when(facts)}：在{facts.near_holiday}假期里，但不是法定节假日当天，暂按不加倍。请确认"
        )


def _presence(facts: Facts):
    if facts.overlaps:
        yield Doubt(
            "overlap", f"{_when(facts)}：{facts.matter}和{facts.overlaps}时间重叠。请核对时间，同一时间只付一次"
        )
    if not facts.signed_in:
        yield Doubt("no_sign_in", f"{_when(facts)}：{facts.matter}没有签到记录。请核实到场，或者补签到材料")


def _first(facts: Facts):
    if facts.account == "failed":
        yield Doubt("failed", f"{facts.whom}的收款账户上次付款被银行退回。请先和专家核对账户")
    if facts.account == "new":
        yield Doubt("first_payment", f"{facts.whom}的收款账户是第一次付款。请核对户名和尾号")


def _schedule(facts: Facts):
    if facts.expired_on is not None:
        day = facts.expired_on
        yield Doubt("expired", f"{facts.matter}的标准{day.year}年{_day(day)}已到期。请确认是否沿用，或者录入新标准")
    if not facts.confirmed:
        yield Doubt("unconfirmed", f"{facts.matter}的标准还没有经局里确认。请先确认标准")


def _when(facts: Facts) -> str:
    return f"{facts.whom}，{_day(facts.day)}"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _length(minutes: int) -> str:
    """9.5小时; 2小时50分钟; 20分钟."""
    if minutes % 30 == 0:
        return f"{minutes / 60:g}小时"
    hours, rest = divmod(minutes, 60)
    return f"{hours}小时{rest}分钟" if hours else f"{rest}分钟"
