"""The matcher's pages: the queue, the request beside those who could be asked, and what can be done with it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from experts.models import Disclosure
from expertteam import clock
from expertteam.models import Notification
from services.models import Call, Offer, Reading
from services.rules.request import priority
from tests import listing
from tests.conftest import person
from tests.make import make_appointment, make_hours, make_request, make_user, sign_in

THURSDAY = clock.instant(date(2026, 3, 5), 14)
pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def office(http, matcher):
    sign_in(http, matcher)
    return http


def make_able(name="韩砚秋", topics=("finance",), **fields):
    """An expert who advises on finance and can be met on Thursday afternoons."""
    expert = make_appointment(
        user=make_user(name=name, phone=fields.pop("phone", "")), topics=list(topics), **fields
    ).expert
    make_hours(expert, 3, "14:00", "17:00")
    return expert


def page(request):
    return reverse("services:match", args=[request.pk])


def shown(response):
    return [each["candidate"].expert.user.name for each in response.context["candidates"]]


def test_of_the_queue_a_stranger_knows_nothing(http, stranger, client, expert):
    request = make_request()

    for who in (stranger, client, expert):
        sign_in(http, who)
        assert http.get(reverse("services:matching")).status_code == 403
        assert http.get(page(request)).status_code == 404


def test_who_may_look_does_not_match(http, leader):
    request = make_request()
    sign_in(http, leader)

    assert http.get(reverse("services:matching")).status_code == 200
    assert http.get(page(request)).status_code == 403
    assert http.post(page(request), {"expert": make_able().pk}).status_code == 403


def test_the_queue_puts_key_groups_first_as_the_rule_says(office):
    for group, day in [("other", 4), ("veteran", 6), ("", 3), ("farmer", 5)]:
        make_request(group=group, answer_due=clock.instant(date(2026, 3, day), 18))

    listed = list(office.get(reverse("services:matching")).context["object_list"])

    assert [each.group for each in listed] == ["farmer", "veteran", "", "other"]
    assert listed == sorted(listed, key=lambda each: priority(each.group, each.answer_due))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("", {"veteran", "other"}), ("kind=key", {"veteran"}), ("kind=visit", {"other"}), ("state=offered", {"graduate"})],
)
def test_the_queue_is_narrowed_by_links(office, asked, expected):
    make_request(group="veteran")
    make_request(group="other", place="visit", visit_reason="行动不便")
    make_request("offered", group="graduate")

    listed = office.get(f"{reverse('services:matching')}?{asked}").context["object_list"]

    assert {each.group for each in listed} == expected


def test_the_queue_costs_the_same_for_one_and_for_three(
    office, django_assert_num_queries, django_assert_max_num_queries
):
    make_request(wanted=make_able())
    office.get(reverse("services:matching"))
    with django_assert_max_num_queries(30) as one:
        office.get(reverse("services:matching"))
    for _ in range(2):
        make_request(wanted=make_able())

    with django_assert_num_queries(len(one)):
        office.get(reverse("services:matching"))


def test_the_page_says_why_and_every_reading_is_recorded(office, matcher):
    request, _ = make_request(starts_at=THURSDAY, district="140105"), make_able(district="140105")

    response = office.get(page(request))

    for words in [
        "担保贷款和合伙出资怎么搭配？",
        "主题相符：融资贷款",
        "周四14:00有空",
        "住得近：同在小店区",
        "3月5日14:00预约请答复",
    ]:
        assert words in response.text
    assert list(Reading.objects.values_list("request", "reader", "why")) == [(request.pk, matcher.pk, "匹配专家")]


@pytest.mark.parametrize("field", ["expert", "alternates"])
def test_a_number_beyond_the_database_is_none_of_the_experts(office, field):
    request, expert = make_request(starts_at=THURSDAY), make_able()

    refused = office.post(page(request), {"expert": expert.pk, field: "9" * 20, "starts_at": "2026-03-05T14:00"})

    assert refused.status_code == 422
    assert "只能从给出的选项里选" in refused.text
    assert not Offer.objects.exists()


def test_three_clicks_when_the_suggestion_is_right(office, matcher):
    request, expert = make_request(starts_at=THURSDAY), make_able(phone="13700000001")
    second, third = make_able("常若水"), make_able("贺知远")

    queue = office.get(reverse("services:matching"))
    assert page(request) in queue.text
    opened = office.get(page(request))
    assert [each["chosen"] for each in opened.context["candidates"]] == [False, False, False]
    sent = office.post(page(request), {
        "expert": expert.pk, "alternates": [third.pk, second.pk], "starts_at": "2026-03-05T14:00", "room": "二楼",
    })  # fmt: skip

    offer = Offer.objects.get()
    assert sent.url == reverse("services:matching")
    assert (offer.expert, offer.starts_at, offer.room, offer.offered_by) == (expert, THURSDAY, "二楼", matcher)
    assert offer.alternates == [second.pk, third.pk]  # in the order of the list
    assert offer.why[:2] == ["主题相符：融资贷款", "周四14:00有空"]
    sms = {each.address: each.body for each in Notification.objects.filter(channel="sms")}
    assert sms["13700000001"].startswith("3月5日14:00预约请答复：")


def test_whom_the_client_asked_for_is_chosen_beforehand(office):
    make_able("常若水")
    request = make_request(starts_at=THURSDAY, wanted=make_able("韩砚秋"))

    response = office.get(page(request))

    assert [(each["candidate"].expert.user.name, each["chosen"]) for each in response.context["candidates"]] == [
        ("韩砚秋", True),
        ("常若水", False),
    ]


def test_without_a_time_that_of_the_chosen_one_goes_with_him(office):
    request, expert = make_request(), make_able()

    office.post(page(request), {"expert": expert.pk})

    assert Offer.objects.get().starts_at == THURSDAY


def test_another_time_can_be_looked_at_without_changing_anything(office):
    request, _ = make_request(starts_at=THURSDAY), make_able()

    response = office.get(f"{page(request)}?at=2026-03-05T09:00")

    request.refresh_from_db()
    assert (shown(response), request.starts_at) == ([], THURSDAY)
    assert [(left.words, left.people) for left in response.context["left_out"]] == [("这个时间没有空", ["韩砚秋"])]


@pytest.mark.parametrize("asked", ["常若水", "TY-0001"])
def test_why_not_is_answered_for_anybody(office, asked):
    other = make_able("常若水")
    Disclosure.objects.create(expert=other, kind="investment", name="太原某面馆有限公司")
    request = make_request(starts_at=THURSDAY, enterprise="太原某面馆")

    response = office.get(f"{page(request)}?why={asked.replace('TY-0001', other.no)}")

    assert "需回避：投资或持股对方企业" in response.text
    assert f'value="{other.pk}"' not in response.text  # nothing to choose


def test_nobody_of_that_name(office):
    assert "没有叫“无此人”的专家" in office.get(f"{page(make_request())}?why=无此人").text


@pytest.mark.parametrize(("override", "status"), [("", 422), ("服务对象方言重，他听得懂", 302)])
def test_a_choice_with_a_warning_is_justified(office, override, status):
    request, expert = make_request(starts_at=THURSDAY), make_able(topics=["policy"])

    response = office.post(page(request), {"expert": expert.pk, "starts_at": "2026-03-05T14:00", "override": override})

    assert response.status_code == status
    assert [offer.override for offer in Offer.objects.all()] == ([override] if override else [])
    assert override or "主题不符：擅长里没有融资贷款，要约请写另选理由（第十条第三项）" in response.text


@pytest.mark.parametrize(("override", "status"), [("", 422), ("前面几位都打过电话", 302)])
def test_a_choice_outside_the_five_is_justified(office, override, status):
    request, sixth = make_request(starts_at=THURSDAY), [make_able() for _ in range(6)][5]

    response = office.post(page(request), {"expert": sixth.pk, "starts_at": "2026-03-05T14:00", "override": override})

    assert response.status_code == status


def test_no_reason_overrides_an_obstacle(office):
    request, expert = make_request(starts_at=THURSDAY, enterprise="太原某面馆"), make_able()
    Disclosure.objects.create(expert=expert, kind="investment", name="太原某面馆")

    response = office.post(
        page(request), {"expert": expert.pk, "starts_at": "2026-03-05T14:00", "override": "他最懂", "room": "二楼"}
    )

    assert (response.status_code, Offer.objects.count()) == (422, 0)
    assert "需回避：投资或持股对方企业（第十四条）" in response.text
    assert 'value="二楼"' in response.text  # what was typed stays


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "请选一位专家"),
        ({"expert": "0"}, "专家只能从给出的选项里选"),
        ({"starts_at": "2026-03-01T14:00"}, "这个时间已经过了，请另选"),
    ],
)
def test_what_is_filled_in_wrongly_is_said(office, typed, said):
    make_able()

    response = office.post(page(make_request()), typed)

    assert response.status_code == 422
    assert said in response.text


def test_at_most_three_stand_by(office):
    experts = [make_able() for _ in range(5)]

    response = office.post(
        page(make_request()), {"expert": experts[0].pk, "alternates": [each.pk for each in experts[1:]]}
    )

    assert (response.status_code, "候补最多3位，现在选了4位" in response.text) == (422, True)


def test_the_page_costs_the_same_for_one_and_for_three(
    office, django_assert_num_queries, django_assert_max_num_queries
):
    request = make_request(starts_at=THURSDAY)
    make_able()
    office.get(page(request))
    with django_assert_max_num_queries(30) as one:
        office.get(page(request))
    for _ in range(2):
        make_able()

    with django_assert_num_queries(len(one)):
        office.get(page(request))


def test_a_call_leaves_the_request_where_it_is(office, matcher):
    request = make_request()

    response = office.post(reverse("services:call_first", args=[request.pk]), {"reached": "on", "note": "想改到周五"})

    request.refresh_from_db()
    call = Call.objects.get()
    assert (response.url, request.state) == (page(request), "submitted")
    assert (call.request, call.by, call.reached, call.note) == (request, matcher, True, "想改到周五")


def test_turning_away_offers_other_times(office):
    request, _ = make_request(starts_at=clock.instant(date(2026, 3, 4), 9)), make_able("常若水")
    url = reverse("services:turn_away", args=[request.pk])
    assert "3月5日 14:00，常若水老师" in office.get(url).text

    office.post(url, {"reason": "这个时间没有专家有空", "proposal0": "3月5日 14:00，常若水老师"})

    request.refresh_from_db()
    assert (request.state, request.note) == (
        "unplaced",
        "这个时间没有专家有空。可以改约：3月5日 14:00，常若水老师",
    )


def test_a_matched_request_is_not_matched_again(office):
    response = office.get(page(make_request("offered")))

    assert "这件预约不在匹配" in response.text
    assert "担保贷款" not in response.text


def test_ones_own_request_is_for_others(http, db):
    matcher = person("matcher", "matcher", phone="13500009999")
    sign_in(http, matcher)
    request = make_request(phone="13500009999")

    assert http.get(page(request)).url == reverse("services:request", args=[request.pk])
    assert http.post(page(request), {"expert": make_able().pk}).status_code == 403
    assert "重新匹配" not in http.get(reverse("admin:index")).text
    assert request.number not in http.get(reverse("admin:index")).text.replace(" ", "")


def test_a_visit_is_allowed_before_it_is_matched(office, http, intake):
    request = make_request(group="other", place="visit", visit_reason="行动不便", starts_at=THURSDAY, district="140105")
    expert = make_able(visits=True, district="140105")
    refused = office.post(page(request), {"expert": expert.pk, "starts_at": "2026-03-05T14:00"})
    assert "上门需要先由受理人员同意" in refused.text

    sign_in(http, intake)
    allowed = http.post(reverse("services:allow_visit", args=[request.pk]), {"note": "社区核实过"})

    request.refresh_from_db()
    assert (allowed.status_code, request.visit_allowed_by) == (302, intake)


def test_a_time_is_settled_for_who_accepted_without_one(office):
    request = make_request("accepted", expert=make_able(phone="13700000002"))
    Offer.objects.create(request=request, expert=request.expert, state="accepted", answer_due=THURSDAY)

    response = office.post(
        reverse("services:arrange", args=[request.pk]), {"starts_at": "2026-03-05T15:00", "room": "二楼"}
    )

    request.refresh_from_db()
    assert response.status_code == 302
    assert (request.state, request.starts_at, request.room) == ("arranged", THURSDAY + timedelta(hours=1), "二楼")


def test_today_has_what_the_matcher_can_move(office):
    make_request(note="韩砚秋来不了：出差")
    make_request()
    make_request("accepted", expert=make_able())

    response = office.get(reverse("admin:index"))

    assert [row.what for row in response.context["rows"]] == ["重新匹配", "匹配预约", "约定时间"]
    assert '预约匹配<span class="cnt"><span class="vh">，待办 </span>2</span>' in response.text


def test_today_asks_who_may_for_visits(http, intake):
    make_request(group="other", place="visit", visit_reason="行动不便")
    make_request(group="veteran", place="visit")  # a key group needs nobody's word
    sign_in(http, intake)

    response = http.get(reverse("admin:index"))

    assert [(row.what, row.tip) for row in response.context["rows"]] == [("同意上门", "行动不便")]


def test_the_file_of_the_queue_says_who_is_only_asked_for(office):
    make_request(wanted=make_able())

    taken = listing.read(listing.take(office, "/admin/matching/"))

    assert taken.rows[0][taken.heads.index("专家")] == "想约韩砚秋"
