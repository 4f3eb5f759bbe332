"""The pages of ratings: the client's by his link, the office's, the expert's (Article 10(1))."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluations import actions
from evaluations.models import Rating, RatingCase
from expertteam import clock
from expertteam.models import Notification
from expertteam.workflow import LINK
from services.models import Link
from tests.conftest import person
from tests.make import (
    make_expert,
    make_offer,
    make_rating,
    make_rating_case,
    make_request,
    make_service,
    make_user,
    sign_in,
)

FRIDAY = date(2026, 3, 6)
NAME, PHONE = "鹪鹩鸲", "13955550147"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def link(rating):
    """The address in the client's SMS."""
    return f"/r/{Link.issue(Link.Purpose.RATE, timedelta(days=30), service=rating.service)}/"


def said(**given):
    return {"grade": "4", "key": "k1"} | given


def checked(text):
    """The values of everything that is ticked."""
    return re.findall(r'value="(\w+)"[^>]*\schecked', text)


# By link


def test_nothing_is_chosen_beforehand_and_two_taps_suffice(http):
    rating = make_rating("open")
    with clock.at(FRIDAY):
        page = http.get(link(rating))

        answer = http.post(link(rating), said(), follow=True)

    rating.refresh_from_db()
    assert (page.status_code, checked(page.text), "这次指导，您满意吗？" in page.text) == (200, [], True)
    assert (rating.grade, rating.channel, rating.may_publish, bool(rating.network)) == (4, "link", False, True)
    assert "谢谢您的评价" in answer.text


def test_the_page_belongs_to_its_holder_alone(http):
    page = http.get(link(make_rating("open")))

    assert "no-store" in page["Cache-Control"]
    assert (page["X-Robots-Tag"], page["Referrer-Policy"]) == ("noindex", "same-origin")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"grade": ""}, "选一个最接近您感受的"),
        ({"grade": "6"}, "总体评价只能从给出的选项里选"),
        ({"grade": "2", "text": "说的话还在"}, "请至少选一项不满意的地方"),
        ({"text": "字" * 301}, "还想说点什么最多300个字，现在有301个"),
    ],
)
def test_what_is_filled_in_wrongly_comes_back(http, typed, reason):
    rating = make_rating("open")

    with clock.at(FRIDAY):
        answer = http.post(link(rating), said(**typed))

    assert answer.status_code == 422
    assert reason in answer.text
    assert typed.get("text", "") in answer.text
    assert Rating.objects.get().state == "open"


def test_a_poor_rating_promises_the_call(http):
    rating = make_rating("open")

    with clock.at(FRIDAY):
        answer = http.post(link(rating), said(grade="1", wrong=["attitude", "selling"]), follow=True)

    assert "3月9日（周一）前给您回电话" in answer.text
    assert "态度不好、推销、收费" in answer.text
    assert RatingCase.objects.count() == 1


def test_a_second_tap_changes_nothing(http):
    rating = make_rating("open")
    with clock.at(FRIDAY):
        address = link(rating)
        http.post(address, said())

        again = http.post(address, said(grade="1", wrong=["attitude"]))

    assert (again.status_code, again.url) == (302, address)
    assert Rating.objects.get().grade == 4


def test_it_is_changed_once_on_a_page_of_its_own(http):
    rating = make_rating("open")
    with clock.at(FRIDAY):
        address = link(rating)
        http.post(address, said(good=["clear"], text="讲得很透", may_publish="on"))
        offered = http.get(address).text
        form = http.get(f"{address}change/").text

        changed = http.post(f"{address}change/", said(grade="5", key="k2"), follow=True).text

    assert f"{address}change/" in offered
    assert checked(form) == ["4", "clear"]
    assert "讲得很透" in form
    assert "很满意" in changed
    assert f"{address}change/" not in changed
    assert http.get(f"{address}change/").status_code == 302
    assert (Rating.objects.get().grade, Rating.objects.get().quote) == (5, "none")


def test_after_a_day_what_was_written_is_not_shown_to_whoever_holds_the_link(http):
    rating = make_rating(text="讲得很透")

    with clock.at(date(2026, 3, 9)):
        page = http.get(link(rating)).text

    assert "讲得很透" not in page
    assert "满意" in page


def test_when_the_time_is_over_it_says_whom_to_ring(http):
    rating = make_rating("open")
    with clock.at(date(2026, 3, 23)):
        address = link(rating)
        page = http.get(address).text

        answer = http.post(address, said())

    assert "评价时间已过" in page
    assert "没有评的不算满意，也不算不满意" in page
    assert answer.status_code == 302
    assert Rating.objects.get().state == "open"


@pytest.mark.parametrize("token", ["nonsense", "aaaaaaaaaaaaaaaaaaaaaa"])
def test_a_wrong_link_does_not_tell_whether_there_is_anything(http, token):
    rating = make_rating("open")
    other = Link.issue(Link.Purpose.CONFIRM, timedelta(days=30), service=rating.service)

    answers = [http.get(f"/r/{each}/") for each in (token, other)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert rating.expert.user.name not in answers[0].text + answers[1].text


def test_the_expert_who_is_signed_in_is_refused(http):
    rating = make_rating("open")
    http.force_login(rating.expert.user)

    with clock.at(FRIDAY):
        answer = http.post(link(rating), said(grade="5"))

    assert answer.status_code == 422
    assert "不能评价自己的服务" in answer.text


def test_after_the_mending_the_same_address_asks_once_more(http):
    case = make_rating_case("rectifying")
    with clock.at(date(2026, 3, 30)):
        actions.close(case, by=person("closer", "intake"), outcome="已当面说明")
        address = link(case.rating)
        page = http.get(address).text
        answer = http.post(address, {"grade": "4", "text": "好多了", "key": "k1"}, follow=True).text

    case.refresh_from_db()
    assert "整改了，现在您满意吗？" in page
    assert (case.follow_up_grade, case.follow_up_text) == (4, "好多了")
    assert "整改以后" in answer


def test_haste_is_refused(http):
    with clock.at(FRIDAY):
        address = link(make_rating("open"))

        answers = [http.post(address, {}).status_code for _ in range(21)]

    assert answers == [422] * 20 + [429]


# By telephone


def test_a_clerk_enters_what_he_is_told_and_it_stands_apart(http, intake):
    rating = make_rating("open")
    page = f"/admin/ratings/phone/{rating.service_id}/"
    sign_in(http, intake)
    with clock.at(FRIDAY):
        shown = http.get(page)
        wrong = http.post(page, said(channel="phone", grade="1"))
        answer = http.post(page, said(channel="paper", grade="1", wrong=["late"], note="送来的纸条"), follow=True)

    rating.refresh_from_db()
    assert (shown.status_code, wrong.status_code, checked(shown.text)) == (200, 422, [])
    assert "请至少选一项不满意的地方" in wrong.text
    assert (rating.channel, rating.grade, rating.case.state) == ("paper", 1, "awaiting_call")
    assert rating.service.calls.get().note == "送来的纸条"
    assert "已代录：很不满意" in answer.text
    assert "更正代录" in answer.text
    with clock.at(FRIDAY):
        assert checked(http.get(page).text) == ["paper", "1", "late"]
        http.post(page, said(channel="paper", grade="3"))
    rating.refresh_from_db()
    assert (rating.channel, rating.grade) == ("paper", 3)
    assert http.get(page).status_code == 302


@pytest.mark.parametrize(("role", "status"), [("intake", 200), ("matcher", 200), ("reviewer", 403), ("inspector", 403)])
def test_who_enters_ratings(http, role, status):
    rating = make_rating("open")
    sign_in(http, person("someone", role))

    assert http.get(f"/admin/ratings/phone/{rating.service_id}/").status_code == status


# The office


def test_no_page_of_the_office_holds_a_token(http, intake):
    with clock.at(FRIDAY):
        service = make_service("confirmed")
        actions.await_rating(service)
        sms = Notification.objects.get(key__startswith="rate:").body
        token = re.search(r"/r/([\w-]+)/", sms)[1]
        sign_in(http, intake)
        rating = service.rating
        pages = ["/admin/ratings/?show=open", rating.get_absolute_url(), f"/admin/ratings/{rating.pk}/resend/"]
        pages += [f"/admin/ratings/phone/{service.pk}/", service.get_absolute_url()]

        shown = [http.get(page) for page in pages]

    assert [answer.status_code for answer in shown] == [200] * len(pages)
    assert [page for page, answer in zip(pages, shown, strict=True) if token in answer.text] == []


@pytest.mark.parametrize("show", ["", "cases", "quotes", "open", "nonsense"])
def test_the_list_is_narrowed(http, reviewer, show):
    make_rating("open")
    make_rating(text="很好", may_publish=True, quote="waiting")
    make_rating_case()
    sign_in(http, reviewer)

    listed = http.get(f"/admin/ratings/?show={show}").context["object_list"]

    assert len(listed) == {"cases": 1, "quotes": 1, "open": 1}.get(show, 2)


@pytest.mark.parametrize(
    ("role", "status"),
    [("intake", 200), ("reviewer", 200), ("leader", 200), ("inspector", 200), ("matcher", 200), ("cashier", 403)],
)
def test_who_reads_ratings(http, role, status):
    sign_in(http, person("someone", role))

    assert http.get("/admin/ratings/").status_code == status


@pytest.mark.parametrize("address", ["/admin/ratings/", "/admin/ratings/?show=cases", "/admin/", "/admin/records/"])
def test_a_list_costs_the_same_for_one_and_for_three(http, address):
    sign_in(http, person("someone", "intake", "reviewer"))
    counts = []
    for number in (1, 2):
        for _ in range(number):
            make_rating_case()
        http.get(address)
        with CaptureQueriesContext(connection) as asked:
            http.get(address)
        counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("verb", "typed", "shown"),
    [("show_quote", {}, "shown"), ("withhold_quote", {"reason": "有企业名称"}, "withheld")],
)
def test_a_text_is_read_and_then_shown_or_not(http, reviewer, verb, typed, shown):
    rating = make_rating(text="讲得很透", may_publish=True, quote="waiting")
    sign_in(http, reviewer)
    page = rating.get_absolute_url()

    assert "讲得很透" in http.get(page).text
    assert http.get(f"{page}{verb}/").status_code == 200
    http.post(f"{page}{verb}/", typed)
    rating.refresh_from_db()
    assert rating.quote == shown


def test_a_new_link_is_sent_by_a_button(http, intake):
    with clock.at(FRIDAY):
        rating = make_rating("open")
        sign_in(http, intake)
        assert f"{rating.get_absolute_url()}resend/" in http.get(rating.get_absolute_url()).text

        http.post(f"{rating.get_absolute_url()}resend/")

    assert Link.objects.filter(purpose="rate").count() == 1


# Cases


@pytest.mark.parametrize(
    ("role", "state", "verb", "typed", "reached"),
    [
        ("intake", "awaiting_call", "miss_call", {"note": "上午十点"}, "awaiting_call"),
        ("intake", "awaiting_call", "call_back", {"note": "对方说没讲清"}, "awaiting_statement"),
        ("reviewer", "awaiting_finding", "find", {"finding": "other", "reasons": "见笔录"}, "found"),
        ("reviewer", "found", "rectify", {"order": "当面说明"}, "rectifying"),
        ("intake", "rectifying", "close", {"outcome": "已说明"}, "closed"),
    ],
)
def test_every_move_of_a_case_has_its_page(http, role, state, verb, typed, reached):
    case = make_rating_case(state)
    sign_in(http, person("someone", role))
    page = case.get_absolute_url()

    assert f"{page}{verb}/" in http.get(page).text
    assert http.get(f"{page}{verb}/").status_code == 200
    assert http.post(f"{page}{verb}/", {}).status_code == 422
    http.post(f"{page}{verb}/", typed)
    case.refresh_from_db()
    assert case.state == reached


def test_after_two_calls_in_vain_the_button_appears(http, intake):
    case = make_rating_case(missed_calls=2, missed_days=2)
    sign_in(http, intake)
    page = case.get_absolute_url()

    assert f"{page}give_up_call/" in http.get(page).text
    http.post(f"{page}give_up_call/", {"note": "无人接听"})
    case.refresh_from_db()
    assert case.state == "awaiting_statement"


def test_a_follow_up_can_be_told_by_telephone(http, intake):
    case = make_rating_case("closed", follow_up_until=clock.instant(date(2026, 3, 20)))
    sign_in(http, intake)
    page = case.get_absolute_url()

    assert f"{page}follow_up/" in http.get(page).text
    http.post(f"{page}follow_up/", {"grade": "4", "text": ""})
    case.refresh_from_db()
    assert case.follow_up_grade == 4


@pytest.mark.parametrize(
    ("role", "told"), [("intake", True), ("reviewer", False), ("leader", False), ("inspector", False)]
)
def test_who_said_it_is_told_to_whoever_calls_back_alone(http, role, told):
    rating = make_rating(grade=1, wrong=["other"], service=make_service("confirmed", name=NAME, phone=PHONE))
    case = make_rating_case(rating=rating)
    sign_in(http, person("someone", role))

    page = http.get(case.get_absolute_url()).text

    assert (NAME in page, PHONE in page) == (told, told)


def test_whoever_matched_is_not_offered_the_finding(http):
    both, expert = person("both", "matcher", "reviewer"), make_expert()
    request = make_request("confirmed", expert=expert)
    make_offer("done", request=request, expert=expert, offered_by=both)
    rating = make_rating(grade=1, wrong=["other"], service=make_service("confirmed", request=request, expert=expert))
    case = make_rating_case("awaiting_finding", rating=rating)
    sign_in(http, both)

    assert "/find/" not in http.get(case.get_absolute_url()).text


# 今天


def test_each_finds_what_waits_for_him(http, intake, reviewer):
    make_rating_case()
    make_rating_case("awaiting_finding")
    make_rating(text="很好", may_publish=True, quote="waiting")

    sign_in(http, intake)
    calls = http.get("/admin/").context["tabs"]
    sign_in(http, reviewer)
    finds = http.get("/admin/").context["tabs"]

    assert calls["差评回访"] == 1
    assert (finds["差评认定"], finds["评价文字"], "差评回访" in finds) == (1, 1, False)


# The expert


def asked(state="awaiting_statement", **fields):
    expert = make_expert(user=make_user(name="韩砚秋"))
    service = make_service("confirmed", expert=expert, name=NAME, phone=PHONE)
    rating = make_rating(service=service, grade=1, wrong=["attitude"], text="金丝雀")
    return make_rating_case(state, rating=rating, **fields)


def test_the_expert_is_asked_on_his_desk_and_says_his_word(http):
    case = asked()
    http.force_login(case.rating.expert.user)
    page = f"/desk/ratings/{case.pk}/"

    desk, shown = http.get("/desk/").text, http.get(page).text
    assert page in desk
    assert "有1条评价要您处理" in desk
    assert f"{page}explain/" in shown
    assert http.post(f"{page}explain/", {}).status_code == 422
    answer = http.post(f"{page}explain/", {"statement": "当天有急事"}, follow=True)
    case.refresh_from_db()
    assert (case.state, "当天有急事" in answer.text) == ("awaiting_finding", True)


@pytest.mark.parametrize("state", ["awaiting_statement", "found", "rectifying", "closed"])
def test_the_expert_never_learns_who_said_it_nor_in_which_words(http, state):
    case = asked(state)
    http.force_login(case.rating.expert.user)

    shown = http.get("/desk/").text + http.get(f"/desk/ratings/{case.pk}/").text

    assert "态度不好" in shown
    assert [each for each in (NAME, PHONE, "金丝雀", "对方说没讲清楚", "双方说法一致") if each in shown] == []


def test_a_case_is_nobody_elses_and_not_yet_his(http):
    case, early = asked(), asked("awaiting_call")
    http.force_login(early.rating.expert.user)

    assert http.get(f"/desk/ratings/{early.pk}/").status_code == 404
    assert http.get(f"/desk/ratings/{case.pk}/").status_code == 404
    assert http.get(f"/desk/ratings/{case.pk}/explain/").status_code == 404


def test_the_desk_shows_an_average_from_five_on(http):
    expert = make_expert()
    http.force_login(expert.user)
    for _ in range(4):
        make_rating(expert=expert, grade=5)
    few = http.get("/desk/").text

    make_rating(expert=expert, grade=4)

    assert "4条评价，满5条后显示平均分" in few
    assert "4.8" in http.get("/desk/").text


# The demo's caller page


def test_a_caller_may_rate_while_he_is_on_the_line(http, intake):
    rating = make_rating("open", service=make_service("confirmed", phone=PHONE))
    sign_in(http, intake)

    page = http.post("/admin/phone/", {"phone": PHONE}, follow=True).text

    assert f"/admin/ratings/phone/{rating.service_id}/" in page
    assert "/admin/reports/phone/" in page


@pytest.mark.parametrize(("role", "leads"), [("intake", True), ("matcher", True), ("reviewer", False)])
def test_whoever_takes_reports_down_finds_the_way_without_a_telephone_number(http, role, leads):
    sign_in(http, person("officer", role))

    assert ("/admin/reports/phone/" in http.get("/admin/ratings/").text) is leads


def test_the_link_rates_what_a_client_has_just_confirmed(http):
    with clock.at(FRIDAY):
        rating = make_rating("open")
        actions.give(rating, by=LINK, grade=5)

        assert "改一改评价" in http.get(link(rating)).text
