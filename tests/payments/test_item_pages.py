"""The pages of what is owed: found by where it stands, explained line by line, corrected by two (Article 13)."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from expertteam import clock
from payments import actions, item_page
from payments.models import BankResult, Claim, Correction, Line
from tests import make
from tests.conftest import person
from tests.payments import pay

pytestmark = pytest.mark.django_db
LIST = reverse("payments:items")


@pytest.fixture
def claim():
    """A review of four hours, 500 yuan."""
    service = pay.reviewed(minutes=240)
    actions.collect()
    return pay.claim_of(service)


def text(response):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", response.content.decode()))


def seen_by(http, user, url):
    make.sign_in(http, user)
    return http.get(url)


def proposed(claim, by, **work):
    given = {"reason": "签到表上少一小时", "minutes": 180} | work
    return actions.propose_correction(claim.lines.live().get(), by=by, **given)


def found(http, **asked):
    """The keys of the claims that the list shows."""
    return {claim.pk for claim in http.get(LIST, asked).context["object_list"]}


# Who sees


@pytest.mark.parametrize("role", ["cashier", "auditor", "leader"])
def test_finance_and_the_leader_see_each_piece(http, role, claim):
    assert "项目评审，3月10日" in text(seen_by(http, person(role, role), LIST))
    assert "4小时：300＋2×100" in text(http.get(claim.get_absolute_url()))


@pytest.mark.parametrize("role", ["intake", "matcher", "admin", "client"])
def test_others_do_not(http, role, claim):
    make.sign_in(http, person("someone", role))

    assert http.get(LIST).status_code == 403
    for page in ("", "correct/", "agree/"):
        assert http.get(claim.get_absolute_url() + page).status_code == (404 if page == "" else 403)


def test_an_expert_sees_his_own_at_his_desk_and_not_here(http, claim):
    assert seen_by(http, claim.expert.user, claim.get_absolute_url()).status_code == 403


def test_nobody_in_office_sees_his_own(http, claim, cashier):
    claim.expert.user.is_staff = True
    claim.expert.user.save()
    claim.expert.user.groups.set(cashier.groups.all())

    assert seen_by(http, claim.expert.user, claim.get_absolute_url()).status_code == 404
    assert found(http) == set()


def test_a_visitor_is_led_to_the_door(http, claim):
    for url in (LIST, claim.get_absolute_url()):
        assert http.get(url).status_code == 302


# Found by where it stands


def test_what_stands_where(http, cashier, auditor, leader):
    standing = {}
    expert = make.make_expert()
    pay.account(expert)
    standing["paid"] = pay.reviewed(expert, day=date(2026, 3, 2))
    pay.released(cashier, auditor, leader)
    standing["batch"] = pay.reviewed(expert, day=date(2026, 3, 3))
    pay.submitted(cashier)
    standing["waiting"] = pay.reviewed(expert, day=date(2026, 3, 4))
    standing["correcting"] = pay.reviewed(expert, day=date(2026, 3, 5))
    standing["unpriced"] = make.make_service(state="confirmed", confirmed_via="link")
    actions.collect()
    proposed(pay.claim_of(standing["correcting"]), cashier)
    make.sign_in(http, cashier)

    for state, service in standing.items():
        assert found(http, state=state) == {pay.claim_of(service).pk}
    assert found(http) == {pay.claim_of(service).pk for service in standing.values()}
    assert "这类活动还没有支付标准，待局里录入" in text(http.get(LIST))


def sent_back(service):
    """The bank sent the money back, so that the same line is owed again."""
    line = pay.line_of(service)
    row = make.make_bank_return().rows.create(
        place=1, reference=line.payout.reference, amount=line.payout.amount, paid=False, payout=line.payout
    )
    BankResult.objects.create(payout=line.payout, row=row, paid=False, words="户名不符")
    Line.objects.filter(pk=line.pk).update(live=False)
    frozen = {name: getattr(line, name) for name in ("claim", "amount", "schedule", "rate", "inputs", "trace")}
    return Line.objects.create(replaces=line, **frozen)


def test_what_the_bank_sent_back_is_found_and_explained(http, cashier, auditor, leader):
    expert = make.make_expert()
    pay.account(expert)
    service = pay.reviewed(expert)
    pay.released(cashier, auditor, leader)
    sent_back(service)
    make.sign_in(http, cashier)

    assert found(http, state="returned") == {pay.claim_of(service).pk}
    assert found(http, state="waiting") == set()
    page = text(http.get(pay.claim_of(service).get_absolute_url()))
    assert "银行退回户名不符尾号4567" in page
    assert "替代前一笔，有效" in page


def test_found_by_kind_month_expert_and_reason(http, cashier):
    march = pay.reviewed(make.make_expert(user=make.make_user(name="赵一")), day=date(2026, 3, 10))
    april = pay.reviewed(make.make_expert(user=make.make_user(name="钱二")), day=date(2026, 4, 1))
    other = make.make_service(state="confirmed", confirmed_via="link")
    actions.collect()
    make.sign_in(http, cashier)
    keys = [pay.claim_of(service).pk for service in (march, april, other)]

    assert found(http, month="2026-04") == {keys[1]}
    assert found(http, expert="赵一") == {keys[0]}
    assert found(http, expert=april.expert.no) == {keys[1]}
    assert found(http, activity="review") == set(keys[:2])
    assert found(http, why="unpriced") == {keys[2]}
    assert found(http, month="1999-01", state="no", activity="x") == set(keys)


# Explained


def test_whoever_may_see_the_service_is_led_there(http, cashier, leader, claim):
    service = claim.service.get_absolute_url()

    assert service not in seen_by(http, cashier, claim.get_absolute_url()).content.decode()
    assert "评审签到和签字确认" in text(http.get(claim.get_absolute_url()))
    assert service in seen_by(http, leader, claim.get_absolute_url()).content.decode()


def test_a_seat_that_came_to_nothing_says_so(http, cashier):
    seat = make.make_seat(state="stood_down", why="recused", signed_in_at=clock.instant(date(2026, 3, 10), 9))
    actions.collect()

    page = text(seen_by(http, cashier, Claim.objects.get(seat=seat).get_absolute_url()))

    assert f"评审{seat.panel.number}，评审前取消" in page


# Corrected


def test_the_cashier_proposes_and_the_auditor_signs(http, cashier, auditor, claim):
    assert "提出更正" in text(seen_by(http, cashier, claim.get_absolute_url()))
    form = http.get(f"{claim.get_absolute_url()}correct/").context["form"]
    assert (form["minutes"].value(), form["outcome"].value()) == (240, "completed")

    said = {"void": "", "minutes": "180", "outcome": "completed", "reason": "签到表上少一小时"}
    http.post(f"{claim.get_absolute_url()}correct/", said)

    correction = Correction.objects.get()
    assert (correction.minutes, correction.proposed_by) == (180, cashier)
    page = text(http.get(claim.get_absolute_url()))
    assert "时长4小时改为3小时待复核" in page
    assert "提出更正的人不能自己复核" not in page
    sign = reverse("payments:sign", args=[correction.pk])
    assert sign in seen_by(http, auditor, claim.get_absolute_url()).content.decode()
    assert "原来的500.00元冲销，按服务那天的标准重新计算" in text(http.get(sign))

    answer = http.post(sign, {"opinion": "与签到表一致"}, follow=True)

    assert answer.redirect_chain == [(claim.get_absolute_url(), 302)]
    assert [str(line.amount) for line in claim.lines.order_by("pk")] == ["500.00", "-500.00", "400.00"]
    assert "冲销：4小时：300＋2×100" in text(answer)


def test_a_correction_by_new_rates_alone_says_so_and_what_it_comes_to(http, cashier, auditor, claim):
    rates = {"review": {"unit": "hour", "amount": "150.00"}}
    make.make_rate_schedule("confirmed", scope="review", effective_from=date(2026, 3, 1), rates=rates)
    correction = proposed(claim, cashier, minutes=None, reason="新标准从3月1日起执行")

    page = text(seen_by(http, auditor, claim.get_absolute_url()))
    form = text(http.get(reverse("payments:sign", args=[correction.pk])))

    assert "时长和结果不变，重新计算待复核" in page
    assert "原来的500.00元冲销，按服务那天的标准重新计算，是600.00元（4小时：4×150）" in form


def test_what_cannot_be_signed_by_now_is_said_before_it_is(http, cashier, auditor, claim):
    correction = proposed(claim, cashier)
    rates = {"review": {}}
    make.make_rate_schedule("confirmed", scope="review", effective_from=date(2026, 3, 1), rates=rates)
    make.sign_in(http, auditor)

    form = text(http.get(reverse("payments:sign", args=[correction.pk])))

    assert "现在按更正后的情况不能计价：这类活动还没有支付标准，待局里录入" in form


def test_the_page_of_a_correction_that_was_signed_opens_once_more(http, cashier, auditor, claim):
    correction = actions.sign(proposed(claim, cashier), by=auditor)
    make.sign_in(http, auditor)

    answer = http.get(reverse("payments:sign", args=[correction.pk]))

    assert answer.status_code == 200
    assert "按服务那天的标准重新计算。" in text(answer)


def test_only_a_review_is_called_off_or_extended(http, cashier, claim):
    make.make_rate_schedule(
        "confirmed", effective_from=date(2026, 3, 1), rates={"guidance": {"unit": "session", "amount": "150.00"}}
    )
    service = make.make_service(state="confirmed", kind="guidance", confirmed_via="link", minutes=60)
    actions.collect()
    make.sign_in(http, cashier)
    other = pay.claim_of(service).get_absolute_url()

    assert {"outcome", "extended"} <= http.get(f"{claim.get_absolute_url()}correct/").context["form"].fields.keys()
    assert [*http.get(f"{other}correct/").context["form"].fields] == ["void", "minutes", "reason"]
    nothing = http.post(f"{other}correct/", {"void": "", "minutes": "0", "reason": "没有做"})
    http.post(f"{other}correct/", {"void": "", "minutes": "90", "reason": "签到表上是一个半小时"})

    assert "已完成的至少1分钟" in text(nothing)
    assert (Correction.objects.get().minutes, Correction.objects.get().outcome) == (90, "completed")


def test_what_was_ruled_upon_says_so_once(http, cashier):
    service = make.make_service(state="ruled", minutes=60, ruled_minutes=40)
    actions.collect()

    page = text(seen_by(http, cashier, pay.claim_of(service).get_absolute_url()))

    assert "40分钟，已核定怎么算的" in page


def test_what_is_not_paid_at_all(http, cashier, auditor, claim):
    make.sign_in(http, cashier)
    http.post(f"{claim.get_absolute_url()}correct/", {"void": "1", "minutes": "", "reason": "同一场算了两次"})
    make.sign_in(http, auditor)

    http.post(reverse("payments:sign", args=[Correction.objects.get().pk]), {"opinion": ""})

    claim.refresh_from_db()
    assert (claim.why_not, claim.lines.live().count()) == ("voided", 0)
    assert "没有计价：经更正不予支付" in text(http.get(claim.get_absolute_url()))


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"minutes": ""}, "请填写实际时长（分钟）"),
        ({"minutes": "0"}, "已完成的至少1分钟"),
        ({"minutes": "180", "reason": ""}, "请填写更正理由"),
        ({"minutes": "240"}, "更正后和原来一样，没有要改的"),
    ],
)
def test_a_wrong_entry_keeps_what_was_typed(http, cashier, claim, entry, told):
    make.sign_in(http, cashier)
    said = {"void": "", "outcome": "completed", "reason": "签到表上少一小时"} | entry

    answer = http.post(f"{claim.get_absolute_url()}correct/", said)

    assert (answer.status_code, Correction.objects.count()) == (422, 0)
    assert told in text(answer)
    assert answer.context["form"]["reason"].value() == said["reason"]


def test_whoever_proposed_does_not_sign(http, claim, auditor):
    both = person("both", "cashier", "auditor")
    correction = proposed(claim, both)

    page = seen_by(http, both, claim.get_absolute_url())

    assert "提出更正的人不能自己复核" in text(page)
    assert reverse("payments:sign", args=[correction.pk]) not in page.content.decode()
    assert http.post(reverse("payments:sign", args=[correction.pk])).status_code == 422
    correction.refresh_from_db()
    assert correction.state == "proposed"


@pytest.mark.parametrize("opinion", ["", "签到表没有问题"])
def test_refused_with_a_reason(http, cashier, auditor, claim, opinion):
    correction = proposed(claim, cashier)
    make.sign_in(http, auditor)

    answer = http.post(reverse("payments:refuse", args=[correction.pk]), {"opinion": opinion})

    correction.refresh_from_db()
    assert (answer.status_code, correction.state) == ((302, "refused") if opinion else (422, "proposed"))
    assert str(claim.lines.get().amount) == "500.00"


@pytest.mark.parametrize(("role", "status"), [("cashier", 403), ("leader", 403), ("intake", 404)])
def test_only_the_auditor_signs(http, claim, role, status):
    correction = proposed(claim, person("maker", "cashier"))
    make.sign_in(http, person(role, role))

    for verb in ("sign", "refuse"):
        assert http.post(reverse(f"payments:{verb}", args=[correction.pk]), {"opinion": "好"}).status_code == status
    correction.refresh_from_db()
    assert correction.state == "proposed"


@pytest.mark.parametrize("role", ["auditor", "leader"])
def test_only_the_cashier_proposes(http, role, claim):
    make.sign_in(http, person(role, role))

    assert http.post(f"{claim.get_absolute_url()}correct/", {"minutes": "180", "reason": "少"}).status_code == 403
    assert not Correction.objects.exists()


def test_of_two_proposals_the_second_is_told(http, cashier, claim):
    make.sign_in(http, cashier)
    said = {"void": "", "minutes": "180", "outcome": "completed", "reason": "签到表上少一小时"}
    http.post(f"{claim.get_absolute_url()}correct/", said)

    answer = http.post(f"{claim.get_absolute_url()}correct/", said)

    assert (answer.status_code, Correction.objects.count()) == (422, 1)
    assert "这一笔已有更正在等复核" in text(answer)


def test_what_is_in_a_batch_says_why_it_is_not_corrected_now(http, cashier, claim):
    pay.submitted(cashier)

    page = text(seen_by(http, cashier, claim.get_absolute_url()))

    assert "这一笔在批次里，先移出批次或把批次退回" in page


# A sum within a range


@pytest.fixture
def ranged():
    """A talk of two hours, whose standard is 300 to 800 yuan an hour."""
    hourly = {"guidance": {"unit": "hour", "amount": "300.00", "most": "800.00"}}
    make.make_rate_schedule("confirmed", effective_from=date(2026, 3, 1), rates=hourly)
    service = make.make_service(state="confirmed", kind="guidance", confirmed_via="link", minutes=120)
    actions.collect()
    return pay.claim_of(service)


def test_the_cashier_fixes_a_sum_within_the_range(http, cashier, ranged):
    assert ranged.why_not == "range"
    assert "定金额" in text(seen_by(http, cashier, ranged.get_absolute_url()))
    assert "标准是每小时300.00～800.00元" in text(http.get(f"{ranged.get_absolute_url()}agree/"))

    http.post(f"{ranged.get_absolute_url()}agree/", {"agreed": "500", "agreed_why": "正高级职称"})

    ranged.refresh_from_db()
    assert (str(ranged.agreed), ranged.agreed_by, ranged.why_not) == ("500.00", cashier, "")
    assert str(ranged.lines.get().amount) == "1000.00"


@pytest.mark.parametrize(
    ("agreed", "why", "told"),
    [
        ("900", "名家", "金额要在标准的幅度内"),
        ("500", "", "请填写这样定的理由"),
        ("", "名家", "请填写每单位金额（元）"),
        ("500.125", "名家", "每单位金额（元）最多2位小数"),
        ("五百", "名家", "每单位金额（元）只能填数字"),
        ("123456789012", "名家", "每单位金额（元）太大了，请核对"),
    ],
)
def test_a_sum_outside_the_range_is_told(http, cashier, ranged, agreed, why, told):
    make.sign_in(http, cashier)

    answer = http.post(f"{ranged.get_absolute_url()}agree/", {"agreed": agreed, "agreed_why": why})

    ranged.refresh_from_db()
    assert (answer.status_code, ranged.agreed) == (422, None)
    assert told in text(answer)


@pytest.fixture
def agreed(ranged, cashier):
    """At 800 an hour; it should have been 500."""
    return actions.agree(ranged, by=cashier, agreed=Decimal("800.00"), agreed_why="正高级职称")


def test_a_mistyped_sum_is_corrected_by_two(http, cashier, auditor, agreed):
    page = f"{agreed.get_absolute_url()}correct/"
    form = seen_by(http, cashier, page).context["form"]
    assert (str(form["agreed"].value()), form["agreed"].help_text) == ("800.00", "标准是每小时300.00～800.00元")

    http.post(page, {"void": "", "minutes": "120", "agreed": "500", "reason": "谈定的是500元，填错了"})

    assert "每单位800.00元改为500.00元待复核" in text(seen_by(http, auditor, agreed.get_absolute_url()))
    sign = reverse("payments:sign", args=[Correction.objects.get().pk])
    assert "重新计算，是1,000.00元（2小时：2×500（标准300～800））" in text(http.get(sign))
    http.post(sign, {"opinion": "与谈定的一致"})
    assert [str(line.amount) for line in agreed.lines.order_by("pk")] == ["1600.00", "-1600.00", "1000.00"]
    agreed.refresh_from_db()
    assert str(agreed.agreed) == "800.00"  # what was typed stays on record


@pytest.mark.parametrize(
    ("sum_", "told"),
    [
        ("900", "每单位金额要在标准的幅度内"),
        ("", "请填写每单位金额（元）"),
        ("800", "更正后和原来一样，没有要改的"),
    ],
)
def test_what_a_mistyped_sum_cannot_become_is_told(http, cashier, agreed, sum_, told):
    said = {"void": "", "minutes": "120", "agreed": sum_, "reason": "谈定的是另一个数"}
    make.sign_in(http, cashier)

    answer = http.post(f"{agreed.get_absolute_url()}correct/", said)

    assert (answer.status_code, told in text(answer), Correction.objects.exists()) == (422, True, False)


def test_where_the_standard_is_no_range_no_sum_is_asked(http, cashier, claim):
    assert "agreed" not in seen_by(http, cashier, f"{claim.get_absolute_url()}correct/").context["form"].fields


def test_a_corrected_sum_stays_when_the_time_is_corrected(cashier, auditor, agreed):
    for work in ({"agreed": Decimal("500.00")}, {"minutes": 60}):
        line = agreed.lines.live().get()
        correction = actions.propose_correction(line, by=cashier, reason="与签到表不符", **work)
        actions.sign(correction, by=auditor)

    assert str(agreed.lines.live().get().amount) == "500.00"


def test_what_was_priced_before_the_standard_became_a_range_is_priced_anew_with_a_sum(cashier, auditor, claim):
    hourly = {"review": {"unit": "hour", "amount": "100.00", "most": "200.00"}}
    make.make_rate_schedule("confirmed", scope="review", effective_from=date(2026, 3, 1), rates=hourly)
    correction = proposed(claim, cashier, minutes=None, agreed=Decimal("150.00"))

    actions.sign(correction, by=auditor)

    assert item_page.changes(correction) == "每单位150.00元"
    assert str(claim.lines.live().get().amount) == "600.00"


@pytest.mark.parametrize("role", ["auditor", "leader"])
def test_only_the_cashier_fixes_a_sum(http, role, ranged):
    make.sign_in(http, person(role, role))

    assert http.post(f"{ranged.get_absolute_url()}agree/", {"agreed": "500", "agreed_why": "好"}).status_code == 403


# Constant queries


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_for_one_and_for_three(http, cashier, count, django_assert_num_queries):
    for place in range(count):
        pay.reviewed(day=date(2026, 3, 10 + place))
    pay.submitted(cashier)
    make.sign_in(http, cashier)

    with django_assert_num_queries(17):
        http.get(LIST)


@pytest.mark.parametrize("times", [1, 3])
def test_the_page_asks_the_same_for_one_correction_and_for_three(
    http, cashier, auditor, claim, times, django_assert_num_queries
):
    for minutes in [60, 120, 180][:times]:
        actions.sign(proposed(claim, cashier, minutes=minutes), by=auditor)
    make.sign_in(http, cashier)

    with django_assert_num_queries(17):
        http.get(claim.get_absolute_url())
