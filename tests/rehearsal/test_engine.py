"""What a rehearsal is made of: acts in the order of time, refusals that end a story, jobs at their hours."""

from collections import Counter
from datetime import date, timedelta

import pytest
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from expertteam import clock, memory, notify
from expertteam.checks import refuse_rehearsal
from expertteam.demo_life.agenda import Agenda, Hours
from expertteam.models import ClockMove, Notification, Policy, User
from expertteam.regulation import Refused
from expertteam.rehearsal import clocks, life
from expertteam.rehearsal.report import report

NINE = clock.instant(date(2026, 3, 2), 9)
HOUR = timedelta(hours=1)


def lived(*stories, until=NINE + 10 * HOUR):
    agenda = Agenda(until)
    for story in stories:
        agenda.tell(story)
    agenda.live()
    return agenda


def test_a_step_that_is_refused_ends_its_story_and_is_told(db):
    went_on = []

    def bold():
        yield NINE
        raise Refused("聘期已经结束", "3")

    def steady():
        yield NINE
        yield NINE + HOUR
        went_on.append(clock.now())

    agenda = lived(bold(), steady())

    assert went_on == [NINE + HOUR]
    assert agenda.refused == {"bold：聘期已经结束（第三条）": 1}
    assert agenda.acts == 3


def test_what_a_refused_step_wrote_is_taken_back(db):
    def half():
        yield NINE
        User.objects.create_user("half")
        raise Refused("不行")

    lived(half())

    assert not User.objects.exists()


def test_what_a_refused_step_began_is_not_told(db):
    went_on = []
    agenda = Agenda(NINE + 10 * HOUR)

    def begun(name):
        yield NINE + HOUR
        went_on.append(name)

    def bold():
        yield NINE
        agenda.tell(begun("of a refused step"))
        raise Refused("不行")

    def steady():
        yield NINE
        agenda.tell(begun("of a step that stands"))

    for story in (steady(), bold(), steady()):
        agenda.tell(story)
    agenda.live()

    assert went_on == ["of a step that stands"] * 2


def test_what_a_refused_step_made_known_is_forgotten(db):
    known = []

    def half():
        yield NINE
        Policy.objects.create(key="answer_days", value=5, effective_from=NINE.date(), source="并人社发〔2026〕1号")
        known.append(Policy.objects.number("answer_days", NINE.date()))
        raise Refused("不行")

    with memory.alone(Policy):
        lived(half())
        known.append(Policy.objects.number("answer_days", NINE.date()))

    assert known == [5, 3]


def test_a_story_that_is_never_refused_keeps_no_way_back(db, django_assert_num_queries):
    def sure():
        yield NINE

    agenda = Agenda(NINE + HOUR, sure=frozenset({"sure"}))
    agenda.tell(sure())

    with django_assert_num_queries(0):
        agenda.live()


def test_a_story_that_is_never_refused_stops_the_rehearsal_where_it_is(db):
    def sure():
        yield NINE
        raise Refused("不行")

    agenda = Agenda(NINE + HOUR, sure=frozenset({"sure"}))
    agenda.tell(sure())

    with pytest.raises(ValueError, match="never to be refused"):
        agenda.live()


def test_any_other_error_stops_the_rehearsal(db):
    def broken():
        yield NINE
        raise LookupError

    with pytest.raises(LookupError):
        lived(broken())


def test_a_life_is_lived_to_a_moment_and_on_from_there(db):
    seen = []

    def story():
        for hours in range(4):
            yield NINE + hours * HOUR
            seen.append(hours)

    agenda = Agenda(NINE + 2 * HOUR)
    agenda.tell(story())

    agenda.live(until=NINE + HOUR)
    first = list(seen)
    agenda.live()

    assert (first, seen) == ([0, 1], [0, 1, 2])


@pytest.mark.parametrize(
    ("schedule", "moments"),
    [
        (crontab(hour=8, minute=10), [(8, 10)]),
        (crontab(minute=20), [(9, 20), (14, 20)]),
        (crontab(minute="*/10"), [(9, 0), (14, 0)]),
        (60, [(9, 0), (14, 0)]),
    ],
)
def test_a_job_runs_at_its_hour_and_a_frequent_one_twice_a_day(schedule, moments):
    monday, saturday = date(2026, 3, 2), date(2026, 3, 7)

    assert clocks.moments(schedule, monday) == [clock.instant(monday, *moment) for moment in moments]
    assert len(clocks.moments(schedule, saturday)) == (0 if len(moments) == 1 else 2)


def test_everybody_has_read_by_the_third_day_what_he_was_told(db):
    it = life.found(5, date(2026, 3, 13), seed=1)
    reads, officer, unread = clocks.reads(it), it.accounts["intake"], []
    moment = next(reads)

    for day in range(12):
        with clock.at(moment):
            notify.notify(f"told:{day}", officer, "通知", "内容")
            moment = next(reads)
        unread.append(Notification.objects.filter(channel="inapp", read_at=None).count())

    assert unread[:3] == [1, 2, 3]
    assert set(unread[3:]) == {3}


def test_chance_comes_from_the_seed_alone():
    def drawn(seed):
        it = life.Rehearsal(Agenda(NINE), Hours(seed), {}, {}, 0, experts=30)
        days = it.days(3, date(2026, 3, 2), date(2026, 6, 30))
        return days, [it.happens(0.5) for _ in range(20)], it.any_of([1, 2, 3]), it.any_of([])

    assert drawn(1) == drawn(1) != drawn(2)
    assert drawn(1)[3] is None


def test_so_many_a_year_for_each_expert():
    it = life.Rehearsal(Agenda(NINE), Hours(1), {}, {}, 0, experts=30)

    assert [it.per_year(share) for share in (3, 0.2, 0.001)] == [90, 6, 1]


def test_the_command_lives_into_an_empty_database_only(stranger):
    with pytest.raises(CommandError, match="已有数据"):
        call_command("rehearse", experts=5, years=1)


def test_a_team_has_at_least_one():
    with pytest.raises(CommandError, match="至少1位"):
        call_command("rehearse", experts=0, years=1)


def test_a_life_begins_with_nobody_who_could_sign_in(db):
    it = life.found(5, date(2026, 3, 2), seed=1)

    assert set(it.accounts) >= {"intake", "leader", "cashier", "expert", "client"}
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_a_life_that_is_broken_off_is_opened_by_a_demo_alone(db, settings):
    settings.DEMO = False
    assert refuse_rehearsal() is None

    life.found(5, date(2026, 3, 2), seed=1)

    with pytest.raises(ImproperlyConfigured, match="演练"):
        refuse_rehearsal()


def test_a_demo_goes_on_where_the_life_ended(db, settings):
    settings.DEMO = True
    it = life.found(5, date(2026, 3, 2), seed=1)

    life.stand_still(it)

    assert abs(clock.now() - clock.instant(date(2026, 3, 2), 22)) < timedelta(minutes=5)
    assert [(move.by.username, move.reason) for move in ClockMove.objects.all()] == [
        ("admin", "演练结束"),
        ("admin", "演练开始"),
    ]


def test_the_report_tells_jobs_verbs_states_and_refusals(db):
    it = life.found(5, date(2026, 3, 2), seed=1)
    it.fired["lapse offers"] = 1234
    it.agenda.acts, it.agenda.refused = 5000, Counter({"request：没有空": 2})

    text = report(it)

    assert text.startswith("# 演练报告：专家5位，2026-02-02至2026-03-02\n\n共5,000步，其中2步被系统拒绝。\n")
    assert "| lapse offers | 1,234 |" in text
    assert "| request：没有空 | 2 |" in text
    assert "| 账号 | 10 |" in text


@pytest.mark.parametrize(("years", "day"), [(1, date(2027, 4, 30)), (3, date(2029, 4, 30)), (4, date(2030, 4, 30))])
def test_a_life_goes_on_until_the_first_terms_have_ended(years, day):
    assert life.last_day(years) == day
