"""What time brings about in the service: each job does the right thing once, however often and however late it runs."""

from datetime import date, timedelta

import pytest

from expertteam import clock
from expertteam.models import Notification
from services import actions, tasks
from services.models import Link, Offer, Service, ServiceRequest
from tests.make import (
    THURSDAY,
    make_activity,
    make_arranged,
    make_expert,
    make_logged,
    make_offered,
    make_pairing,
    make_sign_up,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def own(expert, matcher):
    return make_expert(user=expert)


def run(task, at, times=2):
    """The job as beat starts it, more than once."""
    with clock.at(at):
        for _ in range(times):
            task()


def texts(key):
    """The SMS of this kind, oldest first."""
    return [each.body for each in Notification.objects.filter(key__startswith=key, channel="sms").order_by("pk")]


# Offers without an answer


@pytest.mark.parametrize("late", [MINUTE, HOUR])
def test_10_3_an_offer_lapses_once_and_the_next_is_asked_by_itself(own, late):
    second = make_expert()
    offer = make_offered(own, alternates=[second])
    run(tasks.lapse_offers, offer.answer_due)
    before = offer.history.count()

    run(tasks.lapse_offers, offer.answer_due + late)

    offer.refresh_from_db()
    assert (before, offer.state, offer.history.count()) == (1, "lapsed", 2)
    assert [each.expert for each in Offer.objects.filter(state="offered")] == [second]


def test_10_3_nothing_lapses_on_a_day_of_a_year_without_a_published_calendar(own):
    with clock.at(clock.instant(date(2026, 12, 31), 10)):
        offer = make_offered(own, None)

    run(tasks.lapse_offers, clock.instant(date(2027, 1, 4), 9))

    offer.refresh_from_db()
    assert (offer.answer_due, offer.state) == (clock.instant(date(2027, 1, 1), 18), "offered")


def test_10_3_where_the_time_is_too_near_by_then_a_person_has_to_find_somebody(own, matcher):
    make_offered(own, alternates=[make_expert()])

    run(tasks.lapse_offers, THURSDAY - 12 * HOUR)

    assert (Offer.objects.get().state, ServiceRequest.objects.get().state) == ("lapsed", "submitted")
    assert matcher.notifications.filter(subject="请重新匹配").count() == 1


def test_10_3_run_days_late_it_asks_the_next_without_the_time_that_is_over(own):
    second = make_expert()
    make_offered(own, alternates=[second])

    run(tasks.lapse_offers, THURSDAY + DAY)

    following = Offer.objects.get(state="offered")
    assert (following.expert, following.starts_at) == (second, None)


def test_whoever_has_answered_is_left_alone(own):
    make_arranged(own)

    run(tasks.lapse_offers, THURSDAY + DAY)

    assert Offer.objects.get().state == "accepted"


# Services without an answer


def test_10_1_what_nobody_has_confirmed_goes_to_a_call_back_once(own):
    service = make_logged(own)
    run(tasks.pass_to_call_back, date(2026, 3, 12))
    before = service.history.count()

    run(tasks.pass_to_call_back, date(2026, 3, 20))

    service.refresh_from_db()
    assert (service.state, service.history.count()) == ("unanswered", before + 1)
    assert not Service.objects.counted().exists()


# Reminders


@pytest.mark.parametrize("hour", [15, 23])
def test_both_sides_are_reminded_once_on_the_day_before(own, hour):
    own.user.phone = "13800000011"
    own.user.save()
    request = make_arranged(own)
    run(tasks.remind_of_appointments, clock.instant(date(2026, 3, 3), hour))
    early = texts("remind:")

    run(tasks.remind_of_appointments, clock.instant(date(2026, 3, 4), hour))

    told = Notification.objects.filter(key__startswith="remind:", channel="sms")
    assert early == []
    assert sorted(each.address for each in told) == sorted([request.phone, "13800000011"])
    assert all("明天14:00" in each.body and len(each.body) <= 70 for each in told)


def test_nobody_is_reminded_of_what_was_called_off(own, intake):
    actions.cancel(make_arranged(own), by=intake)

    run(tasks.remind_of_appointments, clock.instant(date(2026, 3, 4), 15))

    assert texts("remind:") == []


def test_an_expert_is_reminded_once_on_the_day_on_which_his_time_to_answer_ends(own):
    make_offered(own)
    run(tasks.remind_of_answers, clock.instant(date(2026, 3, 2), 10))
    early = own.user.notifications.filter(subject="预约等您答复").count()

    run(tasks.remind_of_answers, clock.instant(date(2026, 3, 3), 8, 30))

    assert early == 0
    reminded = own.user.notifications.filter(subject="预约等您答复", channel="inapp")
    assert [each.body for each in reminded] == ["有一项预约等您答复，今天18:00前没有答复会转给别的专家。"]


def test_whoever_has_answered_is_not_reminded_to(own):
    make_arranged(own)

    run(tasks.remind_of_answers, clock.instant(date(2026, 3, 3), 8, 30))

    assert not own.user.notifications.filter(subject="预约等您答复").exists()


def test_an_expert_who_has_not_logged_is_reminded_once_a_day_later(own):
    make_arranged(own)
    run(tasks.remind_of_logs, THURSDAY + DAY)
    early = own.user.notifications.filter(subject="请补上服务记录").count()

    run(tasks.remind_of_logs, THURSDAY + DAY + MINUTE)
    run(tasks.remind_of_logs, THURSDAY + 5 * DAY)

    assert early == 0
    assert own.user.notifications.filter(subject="请补上服务记录", channel="inapp").count() == 1


def test_whoever_has_logged_is_not_reminded(own):
    make_logged(own)

    run(tasks.remind_of_logs, THURSDAY + 3 * DAY)

    assert not own.user.notifications.filter(subject="请补上服务记录").exists()


def test_8_2_a_pairing_contact_is_announced_once_for_its_day(own):
    pairing = make_pairing(expert=own)

    run(tasks.remind_of_pairing_contacts, pairing.contact_due())
    run(tasks.remind_of_pairing_contacts, pairing.contact_due() + DAY)

    assert own.user.notifications.filter(subject="该联系结对对象了", channel="inapp").count() == 1


def test_8_3_whoever_has_a_seat_is_reminded_once_on_the_day_before(own):
    activity = make_activity()
    seated = make_sign_up(activity=activity)
    make_sign_up("waiting", activity=activity)
    run(tasks.remind_of_activities, date(2026, 3, 18))
    early = texts("soon:")

    run(tasks.remind_of_activities, date(2026, 3, 19))

    assert early == []
    assert [each.address for each in Notification.objects.filter(key__startswith="soon:")] == [seated.phone]


def test_4_a_link_that_opens_nothing_is_gone_thirty_days_later(own):
    request = make_offered(own).request
    lasting = [Link.issue(Link.Purpose.PROGRESS, timedelta(days=days), request=request) for days in (2, 5)]
    held = [Link.objects.holding(token, Link.Purpose.PROGRESS).get() for token in lasting]

    run(tasks.forget_links, clock.today() + 33 * DAY)

    assert list(Link.objects.filter(pk__in=[each.pk for each in held])) == held[1:]
