"""Who is called to a review: he says yes, or his place passes on to the next ticket (Articles 8(4) and 10(4))."""

from datetime import datetime, timedelta

from expertteam import calendar, clock
from expertteam.demo_life.agenda import Story
from services import pool
from services.actions import seat as seats
from services.models import ReviewPanel, Seat
from services.suspension import suspended

BED, BREAKFAST = 21, 8  # hours between which nobody is called up
State = Seat.State
DOOR_OPEN = [ReviewPanel.State.SELECTING, ReviewPanel.State.SEATED, ReviewPanel.State.OPEN]
WAITS = [State.CALLED, State.DECLINED]


def convoked(it, review: ReviewPanel):
    """Everybody who has just been called has his story."""
    for each in review.seats.filter(state__in=WAITS).order_by("place"):
        it.agenda.tell(member(it, each))


def member(it, seat: Seat) -> Story:
    """From the call to the door of the room."""
    mood = it.hours.random.random()
    yield when_he_looks(it, seat.panel)
    if not still(seat, *WAITS):
        return
    if seat.state == State.CALLED and mood > 0.97 and clock.now() < seat.panel.starts_at - timedelta(hours=8):
        yield from rung_up(it, seat)
    elif seat.state == State.CALLED:
        replied(seat, willing=mood > 0.06)
    if still(seat, State.ACCEPTED):
        early = timedelta(minutes=it.hours.random.randint(5, 25))
        yield max(clock.now() + timedelta(minutes=5), seat.panel.starts_at - early)
        arrived(it, seat)
    if still(seat, State.DECLINED):
        yield from passed_on(it, seat)


def when_he_looks(it, review: ReviewPanel) -> datetime:
    """Soon, but not in the night; on the day of the review at once."""
    if clock.now() > review.starts_at - timedelta(hours=2):
        return clock.now() + timedelta(minutes=it.hours.random.randint(2, 8))
    replies = clock.now() + timedelta(minutes=it.hours.random.randint(5, 60))
    hour, day = clock.local(replies).hour, clock.local(replies).date()
    if BREAKFAST <= hour < BED:
        return replies
    return clock.instant(day + (hour >= BED) * calendar.ONE_DAY, BREAKFAST, it.hours.random.randint(5, 40))


def still(seat: Seat, *states: str) -> bool:
    """Whether the seat, as it is now, is in one of these states, and its review goes on."""
    seat.refresh_from_db(from_queryset=Seat.objects.select_related("panel", "expert__user"))
    return seat.state in states and not seat.panel.standstill()


def replied(seat: Seat, willing: bool):
    """Yes, unless he has other plans by now, is tied to a project, or will be no more of the team."""
    review, expert = seat.panel, seat.expert
    if pool.conflict_of(expert, review):
        seats.decline(seat, by=expert.user, why=Seat.Why.RECUSED, reason="指导过其中一家。")
    elif not willing or hindered(seat):
        seats.decline(seat, by=expert.user, why=Seat.Why.DECLINED, reason="那个时间已有别的安排。")
    else:
        seats.accept(seat, by=expert.user)


def hindered(seat: Seat) -> bool:
    review, expert = seat.panel, seat.expert
    in_term = expert.appointments.in_force(clock.local(review.starts_at).date()).exists()
    busy = expert.engagements.between(review.starts_at, review.ends_at).exists()
    return busy or not in_term or expert.pk in suspended(clock.today())


def rung_up(it, seat: Seat) -> Story:
    """He does not look; after three tries and his time his place passes on, or he is given more time."""
    operator, inspector = it.accounts["intake"], it.accounts["inspector"]
    for note in ("无人接听", "已关机"):
        if not still(seat, State.CALLED):
            return
        seats.look_up(seat, by=operator)
        seats.try_again(seat, by=operator, note=note)
        yield clock.now() + timedelta(minutes=25)
    yield max(clock.now(), seat.answer_due) + timedelta(minutes=5)
    if not still(seat, State.CALLED):
        return
    seats.report_unreachable(seat, by=operator)
    yield clock.now() + timedelta(minutes=10)
    if not still(seat, State.PASSING):
        return
    if it.happens(0.2):
        seats.send_back(seat, by=inspector)
        replied(seat, willing=True)
    else:
        followed(it, seat)
        yield from objected(it, seat)


def passed_on(it, seat: Seat) -> Story:
    """Asked for by the operator, signed for by the inspector."""
    seats.pass_on(seat, by=it.accounts["intake"])
    yield clock.now() + timedelta(minutes=10)
    if still(seat, State.PASSING):
        followed(it, seat)


def followed(it, seat: Seat):
    """The inspector signs, and whoever is called in his place has a story of his own."""
    seats.stand_down(seat, by=it.accounts["inspector"])
    for each in Seat.objects.filter(follows=seat, state__in=WAITS):
        it.agenda.tell(member(it, each))


def objected(it, seat: Seat) -> Story:
    """Whoever was not reached may say that he was."""
    if not it.happens(0.3):
        return
    yield it.hours.soon(2)
    if still(seat, State.STOOD_DOWN):
        seats.object_to(seat, by=seat.expert.user, words="那天上午在开会，散会就打算回复。")
        yield it.hours.soon(3)
        if still(seat, State.STOOD_DOWN):
            seats.answer_objection(seat, by=it.accounts["leader"], answer="三次联系都有记录，递补不变。")


def arrived(it, seat: Seat):
    """At the door; nearly everybody who said yes has come."""
    if still(seat, State.ACCEPTED) and seat.panel.state in DOOR_OPEN and not it.happens(0.015):
        seats.sign_in(seat, by=seat.expert.user)
