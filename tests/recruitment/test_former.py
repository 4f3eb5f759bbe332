"""The old team: what a table says, what would come of it, taking it in by two people, undoing it whole."""

import hashlib
import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from experts.models import Appointment, Disclosure, Expert, Speciality
from expertteam import clock, consents, verify
from expertteam.models import ListExport, Notification, User
from expertteam.regulation import Refused
from expertteam.workbooks import ReadBefore
from expertteam.workbooks import read as read_table
from recruitment import actions, former_file, rules
from recruitment.models import FormerImport, FormerRow, Wish
from tests import make
from tests.conftest import person
from tests.recruitment.former import PERSON, SECOND, somebody, table, taken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def outcomes(record):
    return [row.outcome for row in record.rows.order_by("place")]


def faults(record):
    return [row.faults for row in record.rows.order_by("place")]


def read(intake, *people):
    return actions.read_former(table(*people), by=intake)


def written():
    return User.objects.count(), Expert.objects.count(), Appointment.objects.count(), Notification.objects.count()


# Which terms


@pytest.mark.parametrize(
    ("first_day", "last_day", "reason"),
    [
        (date(2026, 1, 31), date(2029, 1, 30), ""),
        (date(2026, 2, 1), date(2029, 1, 31), "2026年2月1日以前开始"),
        (date(2024, 5, 1), date(2027, 4, 30), ""),
        (date(2024, 5, 1), date(2027, 5, 1), "最晚到2027年4月30日"),
        (date(2024, 2, 29), date(2027, 2, 28), ""),
        (date(2024, 2, 29), date(2027, 3, 1), "最晚到2027年2月28日"),
        (date(2024, 5, 1), date(2025, 4, 30), ""),
        (date(2024, 5, 1), date(2024, 5, 1), "应在首日以后"),
        (date(2020, 1, 1), date(2022, 12, 31), ""),
        (date(2019, 12, 31), date(2022, 12, 30), "不会更早开始"),
    ],
)
def test_15_a_former_term_began_before_the_measures_and_lasts_three_years_at_most(first_day, last_day, reason):
    said = rules.why_no_former_term(first_day, last_day)

    assert (reason in said) if reason else said == ""


# What a table says


@pytest.mark.parametrize(
    ("title", "typed", "name", "value"),
    [
        ("聘期首日", "2024/5/1", "first_day", date(2024, 5, 1)),
        ("聘期首日", "2024年5月1日", "first_day", date(2024, 5, 1)),
        ("手机号", "+86 138-0000-0001", "phone", "13800000001"),
        ("证件号码", "11010519491231002x", "id_number", "11010519491231002X"),
        ("类别", "（二）", "category", 2),
        ("类别", "第八项", "category", 8),
        ("擅长领域", "融资贷款 , 风险评估、融资贷款", "topics", ["finance", "risk"]),
        ("所在区县", "小店区", "district", "140105"),
        ("可以上门", "是", "visits", True),
        ("聘书编号", "并创〔2024〕 12号", "number", "并创〔2024〕12号"),
    ],
)
def test_what_is_typed_is_understood(title, typed, name, value):
    row = former_file.read(2, PERSON | {title: typed})

    assert (row.faults, row.values[name]) == ({}, value)


@pytest.mark.parametrize(
    ("title", "typed", "fault"),
    [
        ("姓名", "", "没有填"),
        ("姓名", "王" * 51, "最多50字"),
        ("证件类型", "户口本", "只能填：居民身份证"),
        ("证件号码", "110105194912310021", "校验位不对"),
        ("手机号", "0351-5550100", "固定电话"),
        ("聘书编号", "并创专〔2026〕001号", "按本办法发的"),
        ("聘期首日", "去年五月", "日期请写成"),
        ("聘期首日", "2024-02-30", "没有这一天"),
        ("聘期首日", "2026-02-01", "以前开始"),
        ("聘期末日", "2027-05-01", "不超过三年"),
        ("类别", "9", "1到8"),
        ("擅长领域", "养猪", "只能填：项目策划"),
        ("单位统一社会信用代码", "123", "统一社会信用代码"),
        ("所在区县", "朝阳区", "只能填：小店区"),
        ("可以上门", "或许", "只能填：是、否"),
    ],
)
def test_what_is_wrong_is_said_at_its_cell(title, typed, fault):
    row = former_file.read(7, PERSON | {title: typed})

    assert list(row.faults) == [title]
    assert fault in row.faults[title]


def test_a_table_without_our_head_is_refused_and_names_what_is_missing():
    with pytest.raises(ValidationError, match="第一行缺少表头：手机号"):
        former_file.rows_of([[title for title in former_file.TITLES if title != "手机号"], ["王芳"]])


def test_columns_may_stand_in_any_order_and_others_are_passed_over():
    head = [*reversed(former_file.TITLES), "问题"]
    rows = former_file.rows_of([head, [PERSON.get(title, "") for title in head[:-1]] + ["旧的问题"]])

    assert (rows[0].faults, rows[0].values["name"]) == ({}, "韩砚秋")


@pytest.mark.parametrize(("people", "accepted"), [(500, True), (501, False)])
def test_a_table_holds_five_hundred_people(people, accepted):
    line = [PERSON.get(title, "") for title in former_file.TITLES]
    rows = [former_file.TITLES, *[line] * people]
    if accepted:
        assert len(former_file.rows_of(rows)) == people
        return
    with pytest.raises(ValidationError, match="最多500行，现在是501行"):
        former_file.rows_of(rows)


def test_the_template_reads_as_empty_shows_one_example_and_keeps_long_numbers_text():
    content = former_file.template()
    page, guide = load_workbook(io.BytesIO(content)).worksheets
    with pytest.raises(ValidationError, match="没有要导入的人"):
        former_file.rows_of(read_table(upload(content)))

    assert [cell.value for cell in page[1]] == former_file.TITLES
    assert page["A2"].value.startswith("示例")
    assert page["A2"].fill.fgColor.rgb == "00FFF2CC"
    assert page.column_dimensions["C"].number_format == "@"
    assert [row[0].value for row in guide.iter_rows(min_row=2, max_row=16)] == former_file.TITLES
    assert former_file.template() == content


def upload(content):
    file = table(PERSON)
    file.file, file.size = io.BytesIO(content), len(content)
    return file


# The dry run


def test_reading_shows_what_would_be_made_and_writes_nothing_of_it(intake):
    before = written()
    record = read(intake, PERSON, SECOND)

    assert (outcomes(record), record.state, record.read_by) == (["new", "new"], "checked", intake)
    assert written()[:3] == before[:3]
    assert record.history.get().history_change_reason == "试读原专家团名单（第15条）"


def test_only_who_receives_reads(reviewer, leader):
    for officer in (reviewer, leader):
        with pytest.raises(PermissionDenied):
            read(officer, PERSON)


def test_the_reviewers_are_told_of_a_table_without_fault_and_of_no_other(intake, reviewer):
    read(intake, PERSON | {"手机号": "1"})
    assert not Notification.objects.exists()

    record = read(intake, PERSON)
    assert Notification.objects.get(to=reviewer, channel="inapp").url == record.get_absolute_url()


def test_the_same_file_is_read_once_and_again_once_it_was_put_aside(intake):
    file = table(PERSON)
    first = actions.read_former(file, by=intake)
    file.seek(0)
    with pytest.raises(ReadBefore, match=first.number):
        actions.read_former(file, by=intake)

    actions.put_aside(first, by=intake)
    file.seek(0)
    assert actions.read_former(file, by=intake) != first


def test_doubles_within_a_table_are_named_with_their_row(intake):
    record = read(intake, PERSON, PERSON)

    assert faults(record)[0] == {}
    assert set(faults(record)[1]) == {"证件号码", "手机号", "聘书编号"}
    assert "和第2行重复" in faults(record)[1]["手机号"]


def known(**fields):
    whole = {"name": "韩砚秋", "phone": "13800000001", "id_kind": "resident_id", "id_number": "11010519491231002X"}
    return make.make_user(**whole | fields)


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({}, None),
        ({"name": ""}, None),
        ({"id_kind": "", "id_number": ""}, None),
        ({"phone": ""}, None),
        ({"name": "冒名者"}, "姓名"),
        ({"phone": "13900000009"}, "手机号"),
        ({"id_number": "440524188001010014"}, "手机号"),
        ({"is_active": False}, "姓名"),
    ],
)
def test_an_account_is_his_only_where_nothing_on_it_contradicts(intake, fields, title):
    account = known(**fields)
    record = read(intake, PERSON)

    assert list(faults(record)[0]) == ([title] if title else [])
    assert record.rows.get().account_key == (None if title else account.pk)


def test_a_certificate_that_is_there_is_known_and_one_of_other_days_is_a_fault(intake, reviewer):
    taken(intake, reviewer, PERSON)
    again = read(intake, PERSON, SECOND)
    other = read(intake, PERSON | {"聘期末日": "2027-04-29"})
    stranger = read(intake, SECOND | {"聘书编号": PERSON["聘书编号"]})

    assert outcomes(again) == ["known", "new"]
    assert (list(faults(other)[0]), list(faults(stranger)[0])) == (["聘书编号"], ["聘书编号"])


def test_a_term_that_shares_a_day_with_another_is_a_fault_and_its_neighbour_is_none(intake):
    make.make_appointment(user=known(), first_day=date(2027, 4, 30))
    shares = read(intake, PERSON)
    beside = read(intake, PERSON | {"聘期末日": "2027-04-29"})

    assert (list(faults(shares)[0]), outcomes(beside)) == (["聘期首日"], ["new"])


def test_a_reading_asks_as_often_for_many_as_for_one(intake):
    many = [somebody(number) for number in range(40)]
    read(intake, many[0])
    files = [table(many[1], SECOND), table(*many[2:])]
    with CaptureQueriesContext(connection) as few:
        actions.read_former(files[0], by=intake)
    with CaptureQueriesContext(connection) as more:
        actions.read_former(files[1], by=intake)

    assert len(more) == len(few)


def test_nobody_reads_or_takes_in_a_table_in_which_he_stands(intake, reviewer):
    own = person("own", "intake", "reviewer", name="韩砚秋", phone="13800000001")
    with pytest.raises(Refused, match="本人"):
        read(own, PERSON)

    record = read(intake, PERSON)
    with pytest.raises(Refused, match="本人"):
        actions.take_in(record, by=own)


# Taking in


def test_taking_in_opens_accounts_enters_experts_and_writes_terms_as_they_were(intake, reviewer):
    record = taken(intake, reviewer)
    term = Appointment.objects.get(number="并创〔2024〕12号")
    expert, user = term.expert, term.expert.user

    assert (term.first_day, term.last_day, term.basis, term.category) == (
        date(2024, 5, 1), date(2027, 4, 30), "former", 2)  # fmt: skip
    assert (term.decided_by, term.decided_at) == (reviewer, clock.now())
    assert (user.name, user.phone, user.id_number) == ("韩砚秋", "13800000001", "11010519491231002X")
    assert (user.phone_verified, user.has_usable_password(), consents.signed(user)) == (False, False, set())
    assert (expert.employer, expert.position, expert.visits) == ("太原某装备公司", "总经理", True)
    assert set(expert.topic_labels) == {"经营管理", "融资贷款"}
    assert (record.state, record.taken_by, record.taken_at) == ("taken", reviewer, clock.now())
    assert term.history.get().history_change_reason == "导入原专家团（第15条）"
    assert (term.history.get().history_user, user.history.get().history_user) == (reviewer, reviewer)


def test_everybody_in_term_is_told_by_sms_where_to_come_in_and_the_others_are_not(intake, reviewer):
    over = SECOND | {"聘期首日": "2022-05-01", "聘期末日": "2025-04-30"}
    taken(intake, reviewer, PERSON, over)

    (told,) = Notification.objects.filter(channel="sms")
    assert (told.address, told.to) == ("13800000001", None)
    assert "验证码登录" in told.body
    assert "并创〔2024〕12号" in told.body


def test_an_account_that_is_there_gets_what_it_lacks_and_keeps_the_rest(intake, reviewer):
    account = make.make_user(name="", phone="13800000001", phone_verified=True)
    taken(intake, reviewer, PERSON)
    account.refresh_from_db()

    assert (account.name, account.id_number, account.phone_verified) == ("韩砚秋", "11010519491231002X", True)
    assert Expert.objects.get(user=account).appointments.count() == 1


def test_an_expert_who_is_there_keeps_his_entry_and_gets_the_term(intake, reviewer):
    expert = make.make_appointment(user=known(), first_day=date(2027, 5, 1), employer="新单位").expert
    taken(intake, reviewer, PERSON)
    expert.refresh_from_db()

    assert (expert.employer, expert.appointments.count()) == ("新单位", 2)


def test_whoever_read_it_does_not_take_it_in(intake):
    both = person("both", "intake", "reviewer")
    record = read(both, PERSON)

    with pytest.raises(Refused, match="另一个人核对"):
        actions.take_in(record, by=both)
    assert not Appointment.objects.exists()


def test_it_is_taken_in_once(intake, reviewer):
    record = taken(intake, reviewer)
    before = written()

    with pytest.raises(Refused, match="已导入"):
        actions.take_in(record, by=reviewer)
    assert written() == before


@pytest.mark.parametrize(
    ("people", "reason"), [([PERSON, SECOND | {"手机号": "1"}], "名单里有问题"), ([PERSON], "不用导入")]
)
def test_a_table_with_a_fault_or_without_anything_new_is_not_taken_in(intake, reviewer, people, reason):
    if len(people) == 1:
        taken(intake, reviewer, PERSON, SECOND)
    record = read(intake, *people)
    before = written()

    with pytest.raises(Refused, match=reason):
        actions.take_in(record, by=reviewer)
    assert written() == before


def test_what_changed_since_the_reading_stops_the_taking(intake, reviewer):
    record = read(intake, PERSON, SECOND)
    make.make_user(name="马文远", phone="13800000002")
    before = written()

    with pytest.raises(Refused, match="情况有变化"):
        actions.take_in(record, by=reviewer)
    assert written() == before


def test_what_fails_at_the_last_row_leaves_nothing_of_the_first(intake, reviewer):
    record = read(intake, PERSON, SECOND)
    make.make_appointment(user=make.make_user(), first_day=date(2025, 1, 1))
    before = written()
    with make.guarded_against("experts_appointment", "NEW.number = '并创〔2024〕13号'"), pytest.raises(Refused):
        actions.take_in(record, by=reviewer)

    assert written() == before
    record.refresh_from_db()
    assert record.state == "checked"


# Undoing


def test_an_import_is_undone_whole_and_leaves_its_trace(intake, reviewer, leader):
    before = written()[:3]
    record = taken(intake, reviewer)
    term, user = Appointment.objects.first(), User.objects.get(name="韩砚秋")
    actions.undo(record, by=leader, reason="年份录错了")

    assert (written()[:3], Speciality.objects.count()) == (before, 0)
    assert (record.state, record.reason, record.rows.count()) == ("undone", "年份录错了", 2)
    for model, key in ((Appointment, term.pk), (User, user.pk)):
        last = model.history.filter(id=key).first()
        assert (last.history_type, last.history_user, last.history_change_reason) == (
            "-",
            leader,
            "撤销导入（第15条）",
        )
    assert {each.name: keys for each, keys in verify.run().items() if keys} == {}


def test_the_same_file_can_come_in_again_once_it_was_undone(intake, reviewer, leader):
    file = table(PERSON)
    record = actions.take_in(actions.read_former(file, by=intake), by=reviewer)
    actions.undo(record, by=leader, reason="再核对")
    file.seek(0)
    actions.take_in(actions.read_former(file, by=intake), by=reviewer)

    assert Appointment.objects.get().number == "并创〔2024〕12号"


def test_an_account_that_was_there_before_stays(intake, reviewer, leader):
    account = known()
    actions.undo(taken(intake, reviewer, PERSON), by=leader, reason="年份录错了")

    assert User.objects.filter(pk=account.pk).exists()
    assert not Expert.objects.exists()


BUILT = {
    "an engagement": lambda expert: make.make_engagement(expert, clock.instant(date(2026, 3, 5), 14)),
    "a service": lambda expert: make.make_service("confirmed", expert=expert, confirmed_via="link"),
    "an offer": lambda expert: make.make_offer(expert=expert),
    "hours": lambda expert: make.make_hours(expert, 0, "09:00", "12:00"),
    "a declaration": lambda expert: Disclosure.objects.create(expert=expert, kind="kin", name="某某", detail="配偶"),
    "a wish": lambda expert: Wish.objects.create(term=expert.appointments.get(), words="想", at=clock.now()),
    "an account of a bank": lambda expert: make.make_bank_account(expert=expert),
    "a consent": lambda expert: consents.sign(expert.user, "confidentiality"),
    "a case": lambda expert: make.make_dismissal(expert=expert),
    "a sign-in": lambda expert: User.objects.filter(pk=expert.user_id).update(last_login=clock.now()),
    "a proved number": lambda expert: User.objects.filter(pk=expert.user_id).update(phone_verified=True),
    "a changed entry": lambda expert: expert.save(),
}


@pytest.mark.parametrize("built", BUILT.values(), ids=BUILT)
def test_what_something_was_built_on_is_not_undone(intake, reviewer, leader, built):
    record = taken(intake, reviewer)
    built(Expert.objects.get(user__name="韩砚秋"))
    before = written()[:3]

    with pytest.raises(Refused, match="不能撤销"):
        actions.undo(record, by=leader, reason="年份录错了")
    record.refresh_from_db()
    assert (written()[:3], record.state) == (before, "taken")


def test_work_of_an_entry_that_was_there_before_is_built_on_the_term(intake, reviewer, leader):
    earlier = {"聘书编号": "并创〔2021〕12号", "聘期首日": "2021-03-01", "聘期末日": "2024-02-29"}
    taken(intake, reviewer, PERSON | earlier)
    record = taken(intake, reviewer, PERSON)
    make.make_offer(expert=Expert.objects.get())

    with pytest.raises(Refused, match="已经有了安排，不能撤销"):
        actions.undo(record, by=leader, reason="年份录错了")
    assert Appointment.objects.count() == 2


ACTS = {
    "a sign-in": lambda account: User.objects.filter(pk=account.pk).update(last_login=clock.now()),
    "a signature": lambda account: consents.sign(account, "confidentiality"),
}


@pytest.mark.parametrize("acts", ACTS.values(), ids=ACTS)
def test_whoever_had_an_account_and_came_in_after_the_taking_keeps_his_term(intake, reviewer, leader, acts):
    account = known()
    record = taken(intake, reviewer, PERSON)
    with clock.at(clock.now() + timedelta(minutes=1)):
        acts(account)
        with pytest.raises(Refused, match="韩砚秋在导入以后登录过或者签过，不能撤销"):
            actions.undo(record, by=leader, reason="年份录错了")

    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("acts", ACTS.values(), ids=ACTS)
def test_what_he_did_before_the_taking_is_no_hindrance(intake, reviewer, leader, acts):
    acts(known())
    with clock.at(clock.now() + timedelta(minutes=1)):
        actions.undo(taken(intake, reviewer, PERSON), by=leader, reason="年份录错了")

    assert not Appointment.objects.exists()


def test_what_an_account_lacked_and_got_is_blank_again_and_can_be_brought_in_as_it_should_be(intake, reviewer, leader):
    account = make.make_user(name="", phone="13800000001", phone_verified=True)
    record = taken(intake, reviewer, PERSON)
    assert record.rows.get().filled == "name id_kind id_number"
    actions.undo(record, by=leader, reason="证件号码录错了")
    account.refresh_from_db()

    assert (account.name, account.id_kind, account.id_number) == ("", "", "")
    assert (account.phone, account.phone_verified) == ("13800000001", True)
    assert account.history.first().history_change_reason == "撤销导入（第15条）"
    taken(intake, reviewer, PERSON | {"证件号码": SECOND["证件号码"]})
    account.refresh_from_db()
    assert account.id_number == SECOND["证件号码"]
    assert {each.name: keys for each, keys in verify.run().items() if keys} == {}


def test_a_number_that_the_import_wrote_goes_and_what_was_changed_since_stays(intake, reviewer, leader):
    account = known(phone="", name="")
    record = taken(intake, reviewer, PERSON)
    account.refresh_from_db()
    account.name = "韩砚秋（改）"
    account.save()
    actions.undo(record, by=leader, reason="手机号录错了")
    account.refresh_from_db()

    assert (account.phone, account.phone_index, account.name) == ("", None, "韩砚秋（改）")
    assert account.id_number == PERSON["证件号码"]


def test_the_leader_or_another_reviewer_undoes_and_nobody_what_he_took_in(intake, reviewer, leader):
    record = taken(intake, reviewer)
    with pytest.raises(PermissionDenied):
        actions.undo(record, by=intake, reason="年份录错了")
    with pytest.raises(Refused, match="导入的人不能自己撤销"):
        actions.undo(record, by=reviewer, reason="年份录错了")
    assert FormerImport.objects.get().state == "taken"
    assert FormerRow.objects.filter(new_account=True, new_expert=True).count() == 2

    actions.undo(record, by=person("another", "reviewer"), reason="年份录错了")
    assert not Appointment.objects.exists()


def test_the_sheet_with_every_number_is_handed_out_on_record(intake, reviewer):
    record = read(intake, PERSON)
    name, content = actions.hand_sheet(record, by=reviewer)

    told = ListExport.objects.get()
    assert (told.by, told.rows, told.filters, told.title) == (reviewer, 1, record.number, "原专家团名单全文")
    assert told.digest == hashlib.sha256(content).hexdigest()
    assert name == f"原专家团名单全文 {record.number}.xlsx"
