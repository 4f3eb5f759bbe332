"""The pages of activities: everybody's, the expert's, the office's (Article 8(3))."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from expertteam import clock
from expertteam.models import ListExport, Policy
from services import tickets
from services.models import Activity, ActivityRole, SignUp
from tests import listing
from tests.conftest import person
from tests.make import make_activity, make_activity_role, make_expert, make_sign_up, sign_in

DAY = date(2026, 3, 20)
BEGINS, ENDS = clock.instant(DAY, 14), clock.instant(DAY, 16)
VISITOR = {
    "name": "刘小满",
    "phone": "136 0000 0001",
    "group": "graduate",
    "consent": "on",
    "key": "k1",
    "homepage": "",
}
FACTS = {
    "kind": "salon", "title": "小店怎么记账", "text": "带上流水账。", "starts_at": "2026-03-20T14:00",
    "ends_at": "2026-03-20T16:00", "place": "服务中心二楼", "capacity": "2",
}  # fmt: skip
pytestmark = pytest.mark.usefixtures("db", "today")


def page(name, *args):
    return reverse(f"services:{name}", args=args)


def words(response):
    return response.content.decode()


def signed_up_page(entry, name="signed_up"):
    return page(name, entry.activity_id, tickets.token(entry))


# Everybody's


def test_the_list_says_where_there_is_room(http):
    make_activity(title="有名额的")
    full = make_activity(title="满了的", capacity=1)
    make_sign_up(activity=full)
    make_activity(title="还在拟的", state="draft")
    make_activity(title="取消了的", state="cancelled")

    shown = words(http.get(page("events")))

    assert ("可以报名" in shown, "已满，可候补" in shown, "取消了的" in shown) == (True, True, True)
    assert "还在拟的" not in shown


@pytest.mark.parametrize(
    ("state", "status"), [("draft", 404), ("open", 200), ("held", 200), ("cancelled", 200), ("closed", 200)]
)
def test_only_what_is_announced_has_a_page(http, state, status):
    assert http.get(make_activity(state=state).get_absolute_url()).status_code == status


def test_a_page_names_the_experts_who_accepted_and_no_other(http):
    activity = make_activity()
    listed = make_activity_role(state="accepted", activity=activity)
    make_activity_role(activity=activity, expert=make_expert(user=person("silent", name="没答复")))

    shown = words(http.get(activity.get_absolute_url()))

    assert listed.expert.get_absolute_url() in shown
    assert "没答复" not in shown


def test_a_visitor_signs_up_in_one_screen_without_an_account(http):
    activity = make_activity()
    assert "checked" not in words(http.get(activity.get_absolute_url()))

    response = http.post(activity.get_absolute_url(), VISITOR, follow=True)

    entry = SignUp.objects.get()
    assert response.redirect_chain == [(signed_up_page(entry), 302)]
    assert (entry.state, entry.phone, entry.group, entry.channel) == ("seated", "13600000001", "graduate", "web")
    assert ("已报上，到时见" in words(response), "136****0001" in words(response)) == (True, True)


def test_a_double_tap_signs_up_once(http):
    activity = make_activity()

    first, again = (http.post(activity.get_absolute_url(), VISITOR) for _ in range(2))

    assert (first.url, SignUp.objects.count()) == (again.url, 1)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"consent": ""}, "请勾选：我已阅读并同意上面的告知"),
        ({"name": ""}, "请填写姓名"),
        ({"phone": "1360000"}, "少了4位"),
        ({"homepage": "x"}, "请再点一次“提交报名”"),
    ],
    ids=["consent", "name", "phone", "robot"],
)
def test_what_is_typed_wrongly_comes_back_with_the_rest(http, change, told):
    response = http.post(make_activity().get_absolute_url(), VISITOR | change)

    shown = words(response)
    assert (response.status_code, told in shown, "刘小满" in shown or "name" in change) == (422, True, True)
    assert not SignUp.objects.exists()


def test_a_number_that_has_signed_up_is_told_so(http):
    activity = make_activity()
    http.post(activity.get_absolute_url(), VISITOR)

    response = http.post(activity.get_absolute_url(), VISITOR | {"key": "k2"})

    assert (response.status_code, "已经报过名" in words(response)) == (422, True)


def test_who_waits_is_told_his_place(http):
    activity = make_activity(capacity=1)
    make_sign_up(activity=activity)
    make_sign_up(state="waiting", activity=activity)
    assert "名额已满" in words(http.get(activity.get_absolute_url()))

    response = http.post(activity.get_absolute_url(), VISITOR, follow=True)

    assert "已候补，排第2位" in words(response)


def test_cancelling_asks_first_and_only_a_post_does_it(http):
    entry = make_sign_up()
    asked = http.get(signed_up_page(entry, "cancel_sign_up"))
    entry.refresh_from_db()
    assert ("取消报名？" in words(asked), entry.state) == (True, "seated")

    response = http.post(signed_up_page(entry, "cancel_sign_up"), follow=True)

    entry.refresh_from_db()
    assert (entry.state, "报名已取消" in words(response)) == ("cancelled", True)
    assert "现在不用取消了" in words(http.get(signed_up_page(entry, "cancel_sign_up")))


@pytest.mark.parametrize("name", ["signed_up", "cancel_sign_up", "sign_up_ics"])
def test_the_page_of_a_sign_up_is_kept_nowhere_and_opens_with_its_address_alone(http, name):
    entry = make_sign_up()

    response = http.get(signed_up_page(entry, name))

    assert (response.status_code, response["X-Robots-Tag"]) == (200, "noindex")
    assert "no-store" in response["Cache-Control"]
    assert http.get(page(name, entry.activity_id, f"{entry.pk}-{'0' * 32}")).status_code == 404
    assert http.get(page(name, make_activity().pk, tickets.token(entry))).status_code == 404


def test_the_activity_goes_into_the_calendar(http):
    text = words(http.get(signed_up_page(make_sign_up(), "sign_up_ics")))

    assert "DTSTART:20260320T060000Z" in text
    assert "SUMMARY:小店怎么记账" in text


@pytest.mark.parametrize(
    ("state", "code", "phone", "told", "came"),
    [
        ("seated", None, "13600000009", "已签到", True),
        ("attended", None, "13600000009", "已签到", True),
        ("seated", "000000", "13600000009", "签到码或手机号不对", False),
        ("seated", None, "13600000008", "签到码或手机号不对", False),
        ("cancelled", None, "13600000009", "签到码或手机号不对", False),
        ("waiting", None, "13600000009", "您还在候补", False),
    ],
)
def test_people_check_in_with_the_code_of_the_day_and_their_number(http, state, code, phone, told, came):
    entry = make_sign_up(state=state, phone="13600000009", activity=make_activity(capacity=9))

    with clock.at(BEGINS):
        given = {"code": code or tickets.code(entry.activity, DAY), "phone": phone}
        response = http.post(page("check_in", entry.activity_id), given, follow=True)

    entry.refresh_from_db()
    assert (told in words(response), entry.state == "attended") == (True, came)


def test_a_network_signs_up_ten_times_a_minute(http):
    address = make_activity().get_absolute_url()

    answers = [http.post(address, {}).status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


@pytest.mark.parametrize(("count", "name"), [(1, "list"), (3, "list"), (1, "event"), (3, "event")])
def test_public_pages_cost_the_same_for_one_and_for_many(http, django_assert_max_num_queries, count, name):
    activity = [make_activity(capacity=9) for _ in range(count if name == "list" else 1)][0]
    for _ in range(count):
        make_sign_up(activity=activity)
        make_activity_role(state="accepted", activity=activity)

    with django_assert_max_num_queries(2 if name == "list" else 3):
        http.get(page("events") if name == "list" else activity.get_absolute_url())


def test_the_home_page_leads_to_the_next_activity(http):
    make_activity(title="三月的沙龙")
    make_activity(
        title="二月的沙龙", starts_at=clock.instant(date(2026, 2, 2), 9), ends_at=clock.instant(date(2026, 2, 2), 11)
    )

    shown = words(http.get("/"))

    assert ("三月的沙龙" in shown, "二月的沙龙" in shown) == (True, False)


# The office's


def test_the_centre_drafts_asks_and_the_reviewer_announces(http, matcher, reviewer):
    pro = make_expert()
    sign_in(http, matcher)
    http.post(page("draft_activity"), FACTS)
    activity = Activity.objects.get()
    asked = {"expert": pro.pk, "role": "speaker", "starts_at": "2026-03-20T14:00", "minutes": "60"}
    assert http.post(page("invite_expert", activity.pk), asked).status_code == 302

    sign_in(http, reviewer)
    http.post(page("publish_activity", activity.pk))

    activity.refresh_from_db()
    assert (activity.state, ActivityRole.objects.get().expert) == ("open", pro)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"starts_at": "2026-03-01T14:00", "ends_at": "2026-03-01T16:00"}, "开始时间要晚于现在"),
        ({"ends_at": "2026-03-20T14:00"}, "结束时间要晚于开始时间"),
        ({"capacity": "0"}, "名额不能小于1"),
    ],
    ids=["past", "length", "seats"],
)
def test_an_impossible_activity_is_not_drafted(http, matcher, change, told):
    sign_in(http, matcher)

    response = http.post(page("draft_activity"), FACTS | change)

    assert (response.status_code, told in words(response), Activity.objects.exists()) == (422, True, False)


def test_the_clerk_signs_up_a_caller_after_reading_the_text_out(http, intake):
    activity = make_activity()
    sign_in(http, intake)
    assert "读给对方" in words(http.get(page("take_sign_up", activity.pk)))
    said = {"name": "刘小满", "phone": "13600000001", "group": "", "channel": "phone", "consent": "on"}
    assert http.post(page("take_sign_up", activity.pk), said | {"consent": ""}).status_code == 422

    http.post(page("take_sign_up", activity.pk), said)

    entry = SignUp.objects.get()
    assert (entry.taken_by, entry.channel) == (intake, "phone")


@pytest.mark.parametrize(("day", "shown"), [(19, False), (20, True), (21, False)])
def test_the_code_of_the_door_is_shown_on_the_day_of_the_activity(http, matcher, day, shown):
    activity = make_activity()
    sign_in(http, matcher)

    with clock.at(date(2026, 3, day)):
        page_of_the_day = words(http.get(page("staff_activity", activity.pk)))

    assert ("今天的签到码" in page_of_the_day) is shown


def test_the_organiser_ticks_the_list_and_closes_with_the_minutes(http, matcher):
    activity = make_activity()
    role = make_activity_role(state="accepted", activity=activity)
    came, away, gone = (make_sign_up(activity=activity, state=state) for state in ("seated", "seated", "waiting"))
    sign_in(http, matcher)
    with clock.at(BEGINS):
        assert tickets.code(activity, DAY) in words(http.get(page("staff_activity", activity.pk)))
        http.post(page("mark_present", came.pk))
        http.post(page("mark_absent", away.pk))
        http.post(page("hold_activity", activity.pk))
    with clock.at(ENDS):
        wrong = http.post(page("close_activity", activity.pk), {f"role{role.pk}": "600"})
        http.post(page("close_activity", activity.pk), {f"role{role.pk}": "45"})

    activity.refresh_from_db()
    role.refresh_from_db()
    assert (wrong.status_code, activity.state, role.state, role.minutes) == (422, "closed", "served", 45)
    assert list(activity.sign_ups.order_by("pk").values_list("state", flat=True)) == ["attended", "absent", "waiting"]
    assert gone.state == "waiting"


def test_the_list_is_printed_with_names_and_the_last_four_digits(http, matcher):
    entry = make_sign_up(phone="13612345678")
    make_sign_up(activity=entry.activity, name="还在等", state="waiting")
    sign_in(http, matcher)

    shown = words(http.get(page("attendance_list", entry.activity_id)))

    assert ("刘小满" in shown, "5678" in shown, "13612345678" in shown, "还在等" in shown) == (True, True, False, False)


def test_the_list_to_sign_goes_out_as_excel_for_a_reason_and_on_record(http, matcher):
    """What the page shows and no more; a name stays a name, whatever it begins with."""
    entry = make_sign_up(name="=1+1", phone="13612345678", state="attended", attended_at=clock.instant(DAY, 13, 50))
    make_sign_up(activity=entry.activity, name="还在等", state="waiting")
    address = page("attendance_list", entry.activity_id)
    sign_in(http, matcher)
    shown = listing.shown(http.get(address))

    without = http.post(f"{address}?export=1", {"reason": ""})
    taken = listing.read(listing.take(http, address))

    record = ListExport.objects.get()
    assert without.status_code == 422
    assert taken.heads == listing.columns_of(http.get(address)) == ["次序", "姓名", "手机尾号", "签到", "签名"]
    assert taken.mark.startswith("小店怎么记账，2026-03-20 14:00，市创就业服务中心二楼，内部资料，")
    assert taken.rows == [[entry.line, "=1+1", "5678", "13:50", None]]
    assert ("=1+1" in shown, "13:50" in shown) == (True, True)
    assert (record.title, record.address, record.rows, record.by) == ("签到表", address, 1, matcher)
    assert record.filters == "小店怎么记账，2026-03-20 14:00"


@pytest.mark.parametrize(("role", "status"), [("leader", 403), ("client", 403)])
def test_whoever_may_not_see_the_list_to_sign_takes_none(http, role, status):
    entry = make_sign_up()
    sign_in(http, person("reader", role))

    answers = [
        call(f"{page('attendance_list', entry.activity_id)}?export=1", {"reason": "活动签到用"})
        for call in (http.get, http.post)
    ]

    assert [answer.status_code for answer in answers] == [status, status]
    assert not ListExport.objects.exists()


def test_nothing_but_the_list_is_asked_for_by_post(http, matcher):
    entry = make_sign_up()
    sign_in(http, matcher)

    assert http.post(page("attendance_list", entry.activity_id)).status_code == 405


def test_a_list_to_sign_beyond_the_limit_does_not_go_out(http, matcher):
    entry = make_sign_up()
    make_sign_up(activity=entry.activity)
    Policy.objects.create(key="export_rows", value=1, effective_from=clock.today(), source="局务会纪要")
    sign_in(http, matcher)

    answer = http.post(f"{page('attendance_list', entry.activity_id)}?export=1", {"reason": "活动签到用"})

    assert "共2行，一次最多导出1行" in words(answer)
    assert not ListExport.objects.exists()


def test_a_clerk_gives_a_seat_back_for_a_caller_and_the_next_one_has_it(http, intake):
    activity = make_activity(capacity=1)
    first, second = make_sign_up(activity=activity), make_sign_up(activity=activity, state="waiting")
    sign_in(http, intake)

    http.post(page("give_up_sign_up", first.pk))

    second.refresh_from_db()
    assert second.state == "seated"


ADDRESSES = ["staff_activities", "draft_activity"]
OF_ONE = ["staff_activity", "attendance_list", "invite_expert", "take_sign_up", "publish_activity", "close_activity"]


@pytest.mark.parametrize(
    ("name", "role", "status"),
    [
        ("staff_activities", "matcher", 200),
        ("staff_activities", "leader", 200),
        ("staff_activities", "cashier", 403),
        ("staff_activities", "client", 403),
        ("draft_activity", "matcher", 200),
        ("draft_activity", "reviewer", 403),
        ("staff_activity", "inspector", 200),
        ("staff_activity", "client", 403),
        ("attendance_list", "matcher", 200),
        ("attendance_list", "leader", 403),
        ("invite_expert", "matcher", 200),
        ("invite_expert", "intake", 403),
        ("take_sign_up", "intake", 200),
        ("take_sign_up", "leader", 403),
        ("cancel_activity", "reviewer", 200),
        ("cancel_activity", "intake", 403),
        ("close_activity", "matcher", 200),
        ("close_activity", "client", 403),
    ],
)
def test_each_page_of_the_office_is_for_its_roles(http, name, role, status):
    args = [] if name in ADDRESSES else [make_activity().pk]
    sign_in(http, person("reader", role))

    assert http.get(page(name, *args)).status_code == status


@pytest.mark.parametrize("name", OF_ONE)
def test_a_draft_is_not_there_for_a_stranger(http, stranger, name):
    sign_in(http, stranger)

    assert http.get(page(name, make_activity(state="draft").pk)).status_code in (403, 404)
    assert http.get(page("staff_activity", make_activity(state="draft").pk)).status_code == 404


def test_whoever_sees_no_names_sees_none_on_the_page(http, leader):
    entry = make_sign_up(name="鹪鹩鸲")
    sign_in(http, leader)

    assert "鹪鹩鸲" not in words(http.get(page("staff_activity", entry.activity_id)))


@pytest.mark.parametrize("name", ["staff_activities", "staff_activity"])
def test_office_pages_cost_the_same_for_one_and_for_many(http, matcher, name):
    sign_in(http, matcher)
    activity = make_activity(capacity=9)
    fill(activity)
    address = page(name) if name == "staff_activities" else page(name, activity.pk)
    http.get(address)
    with clock.at(BEGINS):
        few = count(http, address)
    for _ in range(3):
        fill(activity)
        fill(make_activity(capacity=9))

    with clock.at(BEGINS):
        assert count(http, address) == few


def fill(activity):
    make_activity_role(activity=activity)
    make_sign_up(activity=activity)


def count(http, address):
    with CaptureQueriesContext(connection) as queries:
        assert http.get(address).status_code == 200
    return len(queries)


# The expert's


def test_the_expert_answers_at_his_desk(http):
    role = make_activity_role()
    sign_in(http, role.expert.user)
    assert escape(role.activity.title) in words(http.get(reverse("experts:desk")))

    response = http.post(page("accept_role", role.pk), follow=True)

    role.refresh_from_db()
    assert (role.state, "接受后" in words(response)) == ("accepted", False)
    assert http.post(page("decline_role", role.pk), {"reason": ""}).status_code == 422
    http.post(page("decline_role", role.pk), {"reason": "临时出差"})
    role.refresh_from_db()
    assert (role.state, role.reason) == ("declined", "临时出差")


@pytest.mark.parametrize("name", ["desk_activity", "accept_role", "decline_role"])
def test_nobody_else_finds_what_an_expert_is_asked(http, name):
    role = make_activity_role()
    for reader in (person("matcher", "matcher"), make_expert().user, person("stranger")):
        sign_in(http, reader)

        assert http.get(page(name, role.pk)).status_code == 404


def test_the_day_of_the_office_holds_drafts_and_what_is_to_be_closed(http, matcher, reviewer):
    make_activity_role(activity=make_activity(state="draft", title="等发布的"))
    make_activity(title="等办结的")

    with clock.at(ENDS + timedelta(minutes=1)):
        sign_in(http, matcher)
        assert "等办结的" in words(http.get("/admin/"))
    sign_in(http, reviewer)
    assert "等发布的" in words(http.get("/admin/"))
