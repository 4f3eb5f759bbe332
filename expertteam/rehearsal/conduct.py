"""Reports, the ledger, cases on each of the six grounds, and what follows from them (Article 12)."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from evaluations import actions
from evaluations.models import Dismissal, Report
from experts.models import Expert
from expertteam import calendar, clock
from expertteam.demo_life.agenda import Story
from expertteam.rehearsal import consulting, findings, merits
from expertteam.rehearsal.clientele import Clientele, named, phone_of
from expertteam.rehearsal.dismissals import FACTS, course
from recruitment import actions as recruitment
from recruitment.models import Round

Ground = Dismissal.Ground
FIRST_NUMBER = 190_000  # of those who complain
WHOLE = 20  # a team so large sees every ending at least once
LEFT, NOT_LEFT, REPORTED = 0.03, 0.02, 0.06  # endings, other cases and reports, for each expert and year
SETTLING_IN, WINDING_UP = timedelta(days=30), timedelta(days=120)  # before the first ending and after the last begins
AHEAD = timedelta(days=200)  # so long his term has to go on of whom a story is told
SEVERAL = (15, 15, 15, 45, 15, 45)  # days between one offence and the next, until there is a case
MISSED = ["约好的季度工作会没有到会，也没有请假。", "安排的政策宣讲没有到场，事先没有说明。"]
CLAIMS = {
    Report.Kind.ATTITUDE: "咨询时大声训斥，态度恶劣。",
    Report.Kind.GAIN: FACTS[Ground.GAIN],
    Report.Kind.SECRETS: FACTS[Ground.SECRETS],
    Report.Kind.UNLAWFUL: "在讲课时发布虚假广告。",
}


def stories(it) -> Iterator[Story]:
    yield from findings.stories(it)
    yield from merits.stories(it)
    yield findings.every_working_day(it, 9, of_the_ledger, lambda case: course(it, case))
    yield misconduct(it, Chosen(it))


def of_the_ledger(today):
    """Cases that the ledger has opened and nobody has taken up."""
    return Dismissal.objects.filter(state=Dismissal.State.PROPOSED, opened_by=None).order_by("pk")


class Chosen:
    """Those of whom a story is told: nobody twice, and never the one whose account is printed."""

    def __init__(self, it):
        self.it, self.keys, self.clients = it, set(), Clientele(FIRST_NUMBER)

    def another(self) -> Expert | None:
        """Somebody in term, and for long enough; None where the team has nobody left."""
        serving = Expert.objects.serving(clock.today()).filter(pk__in=Expert.objects.serving(clock.today() + AHEAD))
        others = serving.exclude(user__username="expert").exclude(dismissals__isnull=False).order_by("pk")
        key = self.it.any_of([pk for pk in others.values_list("pk", flat=True) if pk not in self.keys])
        self.keys.add(key)
        return Expert.objects.select_related("user").filter(pk=key).first()


def misconduct(it, chosen: Chosen) -> Story:
    """Once the team is there, so many stories as it is large; the endings in turn, so that each comes about."""
    day = it.first
    while Expert.objects.serving(day).count() * 2 < it.experts:
        yield clock.instant(day, 8, 40)
        day += timedelta(days=7)
    first, last = day + SETTLING_IN, it.last - WINDING_UP
    years = max(0, (last - first).days) / 365
    fewest = len(ENDINGS) if it.experts >= WHOLE else 0
    for share, least, ways in [(LEFT, fewest, ENDINGS), (NOT_LEFT, fewest, OTHERS), (REPORTED, 2, [reported])]:
        number = max(least, round(share * it.experts * years))
        for place, begins in enumerate(it.days(number, first, last)):
            it.agenda.tell(begun(it, chosen, ways[place % len(ways)], begins))


def begun(it, chosen: Chosen, way: Callable, day) -> Story:
    """From that day on, the story of somebody."""
    yield it.hours.office(day)
    if expert := chosen.another():
        yield from way(it, chosen, expert)


def rude(it, chosen: Chosen, expert: Expert) -> Story:
    """Article 12(2): one client after the other finds fault with his manner, or two of them again and again."""
    clients = [chosen.clients.newcomer(it) for _ in range(it.any_of([2, len(SEVERAL)]))]
    for place, days in enumerate(SEVERAL):
        client = clients[place % len(clients)]
        it.agenda.tell(consulting.request(it, client, clock.today(), sore=expert.pk))
        yield clock.now() + timedelta(days=days)
        if has_case(expert):
            return


def absent(it, chosen: Chosen, expert: Expert) -> Story:
    """Article 12(3): he does not come, time after time."""
    for days in SEVERAL:
        actions.open_refusal(expert, by=it.accounts["intake"], day=clock.today(), what=it.any_of(MISSED))
        yield it.hours.office(clock.today() + timedelta(days=days))
        if has_case(expert):
            return


def has_case(expert: Expert) -> bool:
    """Whether the ledger has opened one, or he is gone."""
    return Dismissal.objects.filter(expert=expert).exists() or not in_term(expert)


def in_term(expert: Expert) -> bool:
    return Expert.objects.serving(clock.today()).filter(pk=expert.pk).exists()


def resigned(it, chosen: Chosen, expert: Expert, ending: str = "dismissed") -> Story:
    """Article 12(1): of his own will; most ask for no hearing."""
    words = "下月起到外省工作，不能继续承担服务，申请不再担任专家。"
    case = actions.resign(by=expert.user, words=words, waives=it.happens(0.7))
    yield from course(it, case, ending)


def sold(it, chosen: Chosen, expert: Expert) -> Story:
    """Article 12(4): reported by name, found true, dismissed."""
    report = yield from examined(it, chosen, expert, Report.Kind.GAIN, true=True)
    if in_term(expert) and not Dismissal.objects.filter(expert=expert).exists():
        yield from accused(it, expert, Ground.GAIN, report=report)


def told_tales(it, chosen: Chosen, expert: Expert) -> Story:
    """Article 12(5)."""
    yield it.hours.soon(2)
    yield from accused(it, expert, Ground.SECRETS)


def convicted(it, chosen: Chosen, expert: Expert) -> Story:
    """Article 12(6)."""
    yield it.hours.soon(2)
    yield from accused(it, expert, Ground.UNLAWFUL)


def accused(it, expert: Expert, ground: str, ending: str = "dismissed", **more) -> Story:
    """The inspector puts a clue forward; whoever is dismissed for it tries to come back, in vain."""
    case = actions.propose(expert, by=it.accounts["inspector"], ground=ground, clue=FACTS[ground], **more)
    yield from course(it, case, ending)
    if case.state == Dismissal.State.DISMISSED:
        yield from comes_back(it, expert)


def comes_back(it, expert: Expert) -> Story:
    """Applies in the next round, and is told that he cannot yet."""
    day, last = clock.today(), it.last
    while day < last:
        yield it.hours.evening(day + calendar.ONE_DAY)
        day = clock.today()
        if open_round := Round.objects.open_on(day).exclude(purpose=Round.Purpose.RENEWAL).order_by("pk").first():
            recruitment.start(expert.user, round=open_round)
            return
        day += timedelta(days=6)


def warned(it, chosen: Chosen, expert: Expert) -> Story:
    """Accused, heard, and kept with a reminder in writing."""
    yield it.hours.soon(2)
    yield from accused(it, expert, Ground.SECRETS, ending="kept")


def cleared(it, chosen: Chosen, expert: Expert) -> Story:
    """The clue leads to nothing."""
    yield it.hours.soon(2)
    yield from accused(it, expert, Ground.UNLAWFUL, ending="dropped")


def stays(it, chosen: Chosen, expert: Expert) -> Story:
    """Asks to go, and takes it back."""
    yield it.hours.soon(2)
    yield from resigned(it, chosen, expert, ending="taken_back")


def smeared(it, chosen: Chosen, expert: Expert) -> Story:
    """One hand writes several poor words at once; the inspector sees it, and what is not yet found counts for nothing."""
    rival = chosen.clients.newcomer(it)
    for _ in range(3):
        it.agenda.tell(consulting.request(it, rival, clock.today(), sore=expert.pk))
        yield clock.now() + calendar.ONE_DAY


def reported(it, chosen: Chosen, expert: Expert) -> Story:
    """Somebody reports something; mostly it is not so, or cannot be found out."""
    yield from examined(it, chosen, expert, it.any_of(Report.Kind.values), true=it.happens(0.2))


def examined(it, chosen: Chosen, expert: Expert, kind: str, true: bool) -> Story:
    """Taken in, looked into, answered; returns the report."""
    anonymous, inspector = not true and it.happens(0.5), it.accounts["inspector"]
    who = {} if anonymous else {"name": named(it), "phone": phone_of(FIRST_NUMBER + 9_000 + len(chosen.keys))}
    by = it.accounts["intake"] if it.happens(0.3) else None
    receipt = actions.lodge(kind=kind, about=expert.no, facts=CLAIMS[kind], by=by, **who)
    report = Report.objects.get(receipt=receipt)
    yield it.hours.soon(2)
    actions.examine(report, by=inspector)
    if anonymous and it.happens(0.6):
        yield it.hours.soon(3)
        actions.shelve(report, by=inspector, why=Report.Why.UNVERIFIABLE, findings="没有时间地点，无法核实")
    else:
        yield from looked_into(it, report, true)
    yield it.hours.soon(2)
    actions.answer(report, by=inspector, answer="反映的情况已核实处理，感谢监督。")
    return report


def looked_into(it, report: Report, true: bool) -> Story:
    """The expert has his say before anything is found."""
    inspector = it.accounts["inspector"]
    yield it.hours.soon(2)
    actions.ask_expert(report, by=inspector, question="请说明有没有这件事、当时的经过。")
    if it.happens(0.7):
        yield it.hours.evening(it.hours.day(clock.today(), report.statement_due))
        actions.respond(report, by=report.expert.user, statement="当时只是随口一提，没有收过钱。")
    yield it.hours.office(report.statement_due)
    if true:
        actions.uphold(report, by=inspector, findings="已找有关各方核实，凭证两份，属实。")
    else:
        actions.dismiss(report, by=inspector, findings="已找有关各方核实，与反映的不符。")


ENDINGS = [rude, absent, sold, told_tales, convicted, resigned]  # those that take longest first
OTHERS = [warned, stays, cleared, smeared]
