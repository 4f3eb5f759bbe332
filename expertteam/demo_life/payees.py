"""By which rates the demo pays, whom, to which accounts, and who may be paid at all (Article 13)."""

from datetime import date, timedelta

from experts.models import Expert
from expertteam import calendar, clock
from expertteam.demo_life import papers
from expertteam.demo_life.agenda import Story, working_days_before
from expertteam.demo_life.seasons import FLOOR
from payments import actions
from payments.checking import OFFICIALS
from payments.models import BankAccount, RateSchedule, Tier

RATES = [  # kind, unit, yuan; what is not named here stays open, and says so
    ("consulting", "session", "150.00"),
    ("guidance", "session", "150.00"),
    ("pairing", "session", "150.00"),
    ("visit", "session", "200.00"),
    ("lecture", "class_hour", "300.00"),
    ("salon", "event", "300.00"),
    ("policy", "event", "300.00"),
    ("survey", "event", "300.00"),
]
NOTE = "演示标准：金额只为演示，不是并人社发〔2024〕39号的金额。正式使用前请录入局里的标准。"
CHECKED = "已对照文件第二条逐项核对，金额、封顶和节假日加倍一致。"
HABITS = {  # whose case is no plain one
    "曾广厚": "none",
    "雷鸣": "yesterday",  # entered then, and not checked yet
    "乔月娥": "changed",  # lately, and not cool yet
    "牛犇": "paper",
    "樊志远": "withdrawn",  # his office no longer agrees
}
BANKS = [("中国工商银行", "太原迎泽支行"), ("中国建设银行", "太原并州路支行"), ("晋商银行", "太原长风街支行")]
CALLED = "打聘任时登记的手机，本人接听，说出的户名、开户银行和尾号一致。"
CONSENTS = "{}《关于同意{}同志担任创业指导专家并领取劳务报酬的函》（演示函〔2026〕{}号）"
HIGH = ("associate", "full")


def payees(bureau, last: date) -> list[Story]:
    """The rates first; then everybody who joins has an account, sooner or later."""
    return [rates(bureau), accounts(bureau, last)]


def rates(bureau) -> Story:
    """The document of the first circular is uploaded and compared; the second has no numbers, so the demo has its own."""
    yield clock.instant(working_day(FLOOR, 5), 10, 20)
    cashier, auditor = bureau.accounts["cashier"], bureau.accounts["auditor"]
    review = RateSchedule.objects.get(scope="review")
    text = ["评审不超过2小时300元，以后每小时100元。", "每天不超过800元，经批准延时的不超过1000元。"]
    actions.attach(review, by=cashier, files=[papers.paper(review.document_number, text)])
    ours = actions.draft_schedule(
        by=cashier, scope="guidance", title="创业指导活动补贴标准（演示标准）", document_number="演示〔2026〕1号",
        effective_from=date(2026, 2, 1), note=NOTE, files=[papers.paper("演示〔2026〕1号", [NOTE])],
        rates=[{"kind": kind, "unit": unit, "amount": amount} for kind, unit, amount in RATES],
    )  # fmt: skip
    yield clock.instant(working_day(clock.today(), 1), 15, 10)
    actions.confirm_schedule(review, by=auditor, note=CHECKED)
    actions.confirm_schedule(ours, by=auditor, note=NOTE)


def working_day(day: date, after: int) -> date:
    """The working day that comes so many after that day."""
    return calendar.deadline(day, after, start_counts=False).day


def accounts(bureau, last: date) -> Story:
    """Once a week it is seen who has joined; each of them is a story of his own."""
    day, known = FLOOR, set()
    while True:
        yield clock.instant(day, 9, 20)
        fresh = Expert.objects.serving(clock.today()).exclude(pk__in=known).select_related("user").order_by("no")
        for expert in fresh:
            known.add(expert.pk)
            bureau.agenda.tell(joined(bureau, expert, last))
        day += timedelta(days=7)


def joined(bureau, expert: Expert, last: date) -> Story:
    """What is to be known of him, and the account, in the weeks after the appointment."""
    yield clock.instant(working_day(clock.today(), 1), 14, 20)
    official = expert.appointments.latest("first_day").category == OFFICIALS
    habit = HABITS.get(expert.user.name, "")
    actions.record_facts(expert, by=bureau.accounts["cashier"], resident=True, tier=tier(expert), official=official)
    if official:
        until = working_days_before(last, 28) if habit == "withdrawn" else None
        bureau.agenda.tell(consented(bureau, expert, expert.employer, until))
    if habit == "none":
        return
    if habit == "yesterday":
        yield max(clock.now(), clock.instant(last, 20, 10))
        entered(bureau, expert, expert.user)
        return
    yield from first_account(bureau, expert, on_paper=habit == "paper")
    if habit == "changed":
        yield max(clock.now(), clock.instant(working_days_before(last, 3), 20, 30))
        other = entered(bureau, expert, expert.user, turn=1)
        yield max(clock.now(), clock.instant(working_days_before(last + calendar.ONE_DAY, 1), 10, 40))
        actions.confirm_account(other, by=bureau.accounts["reviewer"], check_note=CALLED)


def first_account(bureau, expert: Expert, on_paper: bool) -> Story:
    """Typed by himself on some evening, or by the clerk from his paper; the reviewer rings him up."""
    place = int(expert.no[-4:])
    yield clock.instant(working_day(clock.today(), 1 + place % 9), 16 if on_paper else 19, place % 60)
    account = entered(bureau, expert, bureau.accounts["intake"] if on_paper else expert.user)
    yield clock.instant(working_day(clock.today(), 1 + place % 2), 10, place % 60)
    actions.confirm_account(account, by=bureau.accounts["reviewer"], check_note=CALLED)


def entered(bureau, expert: Expert, by, turn: int = 0) -> BankAccount:
    place = int(expert.no[-4:]) + turn
    bank, branch = BANKS[place % len(BANKS)]
    return actions.enter_account(expert, by=by, bank=bank, branch=branch, number=card(place + 10_000 * turn))


def card(place: int) -> str:
    """The number of a card that no bank can have given, with a check digit that is right."""
    digits = f"999900{place * 7919 % 10**12:012d}"
    doubled = [int(digit) * (2 - number % 2) for number, digit in enumerate(reversed(digits))]
    return f"{digits}{-sum(value - 9 if value > 9 else value for value in doubled) % 10}"


def tier(expert: Expert) -> str:
    """By the title on his last application; whoever came without one has no high title."""
    term = expert.appointments.select_related("application").latest("first_day")
    application = getattr(term, "application", None)
    return Tier.SENIOR if application and application.title_level in HIGH else Tier.OTHER


def consented(bureau, expert: Expert, employer: str, until: date | None) -> Story:
    """His office has agreed in writing, the leader puts it on record; until it does not agree any more."""
    leader = bureau.accounts["leader"]
    yield clock.instant(working_day(clock.today(), 4), 9, 50)
    basis = CONSENTS.format(employer, expert.user.name, int(expert.no[-4:]))
    actions.record_consent(expert, by=leader, basis=basis)
    if until:
        yield max(clock.now(), clock.instant(until, 15, 40))
        actions.withdraw_consent(expert, by=leader)
