"""Who stands in the pool of a review and who does not, each once and with his reason (Articles 10(4) and 14)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experts.models import Disclosure, Expert, Speciality
from expertteam import clock
from services import pool, transcripts
from services.models import Party, Pause
from tests import make
from tests.services import panels
from tests.services.suspensions import suspension

CODE = "91140100MA0EXAMPL1"
FIRM = "太原晋泉装备有限公司"
PHONE = "13900000001"
DAY = date(2026, 3, 3)  # of the review, from 09:30 to 12:30; the tests' today is the day before
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def panel():
    """One project, of a firm and its head."""
    panel = make.make_panel()
    project = make.make_project(panel, name="晋泉孵化器")
    Party.objects.create(project=project, role="applicant", name=FIRM, code=CODE)
    Party.objects.create(project=project, role="head", name="高明", phone=PHONE)
    return panel


def found(panel, expert):
    """Reason and words of this expert."""
    (candidate,) = [each for each in pool.candidates(panel) if each.expert == expert]
    return candidate.why, candidate.words


def in_the_pool(panel, expert):
    return found(panel, expert) == ("", "")


def works(expert, employer="", code=""):
    expert.employer, expert.employer_code = employer, code
    expert.save()


def declared(expert, kind="investment", name=FIRM, code=CODE, **fields):
    return Disclosure.objects.create(expert=expert, kind=kind, name=name, code=code, **fields)


def test_10_4_everybody_in_term_once_and_nobody_else(panel):
    serving = [make.make_expert() for _ in range(4)]
    make.make_expert(first_day=date(2026, 3, 3))  # from tomorrow on
    make.make_expert(first_day=date(2023, 3, 1))  # until 2026-02-28
    declared(serving[0])
    works(serving[1], FIRM)

    candidates = pool.candidates(panel)

    assert [each.expert for each in candidates] == sorted(serving, key=lambda expert: expert.no)
    assert {each.expert for each in candidates if not each.why} == set(serving[2:])
    assert all(bool(each.why) == bool(each.words) for each in candidates)


def test_14_where_he_works(panel):
    inside, outside, unnamed = make.make_expert(), make.make_expert(), make.make_expert()
    works(inside, "晋泉", CODE)
    works(outside, FIRM, "91140100MA0EXAMPL9")  # the same name, another firm
    works(unnamed, "太原晋泉装备有限责任公司")

    assert found(panel, inside) == found(panel, unnamed) == ("employer", "在对方企业任职")
    assert in_the_pool(panel, outside)


def test_14_where_he_worked_until_three_years_ago(panel):
    recent, long_ago = make.make_expert(), make.make_expert()
    declared(recent, "employer", ends_on=date(2023, 3, 2))
    declared(long_ago, "employer", ends_on=date(2023, 3, 1))

    assert found(panel, recent) == ("employer", "曾在对方企业任职，2023年3月2日离开，未满三年")
    assert in_the_pool(panel, long_ago)


def test_14_where_he_has_a_stake(panel):
    holder, seller = make.make_expert(), make.make_expert()
    declared(holder)
    declared(seller, ends_on=date(2026, 3, 1))

    assert found(panel, holder) == ("investor", "投资或持股对方企业")
    assert in_the_pool(panel, seller)


def test_14_whose_relative_is_a_party(panel):
    kin, other = make.make_expert(), make.make_expert()
    declared(kin, "kin", "高明", "", detail="表弟")
    declared(other, "kin", "高名", "", detail="表弟")

    assert found(panel, kin) == ("relative", "申报的亲属（表弟）")
    assert in_the_pool(panel, other)


def test_14_who_is_a_party_himself(panel):
    head = make.make_expert(user=make.make_user(name="高先生", phone=PHONE))
    namesake = make.make_expert(user=make.make_user(name="高明", phone="13900000002"))
    unknown = make.make_expert(user=make.make_user(name="高明"))

    assert found(panel, head) == found(panel, unknown) == ("declared", "是参评项目的相关方")
    assert in_the_pool(panel, namesake)


@pytest.mark.parametrize(
    ("state", "why"), [("logged", "mentor"), ("confirmed", "mentor"), ("draft", ""), ("rejected", "")]
)
def test_14_who_has_helped_a_party_at_any_time(panel, state, why):
    expert = make.make_service(state, phone=PHONE, started_at=clock.instant(date(2019, 5, 6), 9)).expert

    assert found(panel, expert)[0] == why


def test_14_a_service_for_the_firm_counts_whoever_came(panel):
    guide = make.make_service(enterprise="太原晋泉装备").expert
    by_code = make.make_service(
        "confirmed", expert=make.make_expert(), request=make.make_request("confirmed", enterprise_code=CODE)
    ).expert
    elsewhere = make.make_service(enterprise="太原另一家有限公司").expert

    assert found(panel, guide) == found(panel, by_code) == ("mentor", "指导过参评项目的相关方")
    assert in_the_pool(panel, elsewhere)


@pytest.mark.parametrize(
    ("state", "why"), [("accepted", "mentor"), ("arranged", "mentor"), ("held", "mentor"), ("cancelled", "")]
)
def test_14_who_is_to_help_a_party(panel, state, why):
    expert = make.make_request(state, expert=make.make_expert(), phone=PHONE).expert

    assert found(panel, expert)[0] == why


def test_14_who_was_only_asked_has_not_helped(panel):
    expert = make.make_expert()
    make.make_request("offered", wanted=expert, phone=PHONE)

    assert in_the_pool(panel, expert)


@pytest.mark.parametrize(
    ("state", "why"), [("active", "mentor"), ("closed", "mentor"), ("proposed", ""), ("declined", "")]
)
def test_14_who_is_or_was_paired_with_a_party(panel, state, why):
    pairing = make.make_pairing(state)
    make.make_pairing_member(pairing, enterprise=FIRM, left_on=date(2026, 3, 2))

    assert found(panel, pairing.expert)[0] == why


def test_14_a_pairing_that_was_called_off_counts_once_they_had_met(panel):
    met, never = make.make_pairing("called_off"), make.make_pairing("called_off")
    for pairing in (met, never):
        make.make_pairing_member(pairing, enterprise_code=CODE)
    make.make_service(expert=met.expert, pairing=met)

    assert found(panel, met.expert) == ("mentor", "指导过参评项目的相关方")
    assert in_the_pool(panel, never.expert)


@pytest.mark.parametrize(("state", "why"), [("upheld", "declared"), ("dismissed", ""), ("received", "")])
def test_14_whom_a_party_has_rightly_objected_to(panel, state, why):
    expert = make.make_recusal_request(state, panel=panel).expert

    assert found(panel, expert)[0] == why


def test_14_an_objection_holds_in_its_own_review_alone(panel):
    expert = make.make_recusal_request("upheld", panel=make.make_panel()).expert

    assert in_the_pool(panel, expert)


def test_12_2_of_a_suspension_the_transcript_says_nothing(panel):
    entry = make.make_pool_entry(make.make_draw(panel=panel), make.make_expert(), why="suspended")

    assert entry.why == "suspended"
    assert transcripts.published(entry) == "leave"


def test_10_4_who_is_suspended_by_a_floor_above(panel):
    suspended, other = make.make_expert(), make.make_expert()

    with suspension(suspended, words="暂停派任务到2026年9月1日"):
        assert found(panel, suspended) == ("suspended", "")
        assert in_the_pool(panel, other)
    assert in_the_pool(panel, suspended)


def test_10_4_who_takes_nothing_on_that_day(panel):
    away, until_then, back = make.make_expert(), make.make_expert(), make.make_expert()
    Pause.objects.create(expert=away, first_day=DAY)
    Pause.objects.create(expert=until_then, first_day=date(2026, 3, 1), last_day=DAY)
    Pause.objects.create(expert=back, first_day=date(2026, 3, 1), last_day=date(2026, 3, 2))

    assert found(panel, away) == found(panel, until_then) == ("leave", "评审那天暂停接单")
    assert in_the_pool(panel, back)


def test_3_whose_term_is_over_by_then(panel):
    ends_before = make.make_expert(first_day=date(2023, 3, 3))  # until today
    ends_then = make.make_expert(first_day=date(2023, 3, 4))

    assert found(panel, ends_before) == ("leave", "评审那天聘期已满")
    assert in_the_pool(panel, ends_then)


def test_3_a_new_term_that_begins_in_time_is_enough(panel):
    renewed = make.make_expert(first_day=date(2023, 3, 3))
    make.make_appointment(user=renewed.user, first_day=DAY)

    assert in_the_pool(panel, renewed)


def test_10_4_a_review_that_ends_at_midnight_has_one_day(panel):
    panel.starts_at, panel.ends_at = clock.instant(DAY, 20), clock.instant(date(2026, 3, 4))
    assert pool.days_of(panel) == [DAY]

    panel.ends_at += timedelta(minutes=1)
    assert pool.days_of(panel) == [DAY, date(2026, 3, 4)]


def seated(expert, state="signed", course="concluded", before=timedelta(days=7)):
    """A seat in a review that began so long before the one in question."""
    begins = make.REVIEW - before
    panel = make.make_panel(course, starts_at=begins, ends_at=begins + timedelta(hours=1))
    return make.make_seat(state, panel=panel, expert=expert)


def test_10_4_who_has_had_three_reviews_in_ninety_days(panel):
    often, seldom = make.make_expert(), make.make_expert()
    for days in (1, 30, 89):
        seated(often, before=timedelta(days=days))
        seated(seldom, before=timedelta(days=days + 1))  # the third lies ninety days back

    assert found(panel, often) == ("cap", "90天内已有3次评审")
    assert in_the_pool(panel, seldom)


@pytest.mark.parametrize(
    ("state", "course", "why"),
    [
        ("accepted", "seated", "cap"),
        ("present", "open", "cap"),
        ("signed", "published", "cap"),
        ("called", "selecting", "cap"),
        ("called", "cancelled", ""),
        ("declined", "selecting", ""),
        ("passing", "selecting", ""),
        ("stood_down", "selecting", ""),
        ("released", "cancelled", ""),
    ],
)
def test_10_4_a_seat_counts_once_somebody_is_to_sit_on_it(panel, state, course, why):
    expert = make.make_expert()
    for days in (7, 14):
        seated(expert, before=timedelta(days=days))
    seated(expert, state, course, before=timedelta(days=1))

    assert found(panel, expert)[0] == why


def test_10_4_a_seat_in_this_very_review_is_not_one_too_many(panel):
    expert = make.make_expert()
    for days in (7, 14):
        seated(expert, before=timedelta(days=days))
    make.make_seat("accepted", panel=panel, expert=expert)

    assert in_the_pool(panel, expert)


def test_10_4_who_is_engaged_at_that_time(panel):
    busy, before, given_back = make.make_expert(), make.make_expert(), make.make_expert()
    make.make_engagement(busy, clock.instant(DAY, 12), minutes=60)
    make.make_engagement(before, clock.instant(DAY, 9), minutes=30)  # until 09:30
    make.make_engagement(given_back, clock.instant(DAY, 12), minutes=60, live=False)

    assert found(panel, busy) == ("busy", "评审时间已有安排")
    assert in_the_pool(panel, before)
    assert in_the_pool(panel, given_back)


def test_10_4_the_first_reason_that_holds_is_named(panel):
    """From the last to the first: each that is added hides the one before."""
    expert = make.make_expert(user=make.make_user(name="韩砚秋", phone="13900000009"))
    seen = []

    def then(*_):
        seen.append(found(panel, expert)[0])

    then(make.make_engagement(expert, clock.instant(DAY, 12)))
    then([seated(expert, before=timedelta(days=days)) for days in (7, 14, 21)])
    then(Pause.objects.create(expert=expert, first_day=DAY))
    with suspension(expert):
        then()
    then(make.make_recusal_request("upheld", panel=panel, expert=expert))
    then(make.make_service(expert=expert, phone=PHONE))
    then(Party.objects.create(project=panel.projects.first(), role="owner", name="股东", phone="13900000009"))
    then(declared(expert, "kin", "高明", ""))
    then(declared(expert))
    then(works(expert, FIRM, CODE))

    assert seen == [
        "busy", "cap", "leave", "suspended", "declared", "mentor", "declared", "relative", "investor", "employer",
    ]  # fmt: skip


def test_10_4_what_he_can_sit_for_and_for_whom_he_works(panel):
    panel.need = [["law", 1], ["finance", 2], ["category-2", 1], ["category-4", 1], ["any", 2]]
    expert, employed = make.make_expert(topics=["finance", "management"], category=4), make.make_expert()
    works(employed, FIRM, "91140100MA0EXAMPL9")

    own, other = sorted(pool.candidates(panel), key=lambda each: each.expert != expert)

    assert own[1:3] == (f"person:{expert.no}", ("any", "category-4", "finance"))
    assert other[1:3] == ("91140100MA0EXAMPL9", ("any", "category-2"))


def test_10_4_the_category_is_that_of_the_day_of_the_review(panel):
    panel.need = [["category-2", 1], ["category-4", 2]]
    renewed = make.make_expert(first_day=date(2023, 3, 3), category=2)
    make.make_appointment(user=renewed.user, first_day=DAY, category=4)

    assert pool.candidates(panel)[0].strata == ("category-4",)


def test_10_4_every_seat_has_a_name():
    choices = pool.stratum_choices()

    assert len(choices) == len(dict(choices)) == 1 + 8 + 8
    assert pool.stratum_label("any") == "不限"
    assert pool.stratum_label("finance") == "融资贷款"
    assert pool.stratum_label("category-4") == "金融与投资专家"


def test_10_4_the_number_of_questions_does_not_grow_with_the_team(panel):
    def fill(count):
        for _ in range(count):
            expert = make.make_expert(topics=["finance", "policy"])
            declared(expert, name="太原另一家有限公司", code="")
            make.make_service(expert=expert, enterprise="太原另一家有限公司")
            make.make_engagement(expert, clock.instant(DAY, 15))
            Pause.objects.create(expert=expert, first_day=date(2026, 4, 1))

    def asked():
        with CaptureQueriesContext(connection) as queries:
            everybody = pool.candidates(panel)
        return len(everybody), len(queries)

    fill(3)
    three, few = asked()
    fill(27)
    thirty, many = asked()

    assert (three, thirty) == (3, 30)
    assert few == many <= 16


def test_14_only_what_lies_in_himself_is_a_conflict(panel):
    """Leave, cap and other engagements keep out of the pool, and are no reason to step back from a seat."""
    expert = make.make_expert()
    make.make_engagement(expert, clock.instant(DAY, 12))
    assert (found(panel, expert)[0], pool.conflict_of(expert, panel)) == ("busy", "")

    declared(expert)
    assert pool.conflict_of(expert, panel) == "投资或持股对方企业"


def test_14_what_is_declared_after_the_freeze_is_a_conflict_at_once(panel):
    expert = make.make_expert()
    assert pool.conflict_of(expert, panel) == ""

    make.make_recusal_request("upheld", panel=panel, expert=expert)
    assert pool.conflict_of(expert, panel) == "当事人申请回避，已认定成立"


def test_14_a_conflict_is_with_its_project_and_no_other(panel):
    expert, first = make.make_expert(), panel.projects.get()
    second, third = (make.make_project(panel) for _ in range(2))
    Party.objects.create(project=second, role="applicant", name="太原某孵化器公司")
    declared(expert)
    make.make_recusal_request("upheld", panel=panel, expert=expert, project=third)
    stranger = make.make_expert()

    assert pool.conflicts_by_project(expert, panel) == {
        first.pk: "投资或持股对方企业",
        third.pk: "当事人申请回避，已认定成立",
    }
    assert pool.conflicts_by_project(stranger, panel) == {}


@pytest.fixture
def frozen(panel):
    """Nine self-employed experts at the freeze, the first of whom was away."""
    people = panels.experts(9)
    Pause.objects.create(expert=people[0], first_day=DAY)
    panel.alternates = 1
    panel.save()
    return panels.frozen(panel)


def changed(draw, expert):
    """What is told of this expert, and of nobody else."""
    told = pool.changes(draw)
    assert all(words.startswith(f"专家{expert.no}：") and expert.user.name not in words for words in told)
    return [words.removeprefix(f"专家{expert.no}：") for words in told]


def nth(draw, n):
    return [entry.expert for entry in draw.entries.select_related("expert__user").order_by("expert__no")][n]


def test_10_4_what_changes_after_the_freeze_is_told_and_has_no_effect(frozen):
    expert = nth(frozen, 3)
    before = list(frozen.entries.values_list("expert", "why", "h"))
    assert pool.changes(frozen) == []

    declared(expert)

    assert changed(frozen, expert) == ["锁定后新增“投资或持股”"]
    assert list(frozen.entries.values_list("expert", "why", "h")) == before


def test_10_4_a_reason_that_is_gone_is_told(frozen):
    Pause.objects.all().delete()

    assert changed(frozen, nth(frozen, 0)) == ["锁定时的“评审日不能参加”已不存在"]


def test_10_4_a_reason_that_has_become_another_is_told(frozen):
    expert = nth(frozen, 0)
    declared(expert)

    assert changed(frozen, expert) == ["锁定时的“评审日不能参加”变为“投资或持股”"]


def test_10_4_another_employer_and_another_field_are_told(frozen):
    frozen.panel.need, expert = [["any", 4], ["finance", 1]], nth(frozen, 3)
    works(expert, "太原另一家有限公司", "91140100MA0EXAMPL9")
    Speciality.objects.create(expert=expert, topic="finance")

    assert changed(frozen, expert) == ["锁定后工作单位有变", "锁定后可任席位有变"]


def test_10_4_who_came_and_who_left_is_told(frozen):
    new = make.make_expert()
    assert changed(frozen, new) == ["锁定后入团"]

    with clock.at(date(2029, 3, 1)):
        told = pool.changes(frozen)
    assert [words.partition("：")[2] for words in told] == ["锁定后不再在聘"] * 9


def test_10_4_a_seat_in_this_review_is_no_change(panel, frozen):
    """Whoever has accepted is engaged at that time, by this very review."""
    panels.drawn(panels.promised(frozen))
    panels.accepted(panel)

    assert Expert.objects.filter(engagements__live=True).count() == 5
    assert pool.changes(frozen) == []


def test_10_4_which_condition_costs_most(panel):
    for _ in range(2):
        declared(make.make_expert())
    Pause.objects.create(expert=make.make_expert(), first_day=DAY)
    make.make_expert()

    assert pool.costs(pool.candidates(panel)) == [("投资或持股", 2), ("评审日不能参加", 1)]
