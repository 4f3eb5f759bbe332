"""专题活动: when it can be announced, joined, attended and credited (Articles 8(3) and 8(6))."""

from datetime import date, timedelta

import pytest

from expertteam import clock
from services.rules import activity as rules

BEGINS, ENDS = clock.instant(date(2026, 3, 20), 14), clock.instant(date(2026, 3, 20), 16)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("kind", "counts_as"),
    [
        ("lecture", "activity"),
        ("training", "activity"),
        ("salon", "activity"),
        ("contest", "activity"),
        ("policy", "activity"),
        ("survey", "activity"),
        ("other", "other"),
    ],
)
def test_8_3_the_six_forms_count_as_activities_and_others_under_8_6(kind, counts_as):
    assert rules.service_kind(kind) == counts_as


@pytest.mark.parametrize(
    ("now", "roles", "reason"),
    [
        (BEGINS - SECOND, ["invited"], ""),
        (BEGINS - SECOND, ["declined", "accepted"], ""),
        (BEGINS, ["accepted"], "开始时间已过，请先改时间"),
        (BEGINS - SECOND, [], "还没有邀请专家，或专家都来不了"),
        (BEGINS - SECOND, ["declined", "released"], "还没有邀请专家，或专家都来不了"),
    ],
)
def test_8_3_announced_is_what_is_to_come_with_an_expert(now, roles, reason):
    assert rules.why_not_announced(BEGINS, now, roles) == reason


@pytest.mark.parametrize(
    ("open_now", "now", "reason"),
    [
        (True, BEGINS - SECOND, ""),
        (True, BEGINS, "活动已经开始，不能再报名"),
        (False, BEGINS - SECOND, "这场活动现在不能报名"),
    ],
)
def test_8_3_people_sign_up_until_it_begins(open_now, now, reason):
    assert rules.why_no_sign_up(open_now, BEGINS, now) == reason


@pytest.mark.parametrize(("capacity", "seated", "left"), [(2, 0, 2), (2, 1, 1), (2, 2, 0), (2, 3, 0)])
def test_8_3_seats_are_what_is_left(capacity, seated, left):
    assert rules.seats_left(capacity, seated) == left


@pytest.mark.parametrize(
    ("now", "open_door"),
    [
        (clock.instant(date(2026, 3, 20), 13) - SECOND, False),
        (clock.instant(date(2026, 3, 20), 13), True),
        (clock.instant(date(2026, 3, 20), 18), True),
        (clock.instant(date(2026, 3, 20), 18) + SECOND, False),
    ],
)
def test_8_3_presence_is_noted_around_the_time_itself(now, open_door):
    assert rules.can_check_in(BEGINS, ENDS, now) is open_door


@pytest.mark.parametrize(
    ("minutes", "now", "reason"),
    [
        (60, clock.instant(date(2026, 3, 20), 15), ""),
        (60, clock.instant(date(2026, 3, 20), 15) - SECOND, "专家的部分还没有结束"),
        (120, ENDS, ""),
        (121, clock.instant(date(2026, 3, 20), 17), "专家的时长应在1到120分钟之间"),
        (0, ENDS, "专家的时长应在1到120分钟之间"),
    ],
)
def test_8_3_an_expert_is_credited_once_it_is_over_for_no_longer_than_it_lasted(minutes, now, reason):
    assert rules.why_not_attested(minutes, BEGINS, ENDS, now) == reason
