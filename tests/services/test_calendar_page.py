"""The expert's own calendar and its private feed (Article 10(3))."""

from datetime import date, time

import pytest
from django.contrib.messages import get_messages

from experts.models import Appointment
from expertteam import clock
from services.actions import availability as actions
from services.models import DayException, Diary, Pause
from tests import make
from tests.make import (
    make_activity,
    make_activity_role,
    make_appointment,
    make_arranged,
    make_engagement,
    make_expert,
    make_hours,
    make_offered,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
CALENDAR = "/desk/calendar/"
FORMS = ["hours/", "day/", "pause/", "limits/", "feed/"]


@pytest.fixture
def own(expert):
    return make_expert(user=expert, first_day=date(2026, 3, 1))


@pytest.fixture
def signed_in(http, own):
    http.force_login(own.user)
    return http


def page(http, path=CALENDAR):
    response = http.get(path)
    assert response.status_code == 200
    return response.content.decode()


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def week(expert):
    return [(each.weekday, f"{each.begins:%H:%M}-{each.ends:%H:%M}") for each in expert.weekly_hours.all()]


# Who comes in


@pytest.mark.parametrize("path", ["", *FORMS])
def test_the_calendar_is_the_experts_own(http, signed_in, client, path):
    assert http.get(CALENDAR + path).status_code == 200

    http.force_login(client)
    assert http.get(CALENDAR + path).status_code == 404

    http.logout()
    response = http.get(CALENDAR + path)
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_the_desk_leads_to_the_calendar(signed_in):
    assert f'href="{CALENDAR}"' in page(signed_in, "/desk/")


# The page


def test_an_expert_without_hours_is_told_what_is_missing(signed_in):
    html = page(signed_in)

    assert "您还没有设空闲时间" in html
    assert "设置每周时间" in html


def test_the_page_tells_what_is_arranged_and_what_is_free(signed_in, own):
    make_hours(own, 0, "09:00", "11:00")
    make_engagement(own, clock.instant(date(2026, 3, 9), 9))
    make_engagement(own, clock.instant(date(2026, 3, 10), 14), 90)
    make_engagement(own, clock.instant(date(2026, 3, 11), 14), live=False)
    make_engagement(own, clock.instant(date(2026, 3, 2), 7))  # over
    make_engagement(own, clock.instant(date(2026, 3, 31), 9))  # beyond the four weeks

    html = page(signed_in)

    assert "到3月30日（周一），有<b>2次约定</b>" in html
    assert '还有<b>4天</b>可以约，最早<span class="nb">3月9日（周一） 10:00' in html
    assert "09:00—10:00　评审" in html
    assert "14:00—15:30　评审" in html
    assert "3月11日" not in html


def test_each_meeting_says_where_and_leads_to_its_page(signed_in, own):
    offer = make_offered(own, clock.instant(date(2026, 3, 9), 9))
    request = make_arranged(own, clock.instant(date(2026, 3, 10), 9))
    activity = make_activity(place="云孵化平台直播间")
    role = make_activity_role(activity=activity, expert=own)
    role.engagement = make_engagement(
        own, clock.instant(date(2026, 3, 11), 9), purpose="activity", activity=activity
    )  # fmt: skip
    role.save()

    html = page(signed_in)

    assert f'<a href="/desk/tasks/{offer.pk}/">09:00—10:00　指导</a></b> <span class="tag wait">等您答复</span>' in html
    assert f'<a href="/desk/tasks/{request.offers.get().pk}/">09:00—10:00　指导</a></b> </p>' in html
    assert f'<a href="/desk/activities/{role.pk}/">09:00—10:00　活动</a>' in html
    assert "2号洽谈室" in html
    assert "云孵化平台直播间" in html


def test_days_that_are_alike_are_told_as_one(signed_in, own):
    for weekday in (0, 1, 2, 4, 5, 6):
        make_hours(own, weekday, "09:00", "12:00" if weekday < 6 else "11:00")

    html = page(signed_in)

    assert [name for name in ("周一至周三", "周五至周六", "周日", "周四") if f"<dt>{name}</dt>" in html] == [
        "周一至周三", "周五至周六", "周日",
    ]  # fmt: skip


def test_a_meeting_on_a_day_closed_meanwhile_says_that_it_stands(signed_in, own):
    make_engagement(own, clock.instant(date(2026, 3, 9), 9))
    make_engagement(own, clock.instant(date(2026, 3, 10), 9))
    make_engagement(own, clock.instant(date(2026, 3, 11), 9))
    DayException.objects.create(expert=own, date=date(2026, 3, 9), kind="off")
    DayException.objects.create(expert=own, date=date(2026, 3, 10), kind="off", begins=time(10), ends=time(12))
    Pause.objects.create(expert=own, first_day=date(2026, 3, 11), last_day=date(2026, 3, 11))

    assert page(signed_in).count("这次约定仍然有效") == 2


def test_after_the_term_nothing_is_free(signed_in, own):
    make_hours(own, 0, "09:00", "11:00")
    make.end_early(Appointment.objects.filter(expert=own), date(2026, 3, 3))

    assert "没有别的时间可以约" in page(signed_in)


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_asks_the_same_number_of_times_for_1_and_3_meetings(
    signed_in, own, many, django_assert_max_num_queries
):
    make_hours(own, 0, "09:00", "11:00")
    for n in range(many):
        make_engagement(own, clock.instant(date(2026, 3, 9 + n), 9))
        DayException.objects.create(expert=own, date=date(2026, 3, 16 + n), kind="off")

    with django_assert_max_num_queries(19):
        page(signed_in)


# The week


def hours(**fields):
    return {f"{end}_{day}_{part}": "" for end in ("begins", "ends") for day in range(7) for part in range(3)} | fields


def test_the_week_is_set_with_one_period_for_all_working_days(signed_in, own):
    entry = hours(alike="on", begins_0_0="09:00", ends_0_0="12:00", begins_2_1="14:00", ends_2_1="15:00")

    response = signed_in.post(CALENDAR + "hours/", entry | {"begins_5_1": "13:00", "ends_5_1": "17:00"})

    assert (response.status_code, response["Location"]) == (302, CALENDAR)
    assert week(own) == [*((day, "09:00-12:00") for day in range(5)), (5, "13:00-17:00")]
    assert said(response) == ["已保存，新的时间马上可以约"]


def test_the_week_is_set_day_by_day(signed_in, own):
    make_hours(own, 6, "09:00", "12:00")

    signed_in.post(
        CALENDAR + "hours/",
        hours(begins_0_0="09:00", ends_0_0="12:00", begins_0_1="14:00", ends_0_1="17:00", begins_1_2="19:00", ends_1_2="20:30"),
    )  # fmt: skip

    assert week(own) == [(0, "09:00-12:00"), (0, "14:00-17:00"), (1, "19:00-20:30")]


def test_the_form_shows_the_week_as_it_is(signed_in, own):
    make_hours(own, 0, "14:00", "17:00")
    make_hours(own, 0, "16:00", "17:00").delete()
    make_hours(own, 3, "08:00", "09:00")
    make_hours(own, 3, "10:00", "11:00")

    html = page(signed_in, CALENDAR + "hours/")

    for name, value in {
        "begins_0_1": "14:00",
        "ends_0_1": "17:00",
        "begins_3_0": "08:00",
        "begins_3_1": "10:00",
    }.items():
        assert f'name="{name}" value="{value}"' in html
    assert 'name="alike" class' not in html
    assert 'id="id_alike" checked' not in html


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"begins_0_0": "09:00"}, "周一上午的开始和结束都要填"),
        ({"ends_5_2": "20:00"}, "周六晚上的开始和结束都要填"),
        ({"begins_1_1": "17:00", "ends_1_1": "14:00"}, "周二下午的结束要晚于开始"),
        ({"begins_1_1": "两点", "ends_1_1": "14:00"}, "周二下午开始要写成09:00这样"),
    ],
)
def test_what_is_wrong_in_the_week_is_said_at_its_place_and_kept(signed_in, own, entry, words):
    make_hours(own, 6, "09:00", "12:00")

    response = signed_in.post(CALENDAR + "hours/", hours(**entry))

    html = response.content.decode()
    assert response.status_code == 422
    assert html.count(words) == 2  # in the summary and at the field
    assert all(f'value="{value}"' in html for value in entry.values())
    assert week(own) == [(6, "09:00-12:00")]


def test_a_mistake_on_a_day_that_is_as_monday_does_not_count(signed_in, own):
    signed_in.post(CALENDAR + "hours/", hours(alike="on", begins_0_0="09:00", ends_0_0="10:00", begins_1_0="09:00"))

    assert week(own) == [(day, "09:00-10:00") for day in range(5)]


# Days, pauses, limits


def test_a_day_is_closed_and_whoever_comes_that_day_is_named(signed_in, own):
    make_engagement(own, clock.instant(date(2026, 3, 9), 9))

    response = signed_in.post(CALENDAR + "day/", {"kind": "off", "day": "2026-03-09", "begins": "", "ends": ""})

    assert said(response) == ["已保存。这段时间里已有1次约定，仍然有效；来不了请告诉服务中心"]
    assert str(own.day_exceptions.get()) == "2026-03-09 不接 全天"
    assert '不接　<span class="nb">全天</span>' in page(signed_in)


def test_hours_are_opened_on_one_day(signed_in, own):
    make_engagement(own, clock.instant(date(2026, 3, 9), 9))

    response = signed_in.post(
        CALENDAR + "day/", {"kind": "extra", "day": "2026-03-09", "begins": "18:00", "ends": "20:00"}
    )

    assert said(response) == ["已保存"]
    assert str(own.day_exceptions.get()) == "2026-03-09 加开 18:00—20:00"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"day": "2026-03-01"}, "这一天已经过去了"),
        ({"day": ""}, "请填写日期"),
        ({"begins": "09:00"}, "时间的开始和结束都要填"),
        ({"begins": "09:00", "ends": "09:00"}, "时间的结束要晚于开始"),
        ({"kind": "extra"}, "加开要写明从几点到几点"),
    ],
)
def test_a_day_that_cannot_be_comes_back(signed_in, own, entry, words):
    response = signed_in.post(CALENDAR + "day/", {"kind": "off", "day": "2026-03-09", "begins": "", "ends": ""} | entry)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert own.day_exceptions.count() == 0


def test_a_pause_is_set_and_ended(signed_in, own):
    make_engagement(own, clock.instant(date(2026, 3, 9), 9))

    response = signed_in.post(CALENDAR + "pause/", {"first_day": "2026-03-02", "last_day": "", "reason": "出差"})

    assert said(response) == ["已暂停接单。这段时间里已有1次约定，仍然有效；来不了请告诉服务中心"]
    html = page(signed_in)
    assert "暂停中" in html
    assert "暂停期间不再约您" in html

    response = signed_in.post(f"{CALENDAR}pause/{own.pauses.get().pk}/resume/")

    assert said(response)[-1] == "已恢复接单"
    assert "暂停中" not in page(signed_in)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"last_day": "2026-03-08"}, "到哪天为止不能早于从哪天起"),
        ({"first_day": "2026-03-01"}, "开始日期不能早于今天（第十条第三项）"),
        ({"first_day": ""}, "请填写从哪天起"),
    ],
)
def test_a_pause_that_cannot_be_comes_back(signed_in, own, entry, words):
    response = signed_in.post(
        CALENDAR + "pause/", {"first_day": "2026-03-09", "last_day": "", "reason": "出差"} | entry
    )

    html = response.content.decode()
    assert response.status_code == 422
    assert words in html
    assert 'value="出差"' in html


def test_limits_are_set_and_given_up(signed_in, own):
    signed_in.post(CALENDAR + "limits/", {"monthly_cap": "4", "slot_minutes": "45"})
    assert ("4次" in page(signed_in), "45分钟" in page(signed_in)) == (True, True)

    signed_in.post(CALENDAR + "limits/", {"monthly_cap": "", "slot_minutes": ""})
    assert ("12次" in page(signed_in), "60分钟" in page(signed_in)) == (True, True)


@pytest.mark.parametrize("entry", [{"monthly_cap": "0"}, {"monthly_cap": "61"}, {"slot_minutes": "7"}])
def test_limits_that_cannot_be_come_back(signed_in, own, entry):
    response = signed_in.post(CALENDAR + "limits/", {"monthly_cap": "", "slot_minutes": ""} | entry)

    assert response.status_code == 422
    assert not Diary.objects.exists()


@pytest.mark.parametrize("act", ["day/{}/clear/", "pause/{}/resume/"])
def test_nobody_changes_the_calendar_of_another(http, own, act):
    other = make_expert(user=make_user())
    kept = [
        DayException.objects.create(expert=own, date=date(2026, 3, 9), kind="off"),
        Pause.objects.create(expert=own, first_day=date(2026, 3, 9)),
    ]
    path = CALENDAR + act.format(kept["pause" in act].pk)
    http.force_login(other.user)

    assert (http.get(path).status_code, http.post(path).status_code) == (405, 404)
    assert (own.day_exceptions.count(), own.pauses.count()) == (1, 1)


def test_a_day_goes_by_its_week_again(signed_in, own):
    entry = DayException.objects.create(expert=own, date=date(2026, 3, 9), kind="off")

    response = signed_in.post(f"{CALENDAR}day/{entry.pk}/clear/")

    assert (said(response), own.day_exceptions.count()) == (["已取消，这一天按每周时间"], 0)


# The feed


def read(http, token):
    return http.get(f"/desk/feed/{token}.ics")


def test_the_address_is_shown_once(signed_in, own):
    html = signed_in.post(CALENDAR + "feed/").content.decode()

    token = html.split("/desk/feed/")[1].split(".ics")[0]
    assert Diary.objects.get(expert=own).feed_digest == actions.digest(token)
    assert token not in page(signed_in, CALENDAR + "feed/")
    assert "换一个新地址" in page(signed_in, CALENDAR + "feed/")


def test_the_feed_needs_no_sign_in_and_tells_only_when_and_where(http, own):
    make_engagement(own, clock.instant(date(2026, 3, 9), 9))
    make_engagement(own, clock.instant(date(2026, 3, 10), 9), live=False)
    make_engagement(own, clock.instant(date(2026, 1, 5), 9))  # long over
    make_engagement(make_expert(user=make_user()), clock.instant(date(2026, 3, 11), 9))
    token = actions.renew_feed(own, by=own.user)

    response = read(http, token)

    text = response.content.decode()
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert (response["X-Robots-Tag"], "no-store" in response["Cache-Control"]) == ("noindex", True)
    assert text.count("BEGIN:VEVENT") == 1
    assert "DTSTART:20260309T010000Z\r\nDTEND:20260309T020000Z\r\nSUMMARY:评审" in text


def test_4_the_feed_says_nothing_of_the_client_or_his_matter(http, own):
    request = make_arranged(own, clock.instant(date(2026, 3, 10), 9), name="刘小满")
    make_offered(own, clock.instant(date(2026, 3, 11), 9))

    text = read(http, actions.renew_feed(own, by=own.user)).content.decode().replace("\r\n ", "")

    secrets = ["刘小满", request.phone, request.question, request.number, "veteran", "退役军人"]
    assert [each for each in secrets if each in text] == []
    assert "SUMMARY:指导\r\nLOCATION:2号洽谈室" in text
    assert "SUMMARY:指导（待您答复）" in text


def test_the_feed_keeps_the_name_of_each_meeting(http, own):
    make_engagement(own, clock.instant(date(2026, 3, 9), 9))
    token = actions.renew_feed(own, by=own.user)

    uids = {
        line for _ in range(2) for line in read(http, token).content.decode().split("\r\n") if line.startswith("UID")
    }

    assert len(uids) == 1


def test_a_former_a_closed_and_an_invented_address_open_nothing(http, own):
    former = actions.renew_feed(own, by=own.user)
    present = actions.renew_feed(own, by=own.user)
    assert [read(http, token).status_code for token in (former, present, "invented")] == [404, 200, 404]

    http.force_login(own.user)
    http.post(CALENDAR + "feed/close/")

    assert read(http, present).status_code == 404
    assert http.post(CALENDAR + "feed/close/").status_code == 302


@pytest.mark.parametrize("many", [1, 3])
def test_the_feed_asks_the_same_number_of_times_for_1_and_3_meetings(http, own, many, django_assert_num_queries):
    token = actions.renew_feed(own, by=own.user)
    read(http, token)
    for n in range(many):
        make_engagement(own, clock.instant(date(2026, 3, 9 + n), 9))

    with django_assert_num_queries(14):  # three of the feed, the rest are the limit's
        read(http, token)


def test_a_former_expert_keeps_what_was_arranged(http):
    former = make_appointment(first_day=date(2026, 3, 1)).expert
    make.end_early(Appointment.objects.filter(expert=former), date(2026, 3, 2))
    http.force_login(former.user)

    assert "没有约定" in page(http)
