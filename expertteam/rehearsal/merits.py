"""A year of an expert: what is entered of him, how he is assessed, what he is honoured for (Article 10(1))."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from evaluations import actions, year
from evaluations.forms.scheme import scheme_form
from evaluations.models import Assessment, Honour, Merit, Scheme
from experts.models import Expert
from expertteam import clock
from expertteam.demo_life.agenda import Story
from expertteam.demo_life.honours import CRITERIA, TALES

State = Assessment.State
ENTERED, HONOURED = 0.4, 0.06  # merits and honours, for each expert and year
TAKEN_BACK, REFUSED, REVOKED, CONTESTED = 0.08, 0.2, 0.1, 0.05
MONTHS = (1, 2, 3, 4)  # in which a year is released: what was still looked into in January follows
EVIDENCE = {
    Merit.Kind.QUALITY: "抽查服务记录，写明了问题、办法和下一步",
    Merit.Kind.REGISTERED: "指导的小店已领到营业执照",
    Merit.Kind.EMPLOYED: "指导的合作社新招三人，有社保记录",
    Merit.Kind.FINANCED: "指导的商户获批创业担保贷款十万元",
    Merit.Kind.POLICY: "帮助申领到一次性创业补贴",
    Merit.Kind.CASE: "案例收入中心案例汇编",
    Merit.Kind.LATE: "讲座迟到二十分钟，签到表可查",
}


def stories(it) -> Iterator[Story]:
    for each in range(it.first.year, it.last.year + 1):
        yield entries(it, each)
        yield assessed(it, each)
        yield honours(it, each)
    yield revised_scheme(it)


def entries(it, of: int) -> Story:
    """Through the year the clerk enters what no record says by itself."""
    yield clock.instant(max(it.first, date(of, 1, 5)), 9)
    for day in it.days(it.per_year(ENTERED), clock.today(), date(of, 12, 20)):
        it.agenda.tell(entered(it, day))


def entered(it, day: date) -> Story:
    """One entry, now and then taken back."""
    yield it.hours.office(day)
    expert = it.somebody()
    if expert is None:
        return
    kind, clerk = it.any_of(list(EVIDENCE)), it.accounts["intake"]
    points = Decimal(it.hours.random.randint(4, 10)) / 2 if kind == Merit.Kind.QUALITY else None
    said = {"year": clock.today().year, "kind": kind, "evidence": EVIDENCE[kind], "points": points}
    merit = actions.enter_merit(expert=expert, by=clerk, **said)
    if it.happens(TAKEN_BACK):
        yield it.hours.soon(3)
        if clock.today().year == merit.year:
            actions.revoke_merit(merit, by=clerk, reason="登记到了别人名下，冲销")


def assessed(it, of: int) -> Story:
    """In January, and for those of whom something was still looked into in the months after."""
    for month in MONTHS:
        yield it.hours.office(date(of + 1, month, 12))
        actions.assess(of, by=it.accounts["reviewer"])
        yield clock.now() + timedelta(minutes=40)
        actions.release_year(of, by=it.accounts["leader"], reason="实绩突出，经集体研究同意")
        released = Assessment.objects.current().filter(year=of, state=State.RELEASED, released_at=clock.now())
        for sheet in released.select_related("expert__user").order_by("pk"):
            if it.happens(CONTESTED):
                it.agenda.tell(contested(it, sheet))


def contested(it, sheet: Assessment) -> Story:
    """The expert asks for a second look; the inspector confirms it or puts it right."""
    yield it.hours.evening(it.hours.day(clock.today(), sheet.contest_until))
    actions.contest(sheet, by=sheet.expert.user, plea="有一次上门指导没有计入，请核对。")
    yield it.hours.soon(5)
    inspector = it.accounts["inspector"]
    if it.happens(0.5) and sheet.total < 90:
        actions.amend_result(sheet, by=inspector, reasons="确有一次没有记录，补2分", points=Decimal(2))
    else:
        actions.confirm_result(sheet, by=inspector, reasons="逐条核对，计算无误")


def honours(it, of: int) -> Story:
    """In May the best of the year before are nominated, those in term whom nothing stands against."""
    yield it.hours.office(date(of + 1, 5, 8))
    best = Assessment.objects.standing().filter(year=of).select_related("expert__user").order_by("-total", "expert__no")
    number = it.per_year(HONOURED)
    worthy = [sheet.expert for sheet in best[: 3 * number] if not year.why_not(sheet.expert, of)]
    for place, expert in enumerate(worthy[:number]):
        kind, _, deeds, _ = TALES[place % len(TALES)]
        it.agenda.tell(honour(it, expert, kind=kind, year=of, criteria=CRITERIA, deeds=deeds))


def honour(it, expert: Expert, **said) -> Story:
    """Nominated, decided upon, now and then taken back."""
    yield it.hours.soon(5)
    if year.why_not(expert, said["year"]):
        return
    nominated = actions.nominate(expert, by=it.accounts["reviewer"], **said)
    yield it.hours.soon(5)
    leader = it.accounts["leader"]
    if it.happens(REFUSED) or year.why_not(expert, said["year"]):
        actions.refuse(nominated, by=leader, decision="事迹还不够具体，这次不通过。")
        return
    approval = f"并政表批〔{said['year'] + 1}〕12号" if said["kind"] == Honour.Kind.COMMENDATION else ""
    actions.confer(nominated, by=leader, decision="事迹属实，同意。", approval=approval)
    if it.happens(REVOKED):
        yield clock.now() + timedelta(days=20)
        actions.revoke(nominated, by=leader, revocation="事迹材料与事实不符，撤销。")


def revised_scheme(it) -> Story:
    """In the first November the scheme of the next year is entered, with a higher minimum of sessions."""
    yield it.hours.office(date(it.first.year, 11, 16))
    before = Scheme.objects.order_by("effective_year", "pk").last()
    form = scheme_form(before.data)
    kept = {name: field.initial for name, field in form.base_fields.items()}
    told = {"name": "年度评价办法", "source": "并创服〔2026〕30号", "effective_year": it.first.year + 1}
    filled = form(kept | told | {"minimum_sessions": before.data["minimum_sessions"] + 1})
    if not filled.is_valid():
        raise ValueError(filled.errors)
    filled.instance.entered_by = it.accounts["admin"]
    filled.save()
