"""What a member is told: time and place alone, in one SMS, whatever comes of his seat (Articles 4 and 10(4))."""

import pytest

from expertteam.models import Notification
from expertteam.regulation import Refused
from services.actions import draw, panel, seat
from services.models import ReviewPanel
from tests.services import panels
from tests.services.panels import inspector, leader, stand_down

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
ONE_SMS = 70  # characters


def told(person):
    return list(Notification.objects.filter(to=person, channel="sms").order_by("pk").values_list("body", flat=True))


def test_10_4_a_member_learns_time_and_place_and_nothing_of_the_matter():
    for expert in panels.experts(8):
        expert.user.phone = f"1380000{expert.pk:04d}"
        expert.user.save()
    it = panels.drawn()
    gone = it.seats.get(place=1)
    stand_down(gone)
    panels.accepted(it.panel)
    with pytest.raises(Refused, match="请先作废这次抽取"):
        panel.cancel(it.panel, by=leader(), reason="项目撤回")
    draw.ask_abort(it, by=inspector(), reason="项目撤回")
    draw.abort(it, by=leader())

    review = ReviewPanel.objects.get(pk=it.panel_id)
    bodies = [body for each in review.seats.all() for body in told(each.expert.user)]
    assert len(bodies) == 12  # six were called, one stood down, five were called off
    assert max(len(body) for body in bodies) <= ONE_SMS
    secret = [review.title, review.number, review.get_kind_display(), "孵化", "项目1"]
    assert not any(word in body for body in bodies for word in secret)


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_whoever_has_answered_is_asked_no_more(answer):
    panels.experts(8)
    member = panels.drawn().seats.get(place=1)
    asked = Notification.objects.filter(
        to=member.expert.user, channel="inapp", subject="请您参加项目评审", read_at=None
    )
    assert asked.exists()

    if answer == "accept":
        seat.accept(member, by=member.expert.user)
    else:
        seat.decline(member, by=member.expert.user, why="declined", reason="那天在外地")

    assert not asked.exists()


def test_10_4_the_office_is_told_of_seats_and_not_of_names():
    team = panels.experts(8)
    it = panels.drawn()
    member = it.seats.get(place=1)
    seat.decline(member, by=member.expert.user, why="recused", reason="申报单位是我的客户")

    bodies = list(Notification.objects.exclude(to__in=[each.user for each in team]).values_list("body", flat=True))
    assert any("第1席：需要回避" in body for body in bodies)
    assert not any(each.user.name in body or each.no in body or "客户" in body for each in team for body in bodies)
