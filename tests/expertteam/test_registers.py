"""The calendar in the admin: what staff may enter, and what its history shows."""

from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from expertteam.models import CalendarDay, CalendarYear, Policy

pytestmark = pytest.mark.django_db

SOURCE = "国务院办公厅关于2027年部分节假日安排的通知"
STATUTORY_2027 = [
    "2027-01-01", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-04-05", "2027-05-01",
    "2027-05-02", "2027-06-09", "2027-09-15", "2027-10-01", "2027-10-02", "2027-10-03",
]  # fmt: skip


@pytest.fixture
def desk(admin):
    """The browser of the administrator, signed in with a second factor."""
    Authenticator.objects.create(user=admin, type=Authenticator.Type.TOTP, data={})
    browser = Client()
    browser.force_login(admin)
    return browser


def entered(days, source=SOURCE, year=2027):
    """What the form of a new year sends: (date, kind) for each line."""
    form = {"year": year, "source": source, "days-TOTAL_FORMS": len(days), "days-INITIAL_FORMS": 0}
    for line, (day, kind) in enumerate(days):
        form |= {f"days-{line}-date": day, f"days-{line}-kind": kind, f"days-{line}-name": ""}
    return form


def shown(year):
    """What the form of an existing year sends when nothing was touched."""
    days = list(year.days.all())
    form = entered([(day.date.isoformat(), day.kind) for day in days], year.source, year.year)
    form["days-INITIAL_FORMS"] = len(days)
    for line, day in enumerate(days):
        form |= {f"days-{line}-id": day.pk, f"days-{line}-year": year.pk, f"days-{line}-name": day.name}
    return form


def statutory(*others):
    return [*((day, "holiday") for day in STATUTORY_2027), *others]


def test_year_is_published_with_its_source(desk, admin):
    days = statutory(("2026-12-31", "rest"), ("2027-02-20", "workday"))

    desk.post(reverse("admin:expertteam_calendaryear_add"), entered(days))

    year = CalendarYear.objects.get(year=2027)
    assert year.days.count() == 15
    assert year.history.first().history_user == admin
    assert "新增 2027-02-20 调休上班" in year.history.first().history_change_reason


def test_two_holidays_on_one_day_count_twice(desk):
    form = entered(statutory()[1:]) | {"days-11-name": "国庆节、中秋节"}

    desk.post(reverse("admin:expertteam_calendaryear_add"), form)

    assert CalendarYear.objects.get(year=2027).days.count() == 12


def test_a_day_of_a_year_that_is_none_is_refused(desk):
    answer = desk.post(reverse("admin:expertteam_calendaryear_add"), entered(statutory()) | {"days-3-year": "9" * 20})

    assert answer.status_code == 200
    assert not CalendarYear.objects.filter(year=2027).exists()


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        (entered(statutory(), source=""), "这个字段是必填项。"),
        (entered(statutory()[1:]), "法定节假日应为13天，现在是12天"),
        (entered([]), "现在是0天"),
        (entered(statutory(("2027-02-19", "workday"))), "调休上班的日子应是周六或周日"),
        (entered(statutory(("2026-11-30", "rest"))), "日期应在2027年，或是通知一并调整的上一年12月"),
        (entered(statutory(("2028-01-01", "rest"))), "日期应在2027年，或是通知一并调整的上一年12月"),
        (entered(statutory(("2027-02-05", "rest"))), "重复"),
        (entered(statutory(), year=""), "这个字段是必填项。"),
        (entered(statutory(), year=2026), "已存在"),
    ],
)
def test_faulty_year_is_not_published(desk, form, reason):
    answer = desk.post(reverse("admin:expertteam_calendaryear_add"), form)

    assert reason in answer.text
    assert not CalendarYear.objects.filter(year=2027).exists()


@pytest.mark.parametrize(("demo", "years"), [(True, 1), (False, 0)])
def test_an_invented_schedule_is_taken_by_the_demo_alone(desk, settings, demo, years):
    settings.DEMO = demo

    answer = desk.post(reverse("admin:expertteam_calendaryear_add"), entered(statutory(), source="演练"))

    assert CalendarYear.objects.filter(year=2027).count() == years
    assert ("只能录入演示系统" in answer.text) is not demo


def test_changed_day_shows_in_the_history_of_its_year(desk):
    year = CalendarYear.objects.get(year=2026)
    day = year.days.get(date=date(2026, 10, 10))
    form = shown(year)
    form |= {name.replace("-id", "-DELETE"): "on" for name, value in form.items() if value == day.pk and "-id" in name}

    desk.post(reverse("admin:expertteam_calendaryear_change", args=[year.pk]), form)

    assert not CalendarDay.objects.filter(pk=day.pk).exists()
    assert year.history.first().history_change_reason == "删除 2026-10-10 调休上班"
    assert [entry.history_type for entry in CalendarDay.history.filter(id=day.pk)] == ["-", "+"]


def test_year_cannot_be_deleted(desk):
    year = CalendarYear.objects.get(year=2026)

    answer = desk.post(reverse("admin:expertteam_calendaryear_delete", args=[year.pk]), {"post": "yes"})

    assert answer.status_code == 403


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    ("key", "value", "day", "kept"),
    [
        ("notice_days", 7, "2026-03-02", True),
        ("notice_days", 2, "2026-03-02", False),  # below the least
        ("notice_end_hour", 23, "2026-04-01", True),
        ("notice_end_hour", 24, "2026-04-01", False),
        ("phone_code", 0, "2026-04-01", True),
        ("phone_code", 2, "2026-04-01", False),
        ("answer_days", 5, "2026-03-01", False),  # the past has gone by another number
    ],
)
def test_an_open_number_is_fixed_by_a_document_within_its_bounds(desk, key, value, day, kept):
    said = {"key": key, "value": value, "effective_from": day, "source": "并人社发〔2026〕1号"}

    desk.post(reverse("admin:expertteam_policy_add"), said)

    assert Policy.objects.filter(key=key, value=value).exists() is kept


def test_an_open_number_once_entered_is_only_read(desk):
    number = Policy.objects.create(
        key="notice_days", value=7, effective_from=date(2026, 4, 1), source="并人社发〔2026〕1号"
    )
    page = reverse("admin:expertteam_policy_change", args=[number.pk])

    assert desk.get(page).status_code == 200
    assert desk.post(page, {"value": 9}).status_code == 403
    number.refresh_from_db()
    assert number.value == 7
