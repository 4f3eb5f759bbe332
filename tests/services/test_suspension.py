"""Whoever is suspended gets nothing new and keeps what he has; the public never learns of it (Article 12¶2)."""

import re
from datetime import date, timedelta

import pytest

from expertteam import clock
from expertteam.models import Notification
from expertteam.regulation import Refused
from services import actions, matching
from services.actions import activity_role, pairing
from services.models import Offer
from services.suspension import suspended
from tests import make
from tests.services.suspensions import suspension

FRIDAY = clock.instant(date(2026, 3, 20), 14)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def own():
    return make.make_expert(user=make.make_user(name="韩砚秋"))


def founder(number=1):
    return {"name": "刘小满", "phone": f"1370000000{number}", "channel": "phone", "commissioned_on": date(2026, 3, 1)}


def propose(expert, by):
    dates = {"starts_on": date(2026, 3, 2), "ends_on": date(2026, 8, 31)}
    return pairing.propose(by=by, expert=expert, goals="理顺成本", cadence_days=30, members=[founder()], **dates)


def invite(expert, by):
    activity = make.make_activity(drafted_by=by)
    return activity_role.invite(activity, by=by, expert=expert, role="speaker", starts_at=FRIDAY, minutes=60)


def shown(http, page):
    """A page as anybody sees it, without the tokens of its forms."""
    return re.sub(r'value="[^"]*"', "", http.get(page).content.decode())


def test_what_several_floors_say_is_joined_for_the_day(own):
    other = make.make_expert()

    with suspension(own, words="解聘案办理中"), suspension(other):
        assert suspended(date(2026, 3, 2)) == {own.pk: "解聘案办理中", other.pk: "暂停派任务"}
        assert suspended(date(2026, 3, 1)) == {}
    assert suspended(date(2026, 3, 2)) == {}


def test_12_he_is_not_suggested_and_the_list_says_why(own):
    other, request = make.make_expert(), make.make_asked()

    with suspension(own, words="解聘案办理中"):
        (left,) = matching.why_not(request)
        (obstacle,) = matching.explain(request, own).obstacles
        suggested = [each.expert for each in matching.suggest(request)]

    assert (left.words, left.article, left.people) == ("暂停派任务", "12¶2", ["韩砚秋"])
    assert (obstacle.code, obstacle.words, obstacle.article) == ("suspended", "暂停派任务", "12¶2")
    assert suggested == [other]
    assert {each.expert for each in matching.suggest(request)} == {own, other}


def test_12_the_matchers_page_says_no_more_than_that(http, own, matcher):
    request = make.make_asked(wanted=own)
    make.sign_in(http, matcher)

    with suspension(own, words="解聘案办理中"):
        html = http.get(f"/admin/matching/{request.pk}/").content.decode()

    assert "暂停派任务" in html
    assert "解聘案" not in html


@pytest.mark.parametrize(
    "task",
    [
        pytest.param(lambda expert, by: make.make_offered(expert, by=by), id="offer"),
        pytest.param(propose, id="pairing"),
        pytest.param(invite, id="activity"),
    ],
)
def test_12_nothing_new_is_put_before_him(own, matcher, task):
    with suspension(own), pytest.raises(Refused, match=r"暂停派任务.*（第十二条第二款）"):
        task(own, matcher)

    assert not Notification.objects.filter(to=own.user).exists()
    assert task(own, matcher).expert == own  # once it is over


def test_12_nobody_more_joins_his_pairing(own, matcher):
    running = make.make_pairing(expert=own)

    with suspension(own), pytest.raises(Refused, match="暂停派任务"):
        pairing.add_member(running, by=matcher, **founder())
    pairing.add_member(running, by=matcher, **founder())

    assert running.members.count() == 2


def test_12_the_next_in_line_is_passed_over_while_he_is_suspended(own, matcher):
    first, third = make.make_expert(), make.make_expert()
    offer = make.make_offered(first, by=matcher, alternates=[own, third])

    with suspension(own):
        actions.decline(offer, by=first.user, reason_kind="busy")

    assert Offer.objects.live().get().expert == third


def test_without_a_suspension_the_next_in_line_follows(own, matcher):
    first, third = make.make_expert(), make.make_expert()
    offer = make.make_offered(first, by=matcher, alternates=[own, third])

    actions.decline(offer, by=first.user, reason_kind="busy")

    assert Offer.objects.live().get().expert == own


def test_12_what_he_has_goes_on(own, matcher):
    waiting, role, meeting = make.make_offered(own, by=matcher), invite(own, matcher), make.THURSDAY
    other = make.make_arranged(own, meeting + timedelta(days=1))
    offered = make.make_pairing("proposed", expert=own)

    with suspension(own):
        actions.accept(waiting, by=own.user)
        activity_role.accept(role, by=own.user)
        pairing.accept(offered, by=own.user)
        with clock.at(meeting + timedelta(days=1, hours=1)):
            service = actions.start_log(by=own.user, request=other)
            actions.log(service, by=own.user, summary="讲了担保贷款的条件。")

    assert (waiting.state, role.state, offered.state, service.state) == ("accepted", "accepted", "active", "logged")


def test_4_the_public_learns_nothing(http, own):
    for weekday in range(5):
        make.make_hours(own, weekday, "09:00", "12:00")
    pages = ["/experts/", f"/experts/{own.no}/", f"/book/?expert={own.no}"]
    before = [shown(http, page) for page in pages]

    with suspension(own):
        after = [shown(http, page) for page in pages]
        request = make.make_asked(wanted=own, starts_at=make.THURSDAY - timedelta(hours=4))

    assert request.wanted == own
    assert after == before
    assert own.no in after[0]


def test_3_nobody_accepts_a_part_for_a_day_beyond_his_term(own, matcher):
    asked, other = invite(own, matcher), invite(make.make_expert(), matcher)
    make.end_early(own.appointments.all(), clock.today())

    with pytest.raises(Refused, match="不在这位专家的聘期内"):
        activity_role.accept(asked, by=own.user)

    assert activity_role.accept(other, by=other.expert.user).state == "accepted"
