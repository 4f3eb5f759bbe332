"""An expert is asked, and what he answers (Articles 3, 10(3), 12(3), 14)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from experts.models import Appointment
from expertteam import clock
from expertteam.models import Notification
from expertteam.regulation import Refused
from expertteam.workflow import LINK, SYSTEM, available
from services import actions, messages
from services.models import Engagement, Link, Offer, ServiceRequest, ServiceRequestGrant
from tests import make
from tests.conftest import person
from tests.make import THURSDAY, make_arranged, make_asked, make_expert, make_offer, make_offered, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def own(expert):
    """The expert who is asked."""
    return make_expert(user=expert)


@pytest.fixture
def offer(own, matcher):
    """An hour on Thursday 2026-03-05 at 14:00, to be answered by Tuesday 18:00."""
    return make_offered(own)


def trace(record):
    """Who did what, oldest first."""
    entries = record.history.order_by("pk").values_list("history_user__username", "history_change_reason")
    return [f"{who}: {why}" for who, why in entries]


def held():
    """Whose time is held."""
    return [(each.expert, each.starts_at) for each in Engagement.objects.filter(live=True)]


def told(key):
    return [each.body for each in Notification.objects.filter(key__startswith=key, channel="sms").order_by("pk")]


def test_14_a_matcher_sees_to_no_booking_of_his_own(offer, matcher):
    ServiceRequest.objects.filter(pk=offer.request_id).update(client=matcher)
    offer.refresh_from_db()
    assert actions.replace not in available(offer, matcher)

    with pytest.raises(Refused, match="这件事与您本人有关"):
        actions.replace(offer, by=matcher, note="换一位")

    other = person("other", "matcher")
    actions.replace(offer, by=other, note="这位出差")
    assert offer.state == "withdrawn"


# Being asked


def test_10_3_the_offer_says_until_when_and_holds_the_time(offer, own):
    assert (offer.state, offer.starts_at, offer.room) == ("offered", THURSDAY, "2号洽谈室")
    assert offer.answer_due == clock.instant(date(2026, 3, 3), 18)
    assert held() == [(own, THURSDAY)]
    assert offer.request.state == "offered"


def test_the_expert_gets_one_sms_with_a_link_to_this_task_alone(own, matcher):
    own.user.phone = "13800000011"
    own.user.save()

    offer = make_offered(own)

    (text,) = told(f"offered:{offer.pk}")
    assert text.startswith("3月5日14:00预约请答复：")
    assert len(text) <= 70
    assert Link.objects.holding(text.rstrip("/").rpartition("/")[2], "task").get().offer == offer


def test_4_what_the_client_confided_is_in_no_message(offer):
    bodies = "".join(Notification.objects.values_list("body", flat=True))

    assert "担保贷款" not in bodies
    assert "刘小满" not in bodies


# Accepting


def test_14_accepting_arranges_the_offered_time_and_says_who_did_what(offer, own):
    actions.accept(offer, by=own.user)

    request = ServiceRequest.objects.get()
    assert (offer.state, request.state) == ("accepted", "arranged")
    assert (request.expert, request.starts_at, request.room) == (own, THURSDAY, "2号洽谈室")
    assert offer.answered_at == clock.now()
    assert trace(offer) == ["matcher: 匹配专家（第10(3)条）", "expert: 接受（第14条）"]
    assert trace(request)[1:] == [
        "matcher: 匹配专家（第10(3)条）",
        "expert: 专家接受（第10(3)条）",
        "expert: 按专家接受的时间约定（第10(3)条）",
    ]


def test_the_client_hears_of_it_once_nothing_can_be_taken_back_any_more(offer, own):
    actions.accept(offer, by=own.user)

    message = Notification.objects.get(key__startswith="arranged:", channel="sms")
    assert message.due == clock.now() + 10 * MINUTE
    assert message.body.startswith("约好3月5日 14:00，韩砚秋老师，2号洽谈室")
    assert len(message.body) <= 70


def test_an_offer_without_a_time_is_accepted_with_one_of_the_experts_own(own, matcher):
    offer = make_offered(own, None)

    actions.accept(offer, by=own.user, starts_at=THURSDAY)

    offer.refresh_from_db()
    assert (offer.starts_at, offer.request.state) == (THURSDAY, "arranged")
    assert held() == [(own, THURSDAY)]


def test_an_offer_without_a_time_may_be_accepted_and_waits_for_one(own, matcher):
    offer = make_offered(own, None)

    actions.accept(offer, by=own.user)

    assert ServiceRequest.objects.get().state == "accepted"
    assert held() == []


def test_the_time_that_was_offered_is_not_replaced_by_another(offer, own):
    actions.accept(offer, by=own.user, starts_at=THURSDAY + timedelta(days=1))

    assert ServiceRequest.objects.get().starts_at == THURSDAY


def test_a_time_that_is_over_or_taken_is_refused_and_nothing_is_written(own, matcher):
    make_arranged(own)
    offer = make_offered(own, None)

    with pytest.raises(Refused, match="已经过去"):
        actions.accept(offer, by=own.user, starts_at=clock.now())
    with pytest.raises(Refused, match="刚被别人约走"):
        actions.accept(offer, by=own.user, starts_at=THURSDAY)

    offer.refresh_from_db()
    assert (offer.state, offer.request.state, offer.answered_at) == ("offered", "offered", None)


def test_10_3_the_last_moment_for_an_answer_still_counts(offer, own):
    with clock.at(offer.answer_due + MINUTE), pytest.raises(Refused, match="已过答复时间") as refusal:
        actions.accept(offer, by=own.user)
    assert refusal.value.article == "10(3)"

    with clock.at(offer.answer_due):
        actions.accept(offer, by=own.user)

    assert offer.state == "accepted"


def test_an_answer_is_due_before_the_meeting_itself(own, matcher):
    starts_at = clock.instant(date(2026, 3, 3), 10)

    assert make_offered(own, starts_at).answer_due == clock.instant(date(2026, 3, 2), 18)


# Who


@pytest.mark.parametrize("verb", ["accept", "decline", "take_back", "stand_down", "report_client_absent"])
@pytest.mark.parametrize("who", ["another expert", "stranger", "matcher", "everything", "client"])
def test_nobody_answers_for_an_expert(own, verb, who):
    offer = make_offer(
        "accepted" if verb in ("take_back", "stand_down", "report_client_absent") else "offered", expert=own
    )
    people = {"another expert": lambda: make_expert().user, "stranger": make_user}
    roles = ("intake", "reviewer", "leader", "matcher", "inspector") if who == "everything" else (who,)
    user = people.get(who, lambda: person("somebody", *roles))()
    said = {"reason_kind": "busy"} if verb in ("decline", "stand_down") else {}

    with pytest.raises(PermissionDenied):
        getattr(actions, verb)(offer, by=user, **said)

    assert getattr(actions, verb) not in available(offer, user)
    offer.refresh_from_db()
    assert offer.history.count() == 1


@pytest.mark.parametrize("actor", [LINK, SYSTEM])
def test_neither_a_link_nor_time_accepts(offer, actor):
    with pytest.raises(PermissionDenied):
        actions.accept(offer, by=actor)


@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_3_after_the_term_nothing_is_answered(offer, own, verb):
    make.end_early(Appointment.objects.filter(expert=own), date(2026, 3, 2))
    said = {"reason_kind": "busy"} if verb == "decline" else {}

    with pytest.raises(Refused, match="聘期已结束") as refusal:
        getattr(actions, verb)(offer, by=own.user, **said)

    assert refusal.value.article == "3"


# Taking it back


@pytest.mark.parametrize(("minutes", "allowed"), [(0, True), (10, True), (11, False)])
def test_an_acceptance_is_taken_back_within_ten_minutes(offer, own, minutes, allowed):
    actions.accept(offer, by=own.user)

    with clock.at(clock.now() + minutes * MINUTE):
        if allowed:
            actions.take_back(offer, by=own.user)
        else:
            with pytest.raises(Refused, match="超过10分钟"):
                actions.take_back(offer, by=own.user)

    request = ServiceRequest.objects.get()
    assert (offer.state, request.state) == (("offered", "offered") if allowed else ("accepted", "arranged"))
    assert bool(told("arranged:")) is not allowed
    assert ServiceRequestGrant.objects.exists() is not allowed
    assert held() == [(own, THURSDAY)]


@pytest.mark.parametrize("taken_back", [True, False])
def test_a_client_with_an_account_hears_no_sooner_than_by_sms(own, client, taken_back):
    client.email = "client@example.cn"
    client.save()
    offer = make_offered(own)
    ServiceRequest.objects.update(client=client)
    actions.accept(offer, by=own.user)
    at_once = Notification.objects.inbox(client).filter(subject="已约定").exists()
    if taken_back:
        actions.take_back(offer, by=own.user)

    with clock.at(clock.now() + 10 * MINUTE):
        later = Notification.objects.inbox(client).filter(subject="已约定").exists()
        mails = Notification.objects.pending(clock.now()).filter(channel="mail", subject="已约定").count()

    assert (at_once, later, mails) == (False, not taken_back, 0 if taken_back else 1)


def test_a_time_of_ones_own_is_taken_back_with_the_acceptance(own, matcher):
    offer = make_offered(own, None)
    actions.accept(offer, by=own.user, starts_at=THURSDAY)

    actions.take_back(offer, by=own.user)

    offer.refresh_from_db()
    assert (offer.starts_at, offer.request.starts_at, offer.answered_at) == (None, None, None)
    assert held() == []


def test_after_taking_it_back_the_expert_may_accept_or_decline_anew(offer, own):
    actions.accept(offer, by=own.user)
    actions.take_back(offer, by=own.user)

    actions.accept(offer, by=own.user)

    assert len(told("arranged:")) == 1
    assert trace(offer)[1:] == ["expert: 接受（第14条）", "expert: 撤回接受（第14条）", "expert: 接受（第14条）"]


# Declining


def test_14_declining_takes_a_reason_and_the_request_goes_back_to_the_queue(offer, own, matcher):
    actions.decline(offer, by=own.user, reason_kind="away", reason="去北京开会")

    request = ServiceRequest.objects.get()
    assert (offer.state, offer.reason_kind, offer.reason) == ("declined", "away", "去北京开会")
    assert (request.state, request.note) == ("submitted", "韩砚秋来不了：出差或不在太原")
    assert held() == []
    assert matcher.notifications.filter(subject="请重新匹配").count() == 1
    assert trace(offer)[-1] == "expert: 来不了（第14条）"


def test_12_3_declining_without_a_reason_is_impossible(offer, own):
    with pytest.raises(IntegrityError, match="art12_3"), transaction.atomic():
        actions.decline(offer, by=own.user, reason_kind="")

    assert Offer.objects.get().state == "offered"


def test_the_next_on_the_matchers_list_takes_the_place_by_itself(own, matcher):
    second, third = make_expert(), make_expert()
    offer = make_offered(own, alternates=[second, third])

    actions.decline(offer, by=own.user, reason_kind="busy")

    following = Offer.objects.get(state="offered")
    assert (following.expert, following.alternates, following.offered_by) == (second, [third.pk], None)
    assert following.starts_at == THURSDAY
    assert held() == [(second, THURSDAY)]
    assert ServiceRequest.objects.get().state == "offered"
    assert trace(ServiceRequest.objects.get())[-1] == "None: 转给下一位专家（第10(3)条）"
    assert matcher.notifications.filter(subject="已转给下一位专家").count() == 1


def test_whoever_cannot_come_anyway_is_passed_over(own, matcher):
    busy, free = make_expert(), make_expert()
    offer = make_offered(own, alternates=[busy, free])
    actions.occupy(busy, THURSDAY, 60, purpose="panel")

    actions.decline(offer, by=own.user, reason_kind="busy")

    assert Offer.objects.get(state="offered").expert == free


# Time


def test_10_3_without_an_answer_the_offer_lapses_after_its_time(offer, own, matcher):
    second = make_expert()
    Offer.objects.filter(pk=offer.pk).update(alternates=[second.pk])
    with clock.at(offer.answer_due), pytest.raises(Refused, match="还没有到"):
        actions.lapse(offer, by=SYSTEM)

    with clock.at(offer.answer_due + MINUTE):
        actions.lapse(offer, by=SYSTEM)

    assert offer.state == "lapsed"
    assert trace(offer)[-1] == "None: 逾期未答复（第10(3)条）"
    assert Offer.objects.get(state="offered").expert == second


@pytest.mark.parametrize("end", ["accept", "decline", "lapse"])
def test_once_it_is_answered_or_over_no_reminder_asks_the_expert(offer, own, end):
    messages.remind_of_answer(offer)
    asked = Notification.objects.inbox(own.user).filter(read_at=None)
    assert sorted(asked.values_list("subject", flat=True)) == ["有一项预约等您答复", "预约等您答复"]

    if end == "accept":
        actions.accept(offer, by=own.user)
    elif end == "decline":
        actions.decline(offer, by=own.user, reason_kind="busy")
    else:
        with clock.at(offer.answer_due + MINUTE):
            actions.lapse(offer, by=SYSTEM)

    assert not asked.filter(subject__in=["有一项预约等您答复", "预约等您答复"]).exists()


def test_no_officer_lets_an_offer_lapse(offer, matcher):
    with clock.at(offer.answer_due + MINUTE), pytest.raises(PermissionDenied):
        actions.lapse(offer, by=matcher)


def test_after_the_lapse_the_expert_comes_too_late(offer, own):
    with clock.at(offer.answer_due + MINUTE):
        actions.lapse(offer, by=SYSTEM)

        with pytest.raises(Refused, match="逾期未答复"):
            actions.accept(offer, by=own.user)


# Not coming after all


def test_standing_down_takes_a_reason_tells_the_client_and_asks_the_next(own, matcher):
    second = make_expert()
    request = make_arranged(own, alternates=[second])
    offer = request.offers.get()

    actions.stand_down(offer, by=own.user, reason_kind="ill", reason="住院")

    request.refresh_from_db()
    assert (offer.state, request.state, request.expert) == ("stood_down", "offered", None)
    assert Offer.objects.get(state="offered").expert == second
    assert not ServiceRequestGrant.objects.exists()
    (text,) = told("stood-down:")
    assert "专家临时来不了" in text
    assert len(text) <= 70


def test_12_3_standing_down_without_a_reason_is_impossible(own, matcher):
    offer = make_arranged(own).offers.get()

    with pytest.raises(IntegrityError, match="art12_3"), transaction.atomic():
        actions.stand_down(offer, by=own.user, reason_kind="")


def test_once_the_meeting_has_begun_nobody_stands_down(own, matcher):
    offer = make_arranged(own).offers.get()

    with clock.at(THURSDAY + MINUTE), pytest.raises(Refused, match="约定的时间已到"):
        actions.stand_down(offer, by=own.user, reason_kind="ill")


# Nobody there


def test_10_3_the_client_reports_by_his_link_that_nobody_came(own, matcher):
    offer = make_arranged(own).offers.get()

    with clock.at(THURSDAY + 30 * MINUTE):
        actions.report_absence(offer, by=LINK, reason="等了半小时")

    request = ServiceRequest.objects.get()
    assert (offer.state, offer.reason, request.state) == ("absent", "等了半小时", "submitted")
    assert trace(offer)[-1] == "None: 登记专家未到（第10(3)条）"
    assert held() == []
    assert not ServiceRequestGrant.objects.exists()
    assert matcher.notifications.filter(subject="专家没有到").count() == 1


def test_by_telephone_the_clerk_reports_it_for_him_never_the_expert_himself(own, intake, matcher):
    offer = make_arranged(own).offers.get()
    dual = person("dual", "intake")
    other = make_arranged(make_expert(user=dual)).offers.get()

    with clock.at(THURSDAY + MINUTE):
        actions.report_absence(offer, by=intake, reason="来电")
        with pytest.raises(Refused, match="与您本人有关"):
            actions.report_absence(other, by=dual, reason="")

    assert trace(offer)[-1] == "intake: 登记专家未到（第10(3)条）"


def test_the_expert_reports_that_the_client_did_not_come(own, matcher):
    offer = make_arranged(own).offers.get()

    with clock.at(THURSDAY + MINUTE):
        actions.report_client_absent(offer, by=own.user, reason="打电话没接")

    request = ServiceRequest.objects.get()
    assert (offer.state, offer.reason, request.state) == ("client_absent", "打电话没接", "client_absent")
    assert held() == []
    assert not ServiceRequestGrant.objects.exists()


@pytest.mark.parametrize("verb", ["report_absence", "report_client_absent"])
@pytest.mark.parametrize("timed", [True, False])
def test_nobody_is_missed_before_the_time(own, matcher, verb, timed):
    offer = make_arranged(own).offers.get() if timed else make_offered(own, None)
    if not timed:
        actions.accept(offer, by=own.user)
    by = own.user if verb == "report_client_absent" else LINK

    with clock.at(THURSDAY - MINUTE), pytest.raises(Refused, match="还没有到") as refusal:
        getattr(actions, verb)(offer, by=by, reason="")

    assert refusal.value.article == "10(3)"


def test_a_request_has_one_live_offer_at_most(offer):
    with pytest.raises(IntegrityError, match="UNIQUE|art10_3_one_live_offer"), transaction.atomic():
        make_offer(request=offer.request)


def test_an_expert_sees_what_was_put_before_him_and_nobody_elses(own, matcher, stranger):
    offer = make_offered(own)

    assert list(Offer.objects.visible_to(own.user)) == [offer]
    assert list(Offer.objects.visible_to(matcher)) == [offer]
    assert not Offer.objects.visible_to(make_expert().user).exists()
    assert not Offer.objects.visible_to(stranger).exists()


def test_a_request_that_waits_is_untouched_by_all_this(own, matcher):
    waiting = make_asked()
    offer = make_offered(own)

    actions.decline(offer, by=own.user, reason_kind="busy")

    waiting.refresh_from_db()
    assert (waiting.state, waiting.history.count()) == ("submitted", 1)
