"""The facts that matching looks at, as they are gathered (Articles 3, 7, 10(3) and 14)."""

from datetime import date, time, timedelta

import pytest
from django.db import transaction

from experts.models import Disclosure
from expertteam import clock, consents
from expertteam.regulation import Refused
from services import matching
from services.actions import draw
from services.actions.availability import occupy
from services.models import Diary, Engagement, Offer, Pause, PoolEntry, Service, ServiceRequest, WeeklyHours
from tests import make
from tests.make import make_appointment, make_user
from tests.services import panels

THURSDAY = clock.instant(date(2026, 3, 5), 14)
WEDNESDAY, HOUR = clock.instant(date(2026, 3, 4), 14), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _monday(db, today):
    """Monday 2026-03-02, nine in the morning."""


def make_able(hours=True, topics=("finance",), district="140105", services=9, **fields):
    """An expert in term who advises on finance, can be met on every workday afternoon, and is no newcomer."""
    expert = make_appointment(topics=list(topics), district=district, **fields).expert
    if hours:
        for weekday in range(5):
            WeeklyHours.objects.create(expert=expert, weekday=weekday, begins=time(14), ends=time(17))
    for _ in range(services):
        make_done(expert)
    return expert


def make_done(expert, state="confirmed", on=date(2026, 2, 10), **fields):
    """A service without a booking, logged as any other."""
    return Service.objects.create(
        expert=expert, state=state, started_at=clock.instant(on, 14), minutes=60, logged_at=clock.instant(on, 15),
        confirmed_via="phone", created_by=expert.user, **fields,
    )  # fmt: skip


def make_asked(**fields):
    """A request about finance from Xiaodian for Thursday at two."""
    said = {
        "number": f"YY2603{ServiceRequest.objects.count():04d}", "channel": "web", "name": "刘小满", "phone": "13900000001",
        "topics": ["finance"], "question": "想贷款。", "district": "140105", "starts_at": THURSDAY,
        "answer_due": clock.instant(date(2026, 3, 5), 18),
    }  # fmt: skip
    return ServiceRequest.objects.create(**said | fields)


def codes(request, expert):
    return [obstacle.code for obstacle in matching.explain(request, expert).obstacles]


def words(request, expert):
    return {part.name: part.words for part in matching.explain(request, expert).parts}


def test_the_matcher_reads_why():
    expert, request = make_able(), make_asked()

    (candidate,) = matching.suggest(request)

    assert (candidate.expert, candidate.slot, candidate.obstacles, candidate.warnings) == (expert, THURSDAY, [], [])
    assert [part.words for part in candidate.parts] == [
        "主题相符：融资贷款",
        "周四14:00有空",
        "本月已服务0次，团队平均0次",
        "住得近：同在小店区",
    ]
    assert candidate.score == 40 + 12 + 30 + 8


def test_of_seven_the_best_five_are_suggested():
    experts = [make_able() for _ in range(7)]
    for _ in range(2):
        make_done(experts[0], on=date(2026, 3, 1))

    suggested = matching.suggest(make_asked())

    assert [candidate.expert for candidate in suggested] == experts[1:6]


def test_without_an_asked_time_the_first_free_one_that_suits_is_named():
    expert = make_able()
    WeeklyHours.objects.create(expert=expert, weekday=3, begins=time(9), ends=time(11))

    suits = matching.explain(make_asked(starts_at=None, wishes=["workday_am"]), expert)
    anyway = matching.explain(make_asked(starts_at=None, wishes=["weekend"]), expert)

    assert suits.slot == clock.instant(date(2026, 3, 5), 9)
    assert anyway.slot == clock.instant(date(2026, 3, 4), 14)


def test_what_excludes_is_found_in_the_records(stranger):
    request = make_asked(enterprise="太原某面馆有限公司", client=stranger)
    free, ended, paused, taken, full, invested, declined, himself = (make_able() for _ in range(8))
    make.end_early(ended.appointments, date(2026, 3, 5))
    Pause.objects.create(expert=paused, first_day=date(2026, 3, 5), last_day=date(2026, 3, 6))
    Engagement.objects.create(expert=taken, starts_at=THURSDAY, ends_at=THURSDAY + timedelta(hours=1), purpose="panel")
    Diary.objects.create(expert=full, monthly_cap=0)
    Disclosure.objects.create(expert=invested, kind="investment", name="太原某面馆有限公司")
    Offer.objects.create(request=request, expert=declined, state="declined", reason_kind="busy", answer_due=THURSDAY)
    consents.sign(stranger, "confidentiality")
    himself.user = stranger
    himself.save()

    found = {name: codes(request, expert) for name, expert in [
        ("free", free), ("ended", ended), ("paused", paused), ("taken", taken), ("full", full), ("invested", invested),
        ("declined", declined), ("himself", himself),
    ]}  # fmt: skip

    assert found == {
        "free": [], "ended": ["term"], "paused": ["paused"], "taken": ["busy"], "full": ["full"],
        "invested": ["related"], "declined": ["answered"], "himself": ["self"],
    }  # fmt: skip
    assert [candidate.expert for candidate in matching.suggest(request)] == [free]
    assert sorted((left.words, len(left.people)) for left in matching.why_not(request)) == [
        ("不在聘期内", 1), ("就是预约人本人", 1), ("暂停接单", 1), ("申报了利害关系，需回避", 1),
        ("这个时间没有空", 1), ("这个月已约满", 1), ("这件预约已经问过", 1),
    ]  # fmt: skip


def test_whose_number_it_is_does_not_advise_himself():
    expert = make_able(user=make_user(phone="13900000001"))

    assert codes(make_asked(phone="13900000001"), expert) == ["self"]


def test_where_somebody_works_he_is_not_sent():
    expert = make_able(employer="太原某面馆有限公司", employer_code="")

    assert codes(make_asked(enterprise="太原某面馆"), expert) == ["related"]


def test_one_who_is_not_in_term_can_be_asked_about():
    former = make_able(first_day=date(2023, 3, 1))

    assert codes(make_asked(), former) == ["term"]
    assert matching.suggest(make_asked()) == []


@pytest.mark.parametrize(
    ("hour", "expected"),
    [(13, ["busy"]), (14, []), (15, []), (16, []), (17, ["busy"])],  # can be met from two to five
)
def test_the_whole_hour_lies_within_the_published_hours(hour, expected):
    request = make_asked(starts_at=clock.instant(date(2026, 3, 5), hour))

    assert codes(request, make_able()) == expected


def test_without_published_hours_it_takes_a_call():
    candidate = matching.explain(make_asked(), make_able(hours=False))

    assert (candidate.obstacles, [each.code for each in candidate.warnings]) == ([], ["hours"])


def test_the_time_held_for_this_request_is_free_for_it():
    expert = make_able()
    request, other = make_asked(wanted=expert), make_asked()
    occupy(expert, THURSDAY, 60, purpose=Engagement.Purpose.SESSION, request=request)

    assert (codes(request, expert), codes(other, expert)) == ([], ["busy"])
    assert words(request, expert)["load"] == "本月已服务0次，团队平均0次"


def test_the_load_is_what_was_done_and_what_is_arranged_in_the_month_of_the_meeting():
    expert, _ = make_able(), make_able()
    make_done(expert, on=date(2026, 3, 1))
    make_done(expert, on=date(2026, 3, 1), state="rejected")
    occupy(expert, THURSDAY + timedelta(days=1), 60, purpose=Engagement.Purpose.SESSION, request=make_asked())
    Offer.objects.create(request=make_asked(starts_at=None), expert=expert, answer_due=THURSDAY)
    request = make_asked(starts_at=clock.instant(date(2026, 3, 10), 14))

    assert words(request, expert)["load"] == "本月已服务3次，团队平均1.5次"


def test_what_was_done_for_the_same_group_and_for_this_client():
    expert = make_able()
    request = make_asked(group="farmer")
    make_done(expert, group="farmer")
    make_done(expert, group="farmer", satisfied=False, phone="13900000001")
    make_done(expert, group="veteran")

    candidate = matching.explain(request, expert)

    assert words(request, expert)["group"] == "帮过同类对象1次：农民"
    assert [each.words for each in candidate.warnings] == ["曾被该对象评为不满意"]


def test_reading_costs_the_same_for_one_and_for_many(django_assert_max_num_queries, django_assert_num_queries):
    request = make_asked()
    make_able()
    with django_assert_max_num_queries(12) as one:  # two of them ask who is given nothing new
        matching.suggest(request)
    for _ in range(2):
        Disclosure.objects.create(expert=make_able(), kind="kin", name="王芳")
    request.wanted = make_able()

    with django_assert_num_queries(len(one)):
        matching.suggest(request)


def read_of(experts, request):
    """What the matcher reads of each of them, and what he is answered who agrees on that time with one of them."""
    found = set()
    for expert in experts:
        with transaction.atomic(), pytest.raises(Refused) as refusal:
            occupy(expert, request.starts_at, 60, purpose=Engagement.Purpose.SESSION, request=request)
        found.add((*codes(request, expert), refusal.value.reason))
    return found


def reviewed():
    """A pool of nine for Wednesday from two to five."""
    team = [make_able(services=0) for _ in range(9)]
    return team, panels.frozen(panels.drafted(starts_at=WEDNESDAY, ends_at=WEDNESDAY + 3 * HOUR))


def test_10_4_who_is_free_does_not_tell_who_sits_on_a_review():
    team, found = reviewed()
    panels.accepted(panels.drawn(panels.promised(found)).panel)
    outside, request = make_able(services=0), make_asked(starts_at=WEDNESDAY + HOUR)

    assert Engagement.objects.filter(purpose="panel").count() == 5
    assert read_of(team, request) == {("busy", "这个时间刚被别人约走了，请另选")}
    assert [each.expert for each in matching.suggest(request)] == [outside]
    assert codes(make_asked(), team[0]) == []  # on Thursday


def test_10_4_after_the_draw_is_void_the_hour_is_free_again():
    team, found = reviewed()
    panels.drawn(panels.promised(found))
    draw.ask_abort(found, by=panels.inspector(), reason="条件写错")
    draw.abort(found, by=panels.leader())

    assert [codes(make_asked(starts_at=WEDNESDAY), each) for each in team] == [[]] * 9


def test_10_4_what_was_booked_between_freeze_and_draw_is_matched():
    (first, *_), found = reviewed()
    request = make_asked(wanted=first, starts_at=WEDNESDAY)
    occupy(first, WEDNESDAY, 60, purpose=Engagement.Purpose.SESSION, request=request)
    panels.drawn(panels.promised(found))

    assert codes(request, first) == []


def test_who_is_held_is_looked_up_from_the_draw_and_not_from_all_pools_of_each_expert():
    plan = PoolEntry.objects.held(WEDNESDAY, WEDNESDAY + HOUR).filter(expert__in=range(300)).explain()

    assert "services_poolentry" in plan
    assert "services_poolentry_expert_id" not in plan
