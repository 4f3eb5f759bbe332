"""The bureau's side: rounds, notices, objections, appointments, and the nightly work."""

from datetime import date, timedelta

from django.db.models import F

from expertteam import calendar, clock
from expertteam.celery import run_due_jobs
from expertteam.demo_life import papers
from expertteam.demo_life.agenda import Story
from expertteam.demo_life.cast import OBJECTIONS
from expertteam.demo_life.seasons import FLOOR, Season
from expertteam.models import Notification
from recruitment import actions
from recruitment.models import Application, Candidate, Notice, Round

FRIDAY = 4
STATEMENT = (
    "经个人自愿报名、初审推荐和审核，拟聘任下列人员为太原市创业就业指导专家团成员，现予公示。"
    "公示期内如有不同意见，可以在本页实名反映，也可以来电来访。"
)


def open_round(bureau, season: Season) -> Story:
    """The reviewer announces a round ten days ahead."""
    yield clock.instant(max(FLOOR, season.opens - timedelta(days=10)), 8, 40)
    announce_round(bureau, season)


def announce_round(bureau, season: Season):
    """As the reviewer enters it in the admin."""
    announced = Round(
        name=season.name,
        purpose=Round.Purpose.RENEWAL if season.renews else Round.Purpose.OPEN,
        opens_on=season.opens,
        closes_on=season.closes,
        screening_until=season.screening_until,
        review_until=season.review_until,
    )
    announced._history_user, announced._change_reason = bureau.accounts["reviewer"], "发布选聘批次"
    announced.save()
    bureau.rounds[season.number] = announced


def one_notice(bureau, number: int, season: Season) -> Story:
    """A notice that runs its course."""
    yield clock.instant(season.release, 10, 15)
    notice = announce(bureau, season)
    hear_objections(bureau, number, notice)
    yield from run_notice(bureau, notice)


def corrected_notice(bureau, number: int, season: Season) -> Story:
    """A notice that turns out wrong is annulled, and another one runs in its place."""
    yield clock.instant(season.release, 10, 15)
    notice = yield from corrected(bureau, season)
    hear_objections(bureau, number + 1, notice)
    yield from run_notice(bureau, notice)


def corrected(bureau, season: Season) -> Story:
    """Published, annulled, published anew; the notice that holds."""
    wrong = announce(bureau, season)
    yield clock.instant(calendar.deadline(clock.today(), 2, start_counts=False).day, 15, 30)
    actions.annul(wrong, by=bureau.accounts["reviewer"], reason="说明里的来电号码印错一位，更正后重新公示")
    yield clock.instant(calendar.deadline(clock.today(), 1, start_counts=False).day, 10, 0)
    return announce(bureau, season, corrects=wrong)


def announce(bureau, season: Season, corrects: Notice | None = None) -> Notice:
    """Everybody approved in this round by now is put on the list, and it is published."""
    chosen = bureau.rounds[season.number]
    title = f"{season.name}拟聘任人选公示{'（更正）' if corrects else ''}"
    notice = actions.draft_notice(
        by=bureau.accounts["reviewer"],
        round=chosen,
        title=title,
        statement=STATEMENT,
        applications=Application.objects.awaiting_notice().filter(round=chosen),
        corrects=corrects,
    )
    actions.publish(notice, by=bureau.accounts["reviewer"])
    return notice


def hear_objections(bureau, number: int, notice: Notice):
    """What is said against people on this notice, the so-manieth of the demo."""
    for place, entry in enumerate(OBJECTIONS):
        if entry["notice"] == number:
            about = notice.candidates.get(name=entry["about"])
            bureau.agenda.tell(objection(bureau, about, entry, f"1540001000{place}"))


def run_notice(bureau, notice: Notice) -> Story:
    """After the end, on the next working day, the leader appoints whom nobody objects to."""
    yield bureau.hours.office(clock.local(notice.ends_at).date())
    appoint_unopposed(bureau, notice)


def appoint_unopposed(bureau, notice: Notice):
    free = notice.candidates.exclude(pk__in=Candidate.objects.blocked())
    for candidate in free.filter(application__state=Application.State.ON_NOTICE):
        actions.appoint(candidate.application, by=bureau.accounts["leader"])


def objection(bureau, about: Candidate, entry: dict, phone: str) -> Story:
    """What somebody says during the notice; one that was signed, and found baseless, is followed by the appointment."""
    yield from heard(bureau, about.notice, about, entry, phone)
    if "name" in entry:
        yield bureau.hours.office(max(clock.today(), clock.local(about.notice.ends_at).date()))
        appoint_unopposed(bureau, about.notice)


def heard(bureau, notice: Notice, about: Candidate | None, entry: dict, phone: str) -> Story:
    """Said in the days of the notice, of one on it or of the whole list.

    With a real name it is examined, decided and answered, else kept as a lead.
    """
    inspector, leader = bureau.accounts["inspector"], bureau.accounts["leader"]
    yield clock.instant(notice_day(notice, entry["day"]), 10, 20)
    name = entry.get("name", "")
    it = actions.lodge(
        notice,
        candidate=about,
        kind=entry["kind"],
        facts=entry["facts"],
        name=name,
        phone=phone if name else "",
        files=[papers.paper("有关材料", [entry["facts"]])] if name else [],
    )
    yield clock.instant(clock.today(), 14, 40)
    if not name:
        actions.file_lead(it, by=inspector, report=entry["report"])
        return
    actions.examine(it, by=inspector)
    yield bureau.hours.soon(3)
    actions.report(it, by=inspector, report=entry["report"])
    yield bureau.hours.soon(2)
    actions.decide(it, by=leader, upheld=entry["upheld"], decision=entry["decision"])
    yield bureau.hours.soon(2)
    actions.answer(it, by=inspector, answer=entry["answer"])


def notice_day(notice: Notice, n: int) -> date:
    """The n-th day of a notice; the first counts as one."""
    return calendar.deadline(clock.local(notice.begins_at).date(), n, start_counts=True).day


def mornings(first: date) -> Story:
    """Monday to Friday the periodic jobs run at eight, and people have read what came two days before."""
    day = first
    while True:
        yield clock.instant(day, 8, 5)
        run_due_jobs()
        read_messages()
        day += timedelta(days=3 if day.weekday() == FRIDAY else 1)


def read_messages(after: int = 0):
    """Whoever was told something on the portal has read it two days later; what lies before that key is read already."""
    unread = Notification.objects.filter(pk__gt=after, read_at=None, channel=Notification.Channel.INAPP)
    unread.filter(created_at__lt=clock.now() - timedelta(days=2)).update(read_at=F("created_at"))
