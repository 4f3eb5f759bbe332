"""Asking for an expert, changing it and calling it off, and what the centre answers (Articles 4, 7, 10(3) and 14)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from expertteam import clock, consents
from expertteam.models import Notification, Policy
from expertteam.regulation import Refused
from expertteam.workflow import LINK, SYSTEM, available
from services import actions
from services.models import Acknowledgement, Engagement, Offer, Reading, ServiceRequest, ServiceRequestGrant
from tests.make import (
    THURSDAY,
    make_arranged,
    make_asked,
    make_engagement,
    make_expert,
    make_offer,
    make_offered,
    make_request,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
NEXT_WEEK = THURSDAY + timedelta(days=7)
PHONE = "13800000001"
SOURCE = "局办通知"
State = ServiceRequest.State


def trace(record):
    """Who did what, oldest first."""
    entries = record.history.order_by("pk").values_list("history_user__username", "history_change_reason")
    return [f"{who}: {why}" for who, why in entries]


def held():
    """Whose time is held, from when."""
    return [(each.expert, each.starts_at) for each in Engagement.objects.filter(live=True)]


def told(phone=PHONE):
    return [each.body for each in Notification.objects.filter(channel="sms").order_by("pk") if each.address == phone]


# Asking


def test_10_3_what_was_asked_is_kept_with_its_number_and_a_promise(matcher):
    request = make_asked(phone=PHONE, wishes=["weekend"])

    assert (request.number, request.state, request.channel) == ("YY26030001", "submitted", "web")
    assert request.answer_due == clock.instant(date(2026, 3, 5), 18)
    assert trace(request) == ["None: 提交预约（第10(3)条）"]
    assert told() == ["预约YY26030001已提交，最晚3月5日 18:00前短信答复。电话0351-555 0100"]
    assert Notification.objects.get(to=matcher).subject == "有新的预约"


def test_the_promise_follows_the_working_days():
    with clock.at(date(2026, 3, 6)):
        request = make_asked()

    assert request.answer_due == clock.instant(date(2026, 3, 11), 18)


def test_the_promise_comes_before_the_time_that_is_asked_for():
    tomorrow = make_asked(wanted=make_expert(), starts_at=clock.instant(date(2026, 3, 3), 14))

    assert tomorrow.answer_due == clock.instant(date(2026, 3, 2), 18)


def test_a_request_that_is_refused_takes_no_number():
    make_asked()
    with pytest.raises(Refused):
        make_asked(wanted=busy(), starts_at=THURSDAY)

    assert make_asked().number == "YY26030002"


def busy():
    """An expert whose Thursday at two is taken."""
    expert = make_expert()
    make_engagement(expert, THURSDAY)
    return expert


def test_each_month_counts_anew():
    make_asked()
    with clock.at(date(2026, 4, 1)):
        assert make_asked().number == "YY26040001"


def test_4_the_database_never_sees_what_was_confided():
    request = make_asked(name="松果", question="暗语暗语", address="文源路", phone=PHONE)

    fields = "name", "question", "address", "phone"
    (stored,) = ServiceRequest.objects.filter(pk=request.pk).extra(
        select={f"raw_{name}": f"services_servicerequest.{name}" for name in fields}
    ).values_list(*(f"raw_{name}" for name in fields))  # fmt: skip
    assert not {"松果", "暗语暗语", "文源路", PHONE} & set(stored)
    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    ("channel", "how"), [("web", "ticked"), ("cloud", "ticked"), ("phone", "read_out"), ("counter", "read_out")]
)
def test_14_what_the_client_was_told_is_kept_with_its_version_and_how(intake, channel, how):
    request = make_asked(channel=channel, by=intake if how == "read_out" else None)

    kept = Acknowledgement.objects.filter(request=request).values_list("kind", "version", "digest", "how", "given_at")
    assert list(kept) == [
        (kind, consents.TEXTS[kind].version, consents.TEXTS[kind].digest, how, clock.now())
        for kind in ("advice", "secrecy", "privacy")
    ]


def test_10_3_a_spoken_request_names_who_took_it_and_a_written_one_whose_account_it_is(intake, client):
    spoken, written = make_asked(channel="phone", by=intake), make_asked(by=client)

    assert (spoken.taken_by, spoken.client) == (intake, None)
    assert (written.taken_by, written.client) == (None, client)
    assert trace(spoken) == ["intake: 提交预约（第10(3)条）"]


def test_nobody_takes_his_own_request_in_office(intake):
    intake.phone = PHONE
    intake.save()

    with pytest.raises(Refused, match="这是您本人的预约，应由他人受理"):
        make_asked(channel="phone", by=intake, phone=PHONE)


def test_10_3_the_database_wants_to_know_who_took_a_spoken_request():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_request(channel="phone")


def test_10_3_a_chosen_time_is_held_at_once():
    expert = make_expert()

    request = make_asked(wanted=expert, starts_at=THURSDAY)

    assert held() == [(expert, THURSDAY)]
    assert Engagement.objects.get().request == request


def test_10_3_a_time_that_is_taken_leaves_nothing_behind():
    expert = busy()

    with pytest.raises(Refused, match="这个时间刚被别人约走了.*第十条第三项"):
        make_asked(wanted=expert, starts_at=THURSDAY, phone=PHONE)

    assert not ServiceRequest.objects.exists()
    assert not Acknowledgement.objects.exists()
    assert told() == []


def test_an_expert_out_of_term_cannot_be_asked():
    expert = make_expert()

    with clock.at(date(2029, 3, 1)), pytest.raises(Refused, match="这位专家已不在聘"):
        make_asked(wanted=expert)


@pytest.mark.parametrize("as_account", [True, False], ids=["account", "number"])
def test_14_nobody_asks_himself(as_account):
    expert = make_expert()
    expert.user.phone = PHONE
    expert.user.save()

    with pytest.raises(Refused, match="不能预约自己"):
        make_asked(wanted=expert, **({"by": expert.user} if as_account else {"phone": PHONE}))


# Limits of one number


def test_three_requests_of_a_number_may_be_open():
    for _ in range(3):
        make_asked(phone=PHONE)

    with pytest.raises(Refused, match="这个手机号已有3个预约在进行"):
        make_asked(phone=PHONE)
    make_asked(phone="13800000002")


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        ("submitted", True), ("offered", True), ("accepted", True), ("arranged", True), ("held", False),
        ("confirmed", False), ("unplaced", False), ("cancelled", False), ("client_absent", False),
    ],
)  # fmt: skip
def test_what_is_done_with_does_not_count(state, counts):
    for _ in range(3):
        make_request(state, phone=PHONE)

    if counts:
        with pytest.raises(Refused):
            make_asked(phone=PHONE)
    else:
        make_asked(phone=PHONE)


def test_a_number_asks_ten_times_a_day():
    Policy.objects.create(key="open_bookings", value=100, effective_from=date(2026, 3, 1), source=SOURCE)
    for _ in range(10):
        make_asked(phone=PHONE)

    with pytest.raises(Refused, match="今天这个手机号预约的次数太多了"):
        make_asked(phone=PHONE)
    with clock.at(date(2026, 3, 3)):
        make_asked(phone=PHONE)


def test_the_bureau_sets_the_limits():
    Policy.objects.create(key="open_bookings", value=1, effective_from=date(2026, 3, 1), source=SOURCE)
    make_asked(phone=PHONE)

    with pytest.raises(Refused, match="已有1个预约"):
        make_asked(phone=PHONE)


# Visits


def test_10_3_a_visit_is_allowed_by_name(intake):
    request = make_asked(place="visit", group="other", visit_reason="行动不便")

    actions.allow_visit(request, by=intake, note="电话核实，腿部骨折")

    assert (request.state, request.visit_allowed_by, request.note) == ("submitted", intake, "电话核实，腿部骨折")
    assert trace(request)[-1] == "intake: 同意上门（第10(3)条）"


def test_10_3_only_a_visit_can_be_allowed(intake):
    with pytest.raises(Refused, match="这不是上门的预约"):
        actions.allow_visit(make_asked(), by=intake)


# Turned away


def test_10_3_who_cannot_be_placed_is_told_and_the_time_is_free_again(matcher):
    request = make_asked(wanted=make_expert(), starts_at=THURSDAY, phone=PHONE)

    actions.turn_away(request, by=matcher, note="近期都在外地，下月初可以再约")

    assert (request.state, request.note) == ("unplaced", "近期都在外地，下月初可以再约")
    assert held() == []
    assert told()[-1].startswith(f"预约{request.number}暂时约不到专家")
    assert len(told()[-1]) <= 70
    assert trace(request)[-1] == "matcher: 暂时约不到（第10(3)条）"


# Another time


def test_10_3_the_client_names_another_time_of_the_wanted_expert():
    expert = make_expert()
    request = make_asked(wanted=expert, starts_at=THURSDAY)

    actions.change_time(request, by=LINK, starts_at=NEXT_WEEK)

    assert (request.state, request.starts_at) == ("submitted", NEXT_WEEK)
    assert held() == [(expert, NEXT_WEEK)]
    assert trace(request)[-1] == "None: 改时间（第10(3)条）"


def test_10_3_a_time_of_somebody_else_is_refused_and_the_own_one_stays():
    expert = make_expert()
    make_engagement(expert, NEXT_WEEK)
    request = make_asked(wanted=expert, starts_at=THURSDAY)

    with pytest.raises(Refused, match="这个时间刚被别人约走了"):
        actions.change_time(request, by=LINK, starts_at=NEXT_WEEK)

    assert set(held()) == {(expert, THURSDAY), (expert, NEXT_WEEK)}
    request.refresh_from_db()
    assert request.starts_at == THURSDAY


def test_wishes_in_place_of_a_time_free_it():
    request = make_asked(wanted=make_expert(), starts_at=THURSDAY)

    actions.change_time(request, by=LINK, wishes=["weekend"])

    assert (request.starts_at, request.wishes) == (None, ["weekend"])
    assert held() == []


def test_10_3_what_is_arranged_goes_before_the_same_expert_again():
    expert, other = make_expert(), make_expert()
    request = make_arranged(expert, alternates=[other])

    actions.reschedule(request, by=LINK, starts_at=NEXT_WEEK)

    offers = list(request.offers.order_by("pk"))
    assert (request.state, request.expert) == ("offered", None)
    assert [offer.state for offer in offers] == ["withdrawn", "offered"]
    assert (offers[1].expert, offers[1].starts_at, offers[1].alternates) == (expert, NEXT_WEEK, [other.pk])
    assert (offers[1].offered_by, offers[1].why) == (None, ["对方改了时间"])
    assert held() == [(expert, NEXT_WEEK)]
    assert trace(request)[-1] == "None: 改约，等专家再确认（第10(3)条）"


def test_4_after_a_change_of_time_the_expert_reads_nothing_until_he_accepts_again():
    request = make_arranged(make_expert())
    granted = ServiceRequestGrant.objects.count()

    actions.reschedule(request, by=LINK, starts_at=NEXT_WEEK)

    assert (granted, ServiceRequestGrant.objects.count()) == (1, 0)


def test_what_was_arranged_minutes_ago_is_not_announced_after_a_change():
    request = make_arranged(make_expert())

    actions.reschedule(request, by=LINK, starts_at=NEXT_WEEK)

    assert not Notification.objects.filter(key__startswith="arranged:").exists()


def test_3_no_new_time_after_the_experts_term():
    request = make_arranged(make_expert())

    with pytest.raises(Refused, match="那天不在这位专家的聘期内"):
        actions.reschedule(request, by=LINK, starts_at=clock.instant(date(2029, 3, 1), 14))

    assert ServiceRequest.objects.get(pk=request.pk).state == "arranged"


@pytest.mark.parametrize("state", [State.HELD, State.CONFIRMED, State.RATED, *ServiceRequest.CLOSED])
@pytest.mark.parametrize("verb", ["change_time", "reschedule"])
def test_what_is_over_has_no_other_time(verb, state):
    with pytest.raises(Refused, match="现在的状态是"):
        getattr(actions, verb)(make_request(state), by=LINK, starts_at=NEXT_WEEK)


# On one's own, or by telephone


@pytest.mark.parametrize(
    ("before", "allowed"),
    [
        pytest.param(timedelta(hours=24), True, id="to the minute"),
        pytest.param(timedelta(hours=23, minutes=59), False, id="a minute late"),
        pytest.param(timedelta(0), False, id="at the door"),
    ],
)
@pytest.mark.parametrize("verb", ["reschedule", "cancel"])
def test_10_3_on_his_own_the_client_acts_a_day_before(verb, before, allowed):
    request = make_arranged(make_expert())
    entry = {"starts_at": NEXT_WEEK} if verb == "reschedule" else {}

    with clock.at(THURSDAY - before):
        if allowed:
            getattr(actions, verb)(request, by=LINK, **entry)
        else:
            with pytest.raises(Refused, match="离见面不到24小时，请打电话办理.*第十条第三项"):
                getattr(actions, verb)(request, by=LINK, **entry)

    assert (request.state != "arranged") is allowed


@pytest.mark.parametrize("verb", ["reschedule", "cancel"])
def test_10_3_the_clerk_does_it_for_a_caller_later_on(intake, verb):
    request = make_arranged(make_expert())
    entry = {"starts_at": NEXT_WEEK} if verb == "reschedule" else {}

    with clock.at(THURSDAY - timedelta(hours=1)):
        getattr(actions, verb)(request, by=intake, **entry)

    assert trace(request)[-1].startswith("intake: ")


def test_the_bureau_sets_how_long_before():
    Policy.objects.create(key="change_hours", value=2, effective_from=date(2026, 3, 1), source=SOURCE)
    request = make_arranged(make_expert())

    with clock.at(THURSDAY - timedelta(hours=2)):
        actions.cancel(request, by=LINK)

    assert request.state == "cancelled"


# Called off


@pytest.mark.parametrize("state", ServiceRequest.OPEN)
def test_14_whatever_is_open_can_be_called_off(state):
    request = make_request(state)

    actions.cancel(request, by=LINK, note="不开店了")

    assert (request.state, request.note) == ("cancelled", "不开店了")
    assert trace(request)[-1] == "None: 取消预约（第14条）"


def test_14_calling_off_frees_the_time_takes_the_offer_away_and_tells_both():
    expert = make_expert()
    request = make_arranged(expert, phone=PHONE)

    actions.cancel(request, by=LINK)

    assert held() == []
    assert Offer.objects.get().state == "withdrawn"
    assert not ServiceRequestGrant.objects.exists()
    assert told()[-1] == f"预约{request.number}已取消。要再约请上网或拨打0351-555 0100"
    (inbox,) = Notification.objects.filter(to=expert.user, channel="inapp", subject="预约已取消")
    assert inbox.body == "3月5日 14:00的预约，对方已取消，不用来了。"


@pytest.mark.parametrize("state", [State.HELD, *ServiceRequest.CLOSED])
def test_what_is_over_is_not_called_off(state):
    with pytest.raises(Refused, match="现在的状态是"):
        actions.cancel(make_request(state), by=LINK)


def test_14_after_the_appointed_time_nothing_is_called_off(intake):
    request = make_arranged(make_expert())

    with clock.at(THURSDAY + timedelta(minutes=61)), pytest.raises(Refused, match="约定的时间已过，不能再取消"):
        actions.cancel(request, by=intake)


def test_once_called_off_a_number_may_ask_again():
    requests = [make_asked(phone=PHONE) for _ in range(3)]

    actions.cancel(requests[0], by=LINK)

    make_asked(phone=PHONE)


# Who may


ENTRIES = {
    "allow_visit": {"note": ""},
    "turn_away": {"note": "约不到"},
    "change_time": {"wishes": ["weekend"]},
    "cancel": {},
}


@pytest.mark.parametrize("verb", ENTRIES)
@pytest.mark.parametrize("who", ["stranger", "client", "expert", "reviewer", "leader", "inspector", "auditor", "admin"])
def test_whoever_has_no_part_in_it_moves_nothing(request, verb, who):
    asked = make_asked(place="visit")

    with pytest.raises(PermissionDenied):
        getattr(actions, verb)(asked, by=request.getfixturevalue(who), **ENTRIES[verb])

    asked.refresh_from_db()
    assert (asked.state, asked.history.count()) == ("submitted", 1)


@pytest.mark.parametrize(
    ("verb", "actor"), [("allow_visit", LINK), ("turn_away", LINK), ("cancel", SYSTEM), ("change_time", SYSTEM)]
)
def test_neither_a_link_nor_time_does_what_is_for_people(verb, actor):
    with pytest.raises(PermissionDenied):
        getattr(actions, verb)(make_asked(place="visit"), by=actor, **ENTRIES[verb])


@pytest.mark.parametrize("verb", ENTRIES)
def test_nobody_moves_his_own_request_in_office(matcher, intake, verb):
    officer = intake if verb == "allow_visit" else matcher
    officer.phone = PHONE
    officer.save()
    asked = make_asked(place="visit", phone=PHONE)

    with pytest.raises(Refused, match="这件事与您本人有关，应由他人办理"):
        getattr(actions, verb)(asked, by=officer, **ENTRIES[verb])


def test_the_client_is_offered_no_buttons_of_the_office(client):
    assert available(make_asked(by=client), client) == []


def test_the_matched_expert_changes_nothing_of_the_clients(expert):
    own = make_expert(user=expert)
    request = make_offer("accepted", expert=own).request

    for verb in ("cancel", "reschedule"):
        with pytest.raises((PermissionDenied, Refused)):
            getattr(actions, verb)(request, by=expert, **({"starts_at": NEXT_WEEK} if verb == "reschedule" else {}))


def test_an_offer_that_waits_is_withdrawn_when_the_client_calls_off(matcher):
    offer = make_offered(make_expert())

    actions.cancel(offer.request, by=LINK)

    offer.refresh_from_db()
    assert offer.state == "withdrawn"


def test_somebody_elses_request_is_not_touched(client):
    mine, other = make_asked(by=client), make_asked(by=make_user())

    actions.cancel(mine, by=LINK)

    other.refresh_from_db()
    assert other.state == "submitted"
