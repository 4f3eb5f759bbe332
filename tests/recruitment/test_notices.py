"""Public notices: their period, what their pages say to whom, and the way in for whoever knows something (Article 11)."""

import re
from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expertteam import clock
from expertteam.models import CalendarDay, CalendarYear
from expertteam.regulation import Refused
from expertteam.workflow import SYSTEM
from recruitment import actions
from recruitment.actions.notice import digest
from recruitment.models import Application, Notice, Objection
from recruitment.views.notices import A_MINUTE
from tests.make import make_application, make_bare_notice, make_listed, make_objection, make_user, pdf, sign_in

BEGINS, END = clock.instant(date(2026, 3, 3)), clock.instant(date(2026, 3, 9), 18)  # released on Monday 2026-03-02
SECOND = timedelta(seconds=1)
RUNNING, OVER = date(2026, 3, 4), date(2026, 3, 10)
LIST, RECEIPT, LODGED = reverse("recruitment:notices"), reverse("recruitment:receipt"), reverse("recruitment:lodged")
SOURCE = "国务院办公厅关于2027年部分节假日安排的通知"
pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture(autouse=True)
def _empty_cache():
    caches["pages"].clear()


@pytest.fixture
def listed(reviewer):
    return make_listed(2, by=reviewer)


def said(candidate, /, **fields):
    """What the form sends."""
    whole = {"candidate": candidate.pk, "kind": "untrue", "facts": "2023年并不在该单位任职，请核实。"}
    return whole | {"way": "named", "name": "高明", "phone": "139 0000 0001", "key": "k1"} | fields


def send(http, candidate, /, at=RUNNING, **fields):
    with clock.at(at):
        return http.post(reverse("recruitment:object", args=[candidate.notice_id]), said(candidate, **fields))


def read(http, url, at=RUNNING):
    with clock.at(at):
        return http.get(url)


def text(response):
    """What a reader sees, without markup."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]*>", "", response.content.decode()))


# The period


@pytest.mark.parametrize(
    ("released", "begins", "ends"),
    [
        pytest.param(date(2026, 3, 6), date(2026, 3, 9), date(2026, 3, 13), id="Friday"),
        pytest.param(date(2026, 3, 7), date(2026, 3, 9), date(2026, 3, 13), id="Saturday"),
        pytest.param(date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 9), id="over a weekend"),
        pytest.param(date(2026, 2, 11), date(2026, 2, 12), date(2026, 2, 25), id="over Spring Festival"),
        pytest.param(date(2026, 2, 13), date(2026, 2, 14), date(2026, 2, 27), id="begins on a worked Saturday"),
        pytest.param(date(2026, 9, 19), date(2026, 9, 20), date(2026, 9, 24), id="begins on a worked Sunday"),
        pytest.param(date(2026, 9, 27), date(2026, 9, 28), date(2026, 10, 9), id="over National Day"),
        pytest.param(date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 13), id="National Day, worked Saturday"),
        pytest.param(date(2026, 4, 28), date(2026, 4, 29), date(2026, 5, 8), id="over Labour Day"),
        pytest.param(date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 31), id="up to the end of the year"),
    ],
)
def test_11_a_notice_is_public_for_five_working_days_from_the_next_one(reviewer, released, begins, ends):
    [candidate] = make_listed(by=reviewer, on=clock.instant(released, 23, 59))

    notice = candidate.notice
    assert (notice.begins_at, notice.ends_at) == (clock.instant(begins), clock.instant(ends, 18))
    assert (notice.days, notice.end_hour, notice.provisional) == (5, 18, False)


@pytest.mark.parametrize(
    ("special", "ends"),
    [
        pytest.param({date(2027, 1, 1): "holiday"}, date(2027, 1, 5), id="New Year's Day"),
        pytest.param(
            {date(2027, 1, 1): "holiday", date(2027, 1, 4): "rest", date(2027, 1, 10): "workday"},
            date(2027, 1, 6),
            id="a bridged Monday",
        ),
        pytest.param(
            {date(2026, 12, 31): "rest", date(2027, 1, 1): "holiday"}, date(2027, 1, 6), id="a bridged Thursday"
        ),
        pytest.param(
            {date(2027, 1, 1): "workday", date(2027, 1, 2): "workday", date(2027, 1, 3): "workday"},
            date(2027, 1, 4),
            id="never shortened",
        ),
    ],
)
def test_11_over_a_new_year_without_schedule_the_end_waits_for_it(reviewer, leader, special, ends):
    [candidate] = make_listed(by=reviewer, on=date(2026, 12, 28))
    notice = candidate.notice
    provisional = notice.provisional, notice.ends_at

    with clock.at(date(2027, 1, 20)):
        with pytest.raises(Refused, match="公示截止日仍是暂定"):
            actions.appoint(candidate.application, by=leader)
        with pytest.raises(Refused, match="还没有录入"):
            actions.settle(notice, by=SYSTEM)
        year = CalendarYear.objects.create(year=2027, source=SOURCE)
        for day, kind in special.items():
            CalendarDay.objects.create(year=year, date=day, kind=kind)
        actions.settle(notice, by=SYSTEM)
        actions.appoint(candidate.application, by=leader)

    assert provisional == (True, clock.instant(date(2027, 1, 4), 18))
    assert (notice.provisional, notice.ends_at) == (False, clock.instant(ends, 18))
    assert candidate.application.state == Application.State.APPOINTED


def test_nothing_is_published_whose_first_day_is_unknown(reviewer):
    with pytest.raises(Refused, match="^2027年的放假安排还没有录入，不能确定公示首日"):
        make_listed(by=reviewer, on=date(2026, 12, 31))


def test_the_digest_can_be_worked_out_again_from_what_is_stored(listed):
    notice = Notice.objects.get(pk=listed[0].notice_id)

    assert digest(notice) == notice.digest


# The list


def test_the_list_says_where_each_notice_stands_newest_first(http, reviewer):
    earlier = make_bare_notice(ends_at=clock.instant(date(2026, 3, 3), 18))
    make_bare_notice(state="draft")
    make_bare_notice(begins_at=clock.instant(date(2026, 3, 5)))
    make_bare_notice(state="annulled")
    [running] = make_listed(by=reviewer)

    page = read(http, LIST)

    assert [notice.pk for notice, _, _ in page.context["rows"]][::3] == [running.notice_id]
    assert [standing.word for _, standing, _ in page.context["rows"]] == ["公示中", "已撤销", "公示已结束，没有异议"]
    assert page.context["rows"][2][0] == earlier
    assert "还剩5天，3月9日18:00截止" in text(page)


def test_the_list_without_notices_says_so(http, db):
    assert "现在没有公示" in text(read(http, LIST))


def test_the_list_costs_the_same_for_one_and_for_many(http, listed):
    with CaptureQueriesContext(connection) as one:
        read(http, LIST)
    for _ in range(29):
        make_bare_notice()
    caches["pages"].clear()

    with CaptureQueriesContext(connection) as many:
        page = read(http, LIST)

    assert len(page.context["rows"]) == 20
    assert len(many) == len(one)
    assert len(read(http, f"{LIST}?page=2").context["rows"]) == 10


# One notice


def test_a_notice_is_public_from_midnight(http, listed, reviewer, stranger):
    url = listed[0].notice.get_absolute_url()

    assert read(http, url, at=BEGINS - SECOND).status_code == 404
    assert read(http, url, at=BEGINS).status_code == 200
    sign_in(http, stranger)
    assert read(http, url, at=BEGINS - SECOND).status_code == 404
    sign_in(http, reviewer)
    preview = read(http, url, at=BEGINS - SECOND)
    assert "预览，公众还看不到" in text(preview)
    assert "反映哪位" not in text(preview)


def test_a_draft_is_for_staff_alone(http, reviewer):
    draft = make_bare_notice(state="draft")

    assert http.get(draft.get_absolute_url()).status_code == 404
    sign_in(http, reviewer)
    assert "预览，公众还看不到" in text(http.get(draft.get_absolute_url()))


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (RUNNING, "还剩5天，3月9日18:00截止"),
        (END, "反映哪位"),
        (END + SECOND, "公示已结束，没有异议"),
        (OVER, "仍要反映情况"),
    ],
)
def test_a_notice_says_how_long_it_runs_and_when_it_is_over(http, listed, at, shown):
    assert shown in text(read(http, listed[0].notice.get_absolute_url(), at))


def test_a_notice_shows_period_basis_order_contacts_and_digest(http, listed, settings):
    page = text(read(http, listed[0].notice.get_absolute_url()))

    for shown in (
        "2026年3月3日至3月9日（5个工作日），最后一天18:00截止",
        "按姓名拼音排列",
        "第十一条",
        settings.SITE["org"],
    ):
        assert shown in page
    assert listed[0].notice.digest in page
    assert f"监督电话{settings.SITE['supervise_phone'].replace(' ', '')}" in page


def test_a_notice_tells_of_a_person_only_what_the_list_prints(http, reviewer):
    applicant = make_user(
        name="鹪鹩鸲", phone="13955550147", email="canary@example.cn", id_kind="passport", id_number="E5550147"
    )
    secret = {"district": "140105", "line": "金丝雀的一句话", "biography": "金丝雀的经历", "title": "高级金丝雀师"}
    application = make_application(state="approved", applicant=applicant, employer="某厂", position="厂长", **secret)
    notice = actions.draft_notice(
        by=reviewer, round=application.round, title="公示", statement="拟聘任以下人选。", applications=[application]
    )
    actions.publish(notice, by=reviewer)

    page = read(http, notice.get_absolute_url()).content.decode()

    assert "鹪鹩鸲" in page
    assert "某厂 厂长" in page
    for hidden in ("13955550147", "0147", "canary", "金丝雀", application.number):
        assert hidden not in page


def test_a_provisional_notice_says_why_and_for_what_it_waits(http, reviewer):
    [candidate] = make_listed(by=reviewer, on=date(2026, 12, 28))

    for day in (date(2026, 12, 30), date(2027, 1, 20)):
        page = text(read(http, candidate.notice.get_absolute_url(), day))
        assert "截止时间是暂定的" in page
        assert "公示期到了2027年，国家还没有公布这一年的放假安排" in page
        assert "反映哪位" in page


def test_an_ended_notice_tells_of_objections_and_never_about_whom(http, listed, reviewer):
    pages = []
    for about in [*listed, None]:
        with clock.at(RUNNING):
            made = make_objection(listed[0], candidate=about)
        pages.append(text(read(http, listed[0].notice.get_absolute_url(), OVER)))
        assert "有异议正在核实" not in text(read(http, listed[0].notice.get_absolute_url(), RUNNING))
        assert made.receipt not in pages[-1]

    assert "公示已结束，有异议正在核实" in pages[0]
    assert pages[0] == pages[1] == pages[2]


def test_an_ended_notice_whose_objections_are_decided_says_so(http, listed, inspector, leader):
    with clock.at(RUNNING):
        objection = make_objection(listed[0])
    actions.examine(objection, by=inspector)
    actions.report(objection, by=inspector, report="已核实")
    actions.decide(objection, by=leader, upheld=True, decision="成立")

    page = text(read(http, listed[0].notice.get_absolute_url(), OVER))

    assert "公示期内收到的异议已经办结" in page
    assert "成立" not in page


def test_leads_are_not_spoken_of(http, listed):
    with clock.at(RUNNING):
        make_objection(listed[0], name="")

    assert "公示已结束，没有异议" in text(read(http, listed[0].notice.get_absolute_url(), OVER))


def test_an_annulled_notice_gives_the_reason_and_leads_to_its_correction(http, listed, reviewer):
    earlier = listed[0].notice
    with clock.at(RUNNING):
        actions.annul(earlier, by=reviewer, reason="一名人选的单位写错了")
        applications = [each.application for each in earlier.candidates.all()]
        correction = actions.draft_notice(
            by=reviewer, round=earlier.round, title="更正公示", statement="更正单位。", applications=applications, corrects=earlier
        )  # fmt: skip
        actions.publish(correction, by=reviewer)

    old, new = [read(http, each.get_absolute_url(), date(2026, 3, 5)) for each in (earlier, correction)]

    assert "撤销原因：一名人选的单位写错了" in text(old)
    assert correction.get_absolute_url() in old.content.decode()
    assert "反映哪位" not in text(old)
    assert f"这份公示更正的是：{earlier.title}" in text(new)
    assert earlier.get_absolute_url() in new.content.decode()


def test_a_notice_costs_the_same_for_one_and_for_many(http, reviewer):
    urls = [make_listed(people, by=reviewer)[0].notice.get_absolute_url() for people in (1, 30)]
    costs = []
    for url in urls:
        for at in (RUNNING, OVER):
            with CaptureQueriesContext(connection) as asked:
                assert read(http, url, at).status_code == 200
            costs.append(len(asked))

    assert costs[:2] == costs[2:]
    assert max(costs) <= 8


# The way in


def test_a_real_name_gets_a_receipt_that_stands_in_no_address(http, listed):
    response = send(http, listed[0], files=[pdf(), pdf("另一份.pdf")])

    objection = Objection.objects.get()
    assert response.url == LODGED
    page = text(read(http, LODGED))
    assert objection.receipt in page
    assert "作为异议受理" in page
    assert "最晚3月18日（周三）答复您" in page
    assert (objection.candidate, objection.phone, objection.evidence.count()) == (listed[0], "13900000001", 2)
    assert "13900000001" not in page


def test_a_receipt_is_shown_to_the_browser_that_sent_and_to_no_other(http, listed):
    send(http, listed[0])

    other = Client().get(LODGED)

    assert (other.status_code, other.url) == (302, RECEIPT)
    assert "no-store" in read(http, LODGED)["Cache-Control"]


def test_pressing_twice_gives_one_receipt(http, listed):
    for _ in range(2):
        assert send(http, listed[0]).url == LODGED

    assert Objection.objects.count() == 1


def test_the_whole_list_can_be_objected_to(http, listed):
    send(http, listed[0], candidate="all", kind="procedure")

    assert Objection.objects.get().candidate is None


def test_of_an_anonymous_sender_neither_name_nor_number_is_read(http, listed):
    send(http, listed[0], way="anonymous", name="高" * 60, phone="不是号码")

    objection = Objection.objects.get()
    assert (objection.name, objection.phone, objection.counts) == ("", "", False)
    page = text(read(http, LODGED))
    assert "匿名反映，作为线索留存，不影响聘任办理" in page


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("candidate", "", "请选择反映哪位"),
        ("candidate", "999999", "反映哪位只能从给出的选项里选"),
        ("kind", "", "请选择哪方面的情况"),
        ("facts", "", "请填写具体情况"),
        ("facts", "他不行", "具体情况至少10个字，现在只有3个"),
        ("facts", "事" * 1001, "具体情况最多1000个字，现在有1001个"),
        ("way", "", "请选择怎么联系您"),
        ("name", " ", "实名反映要填姓名，不想留就选匿名"),
        ("phone", "", "请填写手机号"),
        ("phone", "1390000", "手机号少了4位"),
        ("files", [pdf(f"{n}.pdf") for n in range(6)], "最多5个文件，您选了6个"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_the_field_and_nothing_is_lost(http, listed, field, value, message):
    typed = {"facts": "2023年并不在该单位任职，请核实。", "name": "高明"} | {field: value}

    page = send(http, listed[0], **typed)

    assert page.status_code == 422
    assert message in page.context["form"].errors[field][0]
    assert message in text(page)
    assert "有错误：" in page.content.decode()
    for kept in ("facts", "name"):
        assert str(typed[kept]).strip() in page.content.decode()
    assert not Objection.objects.exists()


@pytest.mark.parametrize("facts", ["事" * 10, "事" * 1000, "一行\r\n" * 332 + "共一千字"])
def test_facts_have_ten_to_a_thousand_characters_as_the_browser_counts(http, listed, facts):
    assert send(http, listed[0], facts=facts).url == LODGED


def test_a_file_that_cannot_be_taken_is_named(http, listed):
    bad = pdf("程序.pdf")
    bad.file.seek(0)
    bad.file.write(b"MZ\x90\x00")
    bad.file.seek(0)

    page = send(http, listed[0], files=[pdf(), bad])

    assert "程序.pdf：只收照片" in text(page)
    assert "请重新选一次" in text(page)
    assert not Objection.objects.exists()


def test_a_robot_is_asked_again_and_a_person_loses_nothing(http, listed):
    page = send(http, listed[0], homepage="http://spam.example")

    assert "没有提交成功，请再点一次" in text(page)
    assert "spam.example" not in page.content.decode()
    assert send(http, listed[0]).url == LODGED


def test_after_the_end_it_is_told_before_and_after_that_it_is_a_lead(http, listed):
    url = reverse("recruitment:object", args=[listed[0].notice_id])

    before = read(http, url, END + SECOND)
    assert "作为线索留存，我们会核实，但不再影响这一次的聘任办理" in text(before)
    send(http, listed[0], at=END + SECOND)
    after = text(read(http, LODGED, OVER))

    assert "公示期已过，不影响这一次的聘任办理" in after
    assert "需要时联系您，不逐件答复" in after
    assert Objection.objects.get().late


def test_there_is_no_way_in_before_the_beginning(http, listed, reviewer):
    sign_in(http, reviewer)

    assert send(http, listed[0], at=BEGINS - SECOND).status_code == 404
    assert read(http, reverse("recruitment:object", args=[listed[0].notice_id]), BEGINS - SECOND).status_code == 404


def test_whoever_writes_while_the_notice_is_annulled_is_told_and_loses_nothing(http, listed, reviewer):
    with clock.at(date(2026, 3, 4)):
        actions.annul(listed[0].notice, by=reviewer, reason="名单有误")

    page = send(http, listed[0])

    assert page.status_code == 422
    assert "公示还没有开始，或已撤销" in text(page)
    assert "2023年并不在该单位任职" in text(page)
    assert (
        read(http, reverse("recruitment:object", args=[listed[0].notice_id])).url == listed[0].notice.get_absolute_url()
    )


def test_one_network_cannot_flood(http, listed):
    answers = [send(http, listed[0], key=f"k{n}").status_code for n in range(A_MINUTE + 1)]

    assert answers == [302] * A_MINUTE + [429]
    neighbour = Client(REMOTE_ADDR="203.0.113.9")
    assert send(neighbour, listed[0]).status_code == 302


def test_no_other_site_can_send_in_somebodys_name(listed):
    assert send(Client(enforce_csrf_checks=True), listed[0]).status_code == 403


# What became of it


def ask(http, receipt, phone="", at=OVER):
    with clock.at(at):
        return http.post(RECEIPT, {"receipt": receipt, "phone": phone})


def test_the_sender_follows_it_to_the_answer(http, listed, inspector, leader):
    with clock.at(RUNNING):
        objection = make_objection(listed[0])
    shown = []

    def look():
        page = ask(http, objection.receipt, "139 0000 0001")
        shown.append([step.state for step in page.context["steps"]])
        return text(page)

    with clock.at(clock.instant(date(2026, 3, 5), 10)):
        assert "最晚3月18日（周三）" in look()
        actions.examine(objection, by=inspector)
        look()
        actions.report(objection, by=inspector, report="任职不属实")
        actions.decide(objection, by=leader, upheld=True, decision="金丝雀理由")
        undisclosed = look()
        actions.answer(objection, by=inspector, answer="经核实，您反映的情况属实。")
        answered = look()

    assert shown == [["now", "", ""], ["done", "now", ""], ["done", "now", ""], ["done", "done", "done"]]
    assert "属实" not in undisclosed
    assert "经核实，您反映的情况属实。" in answered
    assert "金丝雀" not in answered
    assert "3月5日10:00" in answered


def test_a_lead_says_only_whether_it_is_closed(http, listed, inspector):
    with clock.at(RUNNING):
        lead = make_objection(listed[0], name="")

    assert "线索留存。我们会核实，线索不逐件答复" in text(ask(http, lead.receipt))
    actions.file_lead(lead, by=inspector, report="金丝雀报告")
    page = text(ask(http, lead.receipt))
    assert "线索办结。已核实办结" in page
    for hidden in ("金丝雀", listed[0].name, lead.facts):
        assert hidden not in page


def test_a_wrong_number_and_a_wrong_combination_are_answered_alike(http, listed):
    with clock.at(RUNNING):
        objection = make_objection(listed[0])

    answers = {
        text(ask(http, receipt, phone)).replace(receipt, "")
        for receipt, phone in [(objection.receipt, ""), (objection.receipt, "13900000002"), ("YC000000000000", "")]
    }

    assert ask(http, objection.receipt, "").status_code == 422
    assert all("没有查到，请核对受理编号和手机号" in answer for answer in answers)
    assert len(answers) == 1


@pytest.mark.parametrize("written", ["YC {} {} {}", "yc{}-{}-{}", "{}{}{}", "ＹＣ　{}　{}　{}"])
def test_a_receipt_number_is_found_however_it_is_written(http, listed, written):
    with clock.at(RUNNING):
        lead = make_objection(listed[0], name="")
    digits = lead.receipt[2:]

    page = ask(http, written.format(digits[:4], digits[4:8], digits[8:]))

    assert page.context["found"] == lead


def test_receipts_cannot_be_guessed_fast(http, listed):
    answers = [ask(http, f"YC{n:012d}").status_code for n in range(A_MINUTE + 1)]

    assert answers == [422] * A_MINUTE + [429]


def test_the_look_up_is_kept_nowhere(http, listed):
    with clock.at(RUNNING):
        objection = make_objection(listed[0])

    for page in (read(http, RECEIPT), ask(http, objection.receipt, objection.phone)):
        assert "no-store" in page["Cache-Control"]
