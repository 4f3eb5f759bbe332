"""What was done and what is said of it: logs, the client's word, call-backs, rulings, ratings (Articles 9 and 10(1))."""

from datetime import timedelta

from evaluations import actions as evaluations
from evaluations.models import Rating
from evaluations.models.rating import Praise, Trouble
from expertteam import calendar, clock
from expertteam.demo_life.agenda import Story
from expertteam.demo_life.clients import SUMMARIES
from expertteam.demo_life.opinions import QUOTES
from expertteam.workflow import LINK
from services import actions
from services.actions.holding import code_of
from services.models import Service, ServiceRequest

State = Service.State
PHONE = 0.35  # of clients' words, which the clerk takes down
LATE, PUT_OFF, RETRACTED, CODED = 0.06, 0.12, 0.01, 0.2  # of logs
QUERIED, SILENT = 0.06, 0.1  # of those who are asked for their word
AWAY, CONTRADICTS = 0.25, 0.1  # of those who are rung up about it
UNFOUNDED = 0.15  # of rulings
UNRATED, POOR, REVISED, RESENT = 0.25, 0.04, 0.02, 0.05  # of services
WITHHELD = 0.15  # of quotes
GRADES = [5, 5, 5, 4, 4, 5, 3, 5, 4]
TROUBLES = [trouble for trouble in Trouble.values if trouble != Trouble.ATTITUDE]
COMPLAINTS = [
    "还是不知道该找哪个部门。",
    "讲得太快，没听明白。",
    "比约好的时间晚了二十分钟。",
    "只说大道理，没有具体办法。",
]
RUDE = ["全程不耐烦，说我不适合创业。", "一边打电话一边敷衍我，问多了就发火。", "当着别人的面说我的想法可笑。"]


def by_client(it, act, record, **said):
    """By the client's own link, or by the clerk whom he rings up."""
    if rings_up(it):
        actions.by_phone(act, record, by=it.accounts["intake"], call_note="来电办理", **said)
    else:
        act(record, by=LINK, **said)


def rings_up(it) -> bool:
    """Whether he does so instead; only while somebody is at the desk."""
    at = clock.local(clock.now())
    return it.happens(PHONE) and 9 <= at.hour < 18 and calendar.Schedule().presumably_works(at.date())


def state_of(asked: ServiceRequest) -> str:
    """As it is by now."""
    return ServiceRequest.objects.values_list("state", flat=True).get(pk=asked.pk)


def logged(it, asked: ServiceRequest, sore: int | None) -> Story:
    """The expert writes down what was done, mostly the same day; then it is the client's turn."""
    yield written_at(it, asked)
    if state_of(asked) != ServiceRequest.State.ARRANGED:  # he has left the team meanwhile
        return
    expert, code = asked.expert.user, code_of(asked) if it.happens(CODED) else ""
    service = actions.start_log(by=expert, request=asked)
    said = {"minutes": it.any_of([60, 60, 60, 90, 120, 45]), "summary": it.any_of(SUMMARIES), "code": code}
    actions.log(service, by=expert, **said)
    if service.state == State.LOGGED and it.happens(RETRACTED):
        yield clock.now() + timedelta(minutes=5)
        actions.retract(service, by=expert)
        yield clock.now() + timedelta(minutes=10)
        actions.log(service, by=expert, **said | {"minutes": 75})
    it.agenda.tell(spoken_of(it, service, cross=service.expert_id == sore))


def written_at(it, asked: ServiceRequest):
    """The same day, some days later, or when the period is over; never after the expert's term."""
    mood, over = it.hours.random.random(), asked.starts_at + timedelta(minutes=it.hours.random.randint(130, 400))
    if mood > LATE + PUT_OFF:
        return over
    latest = clock.local(asked.starts_at).date() + timedelta(days=30)
    if not asked.expert.appointments.in_force(latest).exists():
        return over
    return max(over, it.hours.office(clock.local(over).date(), it.hours.random.randint(5, 8) if mood < LATE else 2))


def spoken_of(it, service: Service, cross: bool) -> Story:
    """Most confirm; some see it otherwise; some do not answer and are rung up.  What counts may be rated."""
    mood = 1 if cross else it.hours.random.random()
    yield clock.now() + timedelta(hours=it.hours.random.randint(2, 40))
    service.refresh_from_db()
    if service.state == State.LOGGED and mood < SILENT:
        yield from rung_up(it, service)
    elif service.state == State.LOGGED and mood < SILENT + QUERIED:
        by_client(it, actions.query, service, claimed_minutes=service.minutes - 15, client_note="记得没有谈这么久")
    elif service.state == State.LOGGED:
        by_client(it, actions.confirm, service)
    if service.state == State.QUERIED:
        yield it.hours.soon(4)
        ruled(it, service)
    if service.state in Service.COUNTED:
        yield from rated(it, service, cross)


def rung_up(it, service: Service) -> Story:
    """By now time has passed it to the clerk, who rings up, if need be on another day again."""
    tries = 0
    yield it.hours.office(service.confirm_due, it.hours.random.randint(1, 3))
    service.refresh_from_db()
    while service.state == State.UNANSWERED:
        tries += 1
        away = tries < 3 and it.happens(AWAY)
        outcome = "away" if away else "other" if it.happens(CONTRADICTS) else "true"
        said = {"away": "没有人接", "other": "对方说只谈了半小时", "true": "本人接听，说没看到短信，情况属实"}[outcome]
        claimed = 30 if outcome == "other" else None
        actions.call_back(service, by=it.accounts["intake"], outcome=outcome, note=said, claimed_minutes=claimed)
        if not away:
            return
        yield it.hours.soon(2)
        service.refresh_from_db()


def ruled(it, service: Service):
    """What the reviewer makes of two words that differ."""
    if it.happens(UNFOUNDED):
        actions.reject(service, by=it.accounts["reviewer"], ruling="门禁和签到都没有记录，双方说法对不上，不予核定")
        return
    minutes, ruling = service.claimed_minutes or service.minutes, "核对了签到时间，按对方说的时长核定"
    actions.rule(service, by=it.accounts["reviewer"], ruled_minutes=minutes, ruling=ruling)


def rated(it, service: Service, cross: bool) -> Story:
    """Most say something within a few days; what may be published is looked at first."""
    rating = Rating.objects.filter(service=service).first()
    if rating is None or (not cross and it.happens(UNRATED)):
        return
    yield clock.now() + timedelta(hours=it.hours.random.randint(1, 70))
    if not cross and it.happens(RESENT):
        evaluations.resend(rating, by=it.accounts["intake"])
        yield clock.now() + timedelta(hours=it.hours.random.randint(1, 70))
    given(it, rating, opinion(it, cross))
    if it.happens(REVISED) and not rating.is_poor:
        yield clock.now() + timedelta(hours=3)
        evaluations.revise(rating, by=LINK, **opinion(it, cross=False) | {"grade": 5})
    if rating.quote == Rating.Quote.WAITING:
        yield it.hours.soon(3)
        looked_at(it, rating)


def opinion(it, cross: bool) -> dict:
    """A grade and what goes with it; a word about manner is given by one who means it, or by chance."""
    if cross:
        return {"grade": 1, "wrong": [Trouble.ATTITUDE], "text": it.any_of(RUDE)}
    if it.happens(POOR):
        return {"grade": 2, "wrong": [it.any_of(TROUBLES)], "text": it.any_of(COMPLAINTS)}
    said = {"good": [it.any_of(Praise.values)], "text": it.any_of(QUOTES), "may_publish": it.happens(0.5)}
    return said | {"grade": it.any_of(GRADES)}


def given(it, rating: Rating, said: dict):
    """By the link, or read out by the clerk."""
    if rings_up(it):
        clerk = it.accounts["intake"]
        evaluations.enter_by_phone(rating, by=clerk, channel=Rating.Channel.PHONE, note="来电评价", **said)
    else:
        evaluations.give(rating, by=LINK, **said)


def looked_at(it, rating: Rating):
    """Before anybody reads it in public."""
    rating.refresh_from_db()
    if rating.quote != Rating.Quote.WAITING:
        return
    if it.happens(WITHHELD):
        evaluations.withhold_quote(rating, by=it.accounts["reviewer"], reason="文字里能看出是谁，不公开")
    else:
        evaluations.show_quote(rating, by=it.accounts["reviewer"])
