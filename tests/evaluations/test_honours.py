"""表彰推荐: who is nominated, who decides, what stands in the way, and who learns of it (Article 10(1))."""

import csv
import io
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from evaluations import actions, honour_papers, today, year
from evaluations.models import Dismissal, Honour
from evaluations.rules import honour as rules
from expertteam import clock
from expertteam.models import Notification
from expertteam.regulation import Refused
from tests.conftest import person
from tests.make import (
    make_assessment,
    make_dismissal,
    make_expert,
    make_honour,
    make_rating,
    make_rating_case,
    make_strike,
    make_user,
    sign_in,
)

SAID = {"criteria": "全年服务满10次，满意度4.5分以上", "deeds": "帮12家小店理顺了账。"}
APPROVAL = "晋评组发〔2026〕3号"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def nominated(by, expert=None, kind="praise", year=2026, **said):
    return actions.nominate(expert or make_expert(), by=by, kind=kind, year=year, **SAID | said)


def given(expert=None, kind="praise", **fields):
    return make_honour("conferred", expert=expert or make_expert(), kind=kind, **fields)


def strike(expert, day=date(2026, 3, 2), state="standing"):
    rating = make_rating(expert=expert, grade=1, wrong=["attitude"])
    return make_strike(state, case=make_rating_case("found", rating=rating), day=day)


# Nominated


def test_a_nomination_keeps_what_the_year_showed(reviewer, leader):
    expert = make_expert()
    for grade in (5, 5, 5, 5, 4):
        make_rating(expert=expert, grade=grade)

    honour = nominated(reviewer, expert)
    make_rating(expert=expert, grade=1, wrong=["late"])

    honour.refresh_from_db()
    assert (honour.number, honour.state, honour.nominated_by) == ("BZ26030001", "nominated", reviewer)
    assert (honour.evidence["services"], honour.evidence["rated"], honour.evidence["average"]) == (5, 5, "4.8")
    assert Notification.objects.get(to=leader).subject == "有一件表彰推荐待决定"
    assert honour.history.get().history_change_reason == "提名（第10(1)条）"


def test_below_five_ratings_there_is_no_average(reviewer):
    expert = make_expert()
    for _ in range(4):
        make_rating(expert=expert, grade=5)

    assert nominated(reviewer, expert).evidence["average"] is None


@pytest.mark.parametrize("role", ["intake", "leader", "matcher", "inspector", "admin", "expert"])
def test_only_a_reviewer_nominates(role):
    with pytest.raises(PermissionDenied):
        nominated(person("someone", role))


def test_nobody_nominates_himself(reviewer):
    with pytest.raises(Refused, match="不能提名自己"):
        nominated(reviewer, make_expert(user=reviewer))


@pytest.mark.parametrize(("year", "words"), [(2025, "不在聘期"), (2027, "还没有到"), (2026, "")])
def test_work_is_honoured_that_was_done_in_office(reviewer, year, words):
    if words:
        with pytest.raises(Refused, match=words):
            nominated(reviewer, year=year)
    else:
        assert nominated(reviewer, year=year).year == 2026


def test_once_for_a_year_and_a_kind_unless_it_came_to_nothing(reviewer, leader):
    expert = make_expert()
    first = nominated(reviewer, expert)
    with pytest.raises(Refused, match="2026年已提名过通报表扬"):
        nominated(reviewer, expert)
    with pytest.raises(IntegrityError, match="one_honour_of_a_kind|UNIQUE"), transaction.atomic():
        make_honour(expert=expert)

    actions.refuse(first, by=leader, decision="事迹不够具体")

    assert nominated(reviewer, expert).state == "nominated"
    assert nominated(reviewer, expert, kind="provincial").state == "nominated"


# What stands in the way


@pytest.mark.parametrize(
    ("served", "dismissed", "open_case", "strikes", "words"),
    [
        (True, False, False, 0, ""),
        (False, False, False, 0, "不在聘期"),
        (True, True, False, 0, "已被解聘"),
        (True, False, True, 0, "没有办结"),
        (True, False, False, 1, "1次计次"),
        (True, False, False, 3, "3次计次"),
    ],
)
def test_10_1_what_stands_in_the_way(served, dismissed, open_case, strikes, words):
    why = rules.why_not_honoured(served=served, dismissed=dismissed, open_case=open_case, strikes=strikes)

    assert words in why if words else why == ""


@pytest.mark.parametrize(
    ("kind", "approval", "expected"),
    [("praise", "", True), ("provincial", "", True), ("commendation", "", False), ("commendation", APPROVAL, True)],
)
def test_10_1_commendation_needs_an_approval(kind, approval, expected):
    assert rules.has_approval(kind, approval) is expected


@pytest.mark.parametrize(("year", "expected"), [(2025, True), (2026, True), (2027, False)])
def test_10_1_no_year_ahead_is_honoured(year, expected):
    assert rules.may_be_looked_back_on(year, date(2026, 12, 31)) is expected


@pytest.mark.parametrize(
    ("state", "day", "stands"),
    [
        ("standing", date(2026, 1, 1), True),
        ("standing", date(2026, 12, 31), True),
        ("maintained", date(2026, 3, 2), True),
        ("standing", date(2025, 12, 31), False),
        ("standing", date(2027, 1, 1), False),
        ("appealed", date(2026, 3, 2), False),
        ("reversed", date(2026, 3, 2), False),
    ],
)
def test_a_counted_strike_of_that_year_stands_in_the_way_of_both_steps(reviewer, leader, state, day, stands):
    expert, other = make_expert(first_day=date(2025, 6, 1)), make_expert(first_day=date(2025, 6, 1))
    late = nominated(reviewer, other)
    for each in (expert, other):
        strike(each, day, state)

    if stands:
        with pytest.raises(Refused, match="1次计次"):
            nominated(reviewer, expert)
        with pytest.raises(Refused, match="1次计次"):
            actions.confer(late, by=leader, decision="同意")
        with pytest.raises(IntegrityError, match="art10_1_nobody_is_nominated"), transaction.atomic():
            make_honour(expert=expert)
    else:
        assert nominated(reviewer, expert).state == "nominated"
        assert actions.confer(late, by=leader, decision="同意").state == "conferred"


def written(honour, **values):
    """Past every verb, as somebody at the database would."""
    with transaction.atomic():
        QuerySet(Honour).filter(pk=honour.pk).update(**values)


def test_an_open_dismissal_stands_in_the_way_until_it_is_over(reviewer, leader):
    expert, late = make_expert(), nominated(reviewer)
    cases = [make_dismissal(expert=each) for each in (expert, late.expert)]
    decided = {"state": "conferred", "decision": "同意", "decided_by": leader, "decided_at": clock.now()}

    with pytest.raises(Refused, match="没有办结"):
        nominated(reviewer, expert)
    with pytest.raises(Refused, match="没有办结"):
        actions.confer(late, by=leader, decision="同意")
    with pytest.raises(IntegrityError, match="art10_1_nobody_is_honoured"):
        written(late, **decided)

    for case in cases:
        QuerySet(Dismissal).filter(pk=case.pk).update(state="dropped", drop_reason="线索不实")
    assert nominated(reviewer, expert).state == "nominated"
    written(late, **decided)


# Decided


@pytest.mark.parametrize(
    ("kind", "said", "words"),
    [("praise", {}, "已授予"), ("provincial", {}, "已推荐"), ("commendation", {"approval": APPROVAL}, "已授予")],
)
def test_another_person_decides_and_the_expert_is_told(reviewer, leader, kind, said, words):
    honour = nominated(reviewer, kind=kind)

    actions.confer(honour, by=leader, decision="事迹属实", **said)

    assert (honour.get_state_display(), honour.decided_by, honour.approval) == (words, leader, said.get("approval", ""))
    assert Notification.objects.filter(to=honour.expert.user).exists()
    assert words in Notification.objects.get(to=reviewer).body


def test_commendation_without_its_approval_is_refused_and_by_the_database_too(reviewer, leader):
    honour = nominated(reviewer, kind="commendation")
    decided = {"state": "conferred", "decision": "同意", "decided_by": leader, "decided_at": clock.now()}

    with pytest.raises(Refused, match="请填批准文号"):
        actions.confer(honour, by=leader, decision="同意")
    with pytest.raises(IntegrityError, match="art10_1_commendation_names_its_approval"):
        written(honour, **decided)
    written(honour, **decided, approval=APPROVAL)


def test_whoever_nominated_does_not_decide():
    both = person("both", "reviewer", "leader")
    honour = nominated(both)

    for move in (actions.confer, actions.refuse):
        with pytest.raises(Refused, match="提名的人不能自己决定"):
            move(honour, by=both, decision="同意")
    with pytest.raises(IntegrityError, match="art10_1_honour_is_decided_by_another"):
        written(honour, state="refused", decision="同意", decided_by=both, decided_at=clock.now())
    assert not today.honour_rows.to_decide_of(both).exists()


@pytest.mark.parametrize("move", ["confer", "refuse", "revoke"])
def test_a_leader_does_not_decide_on_himself(leader, move):
    honour = make_honour("conferred" if move == "revoke" else "nominated", expert=make_expert(user=leader))
    said = {"revocation": "x"} if move == "revoke" else {"decision": "x"}

    with pytest.raises(Refused, match="与您本人有关"):
        getattr(actions, move)(honour, by=leader, **said)


@pytest.mark.parametrize("role", ["intake", "reviewer", "matcher", "inspector", "admin", "expert"])
def test_only_a_leader_decides(role):
    with pytest.raises(PermissionDenied):
        actions.confer(make_honour(), by=person("someone", role), decision="同意")


def test_what_came_to_nothing_is_told_to_who_nominated_alone(reviewer, leader):
    honour = nominated(reviewer)

    actions.refuse(honour, by=leader, decision="事迹不够具体")

    assert "未通过" in Notification.objects.get(to=reviewer).body
    assert not Notification.objects.filter(to=honour.expert.user).exists()
    assert not Honour.objects.visible_to(honour.expert.user).exists()


def test_it_is_taken_back_with_reasons_that_the_expert_reads(leader):
    honour = given()

    actions.revoke(honour, by=leader, revocation="事迹失实")

    assert (honour.state, honour.revoked_by) == ("revoked", leader)
    assert Notification.objects.get(to=honour.expert.user, channel="inapp").subject == "表彰推荐已撤销"
    with pytest.raises(IntegrityError, match="art10_1_revoked_honour_has_reasons"):
        written(honour, revocation="")


@pytest.mark.parametrize(
    "values",
    [{"year": 2025}, {"kind": "provincial"}, {"deeds": "别的"}, {"decision": "别的"}, {"state": "nominated"}],
)
def test_what_was_decided_stays(values):
    with pytest.raises(IntegrityError):
        written(given(), **values)


# Who sees


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("reviewer", True),
        ("leader", True),
        ("inspector", True),
        ("intake", False),
        ("matcher", False),
        ("admin", False),
    ],
)
def test_who_sees_honours(http, role, sees):
    honour, someone = make_honour(), person("someone", role)
    sign_in(http, someone)

    assert Honour.objects.visible_to(someone).exists() is sees
    assert http.get("/admin/honours/").status_code == (200 if sees else 403)
    assert http.get(honour.get_absolute_url()).status_code == (200 if sees else 404)
    assert http.get("/admin/honours/province/2026.csv").status_code == (200 if sees else 403)


@pytest.mark.parametrize("state", ["nominated", "refused", "conferred", "revoked"])
def test_an_expert_sees_his_own_once_it_was_given(http, state):
    honour = make_honour(state)
    http.force_login(honour.expert.user)

    desk = http.get("/desk/").text

    shown = state in ("conferred", "revoked")
    assert ("2026年通报表扬" in desk) is shown
    assert ("事迹失实" in desk) is (state == "revoked")
    assert http.get(honour.get_absolute_url()).status_code == (403 if shown else 404)


def test_nobody_in_office_sees_his_own(http, reviewer):
    honour = make_honour(expert=make_expert(user=reviewer))
    sign_in(http, reviewer)

    assert http.get(honour.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("kind", "state", "line"),
    [
        ("praise", "conferred", "2026年通报表扬"),
        ("commendation", "conferred", "2026年表彰"),
        ("provincial", "conferred", ""),
        ("praise", "nominated", ""),
        ("praise", "refused", ""),
        ("praise", "revoked", ""),
    ],
)
def test_praise_and_commendation_stand_on_the_public_page(http, kind, state, line):
    honour = make_honour(state, kind=kind)

    page = http.get(honour.expert.get_absolute_url()).text

    assert (line in page) if line else ("2026年通报表扬" not in page and "推荐省级专家" not in page)


def test_the_public_page_is_right_at_once_and_again(http, reviewer, leader):
    honour = nominated(reviewer)
    address = honour.expert.get_absolute_url()
    seen = []

    for move, said in [(None, {}), (actions.confer, {"decision": "同意"}), (actions.revoke, {"revocation": "失实"})]:
        if move:
            move(honour, by=leader, **said)
        seen.append("2026年通报表扬" in http.get(address).text)

    assert seen == [False, True, False]


# The pages


def test_nominated_and_decided_on_their_pages(http, reviewer, leader):
    expert = make_expert(user=make_user(name="韩砚秋"))
    sign_in(http, reviewer)
    address = f"/admin/honours/nominate/?expert={expert.no}&year=2026"

    assert "看年度情况" in http.get("/admin/honours/nominate/").text
    shown = http.get(address).text
    wrong = http.post(address, {"kind": "commendation"})
    answer = http.post(address, {"kind": "commendation"} | SAID, follow=True)
    honour = Honour.objects.get()
    assert ("提名韩砚秋老师" in shown, "0条评价，不满5条，不算平均分" in shown) == (True, True)
    assert (wrong.status_code, "已提名韩砚秋老师" in answer.text) == (422, True)
    assert f"{honour.get_absolute_url()}confer/" not in answer.text

    sign_in(http, leader)
    page = honour.get_absolute_url()
    assert f"{page}confer/" in http.get(page).text
    assert [row.what for row in today.queue(leader)[0].rows] == ["决定表彰"]
    assert http.post(f"{page}confer/", {"decision": "同意"}).status_code == 422
    done = http.post(f"{page}confer/", {"decision": "同意", "approval": APPROVAL}, follow=True)
    assert ("已授予" in done.text, APPROVAL in done.text) == (True, True)
    assert http.post(f"{page}revoke/", {"revocation": "失实"}, follow=True).status_code == 200
    honour.refresh_from_db()
    assert honour.state == "revoked"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("expert=没有这个人&year=2026", "没有找到，或有同名的，请填专家编号"),
        ("expert=&year=2026", "请填写专家姓名或编号"),
        ("expert={no}&year=2011", "年度只能从给出的选项里选"),
        ("expert={no}&year=2025", "这一年不在聘期，不能提名"),
    ],
)
def test_of_whom_and_which_year_is_asked_first(http, reviewer, query, words):
    expert = make_expert()
    sign_in(http, reviewer)
    address = f"/admin/honours/nominate/?{query.format(no=expert.no)}"

    assert words in http.get(address).text
    http.post(address, {"kind": "praise"} | SAID)
    assert not Honour.objects.exists()


def test_an_open_case_is_said_before_anything_is_typed(http, reviewer):
    expert = make_expert()
    make_dismissal(expert=expert)
    sign_in(http, reviewer)

    page = http.get(f"/admin/honours/nominate/?expert={expert.no}&year=2026").text

    assert ("有解聘案没有办结" in page, 'name="deeds"' in page) == (True, False)


def test_praise_asks_for_no_approval(http, leader):
    sign_in(http, leader)

    pages = [
        http.get(f"{make_honour(kind=kind).get_absolute_url()}confer/").text for kind in ("praise", "commendation")
    ]

    assert ["批准文号" in page for page in pages] == [False, True]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 4),
        ("year=2026", 3),
        ("kind=provincial", 1),
        ("year=2026&kind=praise", 2),
        ("state=conferred", 1),
        ("year=x&kind=y", 4),
        ("year=2031", 4),
    ],
)
def test_the_list_is_narrowed_by_year_and_kind(http, reviewer, query, found):
    make_honour(), make_honour("conferred"), make_honour(kind="provincial"), make_honour(year=2025)
    sign_in(http, reviewer)

    assert len(http.get(f"/admin/honours/?{query}").context["object_list"]) == found


def recommended(**fields):
    user = make_user(name=fields.pop("name", "韩砚秋"))
    expert = make_expert(user=user)
    for name, value in {"employer": "太原某大学", "position": "副院长", "title": "教授"}.items():
        setattr(expert, name, fields.pop(name, value))
    expert.save()
    return given(expert, "provincial", **fields)


def downloaded(http):
    answer = http.get("/admin/honours/province/2026.csv")
    return answer, list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_list_for_the_province(http, leader):
    recommended()
    for other in ({"kind": "praise"}, {"kind": "provincial", "year": 2025}):
        given(**other)
    make_honour(kind="provincial")
    sign_in(http, leader)

    answer, lines = downloaded(http)

    assert 'filename="recommended-2026.csv"' in answer["Content-Disposition"]
    assert lines == [
        ["姓名", "单位", "职务", "职称", "类别", "聘期", "服务次数", "满意度", "主要事迹"],
        [
            "韩砚秋", "太原某大学", "副院长", "教授", "职业经理人与专业技术人员", "2026-03-01至2029-02-28", "12",
            "4.8分（满分5分，6条评价）", "帮12家小店理顺了账。",
        ],
    ]  # fmt: skip


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t"])
def test_no_cell_is_a_formula(http, leader, first):
    recommended(employer=f"{first}1+1", deeds=f"{first}cmd")
    sign_in(http, leader)

    _, lines = downloaded(http)

    assert (lines[1][1], lines[1][8]) == (f"'{first}1+1", f"'{first}cmd")


@pytest.mark.parametrize("year", [1, 1999, 2027, 10**20])
def test_no_list_of_a_year_without(http, leader, year):
    sign_in(http, leader)

    assert http.get(f"/admin/honours/province/{year}.csv").status_code == 404


@pytest.mark.parametrize("address", ["/admin/honours/", "/admin/honours/province/2026.csv"])
def test_lists_ask_as_often_for_one_as_for_nine(http, leader, address):
    sign_in(http, leader)
    counts = []
    for more in (1, 8):
        for number in range(more):
            recommended(name=f"专家{more}{number}")
        http.get(address)
        with CaptureQueriesContext(connection) as asked:
            http.get(address)
        counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("kind", "state", "title"),
    [
        ("provincial", "conferred", "省级创业就业专家推荐表"),
        ("praise", "nominated", "通报表扬审批表"),
        ("commendation", "refused", "表彰审批表"),
    ],
)
def test_the_form_as_pdf(http, leader, kind, state, title):
    honour = make_honour(state, kind=kind)
    sign_in(http, leader)

    answer = http.get(f"{honour.get_absolute_url()}form.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content)[:5] == b"%PDF-"
    assert honour_papers.TITLES[kind] == title


def test_the_form_says_who_nominated_and_what_was_decided():
    blocks = {block.heading: block for block in honour_papers.blocks(make_honour("refused"))}

    assert ["满意度", "4.8分（满分5分，6条评价）"] in blocks["2026年情况"].rows
    assert blocks["主要事迹"].rows == ["帮12家小店理顺了账。"]
    assert blocks["签字"].rows[1][1].endswith("2026年3月3日，不予通过")


@pytest.mark.parametrize(("state", "words"), [("computed", "还没有公布"), ("released", "优秀，92.50分")])
def test_the_annual_evaluation_is_shown_once_the_expert_was_told(state, words):
    sheet = make_assessment(state, year=2026, grade="excellent", total="92.50")

    assert dict(year.told(year.figures(sheet.expert, 2026)))["年度评价"] == words
