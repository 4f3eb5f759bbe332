"""Pages of the rates: who sees them, what they say, the form of a draft, what a new circular would change (Article 13)."""

from datetime import date
from decimal import Decimal

import pytest

from expertteam import clock
from payments import actions, changes
from payments.models import Claim, Line, RateSchedule
from tests import make
from tests.conftest import person
from tests.payments import pay

pytestmark = pytest.mark.django_db
LIST = "/admin/payments/rates/"
MAY = date(2026, 5, 1)
REST = {"included_units": "0", "part": "half_up", "holiday_factor": "1", "holiday_lifts_cap": "on"}
KINDS = [
    "consulting", "guidance", "pairing", "visit", "lecture", "salon", "training", "contest", "policy", "survey",
    "following", "technical", "other",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _late_in_may():
    with clock.at(date(2026, 5, 20)):
        yield


def seeded(scope="guidance"):
    return RateSchedule.objects.get(scope=scope, state="provisional")


def drafted(by=None, scope="guidance", effective_from=MAY, rates=(), files=True):
    return actions.draft_schedule(
        by=by or person("typist", "cashier"), scope=scope, title="创业服务补贴标准", document_number="并人社发〔2026〕18号",
        effective_from=effective_from, rates=rates, files=[make.pdf("并人社发18号.pdf")] if files else [],
    )  # fmt: skip


def typed(**changed):
    """What a browser sends of the form of guidance: nothing priced but what is changed."""
    sent = {"title": "创业服务补贴标准", "document_number": "并人社发〔2026〕18号", "effective_from": "2026-05-01"}
    for prefix in [*(f"{kind}_all" for kind in KINDS), "tier1", "tier2"]:
        sent |= {f"{prefix}-unit": "session"} | {f"{prefix}-{name}": value for name, value in REST.items()}
    return sent | changed


# Who


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("cashier", True),
        ("auditor", True),
        ("leader", True),
        ("intake", False),
        ("reviewer", False),
        ("matcher", False),
        ("inspector", False),
        ("admin", False),
        ("expert", False),
        ("client", False),
    ],
)
def test_who_sees_the_rates(http, role, sees):
    schedule = drafted()
    page = schedule.get_absolute_url()
    make.sign_in(http, person("someone", role))

    found = [http.get(at).status_code for at in (LIST, page, f"{page}changes/", document(schedule))]

    assert found == ([200, 200, 200, 200] if sees else [403, 404, 404, 404])


def document(schedule):
    return f"{LIST}files/{schedule.files.get().pk}/"


def test_a_visitor_is_asked_to_sign_in(http):
    schedule = drafted()

    for address in (LIST, schedule.get_absolute_url(), document(schedule), f"{LIST}draft/review/"):
        assert http.get(address).url.startswith("/accounts/login/")


ACTS = [("attach", "cashier"), ("revise", "cashier"), ("drop", "cashier"), ("confirm_schedule", "auditor")]


@pytest.mark.parametrize(("verb", "role"), ACTS)
def test_who_gets_to_an_act(http, verb, role):
    address = f"{drafted().get_absolute_url()}{verb}/"

    found = {}
    for name in ("cashier", "auditor", "leader", "reviewer", "client"):
        make.sign_in(http, person(name, name))
        found[name] = (http.get(address).status_code, http.post(address).status_code)

    others = {"cashier": (403, 403), "auditor": (403, 403), "leader": (403, 403)}
    others |= {"reviewer": (404, 404), "client": (404, 404)}
    assert {name: each for name, each in found.items() if name != role} == {
        name: each for name, each in others.items() if name != role
    }
    assert found[role][0] == 200


@pytest.mark.parametrize(("role", "status"), [("cashier", 200), ("auditor", 403), ("leader", 403), ("client", 403)])
def test_who_drafts(http, role, status):
    make.sign_in(http, person("someone", role))

    assert http.get(f"{LIST}draft/guidance/").status_code == status
    assert http.get(f"{LIST}draft/nothing/").status_code == (404 if status == 200 else 403)


# What they say


def test_the_list_says_in_words_what_is_paid_from_when_to_when(http, auditor):
    actions.confirm_schedule(drafted(rates=[{"kind": "consulting", "amount": Decimal("200")}]), by=auditor)
    make.sign_in(http, auditor)

    page = http.get(LIST).text

    assert "项目评审：2小时以内300元，之后每小时100元，每天不超过800元；法定节假日加倍" in page
    assert "创业咨询：每次200元" in page
    assert "2024年1月1日至2026年4月30日" in page
    assert "2026年5月1日起" in page
    assert ("执行中" in page, "已被替代" in page, "待局里核对确认" in page) == (True, True, True)


def test_the_page_says_what_follows_from_waiting_to_be_confirmed(http, auditor, cashier):
    make.sign_in(http, auditor)
    page = seeded("review").get_absolute_url()

    waiting = http.get(page).text
    assert "确认以前批次不能发放" in waiting
    assert "还没有上传标准文件，先请财务经办上传" in waiting
    assert "confirm_schedule/" not in waiting
    actions.attach(seeded("review"), by=cashier, files=[make.pdf("晋财购24号.pdf")])
    assert f"{page}confirm_schedule/" in http.get(page).text
    answer = http.post(f"{page}confirm_schedule/", {"note": "零头按30分钟计"}, follow=True).text

    confirmed = RateSchedule.objects.get(scope="review")
    assert (confirmed.state, confirmed.confirmed_by, confirmed.note) == ("confirmed", auditor, "零头按30分钟计")
    assert "确认以前批次不能发放" not in answer


def test_the_page_of_guidance_says_what_cannot_be_paid(http, cashier):
    make.sign_in(http, cashier)

    page = http.get(seeded().get_absolute_url()).text

    assert page.count("待局里录入标准") == 13
    assert "还没有金额，不能支付：创业咨询、一对一指导、结对帮扶" in page


def test_a_document_that_no_longer_holds_is_pointed_out(http, cashier, auditor):
    schedule = drafted(cashier)
    actions.revise(schedule, by=cashier, valid_until=date(2026, 5, 19))
    actions.confirm_schedule(schedule, by=auditor)
    make.sign_in(http, cashier)

    assert "文件载明的有效期到2026年5月19日，已经到期" in http.get(schedule.get_absolute_url()).text


def test_whoever_typed_it_is_not_offered_to_confirm(http):
    both = person("both", "cashier", "auditor")
    schedule = drafted(both)
    make.sign_in(http, both)

    assert "confirm_schedule/" not in http.get(schedule.get_absolute_url()).text


def test_the_document_is_handed_out_as_what_it_is(http, leader):
    schedule = drafted()
    make.sign_in(http, leader)

    answer = http.get(document(schedule))

    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert b"".join(answer.streaming_content) == make.PDF


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_asks_as_often_for_many_as_for_few(http, auditor, django_assert_num_queries, more):
    for month in range(more):
        schedule = drafted(person(f"typist{month}", "cashier"), effective_from=date(2026, 5 + month, 1))
        actions.confirm_schedule(schedule, by=auditor)
    make.sign_in(http, auditor)
    http.get(LIST)

    with django_assert_num_queries(13):
        http.get(LIST)


@pytest.mark.parametrize("scope", ["review", "guidance"])
def test_the_page_asks_as_often_for_many_rates_as_for_one(http, auditor, django_assert_num_queries, scope):
    schedule = drafted(scope=scope)
    make.sign_in(http, auditor)
    http.get(schedule.get_absolute_url())

    with django_assert_num_queries(20):
        http.get(schedule.get_absolute_url())


# The form of a draft


def test_a_draft_is_typed_without_script(http, cashier):
    make.sign_in(http, cashier)
    assert "现行：待局里录入标准" in http.get(f"{LIST}draft/guidance/").text
    lecture = {"lecture_all-unit": "class_hour", "lecture_all-amount": "300", "lecture_all-day_cap": "1200"}
    senior = {"tier1-kind_of": "lecture", "tier1-tier_of": "senior", "tier1-unit": "class_hour", "tier1-amount": "500"}

    answer = http.post(f"{LIST}draft/guidance/", typed(files=[make.pdf()], **lecture, **senior), follow=True)

    schedule = RateSchedule.objects.get(state="draft")
    rates = [(rate.kind, rate.tier, str(rate.amount), rate.unit) for rate in schedule.rates.exclude(amount=None)]
    assert "已录入并人社发〔2026〕18号，等财务复核核对确认" in answer.text
    assert rates == [("lecture", "", "300.00", "class_hour"), ("lecture", "senior", "500.00", "class_hour")]
    assert (schedule.rates.count(), schedule.files.count(), schedule.drafted_by) == (14, 1, cashier)


def test_the_form_begins_with_the_numbers_in_force(http, cashier):
    make.sign_in(http, cashier)

    page = http.get(f"{LIST}draft/review/").text

    assert "现行：2小时以内300元，之后每小时100元" in page
    for name, value in (("amount", "100.00"), ("included_amount", "300.00"), ("day_cap", "800.00")):
        assert f'name="review_all-{name}" value="{value}"' in page


WRONG = [
    ({"title": ""}, "请填写文件名称"),
    ({"document_number": ""}, "请填写文号"),
    ({"effective_from": "五月"}, "自何日起执行要写成2026-10-22这样"),
    ({"effective_from": "2024-01-01"}, "执行日期要晚于现行标准的2024年1月1日"),
    ({"valid_until": "2026-04-30"}, "有效期要晚于执行日期"),
    ({"salon_all-amount": "-1"}, "沙龙：每单位金额（元）不能小于0"),
    ({"salon_all-most": "500"}, "沙龙：请填写每单位金额"),
    ({"salon_all-amount": "500", "salon_all-most": "500"}, "沙龙：幅度上限要大于每单位金额"),
    ({"salon_all-amount": "9", "salon_all-included_units": "2"}, "沙龙：起步单位数和起步金额要一起填"),
    ({"salon_all-amount": "9", "salon_all-later_from": "3"}, "沙龙：从第几天起和按几成要一起填"),
    ({"salon_all-amount": "9", "salon_all-half_day_share": "0.6"}, "沙龙：计量单位是天的才分半天"),
    ({"salon_all-amount": "9", "salon_all-later_share": "1.1", "salon_all-later_from": "3"}, "减付后按几成不能大于1"),
    ({"salon_all-amount": "9", "salon_all-day_cap": "9", "salon_all-extended_cap": "8"}, "延时封顶不能低于每天封顶"),
    ({"salon_all-amount": "9", "salon_all-holiday_factor": "0.5"}, "沙龙：法定节假日倍数不能小于1"),
    ({"tier1-amount": "500"}, "另加一档：请选择活动类型"),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG)
def test_what_is_typed_wrongly_comes_back_with_what_to_do(http, cashier, wrong, words):
    make.sign_in(http, cashier)

    answer = http.post(f"{LIST}draft/guidance/", typed(**{"lecture_all-amount": "321"} | wrong))

    assert (answer.status_code, words in answer.text) == (422, True)
    assert 'name="lecture_all-amount" value="321"' in answer.text
    assert not RateSchedule.objects.filter(state="draft").exists()


def test_a_draft_is_revised_on_its_page(http, cashier):
    lecture = {"kind": "lecture", "unit": "class_hour", "amount": Decimal("300")}
    schedule = drafted(cashier, rates=[lecture, lecture | {"tier": "senior", "amount": Decimal("500")}])
    make.sign_in(http, cashier)
    page = f"{schedule.get_absolute_url()}revise/"
    assert 'name="lecture_senior-amount" value="500.00"' in http.get(page).text
    rest = {f"lecture_senior-{name}": value for name, value in REST.items()}
    gone = {"lecture_senior-unit": "class_hour", "lecture_senior-amount": "500", "lecture_senior-gone": "on"}

    answer = http.post(page, typed(**rest, **gone, **{"lecture_all-amount": "350", "title": "补贴办法"}), follow=True)

    schedule.refresh_from_db()
    assert "拟稿已保存，等财务复核核对确认" in answer.text
    assert (schedule.title, schedule.rates.count(), schedule.files.count()) == ("补贴办法", 13, 1)
    assert str(schedule.rates.get(kind="lecture").amount) == "350.00"


def test_attached_dropped_and_drafted_again_on_their_pages(http, cashier):
    schedule = drafted(cashier, files=False)
    page = schedule.get_absolute_url()
    make.sign_in(http, cashier)
    assert "录入新标准" in http.get(LIST).text

    assert http.post(f"{page}attach/").status_code == 422
    after = http.post(f"{page}attach/", {"files": [make.pdf("扫描件.pdf")]}, follow=True).text
    assert "标准文件已上传，等财务复核核对确认" in after
    assert "扫描件.pdf" in after
    http.post(f"{page}drop/")

    assert RateSchedule.objects.get(pk=schedule.pk).state == "dropped"
    assert http.get(f"{page}changes/").status_code == 404
    assert http.post(f"{LIST}draft/guidance/", typed(), follow=True).status_code == 200


# What would change


def reviewed(day, minutes=180, **options):
    return pay.reviewed(day=day, minutes=minutes, **options)


def dearer(by=None, **more):
    """From May on 150 an hour where it was 100."""
    return drafted(by, "review", rates=[{"kind": "review", "amount": Decimal("150")} | more])


def told(report):
    return [(str(row.claim.day), str(row.old), str(row.new), str(row.difference), row.said) for row in report.rows]


def test_what_a_new_circular_would_change(auditor):
    for day, minutes in ((date(2026, 4, 30), 180), (MAY, 100), (date(2026, 5, 12), 180)):
        reviewed(day, minutes)
    actions.collect()

    report = changes.report(dearer(), auditor)

    assert told(report) == [
        ("2026-05-12", "400.00", "450.00", "50.00", "3小时：300＋1×150"),
        ("2026-05-01", "600.00", "600.00", "0.00", "1小时40分钟：300；法定节假日×2"),
    ]
    (review,) = report.sums
    assert (review.label, review.count, str(review.old), str(review.new)) == ("项目评审", 2, "1000.00", "1050.00")
    assert (report.total.count, str(report.total.difference), report.total.unpriced) == (2, "50.00", 0)


def test_what_had_no_price_is_shown_with_it_and_what_still_has_none_says_why(auditor):
    for kind in ("consulting", "technical"):
        make.make_service(
            state="confirmed", confirmed_via="link", kind=kind, started_at=clock.instant(date(2026, 5, 12), 9)
        )
    actions.collect()

    report = changes.report(drafted(rates=[{"kind": "consulting", "amount": Decimal("200")}]), auditor)

    assert [(str(row.old), str(row.new), row.said) for row in report.rows] == [
        ("None", "200.00", "1次：200"),
        ("None", "None", "这类活动还没有支付标准，待局里录入"),
    ]
    assert [(each.label, each.count, str(each.new), each.unpriced) for each in report.sums] == [
        ("创业咨询", 1, "200.00", 0),
        ("技术赋能", 1, "0.00", 1),
    ]


def test_each_is_priced_anew_within_what_the_caps_leave(auditor):
    """Two reviews of one expert on one day: 400 and 400 as it was, then 550 and what 800 leaves of it."""
    expert = make.make_expert()
    reviewed(date(2026, 5, 12), 180, expert=expert)
    reviewed(date(2026, 5, 12), 180, expert=expert, hour=14)
    actions.collect()

    report = changes.report(dearer(amount=Decimal("250")), auditor)

    assert [(str(row.old), str(row.new)) for row in report.rows] == [("400.00", "550.00"), ("400.00", "250.00")]


def test_work_is_looked_at_as_a_correction_found_it(cashier, auditor):
    service = reviewed(date(2026, 5, 12), 240)
    actions.collect()
    correction = actions.propose_correction(pay.line_of(service), by=cashier, reason="早退", minutes=180)
    actions.sign(correction, by=auditor)

    assert [row[1:3] for row in told(changes.report(dearer(), auditor))] == [("400.00", "450.00")]


def test_a_schedule_with_a_successor_touches_its_own_days_alone(cashier, auditor):
    first = actions.confirm_schedule(dearer(cashier), by=auditor)
    with clock.at(date(2026, 6, 20)):
        actions.confirm_schedule(
            drafted(cashier, "review", date(2026, 6, 1), rates=[{"kind": "review", "amount": Decimal("160")}]), by=auditor
        )  # fmt: skip
        for day in (date(2026, 5, 31), date(2026, 6, 1)):
            reviewed(day)
        actions.collect()

        first = RateSchedule.objects.get(pk=first.pk)
        assert [row[:3] for row in told(changes.report(first, auditor))] == [("2026-05-31", "450.00", "450.00")]


def test_looking_changes_nothing(http, auditor):
    reviewed(date(2026, 5, 12))
    make.make_service(state="confirmed", confirmed_via="link", started_at=clock.instant(date(2026, 5, 12), 14))
    actions.collect()
    kept = (list(Line.objects.values()), list(Claim.objects.order_by("pk").values()))
    make.sign_in(http, auditor)

    page = http.get(f"{dearer().get_absolute_url()}changes/").text

    assert ("3小时：300＋1×150" in page, "50.00" in page) == (True, True)
    assert (list(Line.objects.values()), list(Claim.objects.order_by("pk").values())) == kept


def test_nobody_in_office_sees_what_would_become_of_his_own(leader):
    reviewed(date(2026, 5, 12), expert=make.make_expert(user=leader))
    actions.collect()

    assert Claim.objects.count() == 1
    assert changes.report(dearer(), leader).rows == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_report_asks_as_often_for_many_as_for_one(http, auditor, django_assert_num_queries, count):
    for place in range(count):
        reviewed(date(2026, 5, 12 + place))
    actions.collect()
    page = f"{dearer().get_absolute_url()}changes/"
    make.sign_in(http, auditor)
    http.get(page)

    with django_assert_num_queries(27):
        http.get(page)


def test_of_many_the_first_are_shown_and_all_are_summed(http, auditor, monkeypatch):
    for place in range(3):
        reviewed(date(2026, 5, 12 + place))
    actions.collect()
    monkeypatch.setattr(changes, "SHOWN", 2)
    make.sign_in(http, auditor)

    page = http.get(f"{dearer().get_absolute_url()}changes/").text

    assert "只列前2笔，合计是全部3笔" in page
    assert page.count("3小时：300＋1×150") == 2
    assert "1,350.00" in page
