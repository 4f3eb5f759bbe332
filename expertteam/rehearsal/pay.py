"""What a rehearsal pays: a batch a month through three people's hands, tax files, the year's file (Article 13)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from expertteam import calendar, clock
from expertteam.demo_life.agenda import Story
from expertteam.demo_life.pay import LOOKED, PAYDAY, declared
from expertteam.demo_life.payees import working_day
from expertteam.regulation import Refused
from expertteam.rehearsal import bank, payees, rates
from expertteam.rehearsal.rhythm import months
from payments import actions
from payments.checking import look
from payments.models import Batch, Claim, Line

State = Batch.State
WITHIN = (Decimal(700), Decimal(750), Decimal(800))  # what is agreed where the standard is a range, of every year
WEIGHED = "一场六个项目，当评委又写了书面点评，按幅度中档定。"


def stories(it) -> Iterator[Story]:
    yield from rates.stories(it)
    yield from payees.stories(it)
    yield paydays(it)


def paydays(it) -> Story:
    """On a working day early in every month, what was done in the months before."""
    for first in months(it):
        yield clock.instant(first, 7, 30)
        yield clock.instant(working_day(first.replace(day=1) - calendar.ONE_DAY, PAYDAY), 10, 10)
        until = first.replace(day=1) - calendar.ONE_DAY
        files(it, until)
        batch = made(it, until)
        if batch:
            it.agenda.tell(through_three_hands(it, batch))


def files(it, until: date):
    """What leaves the house: for the tax office the month that is over, in January the year."""
    declared(it, until)
    if until.month == 12 and Batch.objects.released().filter(paid_in__year=until.year).exists():
        actions.export_year(until.year, by=it.accounts["cashier"])


def made(it, until: date) -> Batch | None:
    """All that is owed and can be paid, sums within a range agreed; what cannot be paid yet is taken out and waits."""
    actions.collect()
    cashier = it.accounts["cashier"]
    for claim in Claim.objects.filter(why_not=Claim.WhyNot.RANGE).order_by("pk"):
        actions.agree(claim, by=cashier, agreed=it.any_of(WITHIN), agreed_why=WEIGHED)
    owed = look(list(Line.objects.waiting().filter(claim__day__lte=until).told()))
    if all(each.hard for each in owed):
        return None
    batch = actions.make(by=cashier, title=f"{until.year}年{until.month}月报酬", until=until)
    out = [each.line for each in look(list(batch.lines.told())) if each.hard]
    if out:
        actions.take_out(batch, by=cashier, lines=out)
    return actions.submit(batch, by=cashier)


def through_three_hands(it, batch: Batch) -> Story:
    """Checked the next day, released the same afternoon; some go back, and a few are made anew next month."""
    yield clock.instant(working_day(clock.today(), 1), 9, 40)
    if it.happens(0.06):
        actions.send_back(batch, by=it.accounts["auditor"], words="两场沙龙的签到表还没有附上，请补齐。")
        yield clock.instant(working_day(clock.today(), 1), 9, 10)
        if it.happens(0.3):
            actions.dissolve(batch, by=it.accounts["cashier"])
            return
        actions.submit(batch, by=it.accounts["cashier"])
        yield clock.instant(working_day(clock.today(), 1), 9, 40)
    if not approved(it, batch):
        return
    yield clock.instant(clock.today(), 15, 30)
    if it.happens(0.04) or not released(it, batch):
        yield from once_more(it, batch)
    if batch.state == State.RELEASED:
        yield from bank.told(it, batch)


def approved(it, batch: Batch) -> bool:
    """All that nothing forbids, what is doubtful having been looked at; where nothing is left, the batch is given up."""
    fit = [each.line for each in look(list(batch.lines.told())) if not each.hard]
    try:
        actions.approve(batch, by=it.accounts["auditor"], lines=fit, check_note=LOOKED)
    except Refused:
        actions.send_back(batch, by=it.accounts["auditor"], words="这些账户现在都不能付款，请撤销，下月再编。")
        actions.dissolve(batch, by=it.accounts["cashier"])
        return False
    return True


def released(it, batch: Batch) -> bool:
    """Whether it goes out: what has changed since it was checked, the portal tells the leader."""
    try:
        actions.release(batch, by=it.accounts["leader"])
    except Refused:
        return False
    return True


def once_more(it, batch: Batch) -> Story:
    """Held back by the leader; made, checked and released anew, or given up where that is not possible either."""
    held_back(it, batch)
    yield clock.instant(working_day(clock.today(), 1), 9, 10)
    actions.submit(batch, by=it.accounts["cashier"])
    yield clock.instant(working_day(clock.today(), 1), 9, 40)
    if not approved(it, batch):
        return
    yield clock.instant(clock.today(), 15, 30)
    if not released(it, batch):
        held_back(it, batch)
        actions.dissolve(batch, by=it.accounts["cashier"])


def held_back(it, batch: Batch):
    actions.hold_back(batch, by=it.accounts["leader"], words="有人的账户或资料要再核对，请重新编制。")
