"""What was done is logged by the expert and counts on the client's word (Articles 8, 9, 10(1), 14)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from experts.models import Appointment
from expertteam import clock
from expertteam.models import STAFF_ROLES, Notification
from expertteam.regulation import Refused
from expertteam.workflow import LINK, SYSTEM, available
from services import actions
from services.actions.holding import code_of
from services.actions.service import COUNTED, record_activity
from services.models import Link, Service, ServiceRequest, ServiceRequestGrant
from tests import make
from tests.acts import acting
from tests.conftest import person
from tests.make import (
    THURSDAY,
    make_activity,
    make_arranged,
    make_expert,
    make_logged,
    make_matcher,
    make_offered,
    make_service,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AFTERWARDS = THURSDAY + HOUR
SAID = {"summary": "讲了担保贷款的条件。"}


@pytest.fixture
def own(expert, matcher):
    """The expert who logs."""
    return make_expert(user=expert)


@pytest.fixture
def request_(own):
    return make_arranged(own)


@pytest.fixture
def logged(own):
    """Held on Thursday at 14:00 for an hour, logged right afterwards."""
    return make_logged(own)


@pytest.fixture
def counted():
    """The services that the floors above are told of."""
    found = []
    COUNTED.append(found.append)
    yield found
    COUNTED.remove(found.append)


def begin(own, request):
    with clock.at(AFTERWARDS):
        return actions.start_log(by=own.user, request=request)


def enter(service, at=AFTERWARDS, **entered):
    with clock.at(at):
        return actions.log(service, by=service.expert.user, **SAID | entered)


def confirmed(service):
    """With the client's word, by his link."""
    return actions.confirm(service, by=LINK)


def queried(service):
    return actions.query(service, by=LINK, claimed_minutes=30, client_note="只谈了半小时")


def unanswered(service):
    """The fifth working day, Thursday 2026-03-12, is over."""
    with clock.at(date(2026, 3, 13)):
        return actions.leave_unanswered(service, by=SYSTEM)


def trace(record):
    entries = record.history.order_by("pk").values_list("history_user__username", "history_change_reason")
    return [f"{who}: {why}" for who, why in entries]


def requested():
    return ServiceRequest.objects.get().state


# Beginning


def test_9_the_entry_begins_with_what_is_known_already(own, request_):
    service = begin(own, request_)

    assert (service.state, service.kind, service.topics, service.mode) == ("draft", "consulting", ["finance"], "centre")
    assert (service.started_at, service.minutes, service.group) == (THURSDAY, 60, "veteran")
    assert (service.name, service.phone) == ("刘小满", request_.phone)
    assert trace(service) == ["expert: 开始记录"]


def test_the_same_entry_comes_again_while_it_is_there(own, request_):
    first = begin(own, request_)

    assert begin(own, request_) == first
    assert Service.objects.count() == 1


@pytest.mark.parametrize("who", ["another expert", "stranger", "matcher", "everything"])
def test_nobody_logs_for_an_expert(own, request_, who):
    roles = STAFF_ROLES if who == "everything" else {who}
    user = {"another expert": make_expert, "stranger": make_user}.get(who, lambda: person("somebody", *roles))()
    user = getattr(user, "user", user)
    service = begin(own, request_)

    with clock.at(AFTERWARDS):
        for act in (
            lambda: actions.start_log(by=user, request=request_),
            lambda: actions.keep_draft(service, by=user, summary="别人写的"),
            lambda: actions.log(service, by=user, **SAID),
        ):
            with pytest.raises(PermissionDenied):
                act()

    assert actions.log not in available(service, user)
    service.refresh_from_db()
    assert (service.state, service.summary, service.history.count()) == ("draft", "", 1)


def test_only_what_was_arranged_is_logged(own):
    offer = make_offered(own, None)
    actions.accept(offer, by=own.user)

    with pytest.raises(Refused, match="还没有约定时间") as refusal:
        actions.start_log(by=own.user, request=ServiceRequest.objects.get())

    assert refusal.value.article == "10(3)"


def test_3_after_the_term_nothing_is_logged(own, request_):
    service = begin(own, request_)
    make.end_early(Appointment.objects.filter(expert=own), date(2026, 3, 5))

    with pytest.raises(Refused, match="聘期已结束") as refusal:
        begin(own, request_)
    with pytest.raises(Refused, match="聘期已结束"):
        enter(service)

    assert refusal.value.article == "3"


def test_4_what_one_expert_began_never_comes_to_the_next(own, request_):
    second = make_expert()
    with clock.at(THURSDAY + MINUTE):
        draft = actions.start_log(by=own.user, request=request_)
        actions.keep_draft(draft, by=own.user, summary="他的账目")
        actions.report_absence(request_.offers.get(), by=LINK, reason="没来")
    request_.refresh_from_db()
    with clock.at(date(2026, 3, 6)):
        later = clock.instant(date(2026, 3, 9), 14)
        actions.offer(request_, by=make_matcher(), expert=second, starts_at=later, override="电话里说好的")
        actions.accept(request_.offers.get(state="offered"), by=second.user)
    request_.refresh_from_db()

    with clock.at(later + HOUR):
        service = actions.start_log(by=second.user, request=request_)

    assert (service.expert, service.summary, service.started_at) == (second, "", later)
    assert Service.objects.get() == service


def test_whoever_has_been_replaced_logs_nothing(own, request_):
    draft = begin(own, request_)
    actions.stand_down(request_.offers.get(), by=own.user, reason_kind="ill")
    request_.refresh_from_db()
    actions.offer(request_, by=make_matcher(), expert=(second := make_expert()), starts_at=THURSDAY, override="接替")
    actions.accept(request_.offers.get(state="offered"), by=second.user)

    with pytest.raises(Refused, match="不由您承办"):
        enter(draft)

    assert (requested(), request_.offers.get(expert=second).state) == ("arranged", "accepted")


def test_an_entry_without_booking_is_begun_once_while_it_is_empty(own):
    first, again = actions.start_log(by=own.user), actions.start_log(by=own.user)
    actions.keep_draft(first, by=own.user, phone="13900000009")

    assert again == first
    assert actions.start_log(by=own.user) != first


# Drafts


def test_a_draft_keeps_what_was_typed_so_far_and_who_typed_it(own, request_):
    service = begin(own, request_)

    actions.keep_draft(service, by=own.user, summary="讲了", minutes=90, topics=["policy"])

    service.refresh_from_db()
    assert (service.summary, service.minutes, service.topics) == ("讲了", 90, ["policy"])
    assert trace(service)[-1] == "expert: 保存草稿"


def test_what_has_been_logged_is_no_draft_any_more(logged, own):
    with pytest.raises(Refused, match="已经提交"):
        actions.keep_draft(logged, by=own.user, summary="改掉")

    assert Service.objects.get().summary == "讲了担保贷款的条件。"


# Logging


def test_8_1_logging_closes_the_task_and_asks_the_client(logged):
    assert (logged.state, logged.late, requested()) == ("logged", False, "held")
    assert (logged.logged_at, logged.confirm_due) == (AFTERWARDS, date(2026, 3, 12))
    assert logged.request.offers.get().state == "done"
    text = Notification.objects.get(key__startswith="logged:")
    assert text.address == logged.request.phone
    assert text.body.startswith("请核对3月5日指导60分钟：")
    assert len(text.body) <= 70
    assert "担保" not in text.body
    assert Link.objects.get(purpose="confirm").service == logged
    assert trace(logged)[-1] == "expert: 记录服务（第8(1)条）"


@pytest.mark.parametrize(
    ("logged_on", "late"), [(date(2026, 3, 5), False), (date(2026, 3, 10), False), (date(2026, 3, 11), True)]
)
def test_10_1_after_three_working_days_an_entry_counts_as_late(own, request_, logged_on, late):
    service = begin(own, request_)

    enter(service, at=clock.instant(logged_on, 18))

    assert (service.state, service.late) == ("logged", late)


@pytest.mark.parametrize(
    ("entered", "words", "article"),
    [
        ({"minutes": 0}, "1分钟到12小时", "9"),
        ({"minutes": 721}, "1分钟到12小时", "9"),
        ({"started_at": THURSDAY + MINUTE}, "还没有结束", "9"),
        ({"kind": "banquet"}, "服务类型", "8(1)"),
    ],
)
def test_what_cannot_have_been_is_refused_and_nothing_moves(own, request_, entered, words, article):
    service = begin(own, request_)

    with pytest.raises(Refused, match=words) as refusal:
        enter(service, **entered)

    assert refusal.value.article == article
    assert (Service.objects.get().state, requested()) == ("draft", "arranged")


def test_whom_a_booked_service_was_for_is_what_the_request_says(own, request_):
    service = begin(own, request_)

    enter(service, name="别人", phone="13900000009")

    assert (service.name, service.phone) == ("刘小满", request_.phone)


def test_14_without_booking_the_client_needs_a_number_to_speak_for_himself(own):
    said = {"started_at": THURSDAY, "minutes": 30, "kind": "guidance"}
    service = actions.start_log(by=own.user)

    with pytest.raises(Refused, match="手机号") as refusal:
        enter(service, **said)
    enter(service, **said, name="王强", phone="13900000009")

    assert refusal.value.article == "14"
    assert (service.state, service.request) == ("logged", None)
    assert Notification.objects.get(key__startswith="logged:").address == "13900000009"


def test_10_1_nobody_is_his_own_client(own):
    own.user.phone = "13900000009"
    own.user.save()
    service = actions.start_log(by=own.user)

    with pytest.raises(Refused, match="不能是您本人") as refusal:
        enter(service, started_at=THURSDAY, minutes=30, phone="13900000009")

    assert refusal.value.article == "10(1)"


# The code


def test_10_1_the_right_code_is_the_clients_word(own, request_, counted):
    service = begin(own, request_)

    enter(service, code=code_of(request_))

    assert (service.state, service.confirmed_via, service.confirmed_at) == ("confirmed", "code", AFTERWARDS)
    assert trace(service)[-2:] == ["expert: 记录服务（第8(1)条）", "None: 服务对象确认（第10(1)条）"]
    assert requested() == "confirmed"
    assert not Link.objects.filter(purpose="confirm").exists()
    assert counted == [service]


@pytest.mark.parametrize("code", ["000000", "１２３４５６", "x"])
def test_a_wrong_code_is_kept_as_a_try_and_the_client_is_asked_instead(own, request_, code):
    service = begin(own, request_)

    enter(service, code=code)

    assert (service.state, service.code_tries) == ("logged", 1)
    assert Link.objects.filter(purpose="confirm", service=service).exists()


def test_after_three_wrong_codes_not_even_the_right_one_counts(own, request_):
    service = begin(own, request_)
    for _ in range(3):
        enter(service, code="000000")
        with clock.at(AFTERWARDS):
            actions.retract(service, by=own.user)

    enter(service, code=code_of(request_))

    assert (service.state, service.code_tries) == ("logged", 4)


def test_a_code_of_another_appointment_is_worth_nothing(own, request_):
    other = make_arranged(own, THURSDAY + timedelta(days=1))
    service = begin(own, request_)
    first = code_of(request_)
    enter(service, code=first)
    second = begin(own, other)

    enter(second, at=AFTERWARDS + timedelta(days=1), code=first)

    assert second.state == "logged"


def test_another_time_has_another_code(request_):
    before = code_of(request_)

    request_.starts_at += timedelta(days=1)

    assert code_of(request_) != before


# Taking it back


@pytest.mark.parametrize(("minutes", "allowed"), [(10, True), (11, False)])
def test_an_entry_is_taken_back_within_ten_minutes(logged, own, minutes, allowed):
    with clock.at(AFTERWARDS + minutes * MINUTE):
        if allowed:
            actions.retract(logged, by=own.user)
        else:
            with pytest.raises(Refused, match="超过10分钟"):
                actions.retract(logged, by=own.user)

    assert (logged.state, requested()) == (("draft", "arranged") if allowed else ("logged", "held"))
    assert logged.request.offers.get().state == ("accepted" if allowed else "done")
    assert Link.objects.filter(purpose="confirm").exists() is not allowed
    assert Notification.objects.filter(key__startswith="logged:", sent_at=None).exists() is not allowed


def test_what_the_client_has_confirmed_is_not_taken_back(logged, own):
    confirmed(logged)

    with clock.at(AFTERWARDS), pytest.raises(Refused, match="已确认"):
        actions.retract(logged, by=own.user)


# The client's word


def test_10_1_the_client_confirms_by_his_link(logged, counted):
    confirmed(logged)

    assert (logged.state, logged.confirmed_via, requested()) == ("confirmed", "link", "confirmed")
    assert trace(logged)[-1] == "None: 服务对象确认（第10(1)条）"
    assert counted == [logged]


def test_10_1_by_telephone_a_clerk_enters_it_and_the_trace_names_him(logged, intake):
    actions.confirm(logged, by=intake, via="link")

    assert (logged.confirmed_via, trace(logged)[-1]) == ("phone", "intake: 服务对象确认（第10(1)条）")


def test_silence_is_nobodys_word(logged):
    with clock.at(date(2026, 3, 12)), pytest.raises(Refused, match="还没有到"):
        actions.leave_unanswered(logged, by=SYSTEM)

    unanswered(logged)

    assert (logged.state, requested()) == ("unanswered", "held")
    assert not Service.objects.counted().exists()


def test_10_1_a_call_back_verifies_what_nobody_answered(logged, intake, counted):
    unanswered(logged)

    actions.verify(logged, by=intake, ruling="来电说确有其事")

    assert (logged.state, requested(), logged.ruling) == ("verified", "confirmed", "来电说确有其事")
    assert list(Service.objects.counted()) == [logged]
    assert counted == [logged]


def test_the_client_may_still_answer_after_the_period(logged):
    unanswered(logged)

    assert confirmed(logged).state == "confirmed"


def test_10_1_a_client_who_disagrees_opens_a_query_and_the_expert_hears_of_it(logged, own, reviewer):
    queried(logged)

    assert (logged.state, logged.claimed_minutes, logged.client_note) == ("queried", 30, "只谈了半小时")
    assert requested() == "held"
    assert not Service.objects.counted().exists()
    (told,) = own.user.notifications.filter(subject="服务记录有出入", channel="inapp")
    assert "只谈了半小时" not in told.body
    assert reviewer.notifications.filter(subject="服务记录有出入").exists()


def test_10_1_a_ruling_sets_the_length_that_counts(logged, own, reviewer, counted):
    queried(logged)

    actions.rule(logged, by=reviewer, ruled_minutes=45, ruling="双方核对后为45分钟")

    assert (logged.state, logged.minutes, logged.counted_minutes, requested()) == ("ruled", 60, 45, "confirmed")
    assert counted == [logged]
    assert own.user.notifications.get(subject="服务记录已核定", channel="inapp").body == "3月5日的服务记录：已核定。"


def test_what_did_not_take_place_is_rejected_and_counts_nowhere(logged, own, reviewer, counted):
    queried(logged)

    actions.reject(logged, by=reviewer, ruling="当天没有见面")

    assert (logged.state, requested(), counted) == ("rejected", "cancelled", [])
    assert not Service.objects.counted().exists()
    assert "核定不成立" in own.user.notifications.get(subject="服务记录已核定", channel="inapp").body


@pytest.mark.parametrize("verb", ["rule", "reject"])
def test_neither_whoever_matched_nor_whoever_took_the_call_rules(own, verb):
    both = person("both", "reviewer", "matcher")
    matched = make_logged(own, by=both)
    taken = make_logged(own, THURSDAY + 2 * HOUR)
    queried(matched)
    actions.query(taken, by=both, client_note="来电")
    said = {"ruling": "核对过"} | ({"ruled_minutes": 45} if verb == "rule" else {})

    with pytest.raises(Refused, match="匹配这位专家的人"):
        getattr(actions, verb)(matched, by=both, **said)
    with pytest.raises(Refused, match="不能再办理"):
        getattr(actions, verb)(taken, by=both, **said)


@pytest.mark.parametrize("verb", ["confirm", "query", "leave_unanswered", "verify", "rule", "reject"])
@pytest.mark.parametrize("who", ["the expert", "the client"])
def test_10_1_nobody_has_the_last_word_on_his_own_service_whatever_roles_he_holds(expert, matcher, verb, who):
    dual = person("dual", "expert", *STAFF_ROLES, phone="13900000009")
    own = make_expert(user=dual if who == "the expert" else expert)
    service = make_logged(own, **({"phone": "13900000009"} if who == "the client" else {}))
    if verb in ("rule", "reject"):
        queried(service)
    if verb == "verify":
        unanswered(service)
    said = {"verify": {"ruling": ""}, "rule": {"ruled_minutes": 60, "ruling": ""}, "reject": {"ruling": ""}}
    before = (service.state, service.history.count())

    with clock.at(date(2026, 3, 13)), pytest.raises((Refused, PermissionDenied)):
        getattr(actions, verb)(service, by=dual, **said.get(verb, {}))

    service.refresh_from_db()
    assert (service.state, service.history.count()) == before
    assert not {"confirm", "query", "verify", "rule", "reject"} & {move.verb for move in available(service, dual)}


@pytest.mark.parametrize("state", ["draft", "logged", "queried", "unanswered", "rejected"])
def test_only_confirmed_verified_and_ruled_services_count(state):
    make_service(state)
    kept = [make_service(each) for each in ("confirmed", "verified", "ruled")]

    assert sorted(each.pk for each in Service.objects.counted()) == [each.pk for each in kept]


# Activities


def test_8_3_what_the_attendance_list_says_of_another_counts_at_once(own, matcher, counted):
    activity = make_activity()

    service = as_part_of_the_close(activity, own, matcher)

    assert (service.state, service.confirmed_via, service.kind) == ("confirmed", "attendance", "activity")
    assert (service.expert, service.activity, service.minutes) == (own, activity, 60)
    assert trace(service) == ["matcher: 办结活动时记录（第8(3)条）", "matcher: 按签到名单记入（第8(3)条）"]
    assert counted == [service]


def test_10_1_the_organiser_attests_nothing_of_his_own():
    dual = person("dual", *STAFF_ROLES)
    own = make_expert(user=dual)

    with pytest.raises(Refused, match="不能确认自己的服务"):
        as_part_of_the_close(make_activity(), own, dual)

    assert not Service.objects.exists()


def test_nobody_attests_outside_the_close_of_an_activity(own, matcher):
    said = {"started_at": THURSDAY, "minutes": 60, "kind": "activity"}

    with pytest.raises(PermissionDenied):
        record_activity(make_activity(), expert=own, by=matcher, **said)


def as_part_of_the_close(activity, own, by):
    """The organiser's act within which this happens."""
    with acting(actions.activity.close):
        return record_activity(activity, expert=own, started_at=THURSDAY, minutes=60, by=by, kind="activity")


# What stays


def test_4_at_the_close_no_grant_is_left(logged):
    assert ServiceRequestGrant.objects.count() == 1

    confirmed(logged)

    assert not ServiceRequestGrant.objects.exists()


def test_an_expert_sees_his_own_services_in_term_and_staff_with_the_right_all(own, intake, stranger):
    service = make_service(expert=own)

    assert list(Service.objects.visible_to(own.user)) == [service]
    assert list(Service.objects.visible_to(intake)) == [service]
    assert not Service.objects.visible_to(make_expert().user).exists()
    assert not Service.objects.visible_to(stranger).exists()
    with clock.at(date(2029, 3, 1)):
        assert not Service.objects.visible_to(own.user).exists()
