from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from experts import actions, rules
from experts.models import Disclosure
from experts.rules import Interest, related
from expertteam import clock
from expertteam.regulation import Refused
from tests.make import make_appointment, make_expert, make_user, sign_in

FIRM, CODE, OTHER_CODE = "太原晋味餐饮有限公司", "9144030071526726XG", "911124198108030024"
DAY = date(2026, 3, 2)
LIST = "/admin/experts/disclosure/"
pytestmark = pytest.mark.django_db


def stake(name=FIRM, code="", begins_on=date(2024, 1, 1), ends_on=None):
    return Interest("investment", name, code, begins_on, ends_on)


def work(name=FIRM, code="", begins_on=date(2020, 1, 1), ends_on=None):
    return Interest("employer", name, code, begins_on, ends_on)


def kin(name="韩小雨", detail="女儿", ends_on=None):
    return Interest("kin", name, "", None, ends_on, detail)


@pytest.mark.parametrize(
    ("declared", "written", "same"),
    [
        (FIRM, "太原晋味餐饮有限公司", True),
        (FIRM, "太原晋味餐饮有限责任公司", True),
        (FIRM, "太原晋味餐饮", True),
        (FIRM, " 太原 晋味　餐饮有限公司 ", True),
        (FIRM, "太原晋味餐饮管理有限公司", False),
        (FIRM, "晋味餐饮有限公司", False),
        ("山西ABC（太原）科技有限公司", "山西ａｂｃ(太原)科技有限责任公司", True),
        ("太原晋味股份有限公司", "太原晋味有限公司", False),
        ("有限公司", "有限责任公司", False),
        ("", "", False),
    ],
)
def test_14_a_firm_is_the_same_however_its_name_is_written(declared, written, same):
    assert (related([stake(declared)], enterprise=written, on=DAY) is not None) is same


@pytest.mark.parametrize(
    ("declared_code", "code", "enterprise", "same"),
    [
        (CODE, CODE, "另一个名字", True),
        (CODE, CODE.lower(), "另一个名字", True),
        (CODE, OTHER_CODE, FIRM, False),
        (CODE, "", FIRM, True),
        ("", CODE, FIRM, True),
        ("", CODE, "另一个名字", False),
        ("", "", "", False),
    ],
)
def test_14_the_credit_code_decides_where_both_have_one(declared_code, code, enterprise, same):
    found = related([stake(code=declared_code)], enterprise=enterprise, code=code, on=DAY)

    assert (found is not None) is same


STAKE, POST = "投资或持股对方企业", "在对方企业任职"
LEFT = "曾在对方企业任职，2026年3月1日离开，未满三年"


@pytest.mark.parametrize(
    ("interest", "on", "words"),
    [
        (stake(), date(2023, 12, 31), None),
        (stake(), date(2024, 1, 1), STAKE),
        (stake(), date(2031, 1, 31), STAKE),
        (stake(ends_on=date(2026, 3, 1)), date(2026, 3, 1), STAKE),
        (stake(ends_on=date(2026, 3, 1)), date(2026, 3, 2), None),
        (stake(begins_on=None), date(2000, 1, 1), STAKE),
        (work(), date(2019, 12, 31), None),
        (work(), date(2020, 1, 1), POST),
        (work(ends_on=date(2026, 3, 1)), date(2026, 3, 1), POST),
        (work(ends_on=date(2026, 3, 1)), date(2026, 3, 2), LEFT),
        (work(ends_on=date(2026, 3, 1)), date(2029, 3, 1), LEFT),
        (work(ends_on=date(2026, 3, 1)), date(2029, 3, 2), None),
        (work(ends_on=date(2024, 2, 29)), date(2027, 2, 28), "曾在对方企业任职，2024年2月29日离开，未满三年"),
        (work(ends_on=date(2024, 2, 29)), date(2027, 3, 1), None),
    ],
)
def test_14_a_stake_binds_while_it_lasts_and_a_post_three_years_longer(interest, on, words):
    assert related([interest], enterprise=FIRM, on=on) == words


@pytest.mark.parametrize(
    ("interest", "name", "words"),
    [
        (kin(), "韩小雨", "申报的亲属（女儿）"),
        (kin(detail=""), "韩小雨", "申报的亲属"),
        (kin(), " 韩 小雨", "申报的亲属（女儿）"),
        (kin(ends_on=date(2020, 1, 1)), "韩小雨", "申报的亲属（女儿）"),
        (kin(name="阿依古丽·买买提"), "阿依古丽买买提", "申报的亲属（女儿）"),
        (kin(), "韩小雪", None),
        (kin(), "", None),
        (kin(name="——"), "……", None),
    ],
)
def test_14_kin_always_counts(interest, name, words):
    assert related([interest], name=name, enterprise="韩小雨", on=DAY) == words


def test_14_the_first_tie_that_binds_is_named():
    interests = [stake(ends_on=date(2025, 1, 1)), work(name="别的公司"), kin(), stake()]

    assert related(interests, name="刘小满", enterprise=FIRM, on=DAY) == STAKE
    assert related(interests, name="韩小雨", enterprise=FIRM, on=DAY) == "申报的亲属（女儿）"
    assert related([], name="韩小雨", enterprise=FIRM, on=DAY) is None


@pytest.fixture
def own(expert, today):
    """An expert who works at a firm."""
    return make_expert(user=expert, employer="太原某装备公司", employer_code=OTHER_CODE, position="总经理")


def declared(own, **fields):
    said = {"kind": "investment", "name": FIRM, "detail": "持股10%", "begins_on": date(2024, 1, 1)}
    return actions.disclose(own, by=own.user, **said | fields)


def test_14_where_he_works_and_what_he_declared_are_his_interests(own):
    declared(own, code=CODE)

    assert own.interests == [
        Interest("employer", "太原某装备公司", OTHER_CODE),
        Interest("investment", FIRM, CODE, date(2024, 1, 1), None, "持股10%"),
    ]


def test_an_expert_without_an_employer_works_nowhere(today):
    assert make_expert().interests == []


def test_14_a_declaration_leaves_its_trace(own):
    disclosure = declared(own)

    entry = disclosure.history.get()
    assert (entry.history_user, entry.history_change_reason) == (own.user, "申报利益（第14条）")
    assert disclosure.declared_at == clock.now()


def test_what_was_declared_is_not_in_clear_in_the_database(own):
    declared(own, code=CODE)

    for table in ("experts_disclosure", "experts_historicaldisclosure"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT name, code, detail FROM {table}")
            assert all(value.startswith("gAAAA") for value in cursor.fetchone())


def test_14_the_floor_above_is_told_of_a_declaration(own, monkeypatch):
    told = []
    monkeypatch.setattr(actions, "DECLARED", [told.append])

    disclosure = declared(own)

    assert told == [disclosure]


def test_nobody_declares_or_ends_for_another(own, leader):
    disclosure = declared(own)

    with pytest.raises(PermissionDenied):
        actions.disclose(own, by=leader, kind="kin", name="韩小雨")
    with pytest.raises(PermissionDenied):
        actions.end_disclosure(disclosure, by=leader, ends_on=DAY)


def test_nothing_is_declared_before_it_begins(own):
    with pytest.raises(Refused, match="开始日期还没到") as refusal:
        declared(own, begins_on=date(2026, 3, 3))

    assert refusal.value.article == "14"
    assert declared(own, begins_on=date(2026, 3, 2)).pk


def test_14_a_tie_that_ended_stays_on_record(own):
    disclosure = declared(own)

    actions.end_disclosure(disclosure, by=own.user, ends_on=date(2026, 3, 1))

    disclosure.refresh_from_db()
    assert (disclosure.ends_on, disclosure.name) == (date(2026, 3, 1), FIRM)
    assert disclosure.history.first().history_change_reason == "结束申报（第14条）"


@pytest.mark.parametrize(
    ("ends_on", "words"),
    [(date(2026, 3, 3), "结束日期还没到"), (date(2023, 12, 31), "结束日期早于开始日期")],
)
def test_an_end_lies_between_the_beginning_and_today(own, ends_on, words):
    disclosure = declared(own)

    with pytest.raises(Refused, match=words):
        actions.end_disclosure(disclosure, by=own.user, ends_on=ends_on)


def test_a_tie_ends_once(own):
    disclosure = declared(own)
    actions.end_disclosure(disclosure, by=own.user, ends_on=date(2026, 3, 1))

    with pytest.raises(Refused, match="这一条已经结束"):
        actions.end_disclosure(disclosure, by=own.user, ends_on=date(2026, 3, 2))


@pytest.mark.parametrize(
    "change",
    [{"name": "别的"}, {"code": OTHER_CODE}, {"detail": "1%"}, {"kind": "kin"}, {"begins_on": date(2025, 1, 1)}]
    + [{"begins_on": None}, {"declared_at": clock.instant(date(2025, 1, 1))}, {"ends_on": None}]
    + [{"ends_on": date(2026, 3, 2)}],
)
def test_14_the_database_rewrites_no_declaration(own, change):
    disclosure = declared(own)
    actions.end_disclosure(disclosure, by=own.user, ends_on=date(2026, 3, 1))

    with pytest.raises(IntegrityError, match="art14_declaration_never_changes"), transaction.atomic():
        Disclosure.objects.filter(pk=disclosure.pk).update(**change)


def test_14_the_database_deletes_no_declaration(own):
    disclosure = declared(own)

    with pytest.raises(IntegrityError, match="art14_declaration_is_never_deleted"), transaction.atomic():
        disclosure.delete()


def test_14_no_tie_ends_before_it_began(own):
    with pytest.raises(IntegrityError, match="art14_interest_ends_after_it_began"), transaction.atomic():
        Disclosure.objects.create(expert=own, kind="kin", name="甲", begins_on=DAY, ends_on=date(2026, 3, 1))


def test_14_a_former_employer_is_kept_when_an_expert_comes_back_from_another(today):
    user = make_user(name="武振川")
    make_appointment(user=user, first_day=date(2023, 3, 1), employer=FIRM, employer_code=CODE, position="店长")

    own = make_appointment(user=user, first_day=date(2026, 3, 1), employer="另一家公司", employer_code="").expert

    assert own.interests == [
        Interest("employer", "另一家公司"),
        Interest("employer", FIRM, CODE, None, date(2026, 2, 27), "店长"),
    ]
    assert own.disclosures.get().history.get().history_user is None


def test_the_same_employer_in_other_words_is_not_left(today):
    user = make_user()
    make_appointment(user=user, first_day=date(2023, 3, 1), employer=FIRM)

    own = make_appointment(user=user, first_day=date(2026, 3, 1), employer="太原晋味餐饮有限责任公司").expert

    assert own.disclosures.count() == 0


@pytest.mark.parametrize(
    ("role", "status"),
    [("matcher", 200), ("leader", 200), ("inspector", 200), ("intake", 403), ("reviewer", 403), ("admin", 403)],
)
def test_who_reads_the_register_of_declarations(http, own, request, role, status):
    sign_in(http, request.getfixturevalue(role))
    disclosure = declared(own)

    paths = [LIST, f"{LIST}{disclosure.pk}/change/", f"{LIST}{disclosure.pk}/history/"]

    assert [http.get(path).status_code for path in paths] == [status] * 3


def test_the_register_is_read_only_and_spells_out_no_relative(http, own, matcher):
    sign_in(http, matcher)
    disclosure = declared(own, kind="kin", name="韩小雨", detail="女儿")

    listed = http.get(LIST).content.decode()
    shown = http.get(f"{LIST}{disclosure.pk}/change/").content.decode()

    assert "韩小雨" not in listed
    assert "韩**" in listed
    assert "韩小雨" in shown
    assert http.get(f"{LIST}add/").status_code == 403
    assert http.post(f"{LIST}{disclosure.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_register_asks_the_same_number_of_times_for_1_and_30(http, own, matcher, django_assert_num_queries):
    sign_in(http, matcher)
    declared(own)
    with django_assert_num_queries(8):
        http.get(LIST)
    for _ in range(29):
        declared(own)

    with django_assert_num_queries(8):
        assert http.get(LIST).context["cl"].result_count == 30


def test_an_expert_sees_his_own_declarations_and_a_stranger_none(own, matcher, stranger):
    disclosure = declared(own)
    other = make_expert()

    seen = {person: list(Disclosure.objects.visible_to(person)) for person in (own.user, matcher, stranger, other.user)}

    assert seen == {own.user: [disclosure], matcher: [disclosure], stranger: [], other.user: []}


@pytest.mark.parametrize(("on", "standing"), [(date(2026, 2, 28), 1), (date(2026, 3, 1), 1), (date(2026, 3, 2), 0)])
def test_a_declaration_stands_until_its_last_day(own, on, standing):
    actions.end_disclosure(declared(own), by=own.user, ends_on=date(2026, 3, 1))

    assert Disclosure.objects.standing(on).count() == standing


def test_the_day_three_years_later():
    assert rules.anniversary(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert rules.anniversary(date(2026, 3, 1), 3) == date(2029, 3, 1)
