"""What waits of the services for whom today: call-backs, rulings, visits, experts who did not come, messages not sent."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expertteam import clock, notify
from expertteam.models import Notification, Policy
from expertteam.workflow import LINK
from services import actions
from services.models import Call
from tests.conftest import person
from tests.make import (
    THURSDAY,
    make_arranged,
    make_expert,
    make_offer,
    make_request,
    make_service,
    make_user,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def shown_to(user, http, **asked):
    sign_in(http, user)
    return http.get(reverse("admin:index"), asked).context


def queue_of(user, http):
    return [(row.what, row.number) for row in shown_to(user, http)["rows"]]


def make_unanswered(**fields):
    return make_service("unanswered", **{"call_due": date(2026, 3, 20)} | fields)


def menu_of(user, http):
    """What the side menu counts, by label."""
    return {label: count for _, label, count, _ in shown_to(user, http)["staff_nav"]()}


def test_a_call_back_waits_for_whoever_rings_up(intake, matcher, reviewer, http):
    service = make_unanswered(request=make_request("held"))

    row = shown_to(intake, http)["rows"][0]

    assert (row.what, row.number, row.until) == ("电话回访", service.request.number, "3月20日")
    assert (row.tip, row.url) == (
        "3月5日 14:00，60分钟，对方没有答复",
        reverse("services:verify_service", args=[service.pk]),
    )
    assert queue_of(matcher, http) == queue_of(reviewer, http) == []


def test_how_often_it_was_tried_is_told(intake, http):
    service = make_unanswered()
    actions.call_back(service, by=intake, outcome="away")
    actions.show_number(service, by=intake)

    assert shown_to(intake, http)["rows"][0].tip.endswith("打过1次")


def test_what_is_not_drawn_waits_for_nobody(intake, http):
    make_unanswered()
    Policy.objects.create(key="callback_percent", value=0, effective_from=date(2026, 3, 1), source="局办〔2026〕1号")

    assert queue_of(intake, http) == []


def test_a_query_waits_for_the_reviewer(reviewer, intake, http):
    service = make_service("queried", claimed_minutes=20)

    row = shown_to(reviewer, http)["rows"][0]

    assert (row.what, row.tip, row.url) == ("核定时长", "专家记了60分钟，对方说20分钟", service.get_absolute_url())
    assert queue_of(intake, http) == []


def test_whoever_matched_is_not_asked_to_rule(reviewer, http):
    request = make_request("held")
    make_offer("done", request=request, expert=request.expert, offered_by=reviewer)
    make_service("queried", request=request, expert=request.expert)

    assert queue_of(reviewer, http) == []


@pytest.mark.parametrize("state", ["unanswered", "queried"])
def test_ones_own_waits_for_others(state, intake, reviewer, http):
    user = intake if state == "unanswered" else reviewer
    user.phone = "13512345678"
    user.save()
    make_service(state, expert=make_expert(user=user))
    make_service(state, phone="13512345678")

    assert queue_of(user, http) == []


def test_a_visit_waits_for_whoever_allows_it(intake, reviewer, http):
    make_request(place="visit", group="other", visit_reason="行动不便")
    make_request(place="visit", group="veteran")

    assert [what for what, _ in queue_of(intake, http)] == ["同意上门"]
    assert queue_of(reviewer, http) == []


def test_an_expert_who_did_not_come_waits_until_somebody_has_spoken_with_the_client(intake, http):
    request = make_arranged(make_expert(user=make_user(name="韩砚秋")))
    with clock.at(THURSDAY + timedelta(minutes=30)):
        actions.report_absence(request.offers.get(), by=LINK, reason="等了半小时")
    with clock.at(THURSDAY + timedelta(hours=1)):
        row = shown_to(intake, http)["rows"][0]
        actions.talk(request, by=intake, note="说明了情况")
        after = queue_of(intake, http)

    assert (row.what, row.number, row.tip) == (
        "专家没来",
        request.number,
        "韩砚秋老师3月5日 14:00没有到，请打电话说明，另约时间",
    )
    assert after == []


def test_who_reports_it_by_telephone_has_been_spoken_with(intake, http):
    request = make_arranged(make_expert())

    with clock.at(THURSDAY + timedelta(minutes=30)):
        actions.by_phone(actions.report_absence, request.offers.get(), by=intake, reason="等了半小时")
        waiting = queue_of(intake, http)

    assert (waiting, Call.objects.get().what) == ([], "登记专家未到")


def make_dead(number=1):
    return Notification.objects.create(
        key=f"dead:{number}", channel="sms", address="13512345678", subject="预约已提交", body="确认码123456", attempts=8,
        error="gateway away",
    )  # fmt: skip


def test_a_message_that_was_given_up_waits_for_the_administrator(admin, intake, http):
    make_dead()

    row = shown_to(admin, http)["rows"][0]

    assert (row.what, row.number, row.whom, row.url) == ("通知没发出", "预约已提交", "短信", reverse("letters"))
    assert queue_of(intake, http) == []


def test_the_list_of_dead_letters_tells_neither_number_nor_words(admin, http):
    make_dead()
    sign_in(http, admin)

    shown = http.get(reverse("letters")).content.decode()

    assert [words for words in ("13512345678", "123456") if words in shown] == []
    assert ("135****5678" in shown, "gateway away" in shown) == (True, True)


def test_of_dead_mails_the_list_names_colleagues_alone(admin, intake, http):
    """Whoever is called to a review is nobody's business, nor the administrator's."""
    expert = make_expert(user=make_user(name="鹪鹩秋"))
    for number, to in enumerate([expert.user, intake]):
        mail = {"channel": "mail", "to": to, "address": f"a{number}@example.org", "subject": "请您参加项目评审"}
        Notification.objects.create(key=f"dead-mail:{number}", body="见工作台", attempts=8, error="", **mail)
    sign_in(http, admin)

    shown = http.get(reverse("letters")).content.decode()

    assert ("鹪鹩秋" in shown, "鹪**" in shown, str(intake) in shown) == (False, True, True)


def test_the_records_lead_to_the_dead_letters(admin, intake, http):
    shown = {}
    for user in (admin, intake):
        sign_in(http, user)
        shown[user.username] = reverse("letters") in http.get(reverse("records")).content.decode()

    assert shown == {"admin": True, "intake": False}


def test_a_dead_letter_is_sent_again(admin, http, gateway):
    message = make_dead()
    sign_in(http, admin)

    http.post(reverse("send_again", args=[message.pk]))
    notify.deliver_pending()

    message.refresh_from_db()
    assert (message.sent_at is not None, message.attempts, len(gateway.SENT)) == (True, 1, 1)


def test_what_is_not_dead_is_not_sent_again(admin, http):
    message = make_dead()
    Notification.objects.filter(pk=message.pk).update(sent_at=clock.now())
    sign_in(http, admin)

    assert http.post(reverse("send_again", args=[message.pk])).status_code == 404


@pytest.mark.parametrize("role", ["intake", "matcher", "reviewer", "inspector", "leader", "cashier"])
def test_dead_letters_are_the_administrators(role, db, http):
    message = make_dead()
    sign_in(http, person(role, role))

    answers = [http.get(reverse("letters")), http.post(reverse("send_again", args=[message.pk]))]

    assert [each.status_code for each in answers] == [403, 403]


def test_the_side_menu_counts_what_can_be_done(intake, reviewer, http):
    make_unanswered()
    make_unanswered()
    make_service("queried")

    assert (menu_of(intake, http)["服务记录"], menu_of(reviewer, http)["服务记录"]) == (2, 1)


@pytest.mark.parametrize("role", ["intake", "reviewer", "admin"])
def test_three_of_each_cost_what_one_costs(role, request, http):
    user = request.getfixturevalue(role)
    add_one_of_each(1)
    shown_to(user, http)
    with CaptureQueriesContext(connection) as one:
        http.get(reverse("admin:index"))
    add_one_of_each(2)
    add_one_of_each(3)

    with CaptureQueriesContext(connection) as three:
        http.get(reverse("admin:index"))

    assert len(three) == len(one)


def add_one_of_each(number):
    make_unanswered(request=make_request("held"))
    make_service("queried", request=make_request("held"))
    make_request(place="visit", group="other")
    make_offer("absent", request=make_request("submitted"))
    make_dead(number)
