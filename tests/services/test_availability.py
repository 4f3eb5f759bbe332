"""How experts keep their calendars, and that their time is given away once (Article 10(3))."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from expertteam import clock
from expertteam.regulation import ENFORCED, Refused
from services.actions import availability as actions
from services.models import DayException, Diary, Engagement, Pause, WeeklyHours
from tests.make import make_engagement, make_expert, make_hours, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TEN = clock.instant(date(2026, 3, 9), 10)
NINE_TO_TWELVE = (0, time(9), time(12))


@pytest.fixture
def own():
    return make_expert()


def trace(model):
    """Who did what, by the model's history."""
    rows = model.history.order_by("history_id")
    return [(row.history_user_id, row.history_type, row.history_change_reason) for row in rows]


def minutes(n):
    return timedelta(minutes=n)


# Time taken and given back


def test_time_is_taken(own):
    engagement = actions.occupy(own, TEN, 90, purpose=Engagement.Purpose.PANEL)

    assert (engagement.starts_at, engagement.ends_at, engagement.live) == (TEN, TEN + minutes(90), True)
    assert actions.occupy in ENFORCED["10(3)"]


@pytest.mark.parametrize(
    ("offset", "length"), [(0, 60), (-30, 60), (30, 60), (15, 15), (-60, 180), (-60, 61), (59, 60)]
)
def test_taken_time_is_refused_with_its_article(own, offset, length):
    actions.occupy(own, TEN, 60, purpose="panel")

    with pytest.raises(Refused, match="这个时间刚被别人约走了，请另选") as refusal:
        actions.occupy(own, TEN + minutes(offset), length, purpose="panel")

    assert refusal.value.article == "10(3)"
    assert Engagement.objects.count() == 1


@pytest.mark.parametrize(("offset", "length"), [(-60, 60), (60, 60)])
def test_one_meeting_may_begin_where_another_ends(own, offset, length):
    actions.occupy(own, TEN, 60, purpose="panel")

    actions.occupy(own, TEN + minutes(offset), length, purpose="panel")

    assert Engagement.objects.live().count() == 2


def test_two_experts_may_be_met_at_once(own):
    actions.occupy(own, TEN, 60, purpose="panel")

    actions.occupy(make_expert(), TEN, 60, purpose="panel")

    assert Engagement.objects.live().count() == 2


def test_released_time_can_be_taken_again(own):
    first = actions.occupy(own, TEN, 60, purpose="panel")

    actions.release(first)
    actions.release(first)
    second = actions.occupy(own, TEN, 60, purpose="panel")

    assert list(Engagement.objects.live()) == [second]
    assert [row.live for row in first.history.order_by("history_id")] == [True, False]


def test_time_without_length_is_an_error_and_no_refusal(own):
    with pytest.raises(IntegrityError, match="art10_3_engagement_has_length"):
        actions.occupy(own, TEN, 0, purpose="panel")


# What the database refuses by itself


def write(expert, begins, ends, *, live=True):
    """A row past every model and every action."""
    columns = "expert_id, starts_at, ends_at, live, purpose"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO services_engagement ({columns}) VALUES (%s, %s, %s, %s, 'panel')",
            [expert.pk, stored(begins), stored(ends), live],
        )


def stored(moment):
    """As the database keeps an instant."""
    return connection.ops.adapt_datetimefield_value(moment)


@pytest.mark.parametrize(
    ("offset", "length"), [(0, 60), (-30, 60), (30, 60), (15, 15), (-60, 180), (-60, 61), (59, 60)]
)
def test_art10_3_overlapping_rows_written_past_the_code_are_refused(own, offset, length):
    write(own, TEN, TEN + minutes(60))

    with pytest.raises(IntegrityError, match="art10_3_engagements_never_overlap"):
        write(own, TEN + minutes(offset), TEN + minutes(offset + length))


def test_art10_3_only_live_rows_are_compared(own):
    write(own, TEN, TEN + minutes(60), live=False)
    write(own, TEN, TEN + minutes(60))
    write(own, TEN, TEN + minutes(60), live=False)

    assert Engagement.objects.live().count() == 1


@pytest.mark.parametrize(
    "change",
    [{"live": True}, {"live": True, "starts_at": TEN + minutes(30), "ends_at": TEN + minutes(90)}],
    ids=["brought back", "moved"],
)
def test_art10_3_a_change_past_the_code_is_refused_too(own, change):
    write(own, TEN, TEN + minutes(60))
    make_engagement(own, TEN, live=False)

    with pytest.raises(IntegrityError, match="art10_3_engagements_never_overlap"), transaction.atomic():
        Engagement.objects.filter(live=False).update(**change)


def test_art10_3_an_engagement_can_be_moved_within_itself(own):
    engagement = make_engagement(own, TEN)

    Engagement.objects.filter(pk=engagement.pk).update(ends_at=TEN + minutes(30))

    engagement.refresh_from_db()
    assert engagement.ends_at == TEN + minutes(30)


def test_art10_3_overlaps_are_looked_for_in_the_index_of_live_rows(own):
    for n in range(60):
        make_engagement(own, TEN - timedelta(hours=n), live=n % 2)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE services_engagement")
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # sixty rows are read faster than any index

    plan = Engagement.objects.filter(expert=own).between(TEN, TEN + minutes(30)).explain()

    assert "engagement_live" in plan, plan


@pytest.mark.parametrize(
    ("model", "fields", "name"),
    [
        (Engagement, {"starts_at": TEN, "ends_at": TEN, "purpose": "panel"}, "art10_3_engagement_has_length"),
        (
            Engagement,
            {"starts_at": TEN, "ends_at": TEN + minutes(1), "purpose": "session"},
            "art10_3_engagement_is_about_one_thing",
        ),
        (
            Engagement,
            {"starts_at": TEN, "ends_at": TEN + minutes(1), "purpose": "activity"},
            "art10_3_engagement_is_about_one_thing",
        ),
        (WeeklyHours, {"weekday": 0, "begins": time(9), "ends": time(9)}, "art10_3_hours_have_length"),
        (WeeklyHours, {"weekday": 7, "begins": time(9), "ends": time(10)}, "art10_3_hours_lie_on_a_weekday"),
        (DayException, {"date": date(2026, 3, 9), "kind": "extra"}, "art10_3_an_exception_has_length"),
        (
            DayException,
            {"date": date(2026, 3, 9), "kind": "off", "begins": time(10), "ends": time(9)},
            "art10_3_an_exception_has_length",
        ),
        (DayException, {"date": date(2026, 3, 9), "kind": "off", "begins": time(9)}, "art10_3_an_exception_has_length"),
        (Pause, {"first_day": date(2026, 3, 9), "last_day": date(2026, 3, 8)}, "art10_3_a_pause_has_length"),
        (Diary, {"slot_minutes": 5}, "art10_3_a_slot_has_length"),
    ],
)
def test_art10_3_what_has_no_length_is_refused(own, model, fields, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.create(expert=own, **fields)


# The week


def week(expert):
    return [(each.weekday, f"{each.begins:%H:%M}-{each.ends:%H:%M}") for each in expert.weekly_hours.all()]


def test_the_week_is_set_anew_and_leaves_a_trace(own):
    actions.set_hours(own, [NINE_TO_TWELVE, (0, time(14), time(17)), (5, time(9), time(10))], by=own.user)
    actions.set_hours(own, [NINE_TO_TWELVE, (2, time(9), time(10))], by=own.user)

    assert week(own) == [(0, "09:00-12:00"), (2, "09:00-10:00")]
    added, struck = (own.user_id, "+", "设置每周时段"), (own.user_id, "-", "设置每周时段")
    assert trace(WeeklyHours) == [added, added, added, struck, struck, added]


def test_a_period_may_begin_as_a_former_one_did(own):
    actions.set_hours(own, [NINE_TO_TWELVE], by=own.user)

    actions.set_hours(own, [(0, time(9), time(11))], by=own.user)

    assert week(own) == [(0, "09:00-11:00")]


def test_periods_that_touch_become_one(own):
    actions.set_hours(own, [(0, time(10), time(12)), (0, time(9), time(10)), (0, time(11), time(13))], by=own.user)

    assert week(own) == [(0, "09:00-13:00")]


@pytest.mark.parametrize(
    ("periods", "words"),
    [
        ([(0, time(9), time(9))], "结束时间要晚于开始时间"),
        ([(0, time(9), time(8))], "结束时间要晚于开始时间"),
        ([(0, time(hour), time(hour, 30)) for hour in (8, 10, 12, 14)], "一天最多3段时间"),
    ],
)
def test_a_week_that_cannot_be_is_refused_whole(own, periods, words):
    make_hours(own, 3, "09:00", "10:00")

    with pytest.raises(Refused, match=words):
        actions.set_hours(own, periods, by=own.user)

    assert week(own) == [(3, "09:00-10:00")]


# Days that differ


def test_a_day_is_closed_and_opened_again(own):
    entry = actions.except_day(own, date(2026, 3, 9), by=own.user, kind="off")

    actions.clear_day(entry, by=own.user)
    actions.clear_day(entry, by=own.user)

    assert own.day_exceptions.count() == 0
    assert trace(DayException) == [(own.user_id, "+", "设置特定日期"), (own.user_id, "-", "取消特定日期")]


def test_the_same_day_said_twice_counts_once(own):
    said = {"by": own.user, "kind": "extra", "begins": time(9), "ends": time(10)}

    entries = {actions.except_day(own, date(2026, 3, 9), **said) for _ in range(2)}

    assert list(own.day_exceptions.all()) == list(entries)


@pytest.mark.parametrize(
    ("day", "kind", "words"),
    [(date(2026, 3, 1), "off", "这一天已经过去了"), (date(2026, 3, 9), "extra", "加开要写明从几点到几点")],
)
def test_a_day_that_cannot_be_is_refused(own, day, kind, words):
    with pytest.raises(Refused, match=words):
        actions.except_day(own, day, by=own.user, kind=kind)


# Pauses


@pytest.mark.parametrize("last_day", [date(2026, 3, 20), None])
def test_a_pause_that_has_begun_ends_with_yesterday(own, last_day):
    entry = actions.pause(own, by=own.user, first_day=date(2026, 3, 2), last_day=last_day, reason="出差")

    with clock.at(date(2026, 3, 9)):
        actions.resume(entry, by=own.user)
        actions.resume(entry, by=own.user)

    assert own.pauses.get().last_day == date(2026, 3, 8)
    assert trace(Pause) == [(own.user_id, "+", "暂停接单"), (own.user_id, "~", "恢复接单")]


@pytest.mark.parametrize("first_day", [date(2026, 3, 2), date(2026, 3, 9)])
def test_a_pause_that_has_not_lasted_a_day_is_taken_back(own, first_day):
    entry = actions.pause(own, by=own.user, first_day=first_day)

    actions.resume(entry, by=own.user)
    actions.resume(entry, by=own.user)

    assert own.pauses.count() == 0
    assert trace(Pause) == [(own.user_id, "+", "暂停接单"), (own.user_id, "-", "恢复接单")]


@pytest.mark.parametrize(
    ("first_day", "last_day", "words"),
    [
        (date(2026, 3, 1), None, "开始日期不能早于今天"),
        (date(2026, 3, 9), date(2026, 3, 8), "结束日期不能早于开始日期"),
        (date(2026, 3, 20), date(2026, 3, 25), "已经有一次暂停"),
        (date(2026, 3, 2), date(2026, 3, 10), "已经有一次暂停"),
        (date(2026, 3, 2), None, "已经有一次暂停"),
    ],
)
def test_a_pause_that_cannot_be_is_refused(own, first_day, last_day, words):
    actions.pause(own, by=own.user, first_day=date(2026, 3, 10), last_day=date(2026, 3, 20))

    with pytest.raises(Refused, match=words):
        actions.pause(own, by=own.user, first_day=first_day, last_day=last_day)

    assert own.pauses.count() == 1


def test_two_pauses_may_follow_one_another(own):
    actions.pause(own, by=own.user, first_day=date(2026, 3, 10), last_day=date(2026, 3, 20))

    actions.pause(own, by=own.user, first_day=date(2026, 3, 21))

    assert own.pauses.count() == 2


# Limits and the feed


def test_limits_are_the_experts_own_and_can_be_given_up(own):
    actions.set_limits(own, by=own.user, monthly_cap=4, slot_minutes=45)
    actions.set_limits(own, by=own.user, monthly_cap=None, slot_minutes=None)

    diary = Diary.objects.get(expert=own)
    assert (diary.monthly_cap, diary.slot_minutes) == (None, None)
    assert [reason for _, _, reason in trace(Diary)] == ["设置接单上限和时长"] * 2


def test_of_the_feeds_address_only_a_digest_is_kept(own):
    token = actions.renew_feed(own, by=own.user)

    diary = Diary.objects.get(expert=own)
    assert (len(token), diary.feed_digest) == (22, actions.digest(token))
    assert token not in str(Diary.objects.values()) + str(Diary.history.values())


def test_a_new_address_ends_the_former_one(own):
    former, present = (actions.renew_feed(own, by=own.user) for _ in range(2))

    assert not Diary.objects.filter(feed_digest=actions.digest(former)).exists()
    assert Diary.objects.filter(feed_digest=actions.digest(present)).exists()

    actions.close_feed(own, by=own.user)
    assert Diary.objects.get(expert=own).feed_digest is None


@pytest.mark.parametrize(
    "act",
    [
        lambda own, by: actions.set_hours(own, [NINE_TO_TWELVE], by=by),
        lambda own, by: actions.except_day(own, date(2026, 3, 9), by=by, kind="off"),
        lambda own, by: actions.clear_day(DayException(expert=own), by=by),
        lambda own, by: actions.pause(own, by=by, first_day=date(2026, 3, 9)),
        lambda own, by: actions.resume(Pause(expert=own), by=by),
        lambda own, by: actions.set_limits(own, by=by, monthly_cap=1, slot_minutes=None),
        lambda own, by: actions.renew_feed(own, by=by),
        lambda own, by: actions.close_feed(own, by=by),
    ],
)
@pytest.mark.parametrize("who", ["matcher", "another expert"])
def test_nobody_else_keeps_an_experts_calendar(own, matcher, act, who):
    by = matcher if who == "matcher" else make_expert(user=make_user()).user

    with pytest.raises(PermissionDenied):
        act(own, by)
