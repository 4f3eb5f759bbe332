"""What the demo paid: a batch a month through three people's hands, the bank's answers, what was put right (Article 13)."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from expertteam import calendar, clock
from expertteam.demo_life.agenda import Story, working_days_before
from expertteam.demo_life.payees import working_day
from expertteam.workbooks import XLSX, book
from payments import actions, bank_file
from payments.checking import look
from payments.models import BankReturn, Batch, Line

PAYDAY = 5  # working day of the month
HEAD = ["序号", "附言", "户名", "金额", "结果", "原因", "交易日期"]
LOOKED = "第一次付款的账户已核对户名和尾号；其余逐笔对照了签到表和服务记录。"
STRANGE = ("往来款20260715", "96.00", "成功", "")  # a row of the bank's that is none of ours
BACK = "收款账户长期未用，已转为不动户"
TWICE = "和同一天的另一条记录是同一次服务，登记了两次。"
LONGER = "签退表比系统里的晚75分钟，评审结束的时间少记了。"


def months(bureau, last: date) -> Story:
    """Every month what was done in the month before; the last batch waits for the auditor."""
    first = bureau.seasons[1].release
    yield clock.instant(first, 9)
    days = paydays(first, last)
    for place, day in enumerate(days, 1):
        waits = place == len(days)
        yield clock.instant(max(day, working_days_before(last + calendar.ONE_DAY, 2)) if waits else day, 10, 10)
        batch = made(bureau, day)
        if batch and not waits:
            yield from paid(bureau, batch, place, len(days) - place)


def paydays(first: date, last: date) -> list[date]:
    """Between these days, the oldest first."""
    months = [date(last.year, month, 1) for month in range(1, last.month + 1)]
    days = [working_day(month - calendar.ONE_DAY, PAYDAY) for month in months]
    return [day for day in days if first < day <= last]


def made(bureau, day: date) -> Batch | None:
    """All that is owed for the months before, if any of it can be paid."""
    cashier, until = bureau.accounts["cashier"], day.replace(day=1) - calendar.ONE_DAY
    declared(bureau, until)
    actions.collect()
    owed = list(Line.objects.waiting().filter(claim__day__lte=until).told())
    if all(each.hard for each in look(owed)):
        return None
    batch = actions.make(by=cashier, title=f"{until.year}年{until.month}月报酬", until=until)
    return actions.submit(batch, by=cashier)


def declared(bureau, day: date):
    """What was paid in the month of that day goes to the tax office, people first."""
    month = day.replace(day=1)
    if Batch.objects.released().filter(paid_in=month).exists():
        for kind in ("people", "tax"):
            actions.export(month, kind, by=bureau.accounts["cashier"])


def paid(bureau, batch: Batch, place: int, left: int) -> Story:
    """Checked the next day, released the same afternoon, answered by the bank within three days."""
    cashier = bureau.accounts["cashier"]
    yield clock.instant(working_day(clock.today(), 1), 9, 40)
    fit = [each.line for each in look(list(batch.lines.told())) if not each.hard]
    actions.approve(batch, by=bureau.accounts["auditor"], lines=fit, check_note=LOOKED)
    yield clock.instant(clock.today(), 15, 30)
    actions.release(batch, by=bureau.accounts["leader"])
    yield clock.now() + timedelta(minutes=20)
    actions.export(batch, "bank", by=cashier)
    yield clock.instant(working_day(clock.today(), 2 + place % 2), 10, 30)
    returned = answered(bureau, batch, back=place == 3, strange=left == 1)
    yield clock.now() + timedelta(minutes=10)
    actions.apply(returned, by=cashier)
    yield from put_right(bureau, batch, left)


def answered(bureau, batch: Batch, *, back: bool, strange: bool) -> BankReturn:
    """The bank's file, read: one payout came back, or one row is none of ours."""
    own = bureau.accounts["expert"].name
    rows = bank_file.rows(batch.payouts.select_related("account"))
    unlucky = next((each.reference for each in rows if each.holder != own), "") if back else ""
    told = [
        (each.place, each.reference, each.holder, each.amount, *result(each.reference == unlucky), f"{clock.today()}")
        for each in rows
    ]
    if strange:
        told.append((len(told) + 1, STRANGE[0], "", *STRANGE[1:], f"{clock.today()}"))
    content = book({"代发结果": (HEAD, told)}, clock.now())
    upload = SimpleUploadedFile(f"代发结果{batch.number}.xlsx", content, XLSX)
    return actions.check_return(upload, by=bureau.accounts["cashier"])


def result(back: bool) -> tuple[str, str]:
    return ("失败", BACK) if back else ("成功", "")


def put_right(bureau, batch: Batch, left: int) -> Story:
    """A review whose hours were wrong is signed for; of the last month something is left for the auditor to sign."""
    cashier = bureau.accounts["cashier"]
    lines = batch.lines.live().select_related("claim")
    reviewed = lines.filter(claim__activity="review", amount__lt=500).first()
    if reviewed:
        yield clock.instant(working_day(clock.today(), 1), 11, 10)
        minutes = reviewed.inputs["minutes"] + 75
        correction = actions.propose_correction(reviewed, by=cashier, reason=LONGER, minutes=minutes)
        yield clock.instant(working_day(clock.today(), 1), 14, 30)
        actions.sign(correction, by=bureau.accounts["auditor"], opinion="已核对签到签退表，属实。")
    line = lines.exclude(claim__activity="review").last()
    if left == 1 and line:
        yield clock.instant(working_day(clock.today(), 1), 16, 5)
        actions.propose_correction(line, by=cashier, reason=TWICE, void=True)
