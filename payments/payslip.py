"""报酬单 and 年度报酬和扣税情况: what a payer who withholds tax has to tell the person, on a page and on paper (Article 13)."""

from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from experts.models import Expert
from expertteam import clock
from expertteam.documents import Block, in_chinese, paper
from expertteam.templatetags.terrace import duration, yuan
from payments import rules
from payments.models import Batch, Line, Payout
from payments.money import Total
from payments.payouts import Before
from payments.statement import ZERO, Sums, by_income, last_release, total

RESIDENT = "个人所得税由付款单位按月预扣：同类报酬一个月累计不超过800元不扣，4000元以内减除800元，超过4000元减除20%。"
SETTLED = "年度终了后，您可以在个人所得税App办理综合所得年度汇算，多退少补。"
NON_RESIDENT = "按非居民个人扣缴个人所得税：减除20%后按月税率表计算，不办理年度汇算。"
RETURNED = "这一笔被银行退回，不计入收入；核对账户后重新发放，另出报酬单。"
OF_A_YEAR = "增值税含附加税费。按付款月份归入年度；银行退回的没有计入，重新发放后计入重新发放的月份。"
HEAD = ("日期", "事项", "时长", "怎么算的", "金额（元）")
WIDTHS = (1.3, 1.5, 1.1, 3.6, 1.3)
YEAR_HEAD = ("月份", "支付参考号", "性质", "应发", "增值税", "个税", "实发")
YEAR_WIDTHS = (1.1, 3.2, 0.8, 1.3, 1.1, 1.1, 1.3)


def lines_of(payout: Payout) -> QuerySet[Line]:
    """What it was paid for, and what was set off."""
    mine = payout.lines
    return mine.select_related("claim", "schedule")


def whom(payout: Payout) -> list[list[str]]:
    """From whom to whom, and how it is found again."""
    batch = payout.batch
    rows = [
        ["专家", f"{payout.expert}（{payout.expert.no}）"],
        ["付款单位", batch.payer],
        ["统一社会信用代码", batch.payer_code],
        ["批次", f"{batch.title}（{batch.number}）"],
        ["发放日期", in_chinese(released_on(payout)) if batch.released_at else "待发放"],
        ["收款账户", str(payout.account)],
        ["支付参考号", payout.reference],
    ]
    return [row for row in rows if row[1]]


def sums(payout: Payout, lines: list[Line]) -> list[list[str]]:
    """From what the lines make to what goes to the bank, each step in words."""
    rows = [["应发", f"{yuan(payout.gross)}元{grossed_up(payout, lines)}"]]
    if payout.vat:
        rows.append(["增值税和附加税费", f"{yuan(payout.vat)}元，附加{yuan(payout.surcharges)}元"])
    rows += [
        ["当月此前收入", f"{yuan(payout.before)}元（{payout.get_income_display()}所得）"],
        ["个人所得税", f"{yuan(payout.tax)}元"],
        ["怎么扣的", withheld(payout)],
        ["实发", f"{yuan(payout.amount)}元"],
    ]
    return rows


def grossed_up(payout: Payout, lines: list[Line]) -> str:
    """Of rates that are fixed after tax: what they are before it."""
    net = sum((line.amount for line in lines if line.net), ZERO)
    if not net:
        return ""
    others = sum((line.amount for line in lines if not line.net), ZERO)
    return f"，其中税后标准{yuan(net)}元，换算成税前{yuan(payout.gross - others)}元"


def withheld(payout: Payout) -> str:
    """How the tax was worked out: that of the whole month, less what was withheld before."""
    had, income = had_before(payout), payout.before + payout.gross - payout.vat
    due = rules.income_tax(income, charges=had.charges + payout.surcharges, resident=payout.resident)
    enough = "，已扣的够了" if had.tax > due else ""
    return (
        f"本月累计{yuan(income)}元，累计应扣{yuan(due)}元，此前已扣{yuan(had.tax)}元{enough}，本次{yuan(payout.tax)}元"
    )


def had_before(payout: Payout) -> Before:
    """Of the same month and kind, as it stood when this was released: what came back by then was none."""
    earlier = Payout.objects.filter(
        expert=payout.expert_id, income=payout.income, resident=payout.resident, batch__paid_in=payout.batch.paid_in,
        batch__state__in=Batch.PAID,
    ).exclude(batch=payout.batch)  # fmt: skip
    at = payout.batch.released_at or clock.now()
    counted = earlier.filter(batch__released_at__lt=at).exclude(result__paid=False, result__at__lt=at)
    sums = counted.aggregate(charges=Total("surcharges"), tax=Total("tax"))
    return Before(payout.before, sums["charges"] or ZERO, sums["tax"] or ZERO)


def notes(payout: Payout) -> list[str]:
    """What is to be known beside the sums."""
    returned = payout.is_answered and not payout.result.paid
    return ([RETURNED] if returned else []) + explained(payout.resident)


def explained(resident: bool) -> list[str]:
    """How the tax is withheld, and what becomes of it at the end of the year."""
    return [RESIDENT, SETTLED] if resident else [NON_RESIDENT]


def released_on(payout: Payout) -> date:
    return clock.local(payout.batch.released_at).date()


def slip(payout: Payout) -> bytes:
    """The 报酬单 of one payout as PDF, dated by its release."""
    lines = list(lines_of(payout))
    rows = [
        [str(line.claim.day), line.claim.get_activity_display(), length(line), line.trace, yuan(line.amount)]
        for line in lines
    ]
    blocks = [
        Block("facts", whom(payout)),
        Block("table", rows, "明细", HEAD, WIDTHS),
        Block("facts", sums(payout, lines), "金额"),
        Block("text", [*notes(payout), ask()], "说明"),
    ]
    return paper("劳务报酬单", payout.reference, blocks, released_on(payout))


def length(line: Line) -> str:
    return duration(line.inputs["minutes"])


def ask() -> str:
    return f"对金额有疑问，请打{settings.SITE['centre']}电话{settings.SITE['phone']}。"


def of_year(expert: Expert, year: int, payouts: QuerySet[Payout]) -> bytes:
    """年度报酬和扣税情况 as PDF, dated by the last payment that is in it."""
    found = list(payouts.select_related("batch").order_by("batch__paid_in", "reference"))
    rows = [
        [f"{each.batch.paid_in:%Y-%m}", each.reference, each.get_income_display(), *money(sums_of(each))]
        for each in found
    ]
    kinds = [(f"{name}所得", each) for name, each in by_income(payouts)]
    totals = [*kinds, ("总计", total([each for _, each in kinds]))]
    blocks = [
        Block("facts", [["专家", f"{expert}（{expert.no}）"], *payers(found)]),
        Block("table", rows, "各次发放（元）", YEAR_HEAD, YEAR_WIDTHS),
        Block("facts", [[name, in_words(each)] for name, each in totals], "全年合计"),
        Block("text", [OF_A_YEAR, *explained(found[-1].resident), ask()], "说明"),
    ]
    on = clock.local(last_release(payouts)).date()
    return paper(f"{year}年度报酬和扣税情况", f"{expert.no}-{year}", blocks, on)


def payers(payouts: list[Payout]) -> list[list[str]]:
    """Who paid and withheld; one, unless the bureau was renamed within the year."""
    known = dict.fromkeys((each.batch.payer, each.batch.payer_code) for each in payouts)
    return [["付款单位", f"{name}（{code}）" if code else name] for name, code in known]


def sums_of(payout: Payout) -> Sums:
    return Sums(1, payout.gross, payout.vat + payout.surcharges, payout.tax, payout.amount)


def money(sums: Sums) -> list[str]:
    return [yuan(each) for each in (sums.gross, sums.vat, sums.tax, sums.amount)]


def in_words(sums: Sums) -> str:
    vat = f"增值税及附加{yuan(sums.vat)}元，" if sums.vat else ""
    return f"{sums.count}笔，应发{yuan(sums.gross)}元，{vat}个人所得税{yuan(sums.tax)}元，实发{yuan(sums.amount)}元"
