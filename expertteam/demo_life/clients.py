"""The clients' side: who asks, whom the centre matches, what is logged and confirmed."""

import tomllib
from datetime import date, time, timedelta
from pathlib import Path

from experts.models import Expert
from expertteam import calendar, clock
from expertteam.demo_life import opinions
from expertteam.demo_life.agenda import Story, working_days_before
from expertteam.demo_life.seasons import FLOOR
from expertteam.models import User
from expertteam.workflow import LINK
from services import actions, matching, slots
from services.actions.availability import set_hours
from services.actions.holding import code_of, live_offer
from services.models import Offer, Place, Service, ServiceRequest

DEMO = tomllib.loads((Path(__file__).parent / "clients.toml").read_text(encoding="utf8"))
CLIENTS = DEMO["clients"]
WEEKS = [  # who keeps which hours: weekday, begins, ends; the last leave it to the centre
    [(0, 9, 12), (2, 14, 17), (4, 9, 12)],
    [(1, 9, 12), (3, 14, 18)],
    [(0, 14, 17), (1, 14, 17), (5, 9, 12)],
    [(2, 9, 12), (4, 14, 17)],
    [(1, 14, 17), (3, 9, 12), (6, 14, 17)],
    [],
]
OPEN_WEEK = [(weekday, begins, begins + 3) for weekday in range(5) for begins in (9, 14)]
ROOMS = ["服务中心1号洽谈室", "服务中心2号洽谈室", "服务中心3号洽谈室"]
SUMMARIES = [
    "把启动费用分成三张表，约好先谈租金再订设备。",
    "讲清了个体户与公司的差别和办理顺序。",
    "看了流水，建议先收缩一个品类再谈扩店。",
    "理出申请贷款要备的材料，缺的两样写在单子上。",
    "逐条看了合同，标出三处要改的地方。",
    "算了盈亏平衡点，下次带两个月的账来。",
]
REASONS = ["busy", "away", "field"]
State = ServiceRequest.State


def phone_of(entry: dict) -> str:
    """The account's own number, or one of a range that no carrier has been given."""
    return "15400009009" if entry.get("username") else f"1540002{CLIENTS.index(entry):04d}"


def keep_hours() -> Story:
    """Whoever has joined the team says when he can be met, on the first morning after."""
    day = FLOOR
    while True:
        yield clock.instant(day, 8, 30)
        joined = Expert.objects.serving(day).filter(appointments__first_day=day - calendar.ONE_DAY)
        for expert in joined.filter(weekly_hours=None).select_related("user").order_by("no"):
            week = OPEN_WEEK if expert.user.username == "expert" else WEEKS[int(expert.no[-4:]) % len(WEEKS)]
            if week:
                set_hours(expert, [(each, time(begins), time(ends)) for each, begins, ends in week], by=expert.user)
        day += calendar.ONE_DAY


def year(bureau, first: date, last: date) -> Story:
    """Everybody asks now and then; each request is a story of its own."""
    yield clock.instant(first, 9)
    spread = (last - first).days
    for turn in range(bureau.turns):
        for place, entry in enumerate(CLIENTS):
            day = first + timedelta(days=int(spread * (turn + place / len(CLIENTS)) / bureau.turns))
            bureau.agenda.tell(request(bureau, entry, day))


def request(bureau, entry: dict, day: date) -> Story:
    """One request, from asking to the client's word."""
    dice = bureau.hours.random
    by_phone = dice.random() < 0.35
    yield bureau.hours.office(day) if by_phone else bureau.hours.evening(day)
    if not Expert.objects.serving(clock.today()).exists():
        return
    asked = ask(bureau, entry, by_phone)
    if asked.place == Place.VISIT:
        yield bureau.hours.soon(1)
        actions.allow_visit(asked, by=bureau.accounts["intake"], note="电话核实，确有需要")
    yield bureau.hours.soon(2)
    yield from matched(bureau, asked)


def ask(bureau, entry: dict, by_phone: bool, **more) -> ServiceRequest:
    """As the public form or the clerk's twin of it does."""
    address, reason = entry.get("visits", ("", ""))
    own = User.objects.filter(username=entry.get("username")).first()
    return actions.ask(
        by=bureau.accounts["intake"] if by_phone else own,
        channel="phone" if by_phone else "web",
        name=entry["name"], phone=phone_of(entry), group=entry["group"], district=entry["district"],
        topics=entry["topics"], question=entry["question"], enterprise=entry.get("enterprise", ""),
        place=Place.VISIT if address else Place.CENTRE, address=address, visit_reason=reason,
        **{"wishes": bureau.hours.random.choice([[], ["workday_am"], ["workday_pm"], ["weekend"]])} | more,
    )  # fmt: skip


def matched(bureau, asked: ServiceRequest, tries: int = 3) -> Story:
    """The matcher takes the first of those suggested, two more stand behind him."""
    asked.refresh_from_db()
    if asked.starts_at and asked.starts_at < clock.now() + timedelta(hours=3):  # by telephone: another time
        actions.change_time(asked, by=bureau.accounts["intake"], wishes=["workday_am", "workday_pm"])
    first, *others = matching.suggest(asked) or [None]
    if first is None or not tries:
        actions.turn_away(asked, by=bureau.accounts["matcher"], note="近期没有合适的时间，下月再为您联系")
        return
    actions.offer(
        asked, by=bureau.accounts["matcher"], expert=first.expert, starts_at=first.slot,
        room="" if asked.place == Place.VISIT else bureau.hours.random.choice(ROOMS),
        alternates=[each.expert.pk for each in others[:2]],
        override="近期没有完全对口的老师，先请经验相近的" if first.warnings else "",
    )  # fmt: skip
    yield from answered(bureau, asked)
    if asked.state == State.SUBMITTED:
        yield bureau.hours.soon(1)
        yield from matched(bureau, asked, tries - 1)
    elif asked.state == State.ARRANGED:
        yield from held(bureau, asked)


def answered(bureau, asked: ServiceRequest) -> Story:
    """Experts accept, sometimes cannot come, sometimes do not look; then the next is asked by itself."""
    while asked.state == State.OFFERED:
        offer = live_offer(asked)
        mood = bureau.hours.random.random()
        replies = clock.now() + timedelta(minutes=bureau.hours.random.randint(5, 150))
        if mood > 0.95 or replies > offer.answer_due:
            yield max(offer.answer_due, clock.now()) + timedelta(days=4)  # a working morning has come by then
        else:
            yield replies
            offer.refresh_from_db()
            if offer.state == Offer.State.OFFERED:  # unless he has left the team meanwhile
                respond(bureau, offer, accepts=mood < 0.85)
        asked.refresh_from_db()


def respond(bureau, offer, accepts: bool):
    """The expert's answer, as he gives it on his desk."""
    user = offer.expert.user
    if accepts:
        ahead = clock.instant(clock.today() + timedelta(days=5), 10)
        free = slots.next_free([offer.expert]).get(offer.expert_id)
        actions.accept(offer, by=user, starts_at=offer.starts_at or free or ahead)
    else:
        actions.decline(offer, by=user, reason_kind=bureau.hours.random.choice(REASONS), reason="")


def held(bureau, asked: ServiceRequest) -> Story:
    """They meet, the expert writes down what was done, the client gives his word."""
    dice = bureau.hours.random
    yield asked.starts_at + timedelta(minutes=dice.randint(130, 400))
    asked.refresh_from_db()
    if asked.state != State.ARRANGED:  # he has left the team meanwhile
        yield from matched(bureau, asked, tries=1)
        return
    offer, expert = live_offer(asked), asked.expert.user
    if dice.random() < 0.04:
        actions.report_client_absent(offer, by=expert, reason="等了半小时，电话没有接通")
        return
    service = actions.start_log(by=expert, request=asked)
    code = code_of(asked) if dice.random() < 0.2 else ""
    actions.log(
        service, by=expert, code=code, minutes=dice.choice([60, 60, 60, 90, 120, 45]), summary=dice.choice(SUMMARIES)
    )
    if service.state == Service.State.LOGGED:
        yield from confirmed(bureau, service)
    else:
        yield from opinions.rated(bureau, service)


def confirmed(bureau, service: Service) -> Story:
    """Most confirm; some see it otherwise; some do not answer and are rung up."""
    mood = bureau.hours.random.random()
    yield clock.now() + timedelta(hours=bureau.hours.random.randint(2, 40))
    if mood < 0.84:
        actions.confirm(service, by=LINK)
        yield from opinions.rated(bureau, service)
    elif mood < 0.9:
        actions.query(service, by=LINK, claimed_minutes=service.minutes - 15, client_note="记得没有谈这么久")
        yield bureau.hours.soon(4)
        actions.rule(
            service, by=bureau.accounts["reviewer"], ruled_minutes=service.minutes - 15,
            ruling="核对了签到时间，按对方说的时长核定",
        )  # fmt: skip
    else:
        yield clock.instant(service.confirm_due, 9) + timedelta(days=5)
        service.refresh_from_db()
        if service.state == Service.State.UNANSWERED:
            actions.spoke(bureau.accounts["intake"], "服务回访", service=service, note="本人接听")
            actions.verify(service, by=bureau.accounts["intake"], ruling="电话回访属实，对方说没看到短信")


LEFT = [  # what waits when the demo is opened: client, asked so many working days before, how far it goes, days until
    ("高宇航", 30, "mended", 1),
    ("贺丽娜", 14, "logged", 1),  # by now a call-back
    ("郭晓燕", 8, "queried", 1),
    ("田野", 4, "logged", 1),
    ("樊秀珍", 3, "poor", 1),
    ("武建军", 2, "arranged", 1),  # by now to be logged
    ("刘小满", 1, "arranged", 6),
    ("冀海东", 0, "offered", 3),
    ("牛小虎", 0, "submitted", 0),
    ("秦志强", 0, "submitted", 0),
]


def still_open(bureau, last: date) -> Story:
    """One thing of every kind for the expert whose account is printed, for the matcher and for the clerks."""
    yield clock.instant(working_days_before(last, 31), 9)
    for name, days, stage, ahead in LEFT:
        entry = next(each for each in CLIENTS if each["name"] == name)
        day = working_days_before(last + calendar.ONE_DAY, days + 1)
        bureau.agenda.tell(left_at(bureau, entry, day, stage, day + timedelta(days=ahead)))


def left_at(bureau, entry: dict, day: date, stage: str, earliest: date) -> Story:
    """A request that goes no further than this; the meeting on the first free day from ``earliest`` on."""
    yield clock.instant(day, 9, 40)
    expert = Expert.objects.serving(clock.today()).filter(user=bureau.accounts["expert"]).first()
    free = slots.free([expert], earliest, 12, clock.now())[expert.pk] if expert else []
    if stage == "submitted" or not free:
        ask(bureau, entry, by_phone=stage == "submitted")
        return
    soonest = free[0].starts_at
    asked = ask(bureau, entry, by_phone=False, wanted=expert, starts_at=soonest)
    yield clock.instant(day, 10, 50)
    actions.offer(
        asked, by=bureau.accounts["matcher"], expert=expert, starts_at=soonest, room=ROOMS[1],
        override="对方点名想约这位老师",
    )  # fmt: skip
    if stage != "offered":
        yield from accepted(bureau, asked, stage)


def accepted(bureau, asked: ServiceRequest, stage: str) -> Story:
    """The expert said yes; they meet, unless it ends here."""
    yield clock.now() + timedelta(minutes=35)
    respond(bureau, live_offer(asked), accepts=True)
    if stage == "arranged":
        return
    asked.refresh_from_db()
    yield asked.ends_at + timedelta(minutes=50)
    service = actions.start_log(by=bureau.accounts["expert"], request=asked)
    actions.log(service, by=bureau.accounts["expert"], summary=SUMMARIES[0])
    if stage in ("poor", "mended"):
        yield clock.now() + timedelta(hours=1)
        actions.confirm(service, by=LINK)
        yield from opinions.rated_poorly(bureau, service, settled=stage == "mended")
    if stage == "queried":
        yield clock.now() + timedelta(hours=4)
        actions.query(service, by=LINK, claimed_minutes=40, client_note="只谈了40分钟，中途有事先走了")
