"""One person's way, from the first click to wherever it leads."""

from datetime import date, timedelta

from expertteam import clock, consents
from expertteam.demo_life import papers
from expertteam.demo_life.agenda import Story
from expertteam.demo_life.cast import Person
from expertteam.models import User
from recruitment import actions, progress
from recruitment.categories import Evidence, evidence_for
from recruitment.models import Application, SuccessCase, WorkPeriod

UNFINISHED = ("draft", "submitted")
GROUNDS = {
    "5": "逐份核对证明材料，并向单位电话核实，情况属实",
    "6(1)": "单位和社区反映良好，信用查询没有失信记录",
    "6(2)": "核对履历和社保记录，经历和专业水平符合",
    "6(4)": "电话访问了被辅导的创业者，案例属实；面谈表达清楚",
}
UNREADABLE = "照片反光，看不清日期和公章"


def course(bureau, person: Person) -> Story:
    """Apply, be reviewed, and wait for the notice; ``person.fate`` says how far it goes."""
    application = yield from apply_in_time(bureau, person)
    if person.fate not in UNFINISHED:
        yield from decided(bureau, person, application)
        if person.regrets:
            yield bureau.hours.evening(bureau.seasons[person.round].release + timedelta(days=60))
            consents.withdraw(application.applicant, "public_directory")


def decided(bureau, person: Person, application: Application) -> Story:
    """What becomes of a submitted application, as far as the notice."""
    if person.fate == "withdrawn":
        yield bureau.hours.evening(clock.today() + timedelta(days=2))
        actions.withdraw(application, by=application.applicant, reason=person.reason)
        return
    yield from first_review(bureau, person, application)
    if application.state != Application.State.RECOMMENDED or person.fate == "recommended":
        return
    yield max(bureau.hours.soon(3), bureau.not_before(person))
    if person.fate == "declined":
        actions.decline(application, by=bureau.accounts["reviewer"], reason=person.reason)
        return
    actions.approve(application, by=bureau.accounts["reviewer"], opinion="材料齐全，同意列为拟聘任人选")


def apply_in_time(bureau, person: Person) -> Story:
    """Three evenings with the forms; a draft is left lying after the second."""
    yield bureau.hours.evening(first_evening(bureau, person))
    user = bureau.accounts.get(person.username) or sign_up(person)
    application = actions.start(user, round=bureau.rounds[person.round])
    fill_in_kind_and_basics(application, user, person)
    yield bureau.hours.evening(clock.today() + timedelta(days=1))
    fill_in_history_and_skills(application, user, person)
    if person.fate == "draft":
        return application
    yield clock.now() + timedelta(minutes=25)
    hand_in_everything(application, user, person)
    actions.submit(application, by=user)
    return application


def first_evening(bureau, person: Person) -> date:
    """In a past round any day; in the open one as late as the fate needs."""
    season, until = bureau.seasons[person.round], clock.local(bureau.agenda.until).date()
    if not season.still_open:
        return bureau.hours.day(season.opens, season.closes - timedelta(days=2))
    if person.fate == "candidate":
        return bureau.hours.day(season.opens, season.opens + timedelta(days=2))
    if person.fate in UNFINISHED:
        return max(season.opens, bureau.hours.day(until - timedelta(days=5), until - timedelta(days=2)))
    return bureau.hours.day(season.opens + timedelta(days=3), season.opens + timedelta(days=7))


def sign_up(person: Person) -> User:
    """An account that nobody can sign in to."""
    return User.objects.create_user(
        f"user{person.number}", name=person.name, phone=person.phone, phone_verified=True, date_joined=clock.now()
    )


def fill_in_kind_and_basics(application, user, person):
    kind = ("category", "profession", "award", "title_level", "title_series", "title")
    actions.fill_in(application, by=user, task="kind", **{name: getattr(person, name) for name in kind})
    identity = {"name": person.name, "id_kind": person.id_kind, "id_number": person.id_number}
    basics = {name: getattr(person, name) for name in ("employer", "position", "district")}
    actions.fill_in(application, by=user, task="basics", person=identity, **basics)


def fill_in_history_and_skills(application, user, person):
    for employer, position, first, last, marks in person.work:
        period = WorkPeriod(
            application=application,
            employer=employer,
            position=position,
            first=date.fromisoformat(f"{first}-01"),
            last=date.fromisoformat(f"{last}-01") if last else None,
            in_field="f" in marks,
            managed="m" in marks,
        )
        actions.enter(period, by=user, task="history")
    skills = {name: getattr(person, name) for name in ("topics", "line", "biography", "visits", "public_fields")}
    actions.fill_in(application, by=user, task="skills", **skills)
    if person.case:
        client, year, story = person.case
        case = SuccessCase(application=application, client=client, year=year, story=story)
        actions.enter(case, by=user, task="skills")


def hand_in_everything(application, user, person):
    for evidence in wanted(person):
        actions.hand_in(application, by=user, kind=evidence.code, upload=upload(evidence, person))
    kinds = [*progress.PLEDGES] if person.quiet else [*progress.PLEDGES, "public_directory"]
    actions.pledge(application, by=user, kinds=kinds)


def wanted(person: Person) -> list[Evidence]:
    """What is required of this person, and the papers that take the place of others."""
    instead = {"award_certificate"} if person.award else set()
    instead |= {"practising_licence"} if person.licence else set()
    return [
        each
        for each in evidence_for(person.category, person.profession)
        if each.code in instead or (each.required and each.unless not in instead)
    ]


def upload(evidence: Evidence, person: Person):
    if evidence.code == "photo":
        return papers.portrait()
    return papers.paper(evidence.label, [f"姓名：{person.name}", f"单位：{person.employer}", evidence.hint])


def first_review(bureau, person: Person, application: Application) -> Story:
    """By intake: verify the papers, ask for better ones where fate wants it, then recommend or not."""
    intake = bureau.accounts["intake"]
    yield bureau.hours.soon(3)
    if person.fate == "turned_down":
        actions.turn_down(application, by=intake, reason=person.reason)
        return
    poor = person.mended or person.sent_back
    if poor:
        yield max(clock.now(), bureau.not_before(person))
        send_back(application, poor, by=intake)
        if person.sent_back:
            return
        yield from mend(bureau, person, application)
    verify_received(application, by=intake)
    for number in sorted({found.article for found in progress.findings(application) if found.verdict == "person"}):
        note = GROUNDS.get(number) or GROUNDS["5"]
        actions.judge(application, by=intake, article=number, met=True, note=note)
    actions.recommend(application, by=intake, opinion="材料核验无误，符合选聘条件，推荐")


def verify_received(application, *, by, but=""):
    for document in application.documents.current().filter(state="received").exclude(kind=but):
        actions.verify(document, by=by, original_seen=True)


def send_back(application, poor: str, *, by):
    """One paper cannot be read."""
    verify_received(application, by=by, but=poor)
    document = application.documents.current().get(kind=poor)
    actions.reject(document, by=by, reason=UNREADABLE)
    actions.send_back(application, by=by, items=[poor], note=f"{document.label}：{UNREADABLE}，请重拍后上传")


def mend(bureau, person: Person, application: Application) -> Story:
    """The applicant hands in the better paper, and intake looks again."""
    yield bureau.hours.evening(clock.today() + timedelta(days=2))
    evidence = next(each for each in wanted(person) if each.code == person.mended)
    actions.hand_in(application, by=application.applicant, kind=evidence.code, upload=upload(evidence, person))
    actions.submit(application, by=application.applicant)
    yield bureau.hours.soon(3)
