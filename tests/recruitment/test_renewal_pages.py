"""The pages about another term: the expert's, the public's, the office's (Article 3)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experts.models import Appointment
from expertteam import clock
from recruitment import actions
from recruitment.models import Application, Round, Wish
from recruitment.progress import PLEDGES
from tests.conftest import person
from tests.make import (
    end_early,
    make_application,
    make_appointment,
    make_complete_application,
    make_dismissal,
    make_notice,
    make_recommendable,
    make_round,
    make_wish,
    sign_in,
)

TODAY, LAST = date(2026, 3, 2), date(2026, 4, 30)
TYPED = {"words": "还想继续帮创业者。", "changes": ""} | dict.fromkeys(PLEDGES, "on")
SAID = {"words": "还想继续帮创业者。", "agreed": PLEDGES}
DESK, OFFICE = "/desk/renewal/", "/admin/renewals/"
READERS = {"intake", "reviewer", "leader", "inspector"}
STAFF = ["intake", "reviewer", "leader", "matcher", "inspector", "cashier", "auditor", "admin"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def term(expert):
    """Ends on 2026-04-30, fifty-nine days from today."""
    return make_appointment(user=expert, first_day=date(2023, 5, 1))


def renewal_round(**fields):
    return make_round(purpose=Round.Purpose.RENEWAL, **fields)


def text(response):
    return response.content.decode()


def shown(http, user, address):
    sign_in(http, user)
    return text(http.get(address))


# The expert's page


@pytest.mark.parametrize(
    ("on", "sentence", "asks"),
    [
        (date(2025, 10, 31), "从2025年11月1日起，可以在这里提出续聘意愿", False),
        (date(2025, 11, 1), "您想续聘吗？", True),
        (LAST, "您想续聘吗？", True),
        (date(2026, 5, 1), "已经自动终止", False),
    ],
)
def test_the_page_asks_in_the_window_and_says_when_it_opens(http, expert, term, on, sentence, asks):
    with clock.at(on):
        html = shown(http, expert, DESK)

    assert sentence in html
    assert ("提交续聘意愿" in html) is asks


def test_a_term_that_was_ended_is_not_asked_about(http, expert, term):
    end_early(Appointment.objects.filter(pk=term.pk), TODAY)

    html = shown(http, expert, DESK)

    assert "已经提前结束，不能续聘" in html
    assert "提交续聘意愿" not in html


def test_whoever_is_no_expert_has_no_such_page(http, client):
    assert http.get(DESK).status_code == 302
    sign_in(http, client)
    assert [
        http.get(DESK).status_code,
        *(http.post(f"{DESK}{each}").status_code for each in ("apply/", "take-back/")),
    ] == [404] * 3


def test_no_box_is_ticked_beforehand_and_each_text_is_there_to_read(http, expert, term):
    html = shown(http, expert, DESK)

    assert "checked" not in html
    assert "聘期结束后，这项义务继续有效" in html


@pytest.mark.parametrize(
    ("missing", "told"),
    [("words", "请填写为什么愿意再当一届专家"), ("confidentiality", "请勾选“保密承诺”，再提交")],
)
def test_what_is_missing_is_named_and_what_was_typed_stays(http, expert, term, missing, told):
    sign_in(http, expert)

    response = http.post(
        DESK, {name: value for name, value in TYPED.items() if name != missing} | {"changes": "换了单位"}
    )

    assert response.status_code == 422
    assert told in text(response)
    assert "换了单位</textarea>" in text(response)
    assert not Wish.objects.exists()


def test_without_a_round_the_wish_is_kept(http, expert, term):
    sign_in(http, expert)

    response = http.post(DESK, TYPED, follow=True)

    assert "续聘意愿已提出，有开放的批次就通知您" in text(response)
    assert "您的意愿已经记下。现在没有开放的批次" in text(response)
    assert "还想继续帮创业者。" in text(response)
    assert "提交续聘意愿" not in text(response)
    assert (Wish.objects.get().term, Application.objects.count()) == (term, 0)


def test_with_a_round_the_application_begins(http, expert, term):
    renewal_round()
    sign_in(http, expert)

    response = http.post(DESK, TYPED, follow=True)

    assert response.redirect_chain[-1][0] == "/apply/"
    assert "已填好，请核对后提交" in text(response)
    assert "<h1>续聘报名</h1>" in text(response)
    assert Application.objects.get().renews == term
    assert "去核对并提交" in shown(http, expert, DESK)


def test_pressing_twice_says_that_it_is_done(http, expert, term):
    sign_in(http, expert)

    http.post(DESK, TYPED)
    again = http.post(DESK, TYPED)

    assert (again.status_code, Wish.objects.count()) == (422, 1)
    assert "这一届的续聘意愿已经提出，不用再提" in text(again)


def test_a_wish_that_waited_becomes_an_application_by_one_press(http, expert, term):
    actions.wish(expert, **SAID)
    selection = renewal_round()

    html = shown(http, expert, DESK)
    response = http.post(f"{DESK}apply/")

    assert f"“{selection}”正在报名" in html
    assert (response.url, Application.objects.get().round) == ("/apply/", selection)


def test_without_a_round_there_is_nothing_to_press(http, expert, term):
    actions.wish(expert, **SAID)
    sign_in(http, expert)

    response = http.post(f"{DESK}apply/", follow=True)

    assert "现在没有可以报名的批次" in text(response)
    assert not Application.objects.exists()


def test_a_wish_is_taken_back_by_its_button(http, expert, term):
    actions.wish(expert, **SAID)

    html = shown(http, expert, DESK)
    response = http.post(f"{DESK}take-back/", follow=True)

    assert "撤回续聘意愿</button>" in html
    assert "续聘意愿已撤回" in text(response)
    assert "提交续聘意愿" in text(response)
    assert not Wish.objects.standing().exists()


def test_once_he_has_applied_he_is_told_to_withdraw_that(http, expert, term):
    actions.renew(expert, round=renewal_round(), **SAID)

    html = shown(http, expert, DESK)
    response = http.post(f"{DESK}take-back/", follow=True)

    assert "撤回续聘意愿</button>" not in html
    assert "不想续聘的请撤回报名" in text(response)


# The desk


def test_the_desk_shows_an_ending_term_with_the_way_to_the_wish(http, expert, term):
    html = shown(http, expert, "/desk/")

    assert "聘期快到了" in html
    assert "聘期还有59天，2026年4月30日是最后一天。" in html
    assert f'href="{DESK}">我想续聘' in html


@pytest.mark.parametrize("on", [date(2025, 10, 31), date(2026, 5, 1)])
def test_the_desk_says_nothing_of_it_at_another_time(http, expert, term, on):
    with clock.at(on):
        assert "聘期快到了" not in shown(http, expert, "/desk/")


def test_the_desk_says_where_a_wish_stands(http, expert, term):
    actions.wish(expert, **SAID)

    assert "您的续聘意愿已经记下，有开放的批次就通知您" in shown(http, expert, "/desk/")


# The public list of rounds


def test_a_round_for_renewal_is_no_open_call(http):
    selection = renewal_round(name="2026年续聘")

    html = text(http.get("/apply/"))

    assert "2026年续聘" in html
    assert "只办理续聘" in html
    assert "不接受新报名" in html
    assert "现在没有开放的报名" in html
    assert f"/apply/start/{selection.pk}/" not in html
    assert "登录后报名" not in html


def test_an_open_call_beside_it_is_offered_as_before(http, client):
    renewal_round()
    selection = make_round()

    html = shown(http, client, "/apply/")

    assert f"/apply/start/{selection.pk}/" in html
    assert html.count("开始报名</button>") == 1
    assert "现在没有开放的报名" not in html


def test_a_newcomer_cannot_press_his_way_into_it(http, client):
    selection = renewal_round()
    sign_in(http, client)

    response = http.post(f"/apply/start/{selection.pk}/", follow=True)

    assert "这一批只办理续聘" in text(response)
    assert not Application.objects.exists()


# The office's pages


@pytest.mark.parametrize("role", [*STAFF, "expert", "client"])
def test_who_reads_of_endings(http, role, request):
    wish = make_wish()
    user = request.getfixturevalue(role)
    sign_in(http, user)

    answers = [http.get(OFFICE).status_code, http.get(f"{OFFICE}{wish.term_id}/").status_code]

    assert answers == [200 if role in READERS else 403] * 2


def test_a_stranger_is_asked_to_sign_in(http):
    assert http.get(OFFICE).status_code == 302


def test_an_officer_who_is_an_expert_does_not_read_his_own(http, term):
    officer = term.expert.user
    officer.groups.add(*person("other", "intake").groups.all())
    officer.is_staff = True
    officer.save()
    sign_in(http, officer)

    assert http.get(f"{OFFICE}{term.pk}/").status_code == 403


@pytest.fixture
def endings(intake, reviewer, leader):
    """One term at every stage, ending on 2026-04-30 unless the stage says otherwise."""
    terms = {"none": make_appointment(first_day=date(2023, 5, 1)), "wish": make_wish().term}
    selection = renewal_round()
    for stage, state in [
        ("draft", "draft"),
        ("applied", "submitted"),
        ("recommended", "approved"),
        ("closed", "declined"),
    ]:
        terms[stage] = make_wish().term
        make_application(state=state, round=selection, applicant=terms[stage].expert.user, renews=terms[stage])
    terms["appointed"] = make_appointment(first_day=date(2023, 5, 1))
    make_appointment(user=terms["appointed"].expert.user, first_day=date(2026, 5, 1))
    return terms


def test_every_ending_term_is_listed_with_its_stage(http, intake, endings):
    make_appointment(first_day=date(2024, 5, 1))  # ends in a year
    void = make_appointment(first_day=date(2023, 5, 1))
    end_early(Appointment.objects.filter(pk=void.pk), TODAY)
    sign_in(http, intake)

    page = http.get(OFFICE)

    assert {term.pk: term.stage for term in page.context["object_list"]} == {t.pk: s for s, t in endings.items()}
    assert [many for _, _, many, _ in page.context["tabs"]] == [1] * 7


@pytest.mark.parametrize("stage", ["none", "wish", "draft", "applied", "recommended", "appointed", "closed"])
def test_the_list_narrows_to_a_stage(http, intake, endings, stage):
    sign_in(http, intake)

    listed = http.get(OFFICE, {"stage": stage}).context["object_list"]

    assert list(listed) == [endings[stage]]


def test_a_wish_that_still_waits_is_listed_after_its_term(http, intake):
    kept, silent = make_wish().term, make_appointment(first_day=date(2023, 5, 1))
    sign_in(http, intake)

    with clock.at(date(2026, 5, 1)):
        listed = list(http.get(OFFICE).context["object_list"])

    assert (listed, silent in listed) == ([kept], False)


@pytest.mark.parametrize(("first_day", "listed"), [(date(2023, 8, 30), True), (date(2023, 8, 31), False)])
def test_the_list_ends_with_the_window(http, intake, first_day, listed):
    term = make_appointment(first_day=first_day)  # 180 and 181 days before its end
    sign_in(http, intake)

    assert (term in http.get(OFFICE).context["object_list"]) is listed


def test_the_office_is_shown_who_waits_for_a_round(http, reviewer, intake):
    wish = make_wish()

    html = shown(http, reviewer, OFFICE)
    today = shown(http, reviewer, "/admin/")

    assert "1位专家想续聘，没有开放的批次" in html
    assert "/admin/recruitment/round/add/?purpose=renewal" in html
    assert ("安排续聘" in today, wish.term.number in today) == (True, True)
    assert "开续聘批次" not in shown(http, intake, OFFICE)
    renewal_round()
    assert "没有开放的批次" not in shown(http, reviewer, OFFICE)
    assert "安排续聘" not in shown(http, reviewer, "/admin/")


def test_the_form_of_a_new_round_knows_what_it_is_for(http, reviewer):
    html = shown(http, reviewer, "/admin/recruitment/round/add/?purpose=renewal")

    assert '<option value="renewal" selected>续聘</option>' in html


def test_the_purpose_stays_once_somebody_has_applied(http, reviewer):
    selection = make_application().round
    sign_in(http, reviewer)
    dates = {name: getattr(selection, name) for name in ("opens_on", "closes_on", "screening_until", "review_until")}

    response = http.post(
        f"/admin/recruitment/round/{selection.pk}/change/",
        {"name": selection.name, "purpose": "renewal", "change_reason": "改用途", **dates},
    )

    assert "已经有人报名，不能再改用途" in text(response)
    selection.refresh_from_db()
    assert selection.purpose == "open"


def test_the_list_costs_the_same_for_one_and_for_many(http, intake):
    sign_in(http, intake)

    def queries():
        with CaptureQueriesContext(connection) as counted:
            assert http.get(OFFICE).status_code == 200
        return len(counted)

    make_wish()
    one = queries()
    for _ in range(3):
        make_wish()

    assert queries() == one


def test_one_page_says_what_the_term_shows_and_what_he_wishes(http, intake):
    wish = make_wish(changes="去年评上了高级经济师。")

    html = shown(http, intake, f"{OFFICE}{wish.term_id}/")

    assert "还想继续帮创业者。" in html
    assert "去年评上了高级经济师。" in html
    assert "2023年5月1日至2026年3月2日，只作参考，是否续聘由办理的人决定" in html
    assert "有效计次0次" in html
    assert "还没有评价" in html


# On the way


@pytest.fixture
def submitted(expert, term, intake):
    application = make_complete_application(applicant=expert, round=renewal_round(), renews=term)
    return make_recommendable(application, by=intake)


def test_first_review_sees_the_evidence_with_the_way_to_the_whole(http, intake, submitted, term):
    html = shown(http, intake, submitted.get_absolute_url())

    assert "这一届的服务评估" in html
    assert f"{OFFICE}{term.pk}/" in html
    assert "沿用上一届的" not in html
    ordinary = make_complete_application()
    actions.submit(ordinary, by=ordinary.applicant)
    assert "这一届的服务评估" not in shown(http, intake, ordinary.get_absolute_url())


def test_evidence_that_was_taken_over_is_marked(http, intake, submitted):
    document = submitted.documents.first()
    document.carried_from = submitted.documents.last()
    document.save()

    assert "沿用上一届的，需重新核验" in shown(http, intake, submitted.get_absolute_url())


def test_to_recommend_a_renewal_asks_for_reasons(http, intake, submitted):
    address = f"{submitted.get_absolute_url()}recommend/"

    asked = shown(http, intake, address)
    refused = http.post(address, {"opinion": "  "})
    http.post(address, {"opinion": "指导八十多次，满意度高"})

    submitted.refresh_from_db()
    assert "推荐续聘的理由" in asked
    assert "推荐续聘要写明理由" in text(refused)
    assert submitted.state == "recommended"


@pytest.fixture
def on_notice(submitted, intake, reviewer):
    """Its notice ends on 2026-03-09 at 18:00."""
    actions.recommend(submitted, by=intake, opinion="指导八十多次，满意度高")
    actions.approve(submitted, by=reviewer, opinion="同意")
    make_notice(submitted, by=reviewer)
    return submitted


def test_the_form_of_appointment_begins_the_day_after_the_old_term(http, leader, on_notice):
    address = f"{on_notice.get_absolute_url()}appoint/"
    with clock.at(date(2026, 3, 10)):
        offered = shown(http, leader, address)
        refused = http.post(address, {"first_day": "2026-04-30"})
        http.post(address, {"first_day": "2026-05-01"})

    on_notice.refresh_from_db()
    assert 'value="2026-05-01"' in offered
    assert "聘期到2029年4月30日，共三年" in offered
    assert "原来的聘期和聘书不变" in offered
    assert "上一届到2026年4月30日为止，请从次日或以后开始" in text(refused)
    assert (on_notice.appointment.first_day, on_notice.appointment.last_day) == (date(2026, 5, 1), date(2029, 4, 30))


def test_an_open_case_keeps_the_appointment_back(http, leader, on_notice, term):
    case = make_dismissal(expert=term.expert)
    address = f"{on_notice.get_absolute_url()}appoint/"

    with clock.at(date(2026, 3, 10)):
        sign_in(http, leader)
        response = http.post(address, {"first_day": "2026-05-01"})
        page = shown(http, leader, f"{OFFICE}{term.pk}/")

    on_notice.refresh_from_db()
    assert "解聘案件还没有办结，不能聘任" in text(response)
    assert "解聘案件1件" in page
    assert (on_notice.state, case.is_open) == ("on_notice", True)
