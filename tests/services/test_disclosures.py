from datetime import date

import pytest

from experts import actions
from expertteam.models import Notification
from tests.make import make_expert, make_request, make_service, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
FIRM, CODE = "太原晋味餐饮有限公司", "9144030071526726XG"


@pytest.fixture
def own():
    return make_expert(user=make_user(name="韩砚秋"))


def declare(own, kind="investment", name=FIRM, **fields):
    return actions.disclose(own, by=own.user, kind=kind, name=name, **{"begins_on": date(2026, 1, 1)} | fields)


def sent():
    return {each.address: each.body for each in Notification.objects.filter(channel="sms", subject__contains="利害")}


def test_14_the_client_of_a_served_firm_is_told_once(own):
    make_service("confirmed", expert=own, enterprise="太原晋味餐饮", phone="13400000001")
    make_service("confirmed", expert=own, enterprise=FIRM, phone="13400000001")
    make_service("confirmed", expert=own, enterprise="别的公司", phone="13400000002")
    make_service("draft", expert=own, enterprise=FIRM, phone="13400000003")
    make_service("confirmed", enterprise=FIRM, phone="13400000004")  # of another expert

    declare(own)

    assert list(sent()) == ["13400000001"]
    body = sent()["13400000001"]
    assert body.startswith("韩砚秋老师申报了与您企业的投资关系。意见仅供参考，由您自行决策。")
    assert len(body) <= 70


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ({"kind": "employer", "name": FIRM}, "任职关系"),
        ({"kind": "investment", "name": "另一个名字", "code": CODE}, "投资关系"),
        ({"kind": "kin", "name": FIRM, "begins_on": None}, ""),
        ({"kind": "investment", "name": "别的公司"}, ""),
    ],
)
def test_14_a_tie_to_the_firm_is_told_a_relative_is_not(own, declared, told):
    request = make_request("held", expert=own, enterprise=FIRM, enterprise_code=CODE, phone="13500000001")
    make_service("logged", expert=own, request=request, enterprise=FIRM, phone="13500000001")

    declare(own, **declared)

    assert [told in body for body in sent().values()] == ([True] if told else [])


@pytest.mark.parametrize(("state", "told"), [("accepted", 1), ("arranged", 1), ("submitted", 0), ("held", 0)])
def test_14_what_is_to_come_is_told_to_the_client_and_to_whoever_matches(own, matcher, state, told):
    request = make_request(state, expert=own, enterprise=FIRM, phone="13500000001")

    declare(own)

    assert len(sent()) == told
    waiting = Notification.objects.inbox(matcher).filter(subject="已约的专家申报了利害关系")
    assert [each.body for each in waiting] == [
        f"{request.number}：韩砚秋刚申报了与对方的关系，需回避，请换专家。"
    ] * told


def test_a_firm_he_has_left_long_since_hears_nothing(own):
    make_service("confirmed", expert=own, enterprise=FIRM)

    actions.enter(own.user, ["finance"], {"employer": FIRM})
    actions.enter(own.user, ["finance"], {"employer": "别的公司"})

    assert sent() == {}
