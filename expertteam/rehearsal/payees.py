"""Whom a rehearsal pays, and to which accounts: typed or on paper, refused, denied, changed, or none at all (Article 13)."""

from collections.abc import Iterator
from datetime import timedelta

from experts.models import Expert
from expertteam import clock
from expertteam.demo_life.agenda import Story
from expertteam.demo_life.payees import CALLED, CONSENTS, entered, tier
from payments import actions
from payments.checking import OFFICIALS
from payments.models import BankAccount

WEEK = timedelta(days=7)
State = BankAccount.State


def stories(it) -> Iterator[Story]:
    yield arrivals(it)


def arrivals(it) -> Story:
    """Once a week it is seen who has joined; each of them is a story of his own."""
    day, known = it.first, set()
    while True:
        yield clock.instant(day, 9, 20)
        new = Expert.objects.serving(clock.today()).exclude(pk__in=known).select_related("user").order_by("no")
        for expert in new:
            known.add(expert.pk)
            it.agenda.tell(joined(it, expert))
        day += WEEK


def joined(it, expert: Expert) -> Story:
    """What is to be known of him, then the account, which he may change a year later."""
    yield it.hours.soon(5)
    official = expert.appointments.filter(category=OFFICIALS).exists()
    actions.record_facts(
        expert, by=it.accounts["cashier"], resident=not it.happens(0.01), tier=tier(expert), official=official
    )
    if official:
        it.agenda.tell(consented(it, expert))
    if it.happens(0.04):  # says that he will bring it
        return
    yield from account(it, expert)
    if it.happens(0.1):
        yield it.hours.office(clock.today() + timedelta(days=it.hours.random.randint(60, 365)))
        yield from account(it, expert, turn=1)


def consented(it, expert: Expert) -> Story:
    """Most offices agree in writing; a few do not agree any more later."""
    yield it.hours.soon(15)
    if it.happens(0.1):
        return
    basis = CONSENTS.format(expert.employer or "所在单位", expert.user.name, int(expert.no[-4:]))
    actions.record_consent(expert, by=it.accounts["leader"], basis=basis)
    if it.happens(0.05):
        yield it.hours.office(clock.today() + timedelta(days=it.hours.random.randint(100, 365)))
        actions.withdraw_consent(expert, by=it.accounts["leader"])


def account(it, expert: Expert, turn: int = 0) -> Story:
    """Typed by himself, or at the counter from his paper; rung up about it, some come back, a few are denied."""
    on_paper, mood = it.happens(0.15), it.hours.random.random()
    yield it.hours.soon(10) if on_paper else it.hours.evening(clock.today() + timedelta(days=it.any_of(range(1, 12))))
    given = enter(it, expert, on_paper, turn)
    yield it.hours.soon(3)
    given.refresh_from_db()
    if given.state != State.ENTERED:
        return
    if mood < 0.04:
        note = "打登记的手机核实，本人说尾号抄错了一位。"
        actions.refuse_account(given, by=it.accounts["reviewer"], check_note=note)
        yield it.hours.evening(clock.today() + WEEK)
        given = enter(it, expert, False, turn + 2)
        yield it.hours.soon(3)
    actions.confirm_account(given, by=it.accounts["reviewer"], check_note=CALLED)
    if mood > 0.98:
        yield clock.now() + timedelta(hours=5)
        actions.dispute(given, by=expert.user)
        yield it.hours.evening(clock.today() + WEEK)
        given = enter(it, expert, False, turn + 4)
        yield it.hours.soon(3)
        actions.confirm_account(given, by=it.accounts["reviewer"], check_note=CALLED)


def enter(it, expert: Expert, on_paper: bool, turn: int) -> BankAccount:
    return entered(it, expert, it.accounts["intake"] if on_paper else expert.user, turn=turn)
