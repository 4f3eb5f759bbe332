"""Which times are free (Article 10(3)): the rules one by one, then all of them over the calendar of 2026."""

from datetime import date, time

import pytest

from experts.models import Appointment, Expert
from expertteam import clock
from expertteam.models import Policy
from services import slots
from services.models import DayException, Diary, Pause
from services.rules import slots as rules
from tests import make
from tests.make import make_arranged, make_engagement, make_expert, make_hours

MONDAY, TUESDAY, SATURDAY, SUNDAY = 0, 1, 5, 6
SCHEDULE = {  # as published for the autumn of 2026
    date(2026, 9, 20): "workday",
    date(2026, 9, 25): "holiday",
    date(2026, 10, 1): "holiday",
    date(2026, 10, 2): "holiday",
    date(2026, 10, 3): "holiday",
    date(2026, 10, 5): "rest",
    date(2026, 10, 6): "rest",
    date(2026, 10, 7): "rest",
    date(2026, 10, 10): "workday",
    date(2026, 12, 31): "rest",
}


def published(day):
    """What is published of a day: 2026 alone."""
    return SCHEDULE.get(day, "") if day.year == 2026 else None


def span(written):
    begins, ends = written.split("-")
    return rules.Span(time.fromisoformat(begins), time.fromisoformat(ends))


def spans(*written):
    return [span(each) for each in written]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 9, 30), False),
        (date(2026, 10, 1), True),
        (date(2026, 10, 3), True),  # a Saturday that is named
        (date(2026, 10, 4), True),  # a Sunday that is not named, between days that are
        (date(2026, 10, 7), True),
        (date(2026, 10, 8), False),
        (date(2026, 10, 10), False),  # a Saturday on which work is done
        (date(2026, 10, 11), False),
        (date(2026, 10, 17), False),  # an ordinary Saturday
        (date(2026, 9, 26), True),  # the weekend after a Friday that is named
        (date(2026, 9, 27), True),
        (date(2026, 9, 20), False),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), None),
        (date(2022, 1, 3), None),
    ],
)
def test_10_3_a_holiday_is_every_day_off_in_a_row_with_a_named_one(day, expected):
    assert rules.holiday(day, published) is expected


def test_10_3_a_weekend_that_runs_into_an_unpublished_year_is_not_guessed_at():
    # 2022-12-31 is a Saturday; whether it belongs to a holiday the schedule of 2023 says.
    assert rules.holiday(date(2022, 12, 31), lambda day: "" if day.year == 2022 else None) is None
    assert rules.holiday(date(2022, 12, 24), lambda day: "" if day.year == 2022 else None) is False


@pytest.mark.parametrize(
    ("weekly", "off", "extra", "holiday", "expected"),
    [
        (["09:00-12:00"], [], [], False, ["09:00-12:00"]),
        (["14:00-17:00", "09:00-12:00"], [], [], False, ["09:00-12:00", "14:00-17:00"]),
        (["09:00-12:00"], [], [], True, []),
        (["09:00-12:00"], [], ["10:00-11:00"], True, ["10:00-11:00"]),
        (["09:00-12:00"], [], [], None, []),
        (["09:00-12:00"], [], ["10:00-11:00"], None, []),
        (["09:00-12:00"], ["10:00-11:00"], [], False, ["09:00-10:00", "11:00-12:00"]),
        (["09:00-12:00"], ["12:00-13:00"], [], False, ["09:00-12:00"]),
        (["09:00-12:00", "14:00-17:00"], ["11:00-15:00"], [], False, ["09:00-11:00", "15:00-17:00"]),
        (["09:00-12:00"], ["08:00-18:00"], ["19:00-20:00"], False, ["19:00-20:00"]),
        (["09:00-12:00"], ["09:00-12:00"], ["10:00-11:00"], False, ["10:00-11:00"]),
        (["09:00-12:00"], [], ["12:00-13:00"], False, ["09:00-13:00"]),
        (["09:00-12:00"], [], ["11:00-13:00", "10:00-11:00"], False, ["09:00-13:00"]),
        ([], [], [], False, []),
    ],
)
def test_10_3_the_open_periods_of_a_day(weekly, off, extra, holiday, expected):
    opening = rules.Opening(spans(*weekly), spans(*off), spans(*extra))

    assert rules.open_spans(opening, holiday) == spans(*expected)


def test_10_3_a_day_closed_wholly_has_no_period():
    opening = rules.Opening(spans("00:00-23:59", "09:00-12:00"), [rules.WHOLE_DAY], [])

    assert rules.open_spans(opening, False) == []


@pytest.mark.parametrize(
    ("period", "minutes", "expected"),
    [
        ("09:00-12:00", 60, ["09:00", "10:00", "11:00"]),
        ("09:00-11:59", 60, ["09:00", "10:00"]),
        ("09:30-10:30", 60, ["09:30"]),
        ("09:00-10:00", 90, []),
        ("14:00-16:00", 45, ["14:00", "14:45"]),
        ("22:30-23:59", 60, ["22:30"]),
    ],
)
def test_10_3_slots_follow_one_another_from_the_start(period, minutes, expected):
    assert [f"{start:%H:%M}" for start in rules.starts(span(period), minutes)] == expected


def at(hour, minute=0):
    return clock.instant(date(2026, 3, 9), hour, minute)


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        (at(9), at(10), False),  # ends where the other begins
        (at(9), at(10, 1), True),
        (at(11), at(12), False),  # begins where the other ends
        (at(10, 59), at(12), True),
        (at(10), at(11), True),
        (at(10, 15), at(10, 30), True),
        (at(9), at(12), True),
    ],
)
def test_10_3_what_shares_a_moment_clashes(begins, ends, expected):
    assert rules.clashes(begins, ends, [(at(7), at(8)), (at(10), at(11))]) is expected


@pytest.mark.parametrize(("starts_at", "expected"), [(at(9), True), (at(8, 59), False), (at(10), True)])
def test_10_3_a_time_is_bookable_so_many_hours_ahead(starts_at, expected):
    assert rules.bookable(starts_at, clock.instant(date(2026, 3, 8), 9), 24) is expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 1), False),
        (date(2026, 3, 2), True),
        (date(2026, 3, 30), True),
        (date(2026, 3, 31), False),
    ],
)
def test_10_3_times_are_given_away_up_to_the_horizon(day, expected):
    assert rules.within_horizon(day, date(2026, 3, 2), 28) is expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 8), False),
        (date(2026, 3, 9), True),
        (date(2026, 3, 13), True),
        (date(2026, 3, 14), False),
        (date(2026, 5, 1), True),
        (date(2030, 5, 1), True),
    ],
)
def test_10_3_both_days_of_a_pause_belong_to_it(day, expected):
    pauses = [(date(2026, 3, 9), date(2026, 3, 13)), (date(2026, 5, 1), None)]

    assert rules.paused(day, pauses) is expected


@pytest.mark.parametrize(
    ("booked", "cap", "expected"),
    [
        ([], 1, False),
        ([date(2026, 3, 31)], 1, True),
        ([date(2026, 4, 1)], 1, False),
        ([date(2025, 3, 5)], 1, False),
        ([date(2026, 3, 1), date(2026, 3, 2)], 3, False),
        ([date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 2)], 3, True),
        ([], 0, True),
    ],
)
def test_10_3_the_cap_counts_the_meetings_of_the_month(booked, cap, expected):
    assert rules.cap_reached(date(2026, 3, 9), booked, cap) is expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 2, 28), False),
        (date(2026, 3, 1), True),
        (date(2029, 2, 28), True),
        (date(2029, 3, 1), False),
        (date(2029, 6, 1), True),
        (date(2030, 1, 1), False),  # ended by decision that day
        (date(2029, 12, 31), True),
    ],
)
def test_3_nobody_is_met_after_the_last_day_of_the_term(day, expected):
    terms = [
        (date(2026, 3, 1), date(2029, 2, 28), None),
        (date(2029, 6, 1), date(2032, 5, 31), date(2030, 1, 1)),
    ]

    assert rules.in_term(day, terms) is expected


# All together, over the calendar of 2026


@pytest.fixture
def own(db, today):
    return make_expert(first_day=date(2026, 3, 1))


def times(expert, day, now):
    """The beginnings of the free slots of a day as they stand at that moment."""
    return [f"{clock.local(slot.starts_at):%H:%M}" for slot in slots.free([expert], day, 1, now)[expert.pk]]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 9, 25), []),  # Friday, Mid-Autumn
        (date(2026, 9, 28), ["09:00", "10:00"]),
        (date(2026, 10, 1), []),
        (date(2026, 10, 4), []),  # Sunday within the holiday
        (date(2026, 10, 5), []),  # Monday, bridged
        (date(2026, 10, 8), ["09:00", "10:00"]),
        (date(2026, 10, 10), ["09:00", "10:00"]),  # a working Saturday goes by Saturday's hours
        (date(2026, 10, 17), ["09:00", "10:00"]),  # so does an ordinary one
    ],
)
def test_the_published_calendar_is_honoured(own, day, expected):
    for weekday in range(7):
        make_hours(own, weekday, "09:00", "11:00")

    assert times(own, day, clock.instant(date(2026, 9, 22), 9)) == expected


def test_a_working_saturday_without_saturday_hours_has_no_slots(own):
    make_hours(own, MONDAY, "09:00", "11:00")

    assert times(own, date(2026, 10, 10), clock.instant(date(2026, 9, 22), 9)) == []


def test_a_holiday_is_opened_by_the_expert_alone(own):
    DayException.objects.create(expert=own, date=date(2026, 10, 6), kind="extra", begins=time(14), ends=time(16))

    assert times(own, date(2026, 10, 6), clock.instant(date(2026, 9, 22), 9)) == ["14:00", "15:00"]


def test_a_year_without_a_published_calendar_has_no_slots(own):
    for weekday in range(7):
        make_hours(own, weekday, "09:00", "11:00")
    now = clock.instant(date(2029, 1, 15), 9)
    DayException.objects.create(expert=own, date=date(2029, 1, 20), kind="extra", begins=time(14), ends=time(16))

    assert slots.free([own], date(2029, 1, 16), 14, now) == {own.pk: []}


def test_a_day_can_be_closed_wholly_or_for_hours(own):
    for weekday in (MONDAY, TUESDAY):
        make_hours(own, weekday, "09:00", "12:00")
    DayException.objects.create(expert=own, date=date(2026, 3, 9), kind="off")
    DayException.objects.create(expert=own, date=date(2026, 3, 10), kind="off", begins=time(10), ends=time(11))
    now = clock.now()

    assert times(own, date(2026, 3, 9), now) == []
    assert times(own, date(2026, 3, 10), now) == ["09:00", "11:00"]
    assert times(own, date(2026, 3, 16), now) == ["09:00", "10:00", "11:00"]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (clock.instant(date(2026, 3, 8), 9), ["09:00", "10:00"]),
        (clock.instant(date(2026, 3, 8), 9, 1), ["10:00"]),
        (clock.instant(date(2026, 3, 8), 10, 1), []),
        (clock.instant(date(2026, 2, 9), 9), ["09:00", "10:00"]),  # 28 days ahead
        (clock.instant(date(2026, 2, 8), 9), []),
    ],
)
def test_a_day_is_bookable_from_28_days_to_24_hours_ahead(own, now, expected):
    make_hours(own, MONDAY, "09:00", "11:00")

    assert times(own, date(2026, 3, 9), now) == expected


def test_the_bureau_may_set_other_numbers(own):
    make_hours(own, MONDAY, "09:00", "11:00")
    for key, value in {"slot_minutes": 30, "booking_lead_hours": 1, "booking_horizon_days": 7}.items():
        Policy.objects.create(key=key, value=value, effective_from=date(2026, 3, 1), source="测试文件")

    assert times(own, date(2026, 3, 9), clock.now()) == ["09:00", "09:30", "10:00", "10:30"]
    assert times(own, date(2026, 3, 16), clock.now()) == []


def test_the_experts_own_length_and_cap_go_before_the_bureaus(own):
    make_hours(own, MONDAY, "09:00", "12:00")
    diary = Diary.objects.create(expert=own, slot_minutes=90)

    assert times(own, date(2026, 3, 9), clock.now()) == ["09:00", "10:30"]

    Diary.objects.filter(pk=diary.pk).update(monthly_cap=0)
    assert times(own, date(2026, 3, 9), clock.now()) == []


def test_taken_time_is_not_free_and_does_not_move_the_others(own):
    make_hours(own, MONDAY, "09:00", "12:00")
    make_engagement(own, clock.instant(date(2026, 3, 9), 9, 30), 45)
    make_engagement(own, clock.instant(date(2026, 3, 9), 11), 60, live=False)

    assert times(own, date(2026, 3, 9), clock.now()) == ["11:00"]


def test_the_cap_counts_sessions_of_the_month_and_nothing_else(own):
    for weekday in (MONDAY, TUESDAY):
        make_hours(own, weekday, "09:00", "10:00")
    Diary.objects.create(expert=own, monthly_cap=1)
    make_engagement(own, clock.instant(date(2026, 3, 11), 9))  # a panel
    assert times(own, date(2026, 3, 16), clock.now()) == ["09:00"]

    make_arranged(own, clock.instant(date(2026, 3, 9), 9))

    assert times(own, date(2026, 3, 16), clock.now()) == []
    assert times(own, date(2026, 4, 7), clock.instant(date(2026, 3, 31), 9)) == ["09:00"]


def test_a_timetable_tells_the_taken_slots_too(own):
    make_hours(own, MONDAY, "09:00", "11:00")
    make_engagement(own, clock.instant(date(2026, 3, 9), 10))

    table = slots.timetables([own.pk], date(2026, 3, 9), 1, clock.now())[own.pk]

    assert [(slot.id, taken) for slot, taken in table.slots(date(2026, 3, 9))] == [
        ("202603090900", False),
        ("202603091000", True),
    ]


def test_a_pause_hides_additional_hours_too(own):
    make_hours(own, MONDAY, "09:00", "10:00")
    DayException.objects.create(expert=own, date=date(2026, 3, 10), kind="extra", begins=time(14), ends=time(15))
    Pause.objects.create(expert=own, first_day=date(2026, 3, 9), last_day=date(2026, 3, 15))

    found = slots.free([own], date(2026, 3, 9), 8, clock.now())

    assert [slot.id for slot in found[own.pk]] == ["202603160900"]


def test_3_a_slot_after_the_last_day_of_the_term_is_none(own):
    make_hours(own, MONDAY, "09:00", "10:00")
    make.end_early(Appointment.objects.filter(expert=own), date(2026, 3, 16))

    assert times(own, date(2026, 3, 9), clock.now()) == ["09:00"]
    assert times(own, date(2026, 3, 16), clock.now()) == []


def test_the_next_free_time_of_each_expert(own):
    other, idle = make_expert(), make_expert()
    make_hours(own, TUESDAY, "14:00", "15:00")  # tomorrow, more than a day ahead
    make_hours(other, MONDAY, "09:00", "10:00")
    make_engagement(other, clock.instant(date(2026, 3, 9), 9))

    assert slots.next_free([own, other, idle]) == {
        own.pk: clock.instant(date(2026, 3, 3), 14),
        other.pk: clock.instant(date(2026, 3, 16), 9),
    }


@pytest.mark.parametrize(
    ("id", "found"),
    [
        ("202603091000", True),
        ("202603091030", False),  # not where a slot begins
        ("202603090900", False),  # taken
        ("202603101000", False),  # a Tuesday
        ("202613091000", False),
        ("20260309100", False),
        ("2026030910000", False),
        ("", False),
        ("今天上午", False),
        ("２０２６０３０９１０００", False),
    ],
)
def test_a_slot_is_found_by_its_id_while_it_is_free(own, id, found):
    make_hours(own, MONDAY, "09:00", "11:00")
    make_engagement(own, clock.instant(date(2026, 3, 9), 9))
    begins, ends = clock.instant(date(2026, 3, 9), 10), clock.instant(date(2026, 3, 9), 11)

    assert slots.slot_from(own, id) == (slots.Slot(begins, ends) if found else None)


@pytest.mark.parametrize("people", [1, 3])
def test_the_times_of_however_many_are_read_in_six_queries(own, people, django_assert_num_queries):
    experts = [own, *(make_expert() for _ in range(people - 1))]
    for expert in experts:
        make_hours(expert, MONDAY, "09:00", "12:00")
        make_engagement(expert, clock.instant(date(2026, 3, 9), 9))
        Pause.objects.create(expert=expert, first_day=date(2026, 3, 16), last_day=date(2026, 3, 16))
        DayException.objects.create(expert=expert, date=date(2026, 3, 23), kind="off")
        Diary.objects.create(expert=expert, monthly_cap=5)

    with django_assert_num_queries(6):
        found = slots.free(experts, date(2026, 3, 2), 28, clock.now())

    assert {len(each) for each in found.values()} == {2}


def test_experts_may_be_given_as_a_queryset(own):
    make_hours(own, TUESDAY, "14:00", "15:00")

    assert slots.next_free(Expert.objects.all()) == {own.pk: clock.instant(date(2026, 3, 3), 14)}
