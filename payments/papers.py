"""报酬发放表 on paper: who gets what of a batch, what was withheld, who made, checked and released it (Article 13)."""

from expertteam import clock
from expertteam.documents import Block, in_chinese, paper
from expertteam.templatetags.terrace import yuan
from payments import batch_page
from payments.models import Batch

HEAD = ("序号", "姓名", "应发", "税", "实发", "收款尾号", "支付参考号")
WIDTHS = (6, 10, 10, 9, 10, 10, 22)


def paying_table(batch: Batch, user) -> bytes:
    """The table of one batch as PDF, dated by its release or, before that, by its check; sums in yuan."""
    on = clock.local(batch.released_at or batch.checked_at).date()
    return paper("报酬发放表", batch.number, blocks(batch, user), on)


def blocks(batch: Batch, user) -> list[Block]:
    return [facts(batch), payouts(batch, user), standards(batch), signatures(batch)]


def facts(batch: Batch) -> Block:
    sums = batch_page.sums(batch)
    rows = [
        ["批次", f"{batch.title}（{batch.number}）"],
        ["付款单位", " ".join(filter(None, [batch.payer, batch.payer_code]))],
        ["服务日期截至", in_chinese(batch.until)],
        ["所得月份", f"{batch.paid_in.year}年{batch.paid_in.month}月"],
        ["人数和笔数", f"{sums['people']}人，{sums['lines']}笔"],
        ["合计", f"应发{batch.gross:,.2f}元，税{batch.tax:,.2f}元，实发{batch.paid_out:,.2f}元"],
    ]
    return Block("facts", rows)


def payouts(batch: Batch, user) -> Block:
    rows = [
        [
            str(place), each.expert.user.name, f"{each.gross:,.2f}", f"{each.gross - each.amount:,.2f}", f"{each.amount:,.2f}",
            each.account.tail, each.reference,
        ]
        for place, each in enumerate(batch_page.payouts(batch, user), 1)
    ]  # fmt: skip
    sums = (batch.gross, batch.gross - batch.paid_out, batch.paid_out)
    rows.append(["合计", "", *(f"{each:,.2f}" for each in sums), "", ""])
    return Block("table", rows, "发放明细（元）", HEAD, WIDTHS)


def standards(batch: Batch) -> Block:
    rows = [
        [each["activity"], each["standard"], str(each["count"]), yuan(each["amount"])]
        for each in batch_page.by_standard(batch)
    ]
    return Block("table", rows, "按活动类型和标准（元）", ("活动类型", "标准", "笔数", "金额"), (2, 4, 1, 2))


def signatures(batch: Batch) -> Block:
    """制表、复核、发放, each with the day; the last line stays empty until the money is released."""
    rows = [["制表", signed(batch.made_by, batch.made_at)], ["复核", signed(batch.checked_by, batch.checked_at)]]
    released = signed(batch.released_by, batch.released_at) if batch.released_by else ""
    return Block("signatures", [*rows, ["发放", released], ["单位（盖章）", ""]], "签字")


def signed(person, at) -> str:
    return f"{person}　{in_chinese(clock.local(at).date())}"
