"""年度评价 from the working out to the expert's second look (Article 10(1))."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from evaluations import actions, assessing
from evaluations.models import Assessment, Merit, MeritFile, Scheme
from expertteam import clock
from expertteam.models import Notification
from expertteam.regulation import Refused
from tests import make
from tests.conftest import person

pytestmark = pytest.mark.django_db
JANUARY = date(2027, 1, 20)


@pytest.fixture(autouse=True)
def january():
    """Wednesday 2027-01-20: the year 2026 is over."""
    with clock.at(JANUARY):
        yield JANUARY


def sheet(expert, year=2026) -> Assessment:
    return Assessment.objects.current().get(expert=expert, year=year)


def words(assessment) -> dict[str, str]:
    return {line["words"]: line["points"] for line in assessment.lines}


def busy(expert, sessions=15, grades=(5, 5, 5, 5), **fields):
    """So many confirmed hours in 2026, the first of them rated."""
    for n in range(sessions):
        at = clock.instant(date(2026, 3, 2 + n), 9)
        service = make.make_service("confirmed", expert=expert, started_at=at, minutes=80, **fields)
        if n < len(grades):
            make.make_rating(service=service, grade=grades[n])


def excellent(expert):
    """Enough of everything for more than ninety points."""
    busy(expert)
    for _ in range(4):
        make.make_service("confirmed", expert=expert, kind="activity", minutes=60)
    for kind in ["registered", "employed", "financed", "policy", "policy", "honour", "case", "contest"]:
        make.make_merit(expert=expert, kind=kind, points=None)
    make.make_merit(expert=expert, points="5.00")


def test_a_year_is_worked_out_for_everybody_who_was_in_office(reviewer):
    expert = make.make_expert()
    make.make_expert(first_day=date(2027, 1, 2))
    busy(expert, sessions=12, grades=(5, 5, 4))

    assert actions.assess(2026, by=reviewer) == 1
    found = sheet(expert)
    assert words(found)["咨询指导12次 × 1分，最高15分"] == "12.00"
    assert words(found)["服务时长16小时 × 每小时0.5分，最高10分"] == "8.00"
    assert words(found)["有效评价3条，平均93.33分 × 30%"] == "28.00"
    assert str(found.total) == "66.00"  # 12 + 8 + 28 + 15 + 3 of five for a record nobody sampled
    assert (found.grade, found.state, found.inputs["days"]) == ("adequate", "computed", 306)


def test_who_was_never_asked_has_no_grade(reviewer):
    expert = make.make_expert()
    actions.assess(2026, by=reviewer)

    assert sheet(expert).get_grade_display() == "不定等次"


def test_to_work_it_out_again_changes_only_what_has_changed(reviewer):
    quiet, expert = make.make_expert(), make.make_expert()
    actions.assess(2026, by=reviewer)
    busy(expert, sessions=1, grades=())

    assert actions.assess(2026, by=reviewer) == 1
    assert [each.history.count() for each in (sheet(quiet), sheet(expert))] == [1, 2]
    assert actions.assess(2026, by=reviewer) == 0


def test_nobody_works_out_his_own_year():
    officer = person("both", "reviewer")
    own, other = make.make_expert(user=officer), make.make_expert()

    assert actions.assess(2026, by=officer) == 1
    assert [each.expert for each in Assessment.objects.all()] == [other]
    assert own.assessments.count() == 0


@pytest.mark.parametrize("role", ["intake", "leader", "matcher", "inspector", "admin", "expert"])
def test_the_reviewer_alone_works_it_out(role):
    with pytest.raises(PermissionDenied):
        actions.assess(2026, by=person("somebody", role))


@pytest.mark.parametrize(("year", "why"), [(2028, "还没有开始"), (2025, "还没有评价办法")])
def test_a_year_needs_to_have_begun_and_a_scheme(reviewer, year, why):
    with pytest.raises(Refused, match=why):
        actions.assess(year, by=reviewer)


def test_all_are_worked_out_in_so_many_queries_and_two_for_each_sheet(reviewer):
    def queries(people):
        for _ in range(people):
            busy(make.make_expert(), sessions=1)
        with CaptureQueriesContext(connection) as captured:
            changed = actions.assess(2026, by=reviewer)
        return len(captured) - 2 * changed  # the sheet and its history

    queries(1)

    assert queries(1) == queries(4)


def test_a_sampled_record_counts_and_its_mean_stands_in_for_others(reviewer):
    expert, other = make.make_expert(), make.make_expert()
    make.make_merit(expert=expert, points="5.00")
    make.make_merit(expert=expert, points="4.00")
    actions.assess(2026, by=reviewer)

    assert words(sheet(expert))["抽查记录2份，平均4.50分，最高5分"] == "4.50"
    assert words(sheet(other))["没有抽查记录，按全局平均4.50分，最高5分"] == "4.50"


@pytest.mark.parametrize("kind", ["12(4)", "12(5)", "12(6)"])
def test_a_report_found_true_fails_the_year_it_is_found_in(reviewer, inspector, kind):
    expert = make.make_expert()
    excellent(expert)
    report = make.make_report("examining", kind=kind, expert=expert)
    with clock.at(date(2026, 12, 31)):
        actions.uphold(report, by=inspector, findings="属实")
    actions.assess(2026, by=reviewer)
    actions.assess(2027, by=reviewer)

    assert sheet(expert).get_grade_display() == "不合格"
    assert "的情形已认定，年度评价不合格" in sheet(expert).remarks[0]
    assert sheet(expert, 2027).inputs["vetoes"] == []


@pytest.mark.parametrize(("kind", "state"), [("12(2)", "examining"), ("12(4)", "received")])
def test_a_report_of_attitude_or_one_not_yet_found_fails_nobody(reviewer, inspector, kind, state):
    report = make.make_report(state, kind=kind, expert=make.make_expert())
    if state == "examining":
        actions.uphold(report, by=inspector, findings="属实")
    actions.assess(2026, by=reviewer)

    assert sheet(report.expert).inputs["vetoes"] == []


def released(reviewer, leader, expert, **said) -> Assessment:
    actions.assess(2026, by=reviewer)
    return actions.release(sheet(expert), by=leader, **said)


def test_the_leader_releases_and_the_expert_is_told_until_when(reviewer, leader):
    expert = make.make_expert()
    found = released(reviewer, leader, expert)

    assert (found.state, found.contest_until) == ("released", date(2027, 1, 27))  # five working days
    told = Notification.objects.get(to=expert.user, channel="inapp", key__startswith="assessed:")
    assert "1月27日" in told.body
    assert str(found.total) not in told.body


def test_nothing_is_released_before_the_year_is_over(reviewer, leader):
    make.make_expert()
    with clock.at(date(2026, 12, 31)):
        actions.assess(2026, by=reviewer)
        with pytest.raises(Refused, match="还没有结束"):
            actions.release(Assessment.objects.get(), by=leader)
    with clock.at(date(2027, 1, 1)):
        actions.release(Assessment.objects.get(), by=leader)


def test_who_worked_it_out_does_not_release_it():
    officer = person("both", "reviewer", "leader")
    make.make_expert()
    actions.assess(2026, by=officer)

    with pytest.raises(Refused, match="计算的人不能公布"):
        actions.release(Assessment.objects.get(), by=officer)


def test_what_has_changed_since_is_worked_out_anew_before_it_is_released(reviewer, leader):
    expert = make.make_expert()
    actions.assess(2026, by=reviewer)
    make.make_merit(expert=expert)

    with pytest.raises(Refused, match="请重新计算后再公布"):
        actions.release(sheet(expert), by=leader)
    actions.assess(2026, by=reviewer)
    assert actions.release(sheet(expert), by=leader).state == "released"


def test_what_is_still_looked_into_is_finished_first(reviewer, leader):
    case = make.make_rating_case("awaiting_finding")
    actions.assess(2026, by=reviewer)

    with pytest.raises(Refused, match="差评还没有认定，办完以后再公布"):
        actions.release(sheet(case.rating.expert), by=leader)


def test_too_many_excellent_is_a_warning_that_asks_for_a_reason(reviewer, leader):
    expert = make.make_expert()
    excellent(expert)
    actions.assess(2026, by=reviewer)
    assert sheet(expert).get_grade_display() == "优秀"
    warning = "2026年度评出优秀1位，占1位的100.0%，超过评价办法的20%"
    assert assessing.quota_warning(2026) == warning

    with pytest.raises(Refused, match="公布优秀要写明理由"):
        actions.release(sheet(expert), by=leader)
    found = actions.release(sheet(expert), by=leader, reason="参评的只有1位")
    assert found.release_reason == "参评的只有1位"


def test_within_the_quota_no_reason_is_asked_for_and_the_ungraded_do_not_count(reviewer, leader):
    expert = make.make_expert()
    excellent(expert)
    for _ in range(4):
        busy(make.make_expert(), sessions=10, grades=(5, 5, 5))
    make.make_expert()  # never asked
    actions.assess(2026, by=reviewer)

    assert (assessing.share_of_excellent(2026), assessing.quota_warning(2026)) == ((1, 5), "")
    assert actions.release(sheet(expert), by=leader, reason="多写的").release_reason == ""


def test_a_poor_rating_found_right_keeps_from_excellent(reviewer):
    expert = make.make_expert()
    excellent(expert)
    rating = make.make_rating(expert=expert, grade=2, wrong=["unsolved"], channel="phone")
    make.make_rating_case("found", rating=rating, finding="upheld_competence")
    actions.assess(2026, by=reviewer)

    assert sheet(expert).total > 90
    assert (sheet(expert).get_grade_display(), sheet(expert).remarks) == ("良好", ["有1条差评认定成立，不能评为优秀"])


def test_the_whole_year_is_released_at_once_but_for_what_cannot_be(reviewer, leader):
    experts = [make.make_expert(name=f"专家{n}") for n in range(3)]
    waiting = make.make_rating_case("awaiting_call")
    actions.assess(2026, by=reviewer)
    make.make_merit(expert=experts[0], kind="honour", points=None)

    told, kept = actions.release_year(2026, by=leader)

    assert told == 2
    assert kept == [
        f"{experts[0]}：计算以后数据有变化，请重新计算后再公布",
        f"{waiting.rating.expert}：差评还没有认定，办完以后再公布",
    ]
    assert sheet(experts[1]).state == "released"


def test_what_is_released_is_not_worked_out_again(reviewer, leader):
    expert = make.make_expert()
    before = released(reviewer, leader, expert)
    busy(expert, sessions=3)

    assert actions.assess(2026, by=reviewer) == 0
    assert sheet(expert).total == before.total


@pytest.mark.parametrize(
    "change",
    [
        "inputs = '{}'", "lines = '[]'", "remarks = '[\"x\"]'", "total = 100", "grade = 'excellent'", "state = 'computed'",
        "revision = 9", "year = 2025",
    ],
)  # fmt: skip
def test_the_database_lets_nobody_change_what_was_told(change):
    found = make.make_assessment("released")

    with pytest.raises(IntegrityError, match="art10_1_released_assessment_never_changes"), transaction.atomic():
        connection.cursor().execute(f"UPDATE evaluations_assessment SET {change} WHERE id = {found.pk}")


def test_until_it_is_released_a_sheet_can_be_written_anew_but_never_deleted():
    found = make.make_assessment()
    connection.cursor().execute(f"UPDATE evaluations_assessment SET total = 100 WHERE id = {found.pk}")

    with pytest.raises(IntegrityError, match="art10_1_assessment_is_never_deleted"), transaction.atomic():
        connection.cursor().execute("DELETE FROM evaluations_assessment")


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE evaluations_scheme SET data = '{}'", "art10_1_scheme_never_changes"),
        ("UPDATE evaluations_scheme SET effective_year = 2020", "art10_1_scheme_never_changes"),
        ("DELETE FROM evaluations_scheme", "art10_1_scheme_is_never_deleted"),
    ],
)
def test_a_scheme_is_superseded_and_never_edited(statement, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        connection.cursor().execute(statement)


def test_the_latest_scheme_in_effect_is_the_one_of_a_year():
    first = Scheme.objects.of_year(2026)
    second = Scheme.objects.create(name="新办法", source="文件", effective_year=2027, data=first.data)

    assert [Scheme.objects.of_year(year) for year in (2025, 2026, 2027, 2030)] == [None, first, second, second]


def contested(expert, leader, reviewer, plea="3月5日的服务没有算进去") -> Assessment:
    return actions.contest(released(reviewer, leader, expert), by=expert.user, plea=plea)


def test_the_expert_may_ask_for_another_look_until_the_last_day(reviewer, leader, inspector):
    found = released(reviewer, leader, make.make_expert())
    with clock.at(date(2027, 1, 28)), pytest.raises(Refused, match="期限已过"):
        actions.contest(found, by=found.expert.user, plea="有遗漏")
    with clock.at(date(2027, 1, 27)):
        actions.contest(found, by=found.expert.user, plea="有遗漏")

    assert (found.state, found.plea) == ("contested", "有遗漏")
    assert Notification.objects.filter(to=inspector, key__startswith=f"contested:{found.pk}").exists()


def test_nobody_else_asks_for_it(reviewer, leader):
    found = released(reviewer, leader, make.make_expert())

    with pytest.raises(PermissionDenied):
        actions.contest(found, by=make.make_expert().user, plea="替他申请")


def test_the_inspector_keeps_a_result_with_reasons(reviewer, leader, inspector):
    found = contested(make.make_expert(), leader, reviewer)
    actions.confirm_result(found, by=inspector, reasons="那次服务对方没有确认")

    assert (found.state, found.decision) == ("settled", "那次服务对方没有确认")
    assert Assessment.objects.count() == 1
    assert Notification.objects.filter(to=found.expert.user, key__startswith=f"reassessed:{found.pk}").exists()


@pytest.mark.parametrize("verb", ["confirm_result", "amend_result"])
@pytest.mark.parametrize("earlier", ["leader", "reviewer"])
def test_who_worked_it_out_or_released_it_does_not_look_again(verb, earlier):
    people = {"reviewer": person("works", "reviewer"), "leader": person("releases", "leader")}
    people[earlier] = person("both", earlier, "inspector")
    found = contested(make.make_expert(), people["leader"], people["reviewer"])

    with pytest.raises(Refused, match="不能"):
        getattr(actions, verb)(found, by=people[earlier], reasons="看过了")


def test_an_amended_result_is_a_revision_and_the_old_one_stays(reviewer, leader, inspector, intake):
    expert = make.make_expert()
    old = contested(expert, leader, reviewer)
    actions.enter_merit(expert=expert, year=2026, kind="honour", evidence="省级表彰文件", by=intake)
    actions.amend_result(old, by=inspector, reasons="荣誉证书属实")
    new = sheet(expert)

    assert (old.state, old.revision, new.state, new.revision) == ("settled", 1, "settled", 2)
    assert new.total == old.total + 3
    assert (new.computed_by, new.decision) == (inspector, "荣誉证书属实")
    assert list(Assessment.objects.standing()) == [new]


def test_what_no_entry_can_mend_is_put_right_by_points_that_are_seen(reviewer, leader, inspector):
    expert = make.make_expert()
    make.make_offer("stood_down", expert=expert, answered_at=make.THURSDAY)
    old = contested(expert, leader, reviewer)
    actions.amend_result(old, by=inspector, reasons="是对方取消的", points=Decimal("2.00"))
    new = sheet(expert)

    assert new.lines[-1] == {"dimension": "复核调整", "words": "纪检复核后调整", "points": "2.00", "flagged": False}
    assert new.total == old.total + 2


@pytest.mark.parametrize(
    ("points", "why"), [("0", "结果没有变化"), ("-99", "应在0到110分之间"), ("100", "应在0到110分之间")]
)
def test_an_amendment_amends_something_and_stays_within_the_scheme(reviewer, leader, inspector, points, why):
    old = contested(make.make_expert(), leader, reviewer)

    with pytest.raises(Refused, match=why):
        actions.amend_result(old, by=inspector, reasons="看过了", points=Decimal(points))
    assert Assessment.objects.get().state == "contested"


def test_what_is_worked_out_follows_from_what_was_frozen(reviewer):
    expert = make.make_expert()
    excellent(expert)
    actions.assess(2026, by=reviewer)
    found = Assessment.objects.get()
    again = assessing.worked_out(found.inputs, found.scheme)

    assert {name: getattr(found, name) for name in again} == again


def test_a_merit_has_its_evidence_and_its_files(intake):
    expert = make.make_expert()
    merit = actions.enter_merit(
        expert=expert, year=2026, kind="quality", points=Decimal("4.5"), evidence="抽查3月5日的记录", files=[make.pdf()], by=intake
    )  # fmt: skip

    assert (merit.by, merit.evidence) == (intake, "抽查3月5日的记录")
    assert MeritFile.objects.get().merit == merit


@pytest.mark.parametrize("points", [None, Decimal("-0.01"), Decimal("5.01")])
def test_a_sampled_record_has_points_from_nothing_to_five(intake, points):
    with pytest.raises(Refused, match="0到5分"):
        actions.enter_merit(
            expert=make.make_expert(), year=2026, kind="quality", points=points, evidence="看过", by=intake
        )


def test_points_that_mean_nothing_are_left_out(intake):
    merit = actions.enter_merit(
        expert=make.make_expert(), year=2026, kind="honour", points=Decimal(5), evidence="证书", by=intake
    )

    assert merit.points is None


def test_a_merit_needs_a_year_in_office(intake):
    with pytest.raises(Refused, match="不在聘期内"):
        actions.enter_merit(expert=make.make_expert(), year=2025, kind="honour", evidence="证书", by=intake)


def test_nobody_enters_his_own_and_only_the_office_enters():
    officer = person("both", "intake")
    own = make.make_expert(user=officer)

    with pytest.raises(Refused, match="与您本人有关"):
        actions.enter_merit(expert=own, year=2026, kind="honour", evidence="证书", by=officer)
    with pytest.raises(PermissionDenied):
        actions.enter_merit(expert=own, year=2026, kind="honour", evidence="证书", by=person("head", "leader"))


def test_a_wrong_entry_is_answered_by_another_and_counts_no_more(intake, reviewer):
    merit = make.make_merit(kind="honour", points=None)
    answer = actions.revoke_merit(merit, by=intake, reason="证书是另一位的")
    actions.assess(2026, by=reviewer)

    assert list(Merit.objects.counting()) == []
    assert (answer.revokes, words(sheet(merit.expert))["省级以上荣誉0项 × 3分，最高3分"]) == (merit, "0.00")
    for again in (merit, answer):
        with pytest.raises(Refused, match="已经冲销"):
            actions.revoke_merit(again, by=intake, reason="再冲一次")


@pytest.mark.parametrize(
    ("state", "open_"), [("computed", True), ("released", False), ("contested", True), ("settled", False)]
)
def test_a_year_that_was_told_takes_no_more_entries_but_while_it_is_looked_at_again(intake, state, open_):
    expert = make.make_assessment(state).expert
    entered = {"expert": expert, "year": 2026, "kind": "honour", "evidence": "证书", "by": intake}
    if open_:
        actions.enter_merit(**entered)
    else:
        with pytest.raises(Refused, match="已经公布"):
            actions.enter_merit(**entered)


@pytest.mark.parametrize("table", ["merit", "meritfile"])
@pytest.mark.parametrize("statement", ["UPDATE evaluations_{} SET id = id", "DELETE FROM evaluations_{}"])
def test_an_entry_and_its_evidence_are_never_changed(intake, table, statement):
    actions.enter_merit(
        expert=make.make_expert(), year=2026, kind="honour", evidence="证书", files=[make.pdf()], by=intake
    )

    with pytest.raises(IntegrityError, match=f"append_only_evaluations_{table}"), transaction.atomic():
        connection.cursor().execute(statement.format(table))


def test_the_database_takes_no_entry_without_evidence_and_no_answer_to_another_mans():
    merit = make.make_merit()
    for wrong in ({"evidence": ""}, {"revokes": merit}):
        with pytest.raises(IntegrityError, match="art10_1_merit_has_evidence"), transaction.atomic():
            make.make_merit(**wrong)


def test_who_sees_what(reviewer, leader, intake, matcher, stranger):
    expert = make.make_expert()
    told, untold = make.make_assessment("released", expert=expert), make.make_assessment(expert=expert, year=2027)
    merits = make.make_merit(expert=expert), make.make_merit(expert=expert, year=2027)

    for officer in (intake, reviewer, leader):
        assert set(Assessment.objects.visible_to(officer)) == {told, untold}
        assert set(Merit.objects.visible_to(officer)) == set(merits)
    assert list(Assessment.objects.visible_to(expert.user)) == [told]
    assert list(Merit.objects.visible_to(expert.user)) == [merits[0]]
    for nobody in (matcher, stranger, make.make_expert().user):
        assert not Assessment.objects.visible_to(nobody).exists()
        assert not Merit.objects.visible_to(nobody).exists()
    officer = person("both", "reviewer")
    own = make.make_assessment("released", expert=make.make_expert(user=officer))
    assert own not in Assessment.objects.visible_to(officer)
