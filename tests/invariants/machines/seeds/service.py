"""What services begin with."""

from datetime import date, timedelta

from expertteam import clock
from expertteam.workflow import LINK
from services import actions as services
from services.models import Activity, ServiceRequest
from tests import make
from tests.invariants.machines.seeds.office import NUMBERS, START, experts, he, office


def matched(expert, day: int, hour: int):
    return make.make_arranged(expert, clock.instant(date(2026, 3, day), hour), by=he("matcher"))


def service():
    """Requests from the first word to the client's last, activities, pairings, ratings; begun at nine that day."""
    with clock.at(START):
        office()
        people = experts(3)
        requests(*people)
        gatherings(*people[1:])
    just_now(*people)


def requests(first, second, third):
    make.make_asked()
    make.make_asked(place="visit", visit_reason="行动不便", group="farmer")
    make.make_offered(first, clock.instant(date(2026, 3, 4), 10), by=he("matcher"), alternates=[second, third])
    for expert in (third, second):
        make.make_offered(expert, None, by=he("matcher"))
    services.accept(make.make_offered(third, None, by=he("matcher")), by=third.user)
    for day, hour, expert in [(2, 10, first), (2, 11, second), (2, 13, third), (3, 10, third), (5, 10, first)]:
        matched(expert, day, hour)
    held = clock.instant(date(2026, 3, 2), 14)
    logged, _ = [make.make_logged(expert, held, by=he("matcher2")) for expert in (second, third)]
    with clock.at(held + timedelta(hours=2)):
        services.confirm(logged, by=LINK)


def just_now(first, second, third):
    """An offer accepted and a meeting logged within the last minutes, one that nobody confirmed, a pairing that is done."""
    services.accept(make.make_offered(first, clock.instant(date(2026, 3, 9), 10), by=he("matcher")), by=first.user)
    held = ServiceRequest.objects.filter(state="arranged", starts_at__lt=clock.now()).order_by("pk")
    for request in held:
        draft = services.start_log(by=request.expert.user, request=request)
    services.log(draft, by=draft.expert.user, summary="讲了担保贷款的条件。")
    make.make_service("unanswered", expert=third, started_at=START - timedelta(hours=20), call_due=date(2026, 3, 9))
    done = make.make_pairing(expert=second, outcome="账目理顺了", starts_on=date(2026, 3, 1))
    make.make_service("confirmed", expert=second, pairing=done, started_at=START)
    activity = Activity.objects.get(state="open", starts_at=clock.instant(date(2026, 3, 2), 15))
    for entry in activity.sign_ups.filter(state="seated"):
        services.sign_up.mark(entry, by=he("intake"), came=True)
    services.activity.hold(activity, by=he("matcher"))


def gatherings(host, guest):
    """Two pairings; an activity that is being drafted, one that people sign up for, one that begins at three."""
    make.make_pairing(expert=host, members=2)
    make.make_pairing(state="proposed", expert=guest)
    for state, day, hour in [("draft", 6, 14), ("open", 5, 14), ("open", 2, 15)]:
        begins = clock.instant(date(2026, 3, day), hour)
        activity = make.make_activity(state, starts_at=begins, ends_at=begins + timedelta(hours=2))
        accept = services.activity_role.accept
        accept(make.make_activity_role(activity=activity, expert=host), by=host.user)
        make.make_activity_role(activity=activity, expert=guest)
        for _ in range(3 if state == "open" else 0):
            services.sign_up.sign_up(activity, by=LINK, name="刘小满", phone=f"1360000{next(NUMBERS):04d}")
