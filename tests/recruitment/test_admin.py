"""The registers of selection: what they list, what they let change, what they refuse."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expertteam import clock
from recruitment import actions
from recruitment.models import Application, Notice, Round
from tests.make import (
    candidate_of,
    course,
    make_application,
    make_approved,
    make_complete_application,
    make_notice,
    make_objection,
    make_round,
    make_user,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
ROUND = {
    "name": "2026年第二批",
    "purpose": "open",
    "opens_on": "2026-05-01",
    "closes_on": "2026-05-31",
    "screening_until": "2026-06-15",
    "review_until": "2026-06-30",
}


def register(model, view="changelist", *args):
    return reverse(f"admin:recruitment_{model}_{view}", args=args)


def test_reviewer_sets_up_a_round(reviewer, http):
    sign_in(http, reviewer)

    http.post(register("round", "add"), ROUND)

    entry = Round.history.get()
    assert Round.objects.get().opens_on == date(2026, 5, 1)
    assert (entry.history_user, entry.history_change_reason) == (reviewer, "设立批次")


@pytest.mark.parametrize("role", ["intake", "leader", "inspector", "admin"])
def test_nobody_else_sets_up_a_round(role, request, http):
    sign_in(http, request.getfixturevalue(role))

    response = http.post(register("round", "add"), ROUND)

    assert (response.status_code, Round.objects.exists()) == (403, False)


def test_phases_that_run_backwards_are_told_at_the_field(reviewer, http):
    sign_in(http, reviewer)

    response = http.post(register("round", "add"), ROUND | {"screening_until": "2026-05-20"})

    errors = response.context["adminform"].form.errors
    assert errors == {"screening_until": ["初审完成不能早于报名末日（2026年5月31日）"]}


def test_a_second_round_of_the_same_name_is_told_at_the_field(reviewer, http):
    make_round(name=ROUND["name"])
    sign_in(http, reviewer)

    response = http.post(register("round", "add"), ROUND)

    assert list(response.context["adminform"].form.errors) == ["name"]


def test_dates_change_freely_before_the_round_opens(reviewer, http):
    round = make_round(opens_on=date(2026, 3, 10))
    sign_in(http, reviewer)

    http.post(register("round", "change", round.pk), ROUND)

    round.refresh_from_db()
    assert round.closes_on == date(2026, 5, 31)


def test_once_open_a_changed_date_needs_its_reason(reviewer, http):
    round = make_round()
    sign_in(http, reviewer)

    silent = http.post(register("round", "change", round.pk), dates_of(round) | {"closes_on": "2026-04-05"})
    http.post(
        register("round", "change", round.pk),
        dates_of(round) | {"closes_on": "2026-04-05", "change_reason": "报名人数不足，延长报名"},
    )

    round.refresh_from_db()
    assert silent.context["adminform"].form.errors == {"change_reason": ["报名已经开始，改日期要写明理由"]}
    assert round.closes_on == date(2026, 4, 5)
    assert round.history.first().history_change_reason == "报名人数不足，延长报名"


def test_once_open_other_things_change_without_a_reason(reviewer, http):
    round = make_round()
    sign_in(http, reviewer)

    http.post(register("round", "change", round.pk), dates_of(round) | {"places": "30"})

    round.refresh_from_db()
    assert round.places == 30


def dates_of(round):
    names = ["name", "purpose", "opens_on", "closes_on", "screening_until", "review_until"]
    return {name: str(getattr(round, name)) for name in names}


@pytest.mark.parametrize("model", ["application", "document", "notice", "objection"])
def test_a_working_record_cannot_be_added_changed_or_deleted(model, intake, reviewer, leader, http):
    records = one_of_each(intake, reviewer)
    before = records[model].state
    sign_in(http, leader if model == "objection" else reviewer)

    answers = [
        http.post(register(model, "add"), {"state": "approved"}).status_code,
        http.post(register(model, "change", records[model].pk), {"state": "approved"}).status_code,
        http.post(register(model, "delete", records[model].pk), {"post": "yes"}).status_code,
    ]

    records[model].refresh_from_db()
    assert (answers, records[model].state) == ([403, 403, 403], before)


@pytest.mark.parametrize("model", ["application", "document", "notice", "objection", "round"])
def test_history_is_read_and_never_reverted(model, intake, reviewer, leader, http):
    record = one_of_each(intake, reviewer)[model]
    first = record.history.last()
    sign_in(http, leader if model == "objection" else reviewer)
    url = register(model, "simple_history", record.pk, first.pk)

    entries = record.history.count()

    read, reverted = http.get(url, follow=True), http.post(url, {"state": "draft", "name": "改名"})

    assert (read.status_code, reverted.status_code) == (200, 403)
    assert record.history.count() == entries


def one_of_each(intake, reviewer):
    it = course(intake=intake, reviewer=reviewer)
    with clock.at(date(2026, 3, 4)):
        objection = make_objection(it.candidate)
    return {
        "application": it.application, "document": it.application.documents.first(), "notice": it.notice,
        "objection": objection, "round": it.application.round,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("role", "model", "offered"),
    [
        ("intake", "application", []),
        ("reviewer", "application", []),
        ("leader", "application", []),
        ("intake", "document", []),
        ("reviewer", "document", []),
        ("reviewer", "notice", ["publish", "discard"]),
        ("leader", "notice", []),
        ("inspector", "objection", ["examine"]),
        ("leader", "objection", []),
    ],
)
def test_bare_moves_are_offered_to_whoever_may_make_them(role, model, offered, request, intake, reviewer, http):
    one_of_each(intake, reviewer)
    sign_in(http, request.getfixturevalue(role))

    choices = http.get(register(model)).context["action_form"]

    assert [name for name, _ in choices.fields["action"].choices if name] == offered if offered else choices is None


def test_a_bare_move_runs_on_the_chosen_and_tells_each_refusal(intake, reviewer, http):
    application = make_approved(intake=intake, reviewer=reviewer)
    draft = actions.draft_notice(
        by=reviewer, round=application.round, title="甲", statement="。", applications=[application]
    )
    published = course(intake=intake, reviewer=reviewer).notice
    sign_in(http, reviewer)

    response = http.post(
        register("notice"), {"action": "publish", "_selected_action": [draft.pk, published.pk]}, follow=True
    )

    draft.refresh_from_db()
    assert draft.state == Notice.State.PUBLISHED
    assert "现在的状态是“已发布”，不能" in response.content.decode()


def test_drafts_of_applicants_are_not_for_the_office(intake, http):
    draft = make_complete_application()
    sign_in(http, intake)

    answers = [
        http.get(register("application", "change", draft.pk)).status_code,
        http.get(register("application", "history", draft.pk)).status_code,
        http.get(register("application", "simple_history", draft.pk, draft.history.first().pk)).status_code,
    ]

    assert 200 not in answers
    assert http.get(register("application")).context["cl"].result_count == 0


def test_objections_are_listed_by_number_alone(intake, reviewer, inspector, http):
    objection = one_of_each(intake, reviewer)["objection"]
    sign_in(http, inspector)

    pages = [http.get(register("objection")), http.get(register("objection", "change", objection.pk))]

    for shown in (page.content.decode() for page in pages):
        assert objection.receipt in shown
        assert "高明" not in shown
        assert "13900000001" not in shown


@pytest.mark.parametrize("model", ["application", "document", "notice", "objection", "round"])
def test_registers_cost_the_same_for_one_row_and_for_twenty(model, reviewer, inspector, http):
    sign_in(http, inspector)
    fill(1, reviewer)
    with CaptureQueriesContext(connection) as one:
        http.get(register(model))
    fill(19, reviewer)

    with CaptureQueriesContext(connection) as twenty:
        listed = http.get(register(model)).context["cl"]

    assert (listed.result_count, len(twenty)) == (20, len(one))


def fill(number, reviewer):
    for _ in range(number):
        application = make_application("approved", applicant=make_user())
        application.documents.create(
            kind="photo", original_name="近照.jpg", size=1, content_type="image/jpeg", digest="0"
        )
        notice = make_notice(application, by=reviewer, on=date(2026, 2, 26))
        make_objection(candidate_of(application, notice))


def test_the_register_leads_to_the_working_page(intake, http):
    application = make_application("submitted")
    sign_in(http, intake)

    shown = http.get(register("application"), {"q": application.number}).content.decode()

    assert f'href="{application.get_absolute_url()}"' in shown
    assert Application.objects.count() == 1
