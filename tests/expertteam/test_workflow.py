"""The kernel: the table of moves is whole, and each refusal comes before anything is written."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import get_resolver

from expertteam import clock
from expertteam.models import AccountChange, RoleGrant
from expertteam.regulation import Refused
from expertteam.roles import PERMISSIONS
from expertteam.workflow import SYSTEM, TRANSITIONS, Workflow, available
from recruitment import actions
from recruitment.models import Application, Notice
from tests.conftest import person
from tests.make import (
    course,
    make_application,
    make_approved,
    make_complete_application,
    make_notice,
    make_objection,
    make_recommendable,
    make_user,
)

State = Application.State
MOVES = [pytest.param(move, id=move.permission) for moves in TRANSITIONS.values() for move in moves]
pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def submitted(intake):
    return make_recommendable(make_complete_application(), by=intake)


def trace(record):
    """Who did what, oldest first."""
    entries = record.history.order_by("pk").values_list("history_user__username", "history_change_reason")
    return [f"{who}: {why}" for who, why in entries]


def actions_of(patterns):
    """The move behind every page that offers one."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from actions_of(pattern.url_patterns)
            continue
        view = getattr(pattern.callback, "view_class", None)
        if view:
            yield pattern.callback.view_initkwargs.get("action") or getattr(view, "action", None)
            yield from getattr(view, "makes", ())  # a page that makes one move or another, as things stand


# The table


@pytest.mark.parametrize("move", MOVES)
def test_every_move_has_a_label_and_an_article_where_the_measures_speak(move):
    silent = move.model in (RoleGrant, AccountChange)  # the Measures say nothing of the bureau's own roles

    assert move.label
    assert "\n" not in move.label
    assert bool(move.article) is not silent
    assert move.reason == (move.label if silent else f"{move.label}（第{move.article}条）")


@pytest.mark.parametrize("move", MOVES)
def test_every_move_leads_between_declared_states(move):
    assert move.source | {move.target} - {None} <= set(move.model.State)  # None: the state stays


@pytest.mark.parametrize("model", [pytest.param(model, id=model.__name__) for model in TRANSITIONS])
def test_no_two_moves_of_a_model_leave_the_same_trace(model):
    reasons = [move.reason for move in TRANSITIONS[model]]

    assert sorted(set(reasons)) == sorted(reasons)


@pytest.mark.parametrize("move", MOVES)
def test_every_move_has_a_permission_that_some_role_holds(db, move):
    app_label, codename = move.permission.split(".")
    declared = Permission.objects.filter(content_type__app_label=app_label, codename=codename).exists()
    held = any(move.permission in permissions for permissions in PERMISSIONS.values())

    # What a person does for himself or what comes with another move needs no role; what time or the holder of a link
    # does, nobody to hold it.
    roleless = move.own or move.follows
    assert declared is not roleless
    assert held is not roleless or move.automatic or move.guest


def test_every_permission_of_a_verb_belongs_to_a_move_or_to_plain_records():
    plain = ("view_", "add_", "change_", "delete_")
    moves = {move.permission for moves in TRANSITIONS.values() for move in moves}
    creation = {
        "expertteam.propose_rolegrant",
        "experts.issue_partnerkey",
        "expertteam.propose_factor_accountchange",
        "expertteam.ask_phone_accountchange",
        "services.ask_servicerequest",
        "services.read_servicerequest",
        "services.see_number_call",
        "services.call_halt",
        "services.draft_activity",
        "services.draft_reviewpanel",
        "services.look_up_seat",
        "services.record_recusalrequest",
        "services.witness_draw",  # what makes of an officer an inspector, where both may make the move
        "services.invite_activityrole",
        "services.take_signup",
        "services.propose_pairing",
        "services.add_member_pairing",
        "services.release_member_pairing",
        "evaluations.take_report",
        "evaluations.nominate_honour",
        "evaluations.open_refusal",
        "evaluations.record_talk",
        "evaluations.assess_assessment",
        "evaluations.enter_merit",
        "evaluations.revoke_merit",
        "evaluations.propose_dismissal",
        "payments.draft_rateschedule",
        "payments.agree_claim",
        "payments.propose_correction",
        "payments.enter_account_bankaccount",
        "payments.watch_bankaccount",  # who is told when an expert denies an account
        "payments.consent_payee",
        "payments.make_batch",
        "payments.export_batch",
        "payments.read_bankreturn",
        "recruitment.read_formerimport",
        "payments.clear_returnrow",
    }
    granted = {name for names in PERMISSIONS.values() for name in names if not name.split(".")[1].startswith(plain)}

    assert granted - moves - creation == set()


def test_every_move_has_a_page():
    with_a_page = {move for move in actions_of(get_resolver().url_patterns) if move}
    needed = {move for moves in TRANSITIONS.values() for move in moves if not (move.inner or move.automatic)}

    assert sorted(move.permission for move in needed - with_a_page) == []


@pytest.mark.parametrize("move", MOVES)
def test_no_role_holds_two_verbs_that_must_stay_apart(move):
    together = [
        (role, earlier.permission)
        for role, permissions in PERMISSIONS.items()
        for earlier in move.apart_from
        if {move.permission, earlier.permission} <= permissions
    ]

    assert together == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("recruitment.recommend_application", "recruitment.approve_application"),
        ("recruitment.recommend_application", "recruitment.appoint_application"),
        ("recruitment.approve_application", "recruitment.appoint_application"),
        ("recruitment.publish_notice", "recruitment.appoint_application"),
        ("recruitment.publish_notice", "recruitment.decide_objection"),
        ("recruitment.examine_objection", "recruitment.decide_objection"),
        ("expertteam.propose_rolegrant", "expertteam.confirm_rolegrant"),
        ("experts.issue_partnerkey", "experts.confirm_key_partnerkey"),
        ("expertteam.ask_phone_accountchange", "expertteam.confirm_phone_accountchange"),
    ],
)
def test_no_role_holds_both(first, second):
    assert [role for role, permissions in PERMISSIONS.items() if {first, second} <= permissions] == []


def test_the_administrator_decides_nothing():
    deciding = {move.permission for moves in TRANSITIONS.values() for move in moves if not move.own}
    keeping = {"expertteam.revoke_rolegrant", "evaluations.hand_on_dismissal"}  # who works here, and on what
    keeping |= {f"expertteam.{verb}_accountchange" for verb in ("send_code", "prove", "stop")}

    keeping.add("experts.revoke_key_partnerkey")

    assert PERMISSIONS["admin"] & deciding <= keeping


# The move and its trace


def test_a_move_changes_the_state_and_says_who_and_why(submitted, intake):
    actions.recommend(submitted, by=intake, opinion="符合条件")

    submitted.refresh_from_db()
    assert (submitted.state, submitted.opinion) == (State.RECOMMENDED, "符合条件")
    assert trace(submitted)[-1] == "intake: 初审推荐（第11条）"


def test_a_later_save_does_not_repeat_the_reason(submitted, intake):
    actions.recommend(submitted, by=intake, opinion="符合条件")

    submitted.save()

    assert trace(submitted)[-2:] == ["intake: 初审推荐（第11条）", "None: None"]


def test_a_move_starts_from_the_row_and_not_from_what_the_caller_remembers(submitted, intake):
    stale = Application.objects.get(pk=submitted.pk)
    actions.recommend(submitted, by=intake, opinion="符合条件")

    with pytest.raises(Refused, match="已推荐"):
        actions.turn_down(stale, by=intake, reason="不符合")

    assert Application.objects.get(pk=submitted.pk).opinion == "符合条件"


# Who


def test_without_the_role_nothing_happens(submitted, stranger):
    before = trace(submitted)

    with pytest.raises(PermissionDenied):
        actions.recommend(submitted, by=stranger, opinion="")

    submitted.refresh_from_db()
    assert (submitted.state, trace(submitted)) == (State.SUBMITTED, before)


def test_nobody_may_be_left_out_as_the_actor(submitted):
    with pytest.raises(TypeError, match="by"):
        actions.recommend(submitted, opinion="")
    with pytest.raises(PermissionDenied):
        actions.recommend(submitted, by=AnonymousUser(), opinion="")


def test_whoever_recommended_may_not_approve(submitted, intake):
    both = person("both", "intake", "reviewer")
    actions.recommend(submitted, by=both, opinion="")

    with pytest.raises(Refused, match="办理“初审推荐”的人不能再办理“审核通过”"):
        actions.approve(submitted, by=both, opinion="")

    assert "审核通过" not in [move.label for move in available(submitted, both)]


@pytest.mark.parametrize("earlier", ["intake", "reviewer"])
def test_whoever_recommended_or_approved_may_not_appoint(intake, reviewer, earlier):
    all_three = person("all", "intake", "reviewer", "leader")
    it = course(**{"intake": intake, "reviewer": reviewer, earlier: all_three})

    with pytest.raises(Refused, match="不能再办理“聘任”"):
        actions.appoint(it.application, by=all_three)


def test_nobody_acts_on_his_own_application(submitted, intake):
    own = make_recommendable(make_complete_application(applicant=person("me", "intake")), by=intake)

    with pytest.raises(Refused, match="与您本人有关"):
        actions.recommend(own, by=own.applicant, opinion="")

    assert available(own, own.applicant) == [actions.withdraw]


def test_an_officer_on_the_list_does_not_publish_it_or_annul_it(intake, reviewer):
    listed = person("listed", "reviewer")
    application = make_approved(intake=intake, reviewer=reviewer, applicant=listed)
    notice = actions.draft_notice(
        by=reviewer, round=application.round, title="公示", statement="如下", applications=[application]
    )

    with pytest.raises(Refused, match="与您本人有关"):
        actions.publish(notice, by=listed)
    actions.publish(notice, by=reviewer)
    with pytest.raises(Refused, match="与您本人有关"):
        actions.annul(notice, by=listed, reason="")


@pytest.mark.parametrize("whole_list", [False, True])
def test_an_inspector_on_the_list_does_not_examine_an_objection_to_it(intake, reviewer, whole_list):
    listed = person("listed", "inspector")
    it = course(intake=intake, reviewer=reviewer, applicant=listed, released=date(2026, 2, 27))
    objection = make_objection(it.candidate, candidate=None if whole_list else it.candidate)

    with pytest.raises(Refused, match="与您本人有关"):
        actions.examine(objection, by=listed)


def test_whoever_objects_does_not_decide(intake, reviewer):
    objector = person("objector", "inspector", phone="13900000001")
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 2, 27))
    objection = make_objection(it.candidate, phone="13900000001")

    with pytest.raises(Refused, match="与您本人有关"):
        actions.examine(objection, by=objector)


@pytest.mark.parametrize("publishes", [True, False])
def test_examiner_and_publisher_do_not_decide_an_objection(intake, reviewer, leader, publishes):
    both = person("both", "reviewer", "inspector", "leader")
    it = course(intake=intake, reviewer=both if publishes else reviewer, released=date(2026, 2, 27))
    objection = make_objection(it.candidate)
    examiner = person("other", "inspector") if publishes else both
    actions.examine(objection, by=examiner)
    actions.report(objection, by=examiner, report="属实")

    with pytest.raises(Refused, match="不能"):
        actions.decide(objection, by=both, upheld=False, decision="不成立")


def test_a_record_concerns_nobody_unless_it_says_whom(stranger):
    assert Workflow.concerns(None, stranger) is False


def test_an_own_move_is_for_the_person_concerned_alone(intake):
    application = make_complete_application()

    with pytest.raises(PermissionDenied):
        actions.submit(application, by=intake)

    assert actions.submit(application, by=application.applicant).state == State.SUBMITTED


def test_time_itself_makes_automatic_moves_only(submitted):
    with pytest.raises(PermissionDenied):
        actions.recommend(submitted, by=SYSTEM, opinion="")


def test_time_itself_leaves_a_trace_without_a_person(db):
    application = make_application(state="returned", returned_on=date(2026, 1, 5))

    actions.lapse(application, by=SYSTEM)

    assert trace(application)[-1] == "None: 逾期未补充（第11条）"


def test_an_automatic_move_is_nobodys_button(intake, reviewer, leader):
    application = make_application(state="returned", returned_on=date(2026, 1, 5))

    for officer in (intake, reviewer, leader):
        with pytest.raises(PermissionDenied):
            actions.lapse(application, by=officer)


def test_an_inner_move_is_never_offered(intake, reviewer):
    application = make_approved(intake=intake, reviewer=reviewer)

    assert actions.announce not in available(application, reviewer)


def test_a_visitor_without_account_is_offered_nothing(intake, reviewer):
    it = course(intake=intake, reviewer=reviewer)

    assert available(it.application, AnonymousUser()) == []
    assert available(it.notice, AnonymousUser()) == []


# Nothing half done


def test_a_refusal_in_the_body_leaves_row_and_history(intake):
    application = make_complete_application()
    actions.submit(application, by=application.applicant)
    before = trace(application)

    with pytest.raises(Refused, match="还有材料没有核验"):
        actions.recommend(application, by=intake, opinion="符合")

    application.refresh_from_db()
    assert (application.state, application.opinion, trace(application)) == (State.SUBMITTED, "", before)


def test_a_failing_body_takes_everything_back(intake, reviewer, settings):
    one, two = (make_approved(intake=intake, reviewer=reviewer) for _ in range(2))
    notice = actions.draft_notice(by=reviewer, round=one.round, title="公示", statement="", applications=[one, two])
    actions.withdraw(two, by=two.applicant)

    with pytest.raises(Refused):
        actions.publish(notice, by=reviewer)

    states = set(Application.objects.filter(pk__in=[one.pk, two.pk]).values_list("state", flat=True))
    assert states == {State.APPROVED, State.WITHDRAWN}
    assert Notice.objects.get().state == Notice.State.DRAFT
    assert not one.applicant.notifications.filter(subject="您已列入公示").exists()


# The back doors


def test_no_bulk_write_moves_a_state(db):
    application = make_application()
    application.state = State.WITHDRAWN

    with pytest.raises(TypeError, match="update"):
        Application.objects.filter(pk=application.pk).update(state=State.WITHDRAWN)
    with pytest.raises(TypeError, match="update"):
        application.round.applications.update(state=State.WITHDRAWN)
    with pytest.raises(TypeError, match="update"), transaction.atomic():
        Application.objects.bulk_update([application], ["state"])
    with pytest.raises(TypeError, match="history"):
        Application.objects.bulk_create([Application(number="SQ1", round=application.round, applicant=make_user())])

    assert Application.objects.get().state == State.DRAFT


@pytest.mark.parametrize("model", [pytest.param(model, id=model.__name__) for model in TRANSITIONS])
def test_every_workflow_model_refuses_bulk_writes(model):
    with pytest.raises(TypeError):
        model.objects.update(state="x")
    with pytest.raises(TypeError):
        model.objects.bulk_create([])


def test_of_nothing_nothing_is_sought():
    nothing = Application.objects.none()
    assert nothing.filter(pk=1).exclude(state=State.DRAFT) is nothing
    assert Application.objects.filter(pk=1) is not nothing


def test_the_history_refuses_to_be_rewritten(submitted):
    with pytest.raises(IntegrityError, match="append_only"):
        submitted.history.update(history_change_reason="")


def test_the_history_refuses_to_be_deleted(submitted):
    with pytest.raises(IntegrityError, match="append_only"):
        submitted.history.all().delete()


def test_a_move_that_asks_for_nothing_is_bare():
    bare = {move.verb for moves in TRANSITIONS.values() for move in moves if move.is_bare}

    assert {"submit", "publish", "examine"} <= bare
    assert not {"recommend", "decline", "decide", "appoint", "verify"} & bare


def test_nobody_stands_above_the_roles(db):
    with pytest.raises(IntegrityError, match="nobody_stands_above_the_roles"), transaction.atomic():
        make_user(is_superuser=True)


def test_whoever_listed_a_person_may_not_appoint_him(intake, reviewer):
    both = person("both", "reviewer", "leader")
    application = make_approved(intake=intake, reviewer=reviewer)
    make_notice(application, by=both)

    with clock.at(date(2026, 3, 10)), pytest.raises(Refused, match="不能再办理“聘任”"):
        actions.appoint(application, by=both)
