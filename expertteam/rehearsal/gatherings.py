"""Activities of every kind, from the draft to the attendance list, or to their cancellation (Articles 8(3) and 8(6))."""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from experts.models import Expert
from expertteam import calendar, clock
from expertteam.demo_life.agenda import Story
from expertteam.rehearsal import pairings
from expertteam.rehearsal.founders import Founder, founders
from expertteam.rehearsal.rhythm import all_along
from expertteam.workflow import LINK
from services.actions import activity, activity_role, sign_up, sign_up_by_phone
from services.models import Activity, ActivityRole, Engagement, SignUp
from services.suspension import suspended

PLANS = tomllib.loads((Path(__file__).parent / "gatherings.toml").read_text(encoding="utf8"))["activities"]
HALLS = ["市创就业服务中心一层路演厅", "市创就业服务中心二层培训室", "小店区人社服务大厅会议室", "杏花岭区双创园报告厅"]
ROLES = 2.6  # services at activities, of an expert in a year
A_YEAR = ROLES / (sum(plan["experts"] for plan in PLANS) / len(PLANS))  # activities for each expert
LASTS = timedelta(hours=2)
State = Activity.State


def stories(it) -> Iterator[Story]:
    yield all_along(it, A_YEAR, partial(gathering, it))
    yield from pairings.stories(it)


def gathering(it, day: date) -> Story:
    """Drafted, experts asked, announced, held and closed with its list, unless it comes to nothing."""
    yield it.hours.office(day)
    plan, matcher = it.any_of(PLANS), it.accounts["matcher"]
    on = calendar.deadline(clock.today(), it.hours.random.randint(12, 22), start_counts=False).day
    begins = clock.instant(on, it.any_of([9, 14, 19]), 30)
    asked = free(it, begins, plan["experts"])
    if not asked:
        return
    draft = activity.draft(
        by=matcher, kind=plan["kind"], title=plan["title"], text=plan["text"], place=it.any_of(HALLS),
        capacity=plan["seats"], starts_at=begins, ends_at=begins + LASTS,
    )  # fmt: skip
    for expert in asked:
        invited(it, draft, expert, plan["role"])
    yield it.hours.soon(3)
    if it.happens(0.1):
        moved = {"starts_at": begins + timedelta(hours=1), "ends_at": begins + timedelta(hours=3)}
        activity.revise(draft, by=matcher, **moved)
        answered_anew(it, draft)
        yield it.hours.soon(2)
    if not draft.roles.filter(state__in=[ActivityRole.State.INVITED, ActivityRole.State.ACCEPTED]).exists():
        activity.cancel(draft, by=matcher, reason="请到的老师那天都来不了")
        return
    activity.publish(draft, by=it.accounts["reviewer"])
    for each in founders(it, max(1, plan["come"] + it.hours.random.randint(-3, 2))):
        it.agenda.tell(comes(it, draft, each))
    yield from announced(it, draft)


def free(it, begins, count: int) -> list[Expert]:
    """So many who are in term then and have that day to themselves, as far as there are any, by the seed."""
    on = clock.local(begins).date()
    taken = Engagement.objects.between(clock.instant(on), clock.instant(on + calendar.ONE_DAY)).values("expert")
    able = Expert.objects.serving(on).exclude(pk__in=taken).exclude(pk__in=suspended(clock.today())).order_by("no")
    keys = list(able.values_list("pk", flat=True))
    chosen = it.hours.random.sample(keys, min(count, len(keys)))
    return list(Expert.objects.filter(pk__in=chosen).select_related("user").order_by("no"))


def invited(it, draft: Activity, expert: Expert, role: str):
    asked = activity_role.invite(
        draft, by=it.accounts["matcher"], expert=expert, role=role, starts_at=draft.starts_at, minutes=120
    )
    it.agenda.tell(answers(it, asked))


def answered_anew(it, moved: Activity):
    """Whoever had been asked answers for the new time."""
    for role in moved.roles.filter(state=ActivityRole.State.INVITED).order_by("pk"):
        it.agenda.tell(answers(it, role))


def answers(it, role: ActivityRole) -> Story:
    """Most are glad to come; some cannot, a few do not look."""
    mood = it.hours.random.random()
    yield it.hours.soon(2)
    role.refresh_from_db()
    if role.state != ActivityRole.State.INVITED or mood > 0.96:
        return
    over = role.starts_at + timedelta(minutes=role.minutes)
    if mood < 0.08 or role.expert.engagements.between(role.starts_at, over).exists():
        activity_role.decline(role, by=role.expert.user, reason="那天已有别的安排。")
        return
    activity_role.accept(role, by=role.expert.user)
    if it.happens(0.02):
        yield it.hours.soon(2)
        role.refresh_from_db()
        if role.state == ActivityRole.State.ACCEPTED and clock.now() < role.starts_at:
            activity_role.release(role, by=it.accounts["matcher"])


def comes(it, announced: Activity, who: Founder) -> Story:
    """By web on some evening or by telephone; most come, some give their seat up, some stay away."""
    by_phone, mood, said = it.happens(0.25), it.hours.random.random(), {"name": who.name, "phone": who.phone}
    day = clock.today() + timedelta(days=it.hours.random.randint(1, 7))
    yield it.hours.office(day) if by_phone else it.hours.evening(day)
    announced.refresh_from_db()
    if announced.state != State.OPEN or clock.now() >= announced.starts_at:
        return
    if by_phone:
        clerk = it.accounts["intake"]
        seat = sign_up_by_phone(announced, by=clerk, note="本人来电报名", channel="phone", group=who.group, **said)
    else:
        seat = sign_up.sign_up(announced, by=LINK, group=who.group, **said)
    if mood < 0.08:
        yield clock.now() + timedelta(hours=it.hours.random.randint(2, 40))
        gives_up(seat)
    elif mood < 0.88:
        yield from checks_in(it, seat)


def gives_up(seat: SignUp):
    seat.refresh_from_db()
    open_still = seat.activity.state == State.OPEN and clock.now() < seat.activity.starts_at
    if open_still and seat.state in (SignUp.State.SEATED, SignUp.State.WAITING):
        sign_up.cancel(seat, by=LINK)


def checks_in(it, seat: SignUp) -> Story:
    """At the door, once it has begun, also where it was put off meanwhile."""
    at = seat.activity.starts_at
    while True:
        yield max(clock.now(), at + timedelta(minutes=it.hours.random.randint(1, 15)))
        seat = SignUp.objects.select_related("activity").get(pk=seat.pk)
        if seat.activity.starts_at <= clock.now():
            break
        at = seat.activity.starts_at
    if seat.state == SignUp.State.SEATED and seat.activity.state in (State.OPEN, State.HELD):
        sign_up.mark(seat, by=LINK, came=True)


def announced(it, open_now: Activity) -> Story:
    """It may be put off or called off; else it is held, and closed with the attendance list."""
    mood = it.hours.random.random()
    yield it.hours.soon(2)
    open_now.refresh_from_db()
    if mood < 0.05:
        activity.cancel(open_now, by=it.accounts["matcher"], reason="场地临时停电检修，另行通知")
        return
    if mood < 0.13:
        put_off(it, open_now)
    yield open_now.ends_at + timedelta(minutes=20)
    activity.hold(open_now, by=it.accounts["matcher"])
    yield it.hours.soon(2)
    closed(it, open_now)


def put_off(it, open_now: Activity):
    """To the same hour two days later."""
    later = timedelta(days=2)
    activity.amend(
        open_now, by=it.accounts["matcher"], amendment="报告厅那天另有安排，推迟两天", kind=open_now.kind,
        title=open_now.title, text=open_now.text, place=open_now.place, capacity=open_now.capacity,
        starts_at=open_now.starts_at + later, ends_at=open_now.ends_at + later,
    )  # fmt: skip
    answered_anew(it, open_now)


def closed(it, held: Activity):
    """Experts are marked present for what they gave; where nobody signed in, nobody's hours can be borne out."""
    listed = held.sign_ups.filter(state=SignUp.State.ATTENDED).exists()
    promised = held.roles.filter(state=ActivityRole.State.ACCEPTED).order_by("pk")
    attended = {role.pk: role.minutes if listed and was_there(it, role) else None for role in promised}
    activity.close(held, by=it.accounts["matcher"], attended=attended)


def was_there(it, role: ActivityRole) -> bool:
    """Nearly everybody who had promised it, if he was still of the team that day."""
    return role.expert.appointments.in_force(clock.local(role.starts_at).date()).exists() and not it.happens(0.01)
