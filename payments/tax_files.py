"""扣缴申报: a month's income for the tax office's program, and the people it does not know yet (Article 13).

The sheets that the program imports hold its own columns and nothing else; what the portal withheld stands on a
sheet of its own, to be compared with what the program works out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from expertteam import clock
from expertteam.identifiers import born_on
from expertteam.models import User
from expertteam.workbooks import book
from payments import rules
from payments.models import Income, Payout
from payments.money import ZERO

# The program's own columns, by the template of domain.md §2.3; where its next version differs, change them here.
TAX_COLUMNS = ["工号", "*姓名", "*证件类型", "*证件号码", "*所得项目", "*收入", "免税收入", "商业健康保险"]
TAX_COLUMNS += ["税延养老保险", "其他", "允许扣除的税费", "减免税额", "协定减免", "备注"]
PEOPLE_COLUMNS = ["工号", "*姓名", "*证件类型", "*证件号码", "*国籍(地区)", "*性别", "*出生日期"]
PEOPLE_COLUMNS += ["*任职受雇从业类型", "手机号码", "开户银行", "银行账号"]
CHECK_COLUMNS = ["工号", "姓名", "所得性质", "税收居民", "收入（元）", "允许扣除的税费（元）", "已扣个税（元）"]
CHECK_COLUMNS += ["按当月累计应扣（元）", "差额（元）", "说明"]
GAP_COLUMNS = ["工号", "姓名", "缺什么"]
RESIDENTS, OTHERS, CHECK = "劳务报酬所得", "非居民个人", "核对"
PEOPLE, GAPS = "人员信息采集", "要补填"
ITEM, OCCUPATION = "一般劳务报酬所得", "其他"
AREAS = {  # how a permit's number begins → what the program calls it, and its holder's country or region
    "residence_permit": {
        "81": ("港澳居民居住证", "中国香港"), "82": ("港澳居民居住证", "中国澳门"), "83": ("台湾居民居住证", "中国台湾"),
    },
    "travel_permit": {
        "H": ("港澳居民来往内地通行证", "中国香港"), "M": ("港澳居民来往内地通行证", "中国澳门"),
        "": ("台湾居民来往大陆通行证", "中国台湾"),
    },
    "resident_id": {"": ("居民身份证", "中国")},
    "permanent_resident_card": {"": ("外国人永久居留身份证", "")},
    "passport": {"": ("", "")},  # the portal does not know whether a passport is Chinese
}  # fmt: skip
BORN_IN_IT = ("resident_id", "residence_permit")


class Sum(NamedTuple):
    """What several payouts of one person come to: income without value added tax."""

    income: Decimal
    charges: Decimal
    tax: Decimal


def tax_file(month: date) -> bytes:
    """The income of the month, a row for each person; the bank's answers and releases of the month may change it."""
    paid = of_month(month)
    sheets = {
        RESIDENTS: (TAX_COLUMNS, declared(each for each in paid if each.resident)),
        OTHERS: (TAX_COLUMNS, declared(each for each in paid if not each.resident)),
        CHECK: (CHECK_COLUMNS, checks(paid)),
    }
    return book(sheets, clock.instant(month))


def people_file(month: date) -> bytes:
    """Those whose first money that month brought: the program knows the others already."""
    payouts = {each.expert_id: each for each in of_month(month)}
    known = Payout.objects.received().filter(batch__paid_in__lt=month, expert__in=payouts).order_by()
    for expert in known.values_list("expert", flat=True):
        payouts.pop(expert, None)
    rows = [person(each) for each in payouts.values()]
    return book({PEOPLE: (PEOPLE_COLUMNS, rows), GAPS: (GAP_COLUMNS, gaps(rows))}, clock.instant(month))


def of_month(month: date) -> list[Payout]:
    """What was released in it and not sent back, person by person."""
    received = Payout.objects.received().filter(batch__paid_in=month)
    return list(
        received.select_related("expert__user", "account").order_by("expert__no", "resident", "income", "reference")
    )


def added_up(payouts: Iterable[Payout]) -> Sum:
    each = [(payout.gross - payout.vat, payout.surcharges, payout.tax) for payout in payouts]
    return Sum(*(sum(column, ZERO) for column in zip(*each, strict=True)))


def declared(payouts: Iterable[Payout]) -> Iterator[list]:
    """One row for each person: all he earns here is of one 所得项目."""
    for expert, mine in groupby(payouts, key=lambda payout: payout.expert):
        found, user = added_up(mine), expert.user
        kind, _ = papers(user)
        yield [
            expert.no, user.name, kind, user.id_number, ITEM, found.income, None, None, None, None,
            found.charges or None, None, None, None,
        ]  # fmt: skip


def checks(payouts: list[Payout]) -> Iterator[list]:
    """What was withheld, 次 by 次, beside what the month as a whole demands."""
    kinds = {(each.expert_id, each.income) for each in payouts}
    twofold = {expert for expert, number in Counter(expert for expert, _ in kinds).items() if number > 1}
    for (expert, resident, income), mine in groupby(
        payouts, key=lambda each: (each.expert, each.resident, each.income)
    ):
        found = added_up(mine)
        due = rules.income_tax(found.income, charges=found.charges, resident=resident)
        words = [] if due == found.tax else ["当月有退回或重发，请按累计数补扣或退还"]
        words += ["咨询和讲学分两次计税，扣缴端合并计算会不同"] if expert.pk in twofold else []
        yield [
            expert.no, expert.user.name, Income(income).label, "是" if resident else "否", *found, due, due - found.tax,
            "；".join(words),
        ]  # fmt: skip


def person(payout: Payout) -> list:
    user, account = payout.expert.user, payout.account
    kind, country = papers(user)
    sex, born = life(user)
    return [
        payout.expert.no, user.name, kind, user.id_number, country, sex, born, OCCUPATION, user.phone, account.bank,
        account.number,
    ]  # fmt: skip


def papers(user: User) -> tuple[str, str]:
    """What the program calls his papers, and his country or region; empty where the portal cannot know."""
    begins = AREAS.get(user.id_kind, {})
    return next((found for area, found in begins.items() if user.id_number.startswith(area)), ("", ""))


def life(user: User) -> tuple[str, date | None]:
    """Sex and day of birth, where the number tells."""
    if user.id_kind not in BORN_IN_IT or len(user.id_number) != 18:
        return "", None
    return "男" if int(user.id_number[16]) % 2 else "女", born_on(user.id_number)


def gaps(rows: list[list]) -> Iterator[list]:
    """What the program demands and somebody has to ask the person for."""
    for row in rows:
        lacking = [title[1:] for title, cell in zip(PEOPLE_COLUMNS, row, strict=True) if title[0] == "*" and not cell]
        if lacking:
            yield [*row[:2], "、".join(lacking)]
