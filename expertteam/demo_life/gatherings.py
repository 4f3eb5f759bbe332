"""Activities and pairings of the demo, from the first draft to the attendance list and the next contact."""

from datetime import date, timedelta

from experts.models import Expert
from expertteam import calendar, clock
from expertteam.demo_life.agenda import Story
from expertteam.demo_life.clients import CLIENTS, DEMO, phone_of
from expertteam.workflow import LINK
from services.actions import activity, activity_role, pairing, sign_up, start_log
from services.actions import confirm as confirm_service
from services.actions import log as log_service
from services.models import Activity, Engagement, Kind, Pairing

PEOPLE = [entry["name"] for entry in CLIENTS]
HALL = "市创就业服务中心一层路演厅"


def gatherings(bureau, last: date) -> list[Story]:
    """Every activity and pairing as a story of its own."""
    stories = [meeting(bureau, entry, last - timedelta(weeks=entry["weeks"])) for entry in DEMO["activities"]]
    return stories + [paired(bureau, entry, last - timedelta(weeks=entry["weeks"])) for entry in DEMO["pairings"]]


def advising(topics: list[str], busy_on=None) -> Expert | None:
    """An expert in these fields with that day to himself."""
    serving = Expert.objects.serving(clock.today()).filter(specialities__topic__in=topics).select_related("user")
    if busy_on:
        taken = Engagement.objects.live().filter(starts_at__date=busy_on).values("expert")
        serving = serving.exclude(pk__in=taken)
    return serving.order_by("no").first()


def meeting(bureau, entry: dict, around: date) -> Story:
    """Drafted three weeks ahead, announced, signed up for, held, closed with its list."""
    on = calendar.deadline(around, 1, start_counts=False).day
    yield clock.instant(on - timedelta(days=21), 10, 5)
    expert = advising(entry["topics"], busy_on=on)
    if expert is None:
        return
    matcher, begins = bureau.accounts["matcher"], clock.instant(on, 14, 30)
    it = activity.draft(
        by=matcher, kind=entry["kind"], title=entry["title"], text=entry["text"], place=HALL,
        capacity=entry["capacity"], starts_at=begins, ends_at=begins + timedelta(hours=2),
    )  # fmt: skip
    role = activity_role.invite(it, by=matcher, expert=expert, role="speaker", starts_at=begins, minutes=120)
    yield bureau.hours.soon(2)
    activity_role.accept(role, by=expert.user)
    yield bureau.hours.soon(2)
    activity.publish(it, by=bureau.accounts["reviewer"])
    for place in range(min(len(PEOPLE), it.capacity + 2)):
        bureau.agenda.tell(comes(bureau, it, CLIENTS[place], late=place % 5 == 4))
    yield begins + timedelta(hours=3)
    activity.hold(it, by=matcher)
    activity.close(it, by=matcher, attended={role.pk: 120})


def comes(bureau, it: Activity, entry: dict, late: bool) -> Story:
    """Signs up on some evening, and most come."""
    yield bureau.hours.evening(clock.today() + timedelta(days=bureau.hours.random.randint(1, 9)))
    seat = sign_up.sign_up(it, by=LINK, name=entry["name"], phone=phone_of(entry), group=entry["group"])
    yield it.starts_at + timedelta(minutes=bureau.hours.random.randint(1, 15))
    seat.refresh_from_db()
    if seat.state == "seated" and not late:
        sign_up.mark(seat, by=LINK, came=True)


def paired(bureau, entry: dict, begins: date) -> Story:
    """At the founders' commission; the expert keeps in touch until the contact that is due now."""
    yield clock.instant(calendar.deadline(begins, 1, start_counts=False).day, 11)
    expert = advising(entry["topics"])
    if expert is None:
        return
    today = clock.today()
    people = [each for each in CLIENTS if each["name"] in entry["clients"]]
    members = [
        {
            "name": each["name"], "phone": phone_of(each), "group": each["group"],
            "enterprise": each.get("enterprise", ""), "commissioned_on": today, "channel": "counter",
        }
        for each in people
    ]  # fmt: skip
    pair = pairing.propose(
        by=bureau.accounts["matcher"], expert=expert, goals=entry["goals"], cadence_days=entry["cadence"],
        starts_on=today, ends_on=today + timedelta(days=200), members=members,
    )  # fmt: skip
    yield bureau.hours.soon(2)
    pairing.accept(pair, by=expert.user)
    while True:
        yield bureau.hours.evening(clock.today() + timedelta(days=entry["cadence"] - 3))
        contact(pair, expert, people[0])


def contact(pair: Pairing, expert: Expert, entry: dict):
    """A talk on the telephone, written down the same evening and confirmed."""
    service = start_log(
        by=expert.user, pairing=pair, kind=Kind.GUIDANCE, mode="phone", name=entry["name"], phone=phone_of(entry),
        group=entry["group"], topics=entry["topics"], started_at=clock.now() - timedelta(minutes=40), minutes=30,
    )  # fmt: skip
    log_service(service, by=expert.user, summary="对了上月的账，定下这个月只做一件事。")
    confirm_service(service, by=LINK)
