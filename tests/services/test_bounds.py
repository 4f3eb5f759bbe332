"""What nobody brings about in the services, whichever way he tries (Articles 3, 4, 10 and 14)."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experts import actions as experts
from experts.models import Appointment, Disclosure
from expertteam import clock
from expertteam.models import Notification
from expertteam.regulation import Refused
from expertteam.workflow import SYSTEM
from services import access, actions
from services.actions import activity_role
from services.actions.holding import code_of
from services.models import Link, Offer, Service, ServiceRequest, ServiceRequestGrant
from tests import make
from tests.conftest import person
from tests.make import (
    THURSDAY,
    make_activity,
    make_activity_role,
    make_arranged,
    make_asked,
    make_expert,
    make_logged,
    make_offered,
    make_pairing,
    make_service,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
HOUR = timedelta(hours=1)


@pytest.fixture
def own(expert):
    """The expert who is asked."""
    return make_expert(user=expert)


def end_term(expert, last_day):
    """The term of this expert ends before its time."""
    make.end_early(Appointment.objects.filter(expert=expert), last_day + timedelta(days=1))


def declare(expert, **declared):
    whole = {"kind": Disclosure.Kind.INVESTMENT, "name": "晋味食品"}
    return experts.disclose(expert, by=expert.user, **whole | declared)


# The code that the client says aloud


def test_10_1_the_code_in_the_sms_is_the_code_whoever_named_the_time(own, matcher):
    offer = make_offered(own, None)
    actions.accept(offer, by=own.user, starts_at=THURSDAY)
    body = Notification.objects.get(key__startswith="arranged:", channel="sms").body

    request = ServiceRequest.objects.get()

    assert f"确认码{code_of(request)}" in body


# One's own services


def test_10_1_the_expert_does_not_confirm_his_own_service_though_he_holds_the_link(http, own, matcher):
    service = make_logged(own)
    token = Link.issue(Link.Purpose.CONFIRM, timedelta(days=400), service=service)
    sign_in(http, own.user)

    answer = http.post(f"/c/{token}/", {"say": "right", "key": "a"})

    service.refresh_from_db()
    assert (answer.status_code, service.state) == (422, "logged")
    assert "不能确认自己的服务" in answer.content.decode()


def test_10_3_a_matcher_who_is_an_expert_gives_no_request_to_himself():
    both = person("both", "matcher", "expert")
    own = make_expert(user=both)
    request = make_asked()

    with pytest.raises(Refused, match="不能匹配给自己"):
        actions.offer(request, by=both, expert=own, starts_at=THURSDAY, override="我有空")


def test_10_3_nor_does_he_put_himself_next_in_line(own):
    both = person("both", "matcher", "expert")
    himself = make_expert(user=both)
    request = make_asked()

    with pytest.raises(Refused, match="不能匹配给自己"):
        actions.offer(request, by=both, expert=own, starts_at=THURSDAY, override="他懂", alternates=[himself.pk])


def test_8_3_nor_does_an_organiser_invite_himself():
    both = person("both", "matcher", "expert")
    activity = make_activity()

    with pytest.raises(Refused, match="不能邀请自己"):
        activity_role.invite(
            activity, by=both, expert=make_expert(user=both), role="speaker", starts_at=activity.starts_at, minutes=60
        )


# Between the match and the meeting


def test_14_what_was_declared_after_the_offer_is_asked_about_when_he_accepts(own, matcher):
    offer = make_offered(own, enterprise="晋味食品有限公司")
    declare(own)

    with pytest.raises(Refused, match="需回避"):
        actions.accept(offer, by=own.user)

    actions.decline(offer, by=own.user, reason_kind="related")
    assert offer.state == "declined"


def test_14_nor_does_the_centre_appoint_an_hour_with_him(own, matcher):
    offer = make_offered(own, None, enterprise="晋味食品有限公司")
    actions.accept(offer, by=own.user)
    declare(own)

    with pytest.raises(Refused, match="需回避"):
        actions.arrange(ServiceRequest.objects.get(), by=matcher, starts_at=THURSDAY)


def test_an_expert_is_told_the_hour_that_the_centre_has_agreed_upon(own, matcher):
    offer = make_offered(own, None)
    actions.accept(offer, by=own.user)

    actions.arrange(ServiceRequest.objects.get(), by=matcher, starts_at=THURSDAY)

    assert "3月5日" in Notification.objects.get(key__startswith="appointed:", channel="inapp").body


def test_3_an_expert_names_no_time_after_his_term(own, matcher):
    offer = make_offered(own, None)
    end_term(own, date(2026, 3, 4))

    with pytest.raises(Refused, match="聘期"):
        actions.accept(offer, by=own.user, starts_at=THURSDAY)


def test_3_nobody_is_met_after_his_term_though_the_offer_was_in_time(own, matcher):
    offer = make_offered(own)
    end_term(own, date(2026, 3, 4))

    with pytest.raises(Refused, match="聘期"):
        actions.accept(offer, by=own.user)


def test_3_what_was_done_outside_the_term_is_no_service_of_the_team(own):
    service = actions.start_log(by=own.user)
    said = {"name": "刘小满", "phone": "13900000001", "minutes": 60, "kind": "consulting", "summary": "讲了贷款"}

    with pytest.raises(Refused, match="聘期"):
        actions.log(service, by=own.user, started_at=clock.instant(date(2026, 2, 20), 14), **said)


def test_14_a_relative_declared_after_the_match_is_told_to_whoever_matched(own, matcher):
    make_arranged(own, name="刘小满")

    declare(own, kind=Disclosure.Kind.KIN, name="刘小满", detail="外甥")

    (message,) = Notification.objects.filter(key__startswith="tie:", channel="inapp")
    assert (message.to, "请换专家" in message.body) == (matcher, True)


# Another expert instead


def test_10_3_the_centre_finds_another_expert_for_one_who_rings_up(http, own, matcher):
    request = make_arranged(own)
    offer = request.offers.get()
    sign_in(http, matcher)

    page = http.get(f"/admin/matching/{request.pk}/").content.decode()
    answer = http.post(f"/admin/offers/{offer.pk}/replace/", {"note": "来电说住院了"}, follow=True)

    assert f"/admin/offers/{offer.pk}/replace/" in page
    assert answer.status_code == 200
    request.refresh_from_db()
    offer.refresh_from_db()
    assert (offer.state, offer.reason, request.state) == ("withdrawn", "来电说住院了", "submitted")
    assert "住院" not in request.note
    assert (request.expert, request.engagements.filter(live=True).exists()) == (None, False)
    assert not ServiceRequestGrant.objects.exists()


def test_the_next_in_line_takes_the_place_of_who_was_replaced(own, matcher):
    second = make_expert()
    offer = make_offered(own, alternates=[second])
    actions.accept(offer, by=own.user)

    actions.replace(offer, by=matcher, note="来不了")

    assert ServiceRequest.objects.get().offers.get(state="offered").expert == second


def test_3_what_was_arranged_with_an_expert_whose_term_ended_finds_a_way_out(own, matcher):
    request = make_arranged(own)
    end_term(own, date(2026, 3, 3))

    with clock.at(THURSDAY + 30 * HOUR):
        actions.replace(request.offers.get(), by=matcher, note="聘期结束")
        actions.cancel(request, by=matcher)

    assert request.state == "cancelled"


def test_nobody_takes_himself_out_that_way(matcher):
    both = person("both", "matcher", "expert")
    own = make_expert(user=both)
    offer = make_arranged(own).offers.get()

    with pytest.raises(Refused, match="与您本人有关"):
        actions.replace(offer, by=both, note="不想去")


def test_a_client_is_not_told_of_an_appointment_that_fell_away_within_the_ten_minutes(own, matcher):
    offer = make_offered(own)
    actions.accept(offer, by=own.user)

    actions.stand_down(offer, by=own.user, reason_kind="ill")

    assert not Notification.objects.filter(key__startswith="arranged:").exists()


def test_a_client_hears_that_he_is_said_not_to_have_come(own, matcher):
    offer = make_arranged(own).offers.get()

    with clock.at(THURSDAY + HOUR):
        actions.report_client_absent(offer, by=own.user)

    assert "登记为您没来" in Notification.objects.get(key__startswith="missed:", channel="sms").body


# Whoever comes at the same moment


def first_reads(act):
    """The tables of records with a course, in the order in which the act first reads them."""
    with CaptureQueriesContext(connection) as queries:
        act()
    read = [re.match(r'SELECT .* FROM "services_(servicerequest|offer|service|activity|activityrole)"', each["sql"])
            for each in queries]  # fmt: skip
    return list(dict.fromkeys(each[1] for each in read if each))


def test_whichever_end_an_act_begins_at_the_request_is_locked_first(own, matcher):
    offer = make_offered(own)
    own_offer, request = Offer.objects.get(pk=offer.pk), ServiceRequest.objects.get()

    assert first_reads(lambda: actions.accept(own_offer, by=own.user))[:2] == ["servicerequest", "offer"]
    assert first_reads(lambda: actions.cancel(request, by=matcher))[:2] == ["servicerequest", "offer"]


def test_logging_locks_the_request_before_the_service(own, matcher):
    request = make_arranged(own)

    with clock.at(THURSDAY + HOUR):
        service = Service.objects.get(pk=actions.start_log(by=own.user, request=request).pk)
        read = first_reads(lambda: actions.log(service, by=own.user, summary="讲了贷款"))

    assert read[:2] == ["servicerequest", "service"]


def test_an_expert_who_accepts_a_part_locks_the_activity_first():
    role = make_activity_role()

    with clock.at(date(2026, 3, 2)):
        read = first_reads(lambda: activity_role.accept(role, by=role.expert.user))

    assert read[:2] == ["activity", "activityrole"]


# The matter


def test_4_a_client_who_never_answers_does_not_leave_his_matter_open(own, matcher):
    service = make_logged(own)
    with clock.at(service.confirm_due + timedelta(days=1)):
        actions.leave_unanswered(Service.objects.get(), by=SYSTEM)

        assert access.standing(ServiceRequest.objects.get(), own.user) == ""
    assert not ServiceRequestGrant.objects.exists()


def test_4_what_a_client_says_of_an_absence_stands_in_no_plain_note(own, matcher):
    make_arranged(own)
    offer = ServiceRequest.objects.get().offers.get()

    with clock.at(THURSDAY + HOUR):
        actions.report_absence(offer, by=matcher, reason="我得了重病等不了")

    request = ServiceRequest.objects.get()
    assert "重病" not in request.note
    assert offer.reason == "我得了重病等不了"


def test_4_what_a_pairing_is_about_is_not_read_after_the_term(http, own):
    pairing = make_pairing(expert=own)
    sign_in(http, own.user)
    end_term(own, date(2026, 3, 1))

    answer = http.get(f"/desk/pairings/{pairing.pk}/")

    assert answer.status_code == 410
    assert pairing.goals not in answer.content.decode()


def test_8_2_a_contact_that_was_found_untrue_is_none(own):
    pairing = make_pairing(expert=own)
    make_service("rejected", expert=own, pairing=pairing)

    assert pairing.contacts() == []


# Odd addresses


@pytest.mark.parametrize("member", ["", "x"])
def test_a_contact_with_nobody_is_not_found(http, own, member):
    pairing = make_pairing(expert=own)
    sign_in(http, own.user)

    answer = http.post("/desk/log/new/", {"pairing": pairing.pk, "member": member})

    assert answer.status_code == 404


@pytest.mark.parametrize("at", ["2026-03-05T14:00+00:00", "2026-03-05T14:00Z", "0001-01-01T00:00", "x"])
def test_a_time_in_the_address_that_is_none_is_left_aside(http, matcher, at):
    request = make_asked()
    sign_in(http, matcher)

    answer = http.get(f"/admin/matching/{request.pk}/", {"at": at})

    assert answer.status_code == 200
