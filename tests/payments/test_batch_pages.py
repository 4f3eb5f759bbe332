"""The pages of a batch: who sees it, what is looked at first, what is chosen, who may not, what came of it (Article 13)."""

import io
import re
from datetime import date

import pytest
from django.apps import apps
from django.urls import reverse
from pypdf import PdfReader

from expertteam import clock
from payments import actions, today
from payments.choice import Choice
from payments.models import BankAccount, Batch, Line
from tests import make
from tests.conftest import person
from tests.payments import pay

pytestmark = pytest.mark.django_db
LIST = reverse("payments:batches")


@pytest.fixture
def known(cashier, auditor, leader):
    """An expert to whose account money has been sent before, so that nothing about him is doubtful."""
    expert = make.make_expert()
    pay.account(expert)
    pay.reviewed(expert, day=date(2026, 3, 1))
    pay.released(cashier, auditor, leader)
    return expert


def address(batch, verb=""):
    return f"{batch.get_absolute_url()}{verb}"


def seen_by(http, user, url):
    make.sign_in(http, user)
    return http.get(url)


def text(response):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", response.content.decode()))


def ticked(response):
    """The keys of the boxes that come ticked."""
    boxes = re.findall(r'<input type="checkbox"[^>]*>', response.content.decode())
    return {int(re.search(r'value="(\d+)"', box)[1]) for box in boxes if " checked" in box}


def form_of(response, *keys):
    """What the browser sends of the table, with these boxes ticked."""
    hidden = dict(
        re.findall(r'<input type="hidden" name="(seen|kept|shown)" value="([^"]*)"', response.content.decode())
    )
    return hidden | {"ticked": [*keys]}


# Who sees


@pytest.mark.parametrize("role", ["cashier", "auditor", "leader"])
def test_finance_and_the_leader_see_the_batches(http, role, cashier):
    batch = make.make_batch()
    user = cashier if role == "cashier" else person("someone", role)

    assert batch.title in text(seen_by(http, user, LIST))
    assert batch.title in text(http.get(address(batch)))


@pytest.mark.parametrize("role", ["intake", "matcher", "inspector", "admin", "expert", "client"])
def test_others_have_no_batches(http, role):
    batch = make.make_batch("approved")
    make.sign_in(http, person("someone", role))

    assert http.get(LIST).status_code == 403
    assert http.get(address(batch)).status_code == 404
    assert http.get(address(batch, "table.pdf")).status_code == 404
    assert http.post(address(batch, "release/")).status_code == 404
    assert http.get(reverse("payments:make")).status_code == 403


def test_a_visitor_is_led_to_the_door(http):
    for url in (LIST, address(make.make_batch()), reverse("payments:make")):
        assert http.get(url).status_code == 302


@pytest.mark.parametrize(
    ("verb", "state", "right"),
    [
        ("take_out/", "draft", "cashier"),
        ("submit/", "draft", "cashier"),
        ("dissolve/", "draft", "cashier"),
        ("approve/", "submitted", "auditor"),
        ("send_back/", "submitted", "auditor"),
        ("release/", "approved", "leader"),
        ("hold_back/", "approved", "leader"),
    ],
)
def test_each_act_is_for_one_post(http, verb, state, right):
    batch = make.make_batch(state)

    for role in ("cashier", "auditor", "leader"):
        page = seen_by(http, person(role, role), address(batch, verb))
        assert page.status_code == (200 if role == right else 403)
        if role != right:
            assert http.post(address(batch, verb), {"words": "改"}).status_code == 403
    batch.refresh_from_db()
    assert batch.state == state


# Opening the page collects


def test_opening_collects_and_tells_what_waits(http, cashier):
    make.make_service(state="confirmed", confirmed_via="link")
    pay.reviewed(minutes=240)
    expert = make.make_expert()
    pay.account(expert)
    pay.reviewed(expert, minutes=420)

    page = text(seen_by(http, cashier, LIST))

    assert Line.objects.count() == 2
    assert "待发放2笔" in page
    assert "合计1,300.00元" in page
    assert "没有收款账户，或者待核实：1笔" in page
    assert "这类活动还没有支付标准，待局里录入：1笔没有计价" in page
    assert "编制批次" in page


def test_what_takes_money_back_and_what_is_being_corrected_are_told_apart(http, cashier, auditor, leader, known):
    paid = Line.objects.get()
    pay.answered(paid.payout, cashier)
    actions.sign(actions.propose_correction(paid, by=cashier, reason="没有到场", void=True), by=auditor)
    service = pay.reviewed(known, minutes=240)
    actions.collect()
    actions.propose_correction(pay.line_of(service), by=cashier, reason="签到表上少一小时", minutes=180)

    page = text(seen_by(http, cashier, LIST))

    assert "待发放1笔合计-500.00元其中抵扣1笔，-500.00元" in page
    assert "更正等复核：1笔，有结果以后再编进批次" in page
    assert waits_for(cashier)[0] == ("编制报酬批次", "1笔待发放")


def test_nothing_is_offered_to_be_made_of_what_is_being_corrected(http, cashier):
    service = pay.reviewed(minutes=240)
    actions.collect()
    actions.propose_correction(pay.line_of(service), by=cashier, reason="签到表上少一小时", minutes=180)

    page = seen_by(http, cashier, LIST)

    assert reverse("payments:make") not in page.text
    assert "编制报酬批次" not in [what for what, _ in waits_for(cashier)]


def test_much_is_collected_step_by_step_without_script(http, cashier, monkeypatch):
    for _ in range(3):
        pay.reviewed()
    monkeypatch.setattr("payments.views.batches.STEP", 2)

    first = seen_by(http, cashier, LIST)
    assert "已归集2笔，还有1笔，共3笔" in text(first)
    assert 'http-equiv="refresh" content="0; url=?done=2"' in first.content.decode()
    assert '<progress value="2" max="3"' in first.content.decode()

    last = http.get(LIST, {"done": "2"})
    assert "待发放3笔" in text(last)
    assert "refresh" not in last.content.decode()


# Made


def test_the_cashier_makes_a_batch_of_the_month_before(http, cashier):
    pay.reviewed()
    page = seen_by(http, cashier, LIST)
    assert "编制批次" in text(page)

    form = http.get(reverse("payments:make")).context["form"]
    assert (form["title"].value(), form["until"].value()) == ("2026年3月报酬", date(2026, 3, 31))
    answer = http.post(reverse("payments:make"), {"title": "2026年3月报酬", "until": "2026-03-31"}, follow=True)

    batch = Batch.objects.get()
    assert answer.redirect_chain == [(batch.get_absolute_url(), 302)]
    assert (batch.number, batch.made_by, batch.lines.count()) == ("BC26040001", cashier, 1)


@pytest.mark.parametrize(
    ("until", "told"),
    [("", "请填写服务日期截至"), ("2026-05-01", "服务日期不能晚于今天"), ("2026-02-28", "这一天以前没有待发放的报酬")],
)
def test_a_wrong_entry_keeps_what_was_typed(http, cashier, until, told):
    pay.reviewed()
    actions.collect()
    make.sign_in(http, cashier)

    answer = http.post(reverse("payments:make"), {"title": "三月的", "until": until})

    assert (answer.status_code, Batch.objects.count()) == (422, 0)
    assert told in text(answer)
    assert answer.context["form"]["title"].value() == "三月的"


def test_in_a_draft_what_cannot_be_paid_is_ticked_and_taken_out(http, cashier, known):
    pay.reviewed(known)
    stuck = pay.reviewed()
    actions.collect()
    batch = actions.make(by=cashier, title="2026年3月报酬", until=date(2026, 3, 31))
    page = seen_by(http, cashier, address(batch))
    assert ticked(page) == {pay.line_of(stuck).pk}

    http.post(address(batch, "take_out/"), form_of(page, pay.line_of(stuck).pk))

    assert list(batch.lines.values_list("claim__expert", flat=True)) == [known.pk]
    assert batch.history.first().history_change_reason == "移出所选（第13条）"


def test_the_cashier_submits_or_dissolves(http, cashier, known):
    pay.reviewed(known)
    actions.collect()
    one = actions.make(by=cashier, title="2026年3月报酬", until=date(2026, 3, 31))
    assert "提交复核" in text(seen_by(http, cashier, address(one)))

    http.post(address(one, "dissolve/"))
    two = actions.make(by=cashier, title="2026年3月报酬", until=date(2026, 3, 31))
    http.post(address(two, "submit/"))

    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.state, two.state) == ("dissolved", "submitted")


# Looked at and passed


@pytest.fixture
def mixed(cashier, known):
    """Nothing doubtful, doubtful, impossible: three lines of 500 yuan."""
    clean = pay.reviewed(known, day=date(2026, 3, 10))
    doubtful = make.make_expert()
    pay.account(doubtful)
    first = pay.reviewed(doubtful, day=date(2026, 3, 11))
    stuck = pay.reviewed(day=date(2026, 3, 12))
    pay.confirm_rates()
    batch = pay.submitted(cashier)
    return batch, *(pay.line_of(each).pk for each in (clean, first, stuck))


def test_what_is_doubtful_is_told_first_and_not_ticked(http, auditor, mixed):
    batch, clean, doubtful, stuck = mixed

    page = seen_by(http, auditor, address(batch))

    html = page.content.decode()
    assert "先看这2处" in text(page)
    assert f'href="#r{doubtful}"' in html
    assert f'id="r{doubtful}"' in html
    assert "王芳还没有收款账户，不能付款" in text(page)
    assert ticked(page) == {clean}
    assert re.search(rf'value="{stuck}"[^>]* disabled', html)
    assert "4小时：300＋2×100" in html
    assert "人数3人" in text(page)
    assert "应发合计1,500.00元" in text(page)


def test_the_auditor_passes_what_is_ticked(http, auditor, mixed):
    batch, clean, *_ = mixed
    page = seen_by(http, auditor, address(batch))

    answer = http.post(address(batch, "approve/"), form_of(page, clean), follow=True)

    batch.refresh_from_db()
    assert (batch.state, batch.checked_by, str(batch.gross)) == ("approved", auditor, "500.00")
    assert list(batch.lines.values_list("pk", flat=True)) == [clean]
    assert "复核通过1笔，实发460.00元" in text(answer)


def test_what_is_not_enough_to_set_off_is_told_when_it_is_left_out(http, cashier, auditor, known):
    paid = Line.objects.get()
    pay.answered(paid.payout, cashier)
    actions.sign(actions.propose_correction(paid, by=cashier, reason="没有到场", void=True), by=auditor)
    other = make.make_expert()
    pay.account(other)
    pay.reviewed(other, minutes=240)
    batch = pay.submitted(cashier)
    page = seen_by(http, auditor, address(batch))
    keys = [line.pk for line in batch.lines.all()]

    answer = http.post(
        address(batch, "approve/"), form_of(page, *keys) | {"check_note": "已核对户名和尾号"}, follow=True
    )

    assert "复核通过1笔，实发500.00元，等局领导发放；另选的1笔抵扣后不足，移出等下一个批次" in text(answer)


def test_a_doubtful_line_needs_a_word_and_the_choice_is_kept(http, auditor, mixed):
    batch, clean, doubtful, _ = mixed
    page = seen_by(http, auditor, address(batch))

    answer = http.post(address(batch, "approve/"), form_of(page, clean, doubtful))

    assert (answer.status_code, Batch.objects.get(pk=batch.pk).state) == (422, "submitted")
    assert "所选里有1笔要确认，请写明怎样核对的" in text(answer)
    assert "已选2笔，合计1,000.00元" in text(answer)
    again = re.findall(r'name="(seen|kept|shown|ticked)" value="([^"]*)"', answer.content.decode())
    assert {int(value) for name, value in again if name == "ticked"} == {clean, doubtful}

    said = form_of(page, clean, doubtful) | {"check_note": "已与本人核对户名"}
    http.post(address(batch, "approve/"), said)
    batch.refresh_from_db()
    assert (batch.state, batch.check_note, batch.lines.count()) == ("approved", "已与本人核对户名", 2)


def test_what_cannot_be_paid_is_not_passed_even_when_the_box_is_forged(http, auditor, mixed):
    batch, clean, _, stuck = mixed
    page = seen_by(http, auditor, address(batch))

    http.post(address(batch, "approve/"), form_of(page, clean, stuck))

    assert list(batch.lines.values_list("pk", flat=True)) == [clean]


def test_nothing_ticked_is_nothing_passed(http, auditor, mixed):
    batch = mixed[0]
    page = seen_by(http, auditor, address(batch))

    answer = http.post(address(batch, "approve/"), form_of(page))

    assert answer.status_code == 422
    assert "一笔也没有选，请先勾选" in text(answer)


def test_who_looked_at_something_else_is_told(http, auditor, mixed):
    batch, clean, doubtful, _ = mixed
    page = seen_by(http, auditor, address(batch))
    account = Line.objects.get(pk=doubtful).claim.expert.bank_accounts.get()
    account.state = "disputed"
    account.save()

    answer = http.post(address(batch, "approve/"), form_of(page, clean))

    assert answer.status_code == 422
    assert "您打开以后批次有变化，请回到批次重新核对" in text(answer)


def test_of_two_clicks_the_second_is_told(http, auditor, mixed):
    batch, clean, *_ = mixed
    form = form_of(seen_by(http, auditor, address(batch)), clean)
    http.post(address(batch, "approve/"), form)

    answer = http.post(address(batch, "approve/"), form)

    assert answer.status_code == 422
    assert batch.history.filter(history_change_reason="复核通过所选（第13条）").count() == 1


@pytest.mark.parametrize("words", ["", "第2笔时长不对"])
def test_sent_back_with_a_reason(http, auditor, cashier, mixed, words):
    batch = mixed[0]
    make.sign_in(http, auditor)

    answer = http.post(address(batch, "send_back/"), {"words": words})

    batch.refresh_from_db()
    assert (answer.status_code, batch.state) == ((302, "draft") if words else (422, "submitted"))
    assert (f"退回原因{words}" in text(seen_by(http, cashier, address(batch)))) is bool(words)


# Many pages


def test_the_choice_covers_all_pages_without_script(http, cashier, auditor, known):
    for minute in range(55):
        pay.reviewed(known, day=date(2026, 3, 2 + minute // 2), hour=8 + minute % 2 * 6, minutes=60)
    pay.confirm_rates()
    batch = pay.submitted(cashier)
    keys = [row.line.pk for row in Choice(batch, auditor).rows]
    first = seen_by(http, auditor, address(batch))
    assert len(ticked(first)) == 50

    second = http.post(address(batch), form_of(first, *keys[1:50]) | {"page": "2"})
    assert ticked(second) == set(keys[50:])
    back = http.post(address(batch), form_of(second, *keys[51:]) | {"page": "1"})
    assert ticked(back) == set(keys[1:50])
    http.post(address(batch, "approve/"), form_of(back, *keys[1:50]))

    batch.refresh_from_db()
    assert set(batch.lines.values_list("pk", flat=True)) == {*keys[1:50], *keys[51:]}


def test_in_a_long_batch_what_is_to_be_looked_at_comes_first(cashier, auditor, known):
    for place in range(52):
        pay.reviewed(known, day=date(2026, 3, 2 + place // 2), hour=8 + place % 2 * 6, minutes=60)
    late = pay.reviewed(day=date(2026, 3, 31))
    pay.confirm_rates()
    batch = pay.submitted(cashier)

    assert Choice(batch, auditor).rows[0].line == pay.line_of(late)


# Who is barred


def test_the_maker_is_told_why_he_does_not_check(http, mixed):
    batch = mixed[0]
    both = person("both", "cashier", "auditor")
    Batch.objects.filter(pk=batch.pk).update(made_by=both)

    page = seen_by(http, both, address(batch))

    assert "制表人和复核人不能是同一人" in text(page)
    assert "复核通过所选" not in text(page)
    assert http.post(address(batch, "approve/"), form_of(page)).status_code == 422


def test_whoever_is_paid_from_it_has_no_button(http, cashier, auditor, known):
    pay.reviewed(known)
    pay.reviewed(known)
    batch = pay.submitted(cashier)
    known.user.is_staff = True
    known.user.save()
    known.user.groups.set(auditor.groups.all())

    page = seen_by(http, known.user, address(batch))

    assert "批次里有您本人的报酬，应由他人办理" in text(page)
    assert "复核通过所选" not in text(page)


def test_whoever_changed_an_account_does_not_pass_its_line(http, cashier, auditor, known):
    expert = make.make_expert()
    pay.account(expert, entered_by=auditor)
    pay.reviewed(expert)
    pay.reviewed(known)
    batch = pay.submitted(cashier)

    page = seen_by(http, auditor, address(batch))

    assert "收款账户由您或制表人办理过" in text(page)


def test_the_auditor_does_not_release(http, cashier, auditor, known):
    pay.reviewed(known)
    pay.confirm_rates()
    batch = pay.approved(cashier, auditor)
    auditor.groups.add(*person("chief", "leader").groups.all())

    page = seen_by(http, auditor, address(batch))

    assert "制表、复核、发放要由三个人办理" in text(page)
    assert f"{address(batch)}release/" not in page.content.decode()


@pytest.mark.parametrize(
    ("day", "account", "why"),
    [
        (date(2026, 4, 2), "disputed", "的收款账户在复核以后有变更，请退回重新编制"),
        (date(2026, 5, 6), "confirmed", "复核以后已经跨月，个税要重新计算，请退回重新编制"),
    ],
)
def test_the_leader_is_told_before_he_presses_why_it_is_not_released(
    http, cashier, auditor, leader, known, day, account, why
):
    pay.reviewed(known)
    batch = pay.approved(cashier, auditor)
    if account == "disputed":
        actions.dispute(BankAccount.objects.get(), by=known.user)

    with clock.at(day):
        page = seen_by(http, leader, address(batch))

    assert why in text(page)
    assert f"{address(batch)}release/" not in page.text
    assert f"{address(batch)}hold_back/" in page.text


def test_the_leader_is_told_that_a_standard_has_not_been_confirmed(http, cashier, auditor, leader):
    expert = make.make_expert()
    pay.account(expert)
    pay.reviewed(expert)
    batch = pay.approved(cashier, auditor)

    page = seen_by(http, leader, address(batch))

    assert "还没有经局里核对确认，确认后才能发放" in text(page)
    assert f"{address(batch)}release/" not in page.text


# Released, and after


@pytest.fixture
def passed(cashier, auditor):
    """1,300 yuan for one expert: 500 tax-free of 800, so 100 of tax."""
    expert = make.make_expert()
    pay.account(expert)
    pay.reviewed(expert, day=date(2026, 3, 10), minutes=240)
    pay.reviewed(expert, day=date(2026, 3, 11), minutes=420)
    pay.confirm_rates()
    return pay.approved(cashier, auditor)


def test_nothing_is_released_that_was_checked_anew_since_the_page_was_opened(http, cashier, auditor, leader, passed):
    seen = seen_by(http, leader, f"{address(passed)}release/").context["form"]["seen"].value()
    actions.hold_back(passed, by=leader, words="换一位复核")
    actions.submit(passed, by=cashier)
    actions.approve(passed, by=auditor, lines=list(passed.lines.all()), check_note="再核对一次")

    stale = http.post(f"{address(passed)}release/", {"seen": seen})
    passed.refresh_from_db()
    state = passed.state
    fresh = http.get(f"{address(passed)}release/").context["form"]["seen"].value()
    http.post(f"{address(passed)}release/", {"seen": fresh})

    assert "您打开这一页以后有变化" in text(stale)
    assert state == "approved"
    passed.refresh_from_db()
    assert passed.state == "released"


def test_the_leader_releases_what_he_sees(http, leader, passed):
    page = text(seen_by(http, leader, address(passed)))
    assert "1,300.00100.000.001,200.00尾号4567" in page
    assert "明细合计1,300.00" in page
    assert "银行文件合计1,200.00" in page
    assert "差额（应发－税额－银行文件）0.00" in page
    assert "应发1,300.00元，税100.00元，实发1,200.00元" in text(http.get(address(passed, "release/")))

    http.post(address(passed, "release/"))

    passed.refresh_from_db()
    assert (passed.state, passed.released_by) == ("released", leader)
    after = text(http.get(address(passed)))
    assert "等回盘" in after
    assert "到账0笔，退回0笔；还没有回的1笔" in after
    assert "银行代发文件由财务经办导出" in after


def test_an_account_denied_after_the_release_is_told_until_the_bank_has_answered(http, cashier, leader, passed):
    actions.release(passed, by=leader)
    payout = passed.payouts.get()
    words = f"{payout.expert}在发放后否认了尾号4567的账户，这一笔1,200.00元（{payout.reference}）请马上通知银行停付"
    before = text(seen_by(http, cashier, address(passed)))

    actions.dispute(payout.account, by=payout.expert.user)
    told = text(http.get(address(passed)))
    pay.answered(payout, cashier, paid=False)

    assert [words in each for each in (before, told, text(http.get(address(passed))))] == [False, True, False]


def test_a_name_leads_to_the_payslip(http, cashier, leader, passed):
    actions.release(passed, by=leader)
    payout = passed.payouts.get()

    assert f'href="{payout.get_absolute_url()}"' in seen_by(http, cashier, address(passed)).text
    assert "下载报酬单" in text(http.get(payout.get_absolute_url()))


def test_the_cashier_takes_the_files(http, cashier, leader, passed):
    assert "银行代发文件在发放以后才能导出" in text(seen_by(http, cashier, address(passed)))
    actions.release(passed, by=leader)

    page = http.get(address(passed)).content.decode()

    assert reverse("payments:bank_file", args=[passed.pk]) in page
    assert reverse("payments:finance_file", args=[passed.pk]) in page


def test_the_lines_stay_to_be_seen(http, leader, passed):
    page = text(seen_by(http, leader, f"{address(passed)}?show=lines"))

    assert "本页2笔合计1,300.00" in page
    actions.release(passed, by=leader)
    assert "本页2笔合计1,300.00" in text(http.get(f"{address(passed)}?show=lines"))


def test_the_leader_holds_it_back(http, leader, passed):
    make.sign_in(http, leader)

    http.post(address(passed, "hold_back/"), {"words": "先核对延时"})

    passed.refresh_from_db()
    assert (passed.state, passed.words, passed.payouts.count()) == ("draft", "先核对延时", 0)


def test_the_table_on_paper_is_signed_by_three(http, leader, passed):
    page = seen_by(http, leader, address(passed, "table.pdf"))

    assert page.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(b"".join(page.streaming_content))).pages
    words = re.sub(r"\s", "", "".join(each.extract_text() for each in pages))
    account = passed.payouts.first().account
    for said in [
        "报酬发放表",
        passed.number,
        "序号姓名应发税实发收款尾号支付参考号",
        account.tail,
        "合计1,300.00",
        "制表：",
        "复核：",
    ]:
        assert said in words
    assert "发放：" in words
    assert account.number not in words


@pytest.mark.parametrize("role", ["intake", "reviewer", "matcher", "inspector", "admin", "expert", "client"])
def test_the_table_is_for_those_who_see_the_batch(http, passed, role):
    assert seen_by(http, person(f"{role}1", role), address(passed, "table.pdf")).status_code in (403, 404)


def test_there_is_no_paper_before_the_taxes_are_known(http, auditor, mixed):
    assert seen_by(http, auditor, address(mixed[0], "table.pdf")).status_code == 404


# Constant queries


@pytest.mark.parametrize("lines", [1, 3])
def test_the_page_asks_the_same_for_one_line_and_for_three(
    http, cashier, auditor, known, lines, django_assert_num_queries
):
    for place in range(lines):
        expert = known if place == 0 else make.make_expert()
        pay.reviewed(expert, day=date(2026, 3, 10 + place))
    batch = pay.submitted(cashier)
    make.sign_in(http, auditor)

    with django_assert_num_queries(31):
        http.get(address(batch))


@pytest.mark.parametrize("lines", [1, 3])
def test_a_released_batch_asks_the_same_for_one_and_for_three(
    http, cashier, auditor, leader, lines, django_assert_num_queries
):
    for place in range(lines):
        expert = make.make_expert()
        pay.account(expert)
        pay.reviewed(expert, day=date(2026, 3, 10 + place))
    batch = pay.released(cashier, auditor, leader)
    make.sign_in(http, auditor)

    with django_assert_num_queries(25):
        http.get(address(batch))
    with django_assert_num_queries(29):
        http.get(f"{address(batch)}?show=lines")


@pytest.mark.parametrize("lines", [1, 3])
def test_the_list_asks_the_same_for_one_and_for_three(http, cashier, lines, django_assert_num_queries):
    for place in range(lines):
        pay.reviewed(day=date(2026, 3, 10 + place))
        make.make_batch()
    actions.collect()
    make.sign_in(http, cashier)

    with django_assert_num_queries(31):
        http.get(LIST)


# What waits, on the page of today


def waits_for(user):
    return [(row.what, row.number) for each in today.queue(user) for row in each.rows]


def test_each_is_told_what_waits_for_him(cashier, auditor, leader, known):
    pay.reviewed(known)
    pay.confirm_rates()
    actions.collect()
    actions.export(Batch.objects.get(), "bank", by=cashier)
    assert waits_for(cashier) == [("编制报酬批次", "1笔待发放")]
    assert today.queue(cashier)[0].rows[0].whom == "合计500.00元"

    batch = actions.make(by=cashier, title="2026年3月报酬", until=date(2026, 3, 31))
    assert waits_for(cashier) == [("提交批次复核", batch.number)]

    actions.submit(batch, by=cashier)
    assert (waits_for(cashier), waits_for(auditor)) == ([], [("复核报酬批次", batch.number)])
    actions.send_back(batch, by=auditor, words="改")
    assert waits_for(cashier) == [("批次退回", batch.number)]

    actions.submit(batch, by=cashier)
    actions.approve(batch, by=auditor, lines=list(batch.lines.all()))
    assert (waits_for(auditor), waits_for(leader)) == ([], [("发放报酬", batch.number)])
    actions.release(batch, by=leader)
    assert (waits_for(leader), waits_for(cashier)) == ([], [("送银行代发", batch.number)])


def test_a_correction_waits_for_another(auditor):
    both = person("both", "cashier", "auditor")
    service = pay.reviewed()
    actions.collect()
    actions.propose_correction(pay.line_of(service), by=both, reason="签到表上少一小时", minutes=180)

    assert ("复核报酬更正", "2026-03-10项目评审") in waits_for(auditor)
    assert ("复核报酬更正", "2026-03-10项目评审") not in waits_for(both)


def test_the_menu_counts_it(http, cashier):
    pay.reviewed()
    actions.collect()
    make.sign_in(http, cashier)

    menu = {label: count for _, label, count, _ in http.get(LIST).context["staff_nav"]()}

    assert menu["劳务报酬"] == 3  # a batch to make, and two schedules whose documents are missing


# The registers


@pytest.mark.parametrize("name", ["batch", "payout", "claim", "line", "correction"])
def test_finance_reads_the_registers_and_changes_nothing(http, cashier, passed, name):
    make.make_correction()
    record = {"batch": passed, "payout": passed.payouts.get(), "line": passed.lines.first()}.get(name)
    record = record or apps.get_model("payments", name).objects.first()
    listed = seen_by(http, cashier, reverse(f"admin:payments_{name}_changelist"))
    page = http.get(reverse(f"admin:payments_{name}_change", args=[record.pk]))

    assert "去办理" in text(listed)
    assert (page.status_code, "6222020502001234567" in page.content.decode()) == (200, False)
    assert http.get(reverse(f"admin:payments_{name}_add")).status_code == 403
    assert http.post(reverse(f"admin:payments_{name}_delete", args=[record.pk]), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("name", ["batch", "payout", "claim", "line", "correction"])
def test_others_have_no_registers_of_pay(http, intake, name):
    assert seen_by(http, intake, reverse(f"admin:payments_{name}_changelist")).status_code == 403
