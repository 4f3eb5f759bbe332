"""A member who cannot sit any more hands on his place like any other, and the draw can still be checked (Article 10(4))."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from experts.models import Appointment, Expert
from expertteam import clock
from expertteam.models import Notification
from expertteam.regulation import Refused
from expertteam.workflow import available
from services import reviews
from services.actions import draw, leaving, panel, seat, supervision
from services.models import Engagement, Seat
from tests import make
from tests.acts import acting
from tests.conftest import person
from tests.services import panels as on
from tests.services.suspensions import suspension

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
HOUR = timedelta(hours=1)


def left_the_team(member):
    """His appointment is void from today on."""
    make.end_early(member.expert.appointments.all(), clock.today())


@pytest.fixture
def called():
    """Five of nine members are called; it is nine in the morning of the day before."""
    on.experts()
    found = on.drawn(on.promised(on.frozen()))
    for who in (on.operator(), on.inspector()):
        draw.sign(found, by=who)
    return found.panel


@pytest.fixture
def signed_in(called):
    """They are in the room and the inspector is there; the clock stands at the beginning."""
    on.accepted(called)
    with clock.at(on.BEGINS):
        on.arrived(called)
        yield called


def member(it, place=2) -> Seat:
    return it.seats.live().get(place=place)


def passed_on(own):
    """Operator and inspector have both signed; who follows on the same place."""
    if own.state == "declined":
        seat.pass_on(own, by=on.operator())
    seat.stand_down(own, by=on.inspector())
    return own.followed_by


def checked(it):
    """Who sits on which place according to the program that anybody can run."""
    transcript = on.transcript(draw.frozen_for(it))
    return [h for _, h, _ in on.verify(transcript)], [each["why"] for each in transcript["skips"]]


def seated(it):
    return [each.entry.h for each in it.seats.live().order_by("place").select_related("entry")]


def told(own):
    return list(Notification.objects.filter(to=own.expert.user, key__startswith="seat:").values_list("key", flat=True))


# The review does not begin with him


def test_3_no_review_begins_with_a_member_who_has_left_the_team(signed_in):
    own = member(signed_in)
    left_the_team(own)

    with pytest.raises(Refused, match="^第2席现在不能参加评审，请先登记不能参加"):
        panel.convene(signed_in, by=on.operator())
    seat.rule_out(own, by=on.operator())
    following = passed_on(own)
    seat.accept(following, by=following.expert.user)
    panel.convene(signed_in, by=on.operator())

    assert (own.state, own.why, own.reason) == ("stood_down", "left", "评审那天不在聘期内")
    assert (following.place, signed_in.state) == (2, "open")
    assert checked(signed_in) == (seated(signed_in), ["left"])


def test_12_no_review_begins_with_a_member_who_is_suspended(signed_in):
    own = member(signed_in)

    with suspension(own.expert, words="解聘案办理中"):
        with pytest.raises(Refused, match="第2席"):
            panel.convene(signed_in, by=on.operator())
        seat.rule_out(own, by=on.operator())

    assert (own.state, own.get_why_display(), own.reason) == ("passing", "不再参加评审", "暂停派任务")


def test_a_review_begins_with_members_who_can_sit(signed_in):
    with suspension(make.make_expert()):
        panel.convene(signed_in, by=on.operator())

    assert signed_in.state == "open"


def test_12_what_has_begun_goes_on_when_a_member_is_suspended(signed_in):
    panel.convene(signed_in, by=on.operator())
    own = member(signed_in)

    with suspension(own.expert), pytest.raises(Refused, match="评审已经开始"):
        seat.rule_out(own, by=on.operator())

    assert Seat.objects.get(pk=own.pk).state == "present"


# Ruling out


def test_10_4_nobody_is_ruled_out_who_can_sit(called):
    with pytest.raises(Refused, match="可以参加"):
        seat.rule_out(member(called), by=on.operator())


@pytest.mark.parametrize("state", ["called", "accepted"])
def test_10_4_who_cannot_come_is_ruled_out_beforehand_and_his_time_is_free(called, state):
    own = member(called)
    if state == "accepted":
        on.accepted(called)
        own.refresh_from_db()
    left_the_team(own)

    seat.rule_out(own, by=on.operator())

    assert (own.state, own.passed_by, called.seats.get(pk=own.pk).engagement) == ("passing", on.operator(), None)
    assert not Engagement.objects.live().filter(expert=own.expert).exists()


def test_10_4_the_inspector_signs_for_it_and_nobody_signs_twice(called):
    own, both = member(called), person("both", "intake", "inspector")
    left_the_team(own)

    with pytest.raises(PermissionDenied):
        seat.rule_out(own, by=on.inspector())
    seat.rule_out(own, by=both)
    with pytest.raises(Refused, match="不能再办理"):
        seat.stand_down(own, by=both)

    assert seat.stand_down in available(own, on.inspector())


def test_10_4_who_was_not_reached_is_not_called_again_once_he_has_left(called):
    own, other = member(called), member(called, 3)
    for each in (own, other):
        for minutes in (20, 40):
            with clock.at(clock.now() + timedelta(minutes=minutes)):
                seat.try_again(each, by=on.operator(), note="响铃没有人接")
    with clock.at(own.answer_due + HOUR):
        for each in (own, other):
            seat.report_unreachable(each, by=on.operator())
    left_the_team(own)

    with pytest.raises(Refused, match="不用再联系"):
        seat.send_back(own, by=on.inspector())

    assert seat.send_back(other, by=on.inspector()).state == "called"


def test_12_who_is_suspended_takes_no_seat(called):
    own, other = member(called), member(called, 3)

    with suspension(own.expert):
        with pytest.raises(Refused, match="暂停派任务"):
            seat.accept(own, by=own.expert.user)
        assert seat.accept(other, by=other.expert.user).state == "accepted"


# Whom the lots call


@pytest.fixture
def ready():
    """Nine are in the pool and everything is fixed; what is left is to show the secrets."""
    on.experts()
    return on.promised(on.frozen())


def halves():
    """Five of the nine and the other four: of five who are drawn one at least is among the first."""
    everybody = list(Expert.objects.order_by("no"))
    return everybody[:5], everybody[5:]


def gone(ready):
    """The seats whose holders cannot sit, once the lots are drawn."""
    return list(on.drawn(ready).seats.filter(state="declined").order_by("place"))


def test_10_4_whoever_is_drawn_after_he_left_is_on_record_and_hands_on_at_once(ready):
    """Chance alone decides whose turn it is: nobody is left out of a draw that is fixed."""
    former, serving = halves()
    make.end_early(Appointment.objects.filter(expert__in=former), clock.today())

    out = gone(ready)
    following = passed_on(out[0])

    assert {each.expert for each in out} <= set(former)
    assert {(each.why, each.engagement) for each in out} == {("left", None)}
    assert [told(each) for each in out] == [[] for _ in out]
    assert all(told(each) for each in ready.seats.filter(state="called", expert__in=serving))
    assert following.place == out[0].place
    assert checked(ready.panel) == (seated(ready.panel), ["left"])


def test_12_whoever_is_drawn_while_he_is_suspended_hands_on_as_well(ready):
    former, _ = halves()

    with suspension(*former):
        out = gone(ready)

    assert out
    assert {each.expert for each in out} <= set(former)
    assert {each.reason for each in out} == {"暂停派任务"}


def test_10_4_of_nine_who_can_sit_five_are_called(ready):
    assert gone(ready) == []
    assert ready.seats.filter(state="called").count() == 5


def test_10_4_the_next_ticket_may_have_left_as_well(called):
    own = member(called)
    waiting = Expert.objects.exclude(seats__panel=called)
    make.end_early(Appointment.objects.filter(expert__in=waiting), clock.today())
    seat.decline(own, by=own.expert.user, why="declined", reason="那天在外地")

    following = passed_on(own)

    assert (following.state, following.why, told(following)) == ("declined", "left", [])
    assert passed_on(following).state == "declined"
    assert checked(called) == (seated(called), ["declined", "left"])


# A review that stands still


def test_10_4_who_left_while_the_review_stood_still_leaves_it_when_it_goes_on(called):
    on.accepted(called)
    own = member(called)
    halt = supervision.halt(called, by=on.inspector(), reason="有人打听名单")
    left_the_team(own)

    with acting(supervision.lift), pytest.raises(Refused, match="叫停"):
        leaving.leave(own, by=on.leader(), reason="已离开")
    supervision.lift(halt, by=on.inspector(), reason="查明无事")

    assert list(called.seats.filter(state="declined").values_list("place", "why")) == [(2, "left")]
    assert called.seats.filter(state="accepted").count() == 4


def test_nobody_leaves_for_him_by_itself(called):
    with pytest.raises(PermissionDenied):
        leaving.leave(member(called), by=on.operator(), reason="已离开")


# What is seen of it


def test_10_4_the_office_is_told_of_the_place_and_offered_the_move(http, called):
    own = member(called)
    make.sign_in(http, on.operator())
    address, before = f"/admin/panels/{called.pk}/", reviews.unable(on.operator()).count()
    plain = http.get(address).content.decode()
    left_the_team(own)

    html = http.get(address).content.decode()
    (row,) = [reviews.row_of_unable(each) for each in reviews.unable(on.operator())]
    asked = http.get(f"/admin/seats/{own.pk}/rule_out/")
    done = http.post(f"/admin/seats/{own.pk}/rule_out/")

    assert (before, "登记不能参加" in plain, html.count("登记不能参加")) == (0, False, 1)
    assert "第2席" in row.tip
    assert str(own.expert) not in html + asked.content.decode()
    assert (done.status_code, Seat.objects.get(pk=own.pk).state) == (302, "passing")
    assert reviews.unable(on.inspector()).count() == 0


def test_10_4_whoever_left_and_was_followed_may_object(http, called):
    own, other = member(called), member(called, 3)
    for each in (own, other):
        left_the_team(each)
        seat.rule_out(each, by=on.operator())
    passed_on(own)

    http.force_login(own.expert.user)
    page = http.get(f"/desk/reviews/{own.pk}/")
    right = http.post(f"/desk/reviews/{own.pk}/object_to/", {"words": "我还在聘期内"})
    again = http.get(f"/desk/reviews/{own.pk}/").content.decode()
    http.force_login(other.expert.user)
    pending = http.get(f"/desk/reviews/{other.pk}/")
    wrong = http.post(f"/desk/reviews/{other.pk}/object_to/", {"words": "我还在聘期内"})

    assert (page.status_code, right.status_code, "局领导正在审查" in again) == (200, 302, True)
    assert (pending.status_code, wrong.status_code) == (410, 410)
    assert called.title not in page.content.decode()
    assert Seat.objects.get(pk=own.pk).objection == "我还在聘期内"


def test_10_4_who_is_suspended_reads_that_others_sit_for_him(http, called):
    own = member(called)
    with suspension(own.expert, words="解聘案办理中"):
        seat.rule_out(own, by=on.operator())
        http.force_login(own.expert.user)
        html = http.get(f"/desk/reviews/{own.pk}/").content.decode()

    assert "您现在不能参加评审，这个席位由他人递补" in html
