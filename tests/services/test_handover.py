"""What an expert had in hand goes back when he leaves the team, told in words that say nothing of why (Articles 3, 4, 10)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from expertteam import clock
from expertteam.models import Notification
from expertteam.regulation import Refused
from expertteam.workflow import LINK, SYSTEM
from services import actions, tasks
from services.actions import activity_role, conclusion, draw, scoring, seat, supervision
from services.actions.handover import HandedOver, hand_over
from services.models import (
    ActivityRole,
    Engagement,
    Offer,
    Pairing,
    ReviewPanel,
    Seat,
    Service,
    ServiceRequest,
    ServiceRequestGrant,
)
from tests import make
from tests.acts import acting
from tests.make import THURSDAY
from tests.services import panels as on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
HOUR = timedelta(hours=1)


@pytest.fixture
def own():
    return make.make_expert(user=make.make_user(name="韩砚秋"))


@pytest.fixture
def other():
    return make.make_expert(user=make.make_user(name="白鹿"))


def leave(expert, by=SYSTEM):
    """The act that ends his appointment: first everything goes back, then the term is void."""
    with transaction.atomic(), acting(actions.replace):
        done = hand_over(expert, by=by)
        make.end_early(expert.appointments.all(), clock.today())
    return done


def sms(phone):
    return [each.body for each in Notification.objects.filter(channel="sms").order_by("pk") if each.address == phone]


def told(user, key):
    return [each.body for each in Notification.objects.filter(to=user, key__startswith=key, channel="inapp")]


def engaged(expert):
    return Engagement.objects.live().filter(expert=expert).exists()


# Requests


def test_10_3_what_he_was_asked_goes_back_and_only_who_matches_hears_of_it(own, matcher):
    offer = make.make_offered(own, by=matcher)
    before = len(sms(offer.request.phone))

    done = leave(own, by=matcher)

    offer.refresh_from_db()
    request = ServiceRequest.objects.get()
    assert done == HandedOver(requests=1)
    assert (offer.state, request.state, request.note) == ("withdrawn", "submitted", "韩砚秋不再承担这项服务")
    assert (request.starts_at, engaged(own)) == (THURSDAY, False)
    assert told(matcher, "handed-back:") == [f"{request.number}：韩砚秋不再承担这项服务。"]
    assert len(sms(request.phone)) == before
    assert not Notification.objects.filter(
        key__startswith=f"offered:{offer.pk}", channel="inapp", read_at=None
    ).exists()
    assert offer.history.latest().history_user == matcher


def test_10_3_whoever_counts_on_him_is_told_that_another_is_sought(own, other):
    arranged, kept = make.make_arranged(own), make.make_arranged(other)
    wanted = make.make_offered(own, THURSDAY + 3 * HOUR, wanted=own).request

    done = leave(own)

    for request in (arranged, wanted):
        (body,) = [each for each in sms(request.phone) if "不再" in each]
        assert body.startswith(f"预约{request.number}：这位专家不再承担这项服务，正在换人")
        assert len(body) <= 70
    assert done == HandedOver(requests=2, grants=1)
    assert told(own.user, "released:") == ["3月5日 14:00的预约已另找专家，您不用来了。"]
    kept.refresh_from_db()
    assert (kept.state, kept.expert, engaged(other)) == ("arranged", other, True)
    assert [body for body in sms(kept.phone) if "不再" in body] == []
    assert [each.user for each in ServiceRequestGrant.objects.all()] == [other.user]


def test_10_3_where_the_time_is_past_the_centre_asks_the_client_what_came_of_it(own, matcher):
    past, coming = make.make_arranged(own), make.make_arranged(own, THURSDAY + timedelta(days=1))

    with clock.at(THURSDAY + 3 * HOUR):
        done = leave(own)

    past.refresh_from_db()
    coming.refresh_from_db()
    assert done == HandedOver(requests=2, to_verify=1, grants=2)
    assert past.note == "韩砚秋不再承担这项服务；约定的时间已过，先打电话问对方是否见过面"
    assert (past.state, past.starts_at, coming.note) == ("submitted", None, "韩砚秋不再承担这项服务")
    assert f"预约{past.number}约定的时间已过，我们会打电话问您是否见过面" in sms(past.phone)[-1]
    assert "正在换人" in sms(coming.phone)[-1]
    assert [body for body in told(matcher, "handed-back:") if "是否见过面" in body] != []


def test_10_3_an_accepted_task_without_a_time_goes_back(own):
    offer = make.make_offered(own, None)
    actions.accept(offer, by=own.user)

    assert leave(own) == HandedOver(requests=1, grants=1)
    assert (Offer.objects.get().state, ServiceRequest.objects.get().state) == ("withdrawn", "submitted")


def test_nobody_is_reminded_any_more(own, other):
    mine, kept = make.make_arranged(own), make.make_arranged(other)
    with clock.at(THURSDAY - timedelta(days=1)):
        tasks.remind_of_appointments()
        leave(own)

    def unread(expert):
        return Notification.objects.filter(to=expert.user, key__startswith="remind:", read_at=None, channel="inapp")

    assert (unread(own).count(), unread(other).count()) == (0, 1)
    assert [len([body for body in sms(each.phone) if body.startswith("明天")]) for each in (mine, kept)] == [0, 1]


def test_10_3_the_time_that_somebody_chose_of_him_is_free_again(own, other, matcher):
    chosen = make.make_asked(wanted=own, starts_at=THURSDAY)
    kept = make.make_asked(wanted=other, starts_at=THURSDAY)

    done = leave(own)

    chosen.refresh_from_db()
    kept.refresh_from_db()
    assert done == HandedOver(times=1)
    assert (chosen.state, chosen.starts_at, chosen.note) == ("submitted", THURSDAY, "想约的韩砚秋不再承担这项服务")
    assert (engaged(own), engaged(other), kept.note) == (False, True, "")
    assert "您选的专家不再承担这项服务，正在换人" in sms(chosen.phone)[-1]
    assert len(told(matcher, "wished:")) == 1


def test_10_1_what_waits_for_its_clients_word_stays_and_is_confirmed(own):
    service = make.make_logged(own)

    with clock.at(THURSDAY + 2 * HOUR):
        done = leave(own)
        actions.confirm(service, by=LINK)

    assert done == HandedOver(grants=1)
    assert (service.state, service.request.state) == ("confirmed", "confirmed")


def test_3_a_draft_stays_and_nobody_writes_on_it_any_more(own, other):
    drafts = [actions.start_log(by=expert.user) for expert in (own, other)]

    leave(own)

    with pytest.raises(Refused, match="聘期已结束"):
        actions.keep_draft(drafts[0], by=own.user, summary="补记")
    with pytest.raises(Refused, match="聘期已结束"):
        actions.log(drafts[0], by=own.user)
    actions.keep_draft(drafts[1], by=other.user, summary="补记")
    assert list(Service.objects.order_by("pk").values_list("state", flat=True)) == ["draft", "draft"]


# Pairings and activities


@pytest.mark.parametrize(("state", "who"), [("proposed", "您想结对的专家"), ("active", "与您结对的专家")])
def test_8_2_a_pairing_is_called_off_and_its_founders_are_told(own, other, matcher, state, who):
    pairing, kept = make.make_pairing(state, members=2, expert=own), make.make_pairing(state, expert=other)
    make.make_pairing("closed", expert=own)

    done = leave(own)

    pairing.refresh_from_db()
    kept.refresh_from_db()
    assert done == HandedOver(pairings=1)
    assert (pairing.state, pairing.reason, kept.state) == ("called_off", "专家不再承担这项服务", state)
    for member in pairing.members.all():
        (body,) = sms(member.phone)
        assert body.startswith(f"{who}不再承担这项服务，我们会跟您商量另找专家")
        assert len(body) <= 70
    assert len(told(matcher, "pairing-discontinued:")) == 1
    assert sms(kept.members.get().phone) == []


@pytest.mark.parametrize("state", ["invited", "accepted"])
def test_8_3_a_part_to_come_is_vacant_and_the_organisers_are_told(own, other, matcher, state):
    role = make.make_activity_role(state, expert=own)
    kept = make.make_activity_role(state, expert=other, activity=role.activity)

    done = leave(own)

    role.refresh_from_db()
    assert done == HandedOver(roles=1)
    assert (role.state, role.engagement, engaged(own)) == ("released", None, False)
    assert told(matcher, "role-vacated:") == [f"韩砚秋不再承担{role.activity.number}主讲，请另请专家。"]
    assert len(told(own.user, "role-released:")) == 1
    assert ActivityRole.objects.get(pk=kept.pk).state == state


def test_8_3_a_part_that_has_begun_is_attested_like_any_other(own, matcher):
    role = make.make_activity_role("accepted", expert=own)
    make.make_sign_up("attended", activity=role.activity)

    with clock.at(role.starts_at + timedelta(days=1)):
        done = leave(own)
        actions.activity.hold(role.activity, by=matcher)
        actions.activity.close(role.activity, by=matcher, attended={role.pk: 45})

    role.refresh_from_db()
    assert done == HandedOver()
    assert (role.state, Service.objects.get(expert=own).minutes) == ("served", 45)


# Reviews


def called() -> ReviewPanel:
    """Five of nine are called, and both have signed for the draw."""
    on.experts()
    found = on.drawn(on.promised(on.frozen()))
    for who in (on.operator(), on.inspector()):
        draw.sign(found, by=who)
    return found.panel


def convened() -> ReviewPanel:
    """Five of nine are in the room and have declared; it is half past nine."""
    on.experts()
    return on.convened()


def member(it, place=2) -> Seat:
    return it.seats.live().get(place=place)


def passed_on(own):
    seat.pass_on(own, by=on.operator())
    seat.stand_down(own, by=on.inspector())
    return own.followed_by


def checks(it):
    """The program that anybody can run finds who sits there."""
    found = [h for _, h, _ in on.verify(on.transcript(draw.frozen_for(it)))]
    return found == [each.entry.h for each in it.seats.live().order_by("place").select_related("entry")]


def scored(it):
    for each in it.seats.filter(state="present"):
        for project in it.projects.all():
            marks = {"team": scoring.Decimal(30), "plan": scoring.Decimal(50)}
            scoring.submit(scoring.sheet_of(each, project), by=each.expert.user, marks=marks)


@pytest.mark.parametrize("accepted", [False, True])
def test_10_4_a_seat_to_come_passes_on_two_signatures_to_the_next_ticket(accepted):
    it = called()
    if accepted:
        on.accepted(it)
    it.refresh_from_db()
    course, own = it.state, member(it)

    done = leave(own.expert)
    own.refresh_from_db()
    it.refresh_from_db()
    following = passed_on(own)

    assert done == HandedOver(seats=1)
    assert course == ("seated" if accepted else "selecting")
    assert (it.state, engaged(own.expert)) == ("selecting", False)
    assert (own.state, own.why, own.reason) == ("stood_down", "left", "专家聘任关系已结束")
    assert (following.state, following.place) == ("called", 2)
    assert checks(it)
    assert told(own.expert.user, "seat-released:") != []
    assert told(on.operator(), f"seat-vacated:{own.pk}:left") == [f"{own}：不再参加评审。"]


def test_10_4_while_scores_are_given_he_leaves_and_what_he_gave_does_not_count():
    it = convened()
    with clock.at(on.BEGINS + HOUR):
        scored(it)
        own = member(it)
        done = leave(own.expert)
        own.refresh_from_db()
        left = scoring.left_to_do(it)
        following = passed_on(own)

        assert done == HandedOver(seats=1)
        assert left == ["第2席来不了"]
        assert (own.why, following.state, it.sheets.valid().count(), it.sheets.count()) == ("left", "called", 4, 5)
        assert checks(it)
    with clock.at(it.ends_at):
        conclusion.close_scoring(it, by=on.operator())  # of five four are enough
    assert it.state == "signing"


def test_10_4_once_the_scoring_is_closed_his_sheets_stand_and_the_office_enters_the_rest():
    it = convened()
    with clock.at(on.BEGINS + HOUR):
        scored(it)
        conclusion.close_scoring(it, by=on.operator())
        own = member(it)
        done = leave(own.expert)
        assert leave(own.expert) == done
        conclusion.take_as_agreed(own, by=on.operator())

    assert done == HandedOver(unsigned=1)
    assert (own.state, own.why, it.sheets.valid().count()) == ("signed", "", 5)
    assert len(told(on.operator(), f"seat-unsigned:{own.pk}")) == 1


def test_10_4_in_a_review_that_stands_still_his_seat_follows_when_it_goes_on():
    it = called()
    on.accepted(it)
    own = member(it)
    halt = supervision.halt(it, by=on.inspector(), reason="有人打听名单")

    done = leave(own.expert)
    own.refresh_from_db()
    kept = own.state
    supervision.lift(halt, by=on.inspector(), reason="查明无事")
    own.refresh_from_db()

    assert done == HandedOver(halted=1)
    assert (kept, own.state, own.why) == ("accepted", "declined", "left")
    assert passed_on(own).state == "called"


def test_10_4_what_is_over_or_already_handed_on_stays_as_it_is():
    it = called()
    own = member(it)
    seat.decline(own, by=own.expert.user, why="declined", reason="那天在外地")
    over = make.make_seat("signed", panel=make.make_panel("published"), expert=own.expert)

    assert leave(own.expert) == HandedOver()
    assert passed_on(own).state == "called"
    assert Seat.objects.get(pk=over.pk).state == "signed"


# All of it


def everything(expert, matcher):
    """One open matter of each kind."""
    make.make_offered(expert, by=matcher)
    make.make_arranged(expert, THURSDAY + 3 * HOUR)
    make.make_asked(wanted=expert, starts_at=THURSDAY + 5 * HOUR)
    make.make_pairing("active", expert=expert)
    make.make_activity_role("accepted", expert=expert)
    panel = make.make_panel("selecting", starts_at=THURSDAY + timedelta(days=1), ends_at=THURSDAY + timedelta(days=2))
    make.make_seat("called", panel=panel, expert=expert)


def test_a_second_time_there_is_nothing_left_to_do(own, matcher):
    everything(own, matcher)

    done = leave(own)
    entries = Notification.objects.count(), ServiceRequest.history.count(), Seat.history.count()
    again = leave(own)

    assert done == HandedOver(requests=2, times=1, pairings=1, roles=1, seats=1, grants=1)
    assert again == HandedOver()
    assert (Notification.objects.count(), ServiceRequest.history.count(), Seat.history.count()) == entries
    assert not engaged(own)


def test_what_others_have_in_hand_stays(own, other, matcher):
    everything(other, matcher)
    leave(own)

    states = [
        sorted(model.objects.values_list("state", flat=True))
        for model in (Offer, ServiceRequest, Pairing, ActivityRole, Seat)
    ]
    assert states == [
        ["accepted", "offered"],
        ["arranged", "offered", "submitted"],
        ["active"],
        ["accepted"],
        ["called"],
    ]


def test_nobody_reads_why(own, matcher, reviewer, intake):
    everything(own, matcher)
    first = Notification.objects.latest("pk").pk

    leave(own)

    fresh = Notification.objects.filter(pk__gt=first)
    notes = "".join(ServiceRequest.objects.values_list("note", flat=True))
    assert fresh.exclude(to=own.user).count() > 6
    for words in ("解聘", "聘", "撤职", "调查", "违"):
        assert words not in "".join(f"{each.subject}{each.body}" for each in fresh) + notes


def test_what_was_done_is_said_in_words(own, matcher):
    everything(own, matcher)

    assert leave(own).said == (
        "2件预约重新匹配，1个预留的时间空出，1组结对终止，1个活动角色撤回，1个评审席位递补，1项查阅授权收回"
    )
    assert leave(own).said == "没有未办结的事项"


@pytest.mark.parametrize(
    "matter",
    [
        pytest.param(lambda expert: make.make_offered(expert), id="request"),
        pytest.param(lambda expert: make.make_asked(wanted=expert, starts_at=THURSDAY), id="time"),
        pytest.param(lambda expert: make.make_pairing("active", expert=expert), id="pairing"),
        pytest.param(lambda expert: make.make_activity_role("accepted", expert=expert), id="role"),
        pytest.param(lambda expert: make.make_seat("called", expert=expert), id="seat"),
    ],
)
def test_nobody_hands_over_by_itself(own, leader, matter):
    matter(own)

    with pytest.raises(PermissionDenied):
        hand_over(own, by=leader)


def test_an_invitation_that_was_refused_is_no_open_matter(own):
    role = make.make_activity_role("invited", expert=own)
    activity_role.decline(role, by=own.user, reason="出差")

    assert leave(own) == HandedOver()
