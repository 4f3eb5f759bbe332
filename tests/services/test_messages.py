"""Every SMS of the service fits one message, says nothing confided, and carries a link or a code only where it is meant."""

import inspect
import re
from datetime import date

import pytest

from experts.models import Disclosure
from expertteam import clock
from expertteam.models import Notification
from services import messages
from services.messages import discreet
from tests.make import make_expert, make_offer, make_request, make_service, make_user

SITE = "https://zjt.ty.gov.cn:84430"  # 27 characters
ROOM = "太原市公共就业人才和创业服务中心" * 6 + "二楼西侧"
WHEN = clock.instant(date(2027, 1, 22), 14)
BEFORE, AFTER = date(2026, 12, 31), date(2027, 1, 4)  # a day of another year costs five characters
CONFIDED = ["配方能不能申请专利", "迎泽大街1号2单元", "刘小满", "讲了贷款条件", "先办营业执照", "只谈了二十分钟"]
CODE = "483920"


@pytest.fixture
def matter(db, settings):
    """A request with everything as long as it gets, its offer and its service, on the last days of a year."""
    settings.SITE_URL = SITE
    with clock.at(date(2026, 12, 31)):
        expert = make_expert(user=make_user(name="欧阳娜娜", phone="13700000001"))
        request = make_request(
            "arranged", number="YY26129999", expert=expert, starts_at=WHEN, room=ROOM[:100], place="visit",
            question="配方能不能申请专利？", address="迎泽大街1号2单元", answer_due=WHEN, enterprise="某某食品有限公司",
        )  # fmt: skip
        offer = make_offer("accepted", request=request, expert=expert, starts_at=WHEN, room=ROOM[:100], answer_due=WHEN)
        service = make_service(
            "queried", request=request, expert=expert, started_at=clock.instant(date(2026, 12, 30), 9), minutes=720,
            summary="讲了贷款条件", advice="先办营业执照", client_note="只谈了二十分钟", claimed_minutes=20,
        )  # fmt: skip
        stake = Disclosure(pk=1, expert=expert, kind=Disclosure.Kind.INVESTMENT, name="某某食品有限公司")
    return {"request": request, "offer": offer, "service": service, "disclosure": stake}


CASES = {  # every text: how it comes about
    "number_code": lambda m: messages.number_code("13500000001", CODE),
    "received": lambda m: messages.received(m["request"]),
    "offered": lambda m: messages.offered(m["offer"]),
    "arranged": lambda m: messages.arranged(m["request"], m["offer"], CODE),
    "unsettled": lambda m: messages.unsettled(m["request"], "absent", "专家没有到，我们会核实"),
    "to_verify": lambda m: messages.to_verify(m["request"]),
    "cancelled": lambda m: messages.cancelled(m["request"], m["offer"]),
    "appointed": lambda m: messages.appointed(m["offer"]),
    "missed": lambda m: messages.missed(m["request"]),
    "released": lambda m: messages.released(m["offer"]),
    "turned_away": lambda m: messages.turned_away(m["request"]),
    "logged": lambda m: messages.logged(m["service"]),
    "queried": lambda m: messages.queried(m["service"]),
    "ruled": lambda m: messages.ruled(m["service"]),
    "remind_client": lambda m: messages.remind_client(m["request"], CODE),
    "remind_expert": lambda m: messages.remind_expert(m["offer"]),
    "remind_of_answer": lambda m: messages.remind_of_answer(m["offer"]),
    "remind_of_log": lambda m: messages.remind_of_log(m["offer"]),
    "told_of_tie": lambda m: messages.told_of_tie(m["disclosure"], m["request"]),
    "tie_to_come": lambda m: messages.tie_to_come(m["disclosure"], m["request"]),
}
TOOLS = {
    "fitted", "discreet", "brief_day", "brief_moment", "address", "tell_client", "tell_expert", "tell_matchers", "offer_text",
    "no_longer_asked",
}  # fmt: skip
SILENT = {"tie_to_come"}  # for whoever matches, who is told in his account
LINKS = {"offered": "/t/", "logged": "/c/"}
CODES = {"number_code", "arranged", "remind_client"}


def sent_by(name, matter, channel="sms", on=AFTER):
    with clock.at(on):
        CASES[name](matter)
    return [each.body for each in Notification.objects.filter(channel=channel)]


def test_every_text_is_looked_at():
    written = {
        name for name, made in inspect.getmembers(messages, inspect.isfunction) if made.__module__ == messages.__name__
    }

    assert written == set(CASES) | TOOLS


@pytest.mark.parametrize("on", [BEFORE, AFTER])
@pytest.mark.parametrize("name", CASES)
def test_a_text_fits_one_sms(name, on, matter):
    texts = sent_by(name, matter, on=on)

    assert bool(texts) is (name not in SILENT)
    assert [text for text in texts if len(text) > 70] == []


@pytest.mark.parametrize("name", CASES)
def test_a_text_says_nothing_confided(name, matter):
    texts = [body for channel in ("sms", "inapp", "mail") for body in sent_by(name, matter, channel)]

    assert [words for text in texts for words in CONFIDED if words in text] == []


@pytest.mark.parametrize("name", CASES)
def test_a_link_and_a_code_are_where_they_are_meant(name, matter):
    texts = "".join(sent_by(name, matter))

    assert re.findall(re.escape(SITE) + r"(/\w/)[\w-]{22}/", texts) == ([LINKS[name]] if name in LINKS else [])
    assert ("http" in texts, CODE in texts) == (name in LINKS, name in CODES)


@pytest.mark.parametrize("name", CASES)
def test_neither_link_nor_code_is_in_an_account(name, matter):
    shown = "".join(sent_by(name, matter, "inapp"))

    assert ("http" in shown, CODE in shown and name == "number_code") == (False, False)


@pytest.mark.parametrize("name", CASES)
def test_staff_read_neither_link_nor_code(name, matter):
    shown = "".join(discreet(text) for text in sent_by(name, matter))

    assert ("http" in shown, CODE in shown) == (False, False)


def test_a_room_with_a_long_name_is_cut_and_the_rest_stays(matter):
    [text] = sent_by("arranged", matter)

    assert (
        text
        == "约好1月22日 14:00，欧阳娜娜老师，太原市公共就业人才和创业服务中心太原市公共就业…。结束时报确认码483920。YY26129999"
    )
