"""举报: taken in once, for the inspector alone, answered under its number (Article 12(2), (4), (5) and (6))."""

import re
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from evaluations import actions
from evaluations.models import Report, ReportFile
from expertteam import clock
from expertteam.models import Notification
from expertteam.regulation import Refused
from expertteam.templatetags.terrace import grouped
from expertteam.views import course
from tests.conftest import person
from tests.make import make_expert, make_report, make_user, pdf, sign_in

State = Report.State
NAME, PHONE, FACTS = "鹪鹩鸲", "13955550147", "金丝雀在三月的发票上，共两张。"
SAID = {"kind": "12(4)", "about": "王芳", "facts": FACTS}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def lodged(**fields):
    return Report.objects.get(receipt=actions.lodge(**SAID | {"name": NAME, "phone": PHONE} | fields))


# Taken in


def test_a_report_goes_to_the_inspector_with_its_day(inspector, leader, intake):
    report = lodged()

    assert (report.state, report.channel, report.answer_due) == ("received", "web", date(2026, 3, 16))
    assert report.receipt[:2] == "JB"
    assert len(report.receipt) == 14
    assert Notification.objects.inbox(inspector).exists()
    assert not Notification.objects.inbox(leader).exists()
    assert not Notification.objects.inbox(intake).exists()


def test_the_same_form_counts_once():
    first = lodged(key="k1", files=[pdf()])

    again = lodged(key="k1", files=[pdf()])

    assert (again.pk, Report.objects.count(), ReportFile.objects.count()) == (first.pk, 1, 1)
    with pytest.raises(Refused, match="已经提交过别的内容"):
        lodged(key="k1", facts="别的一件事，也是在三月。")


def test_who_stays_anonymous_leaves_no_number():
    report = lodged(name="")

    assert (report.name, report.phone) == ("", "")


@pytest.mark.parametrize("by", ["no", "name"])
def test_the_expert_is_known_by_number_or_name(by):
    expert = make_expert(user=make_user(name="韩砚秋"))

    assert lodged(about=expert.no.lower() if by == "no" else "韩砚秋").expert == expert


def test_of_two_with_one_name_nobody_is_meant_by_it():
    for _ in range(2):
        make_expert(user=make_user(name="韩砚秋"))

    assert lodged(about="韩砚秋").expert is None


def test_a_clerk_takes_it_down_and_may_not_read_it(intake):
    report = lodged(by=intake)

    assert (report.channel, report.taken_by) == ("phone", intake)
    assert not Report.objects.visible_to(intake).exists()
    with pytest.raises(PermissionDenied):
        lodged(by=person("someone", "reviewer"))


def test_a_clerk_takes_down_nothing_about_himself():
    clerk = person("clerk", "intake", name="韩砚秋")
    make_expert(user=clerk)

    with pytest.raises(Refused, match="对您本人的反映"):
        lodged(about="韩砚秋", by=clerk)


# Examined, found, answered


@pytest.mark.parametrize(("move", "state", "upheld"), [("uphold", "found", True), ("dismiss", "dismissed", False)])
def test_examined_found_with_reasons_and_answered(inspector, move, state, upheld):
    report = actions.examine(lodged(about=make_expert().no), by=inspector)

    getattr(actions, move)(report, by=inspector, findings="已找双方核实")
    reached = report.state
    actions.answer(report, by=inspector, answer="经核实，情况已处理。")

    assert (reached, report.upheld, report.state) == (state, upheld, "answered")
    message = Notification.objects.get(channel="sms")
    assert (message.address, report.receipt in message.body, len(message.body) <= 70) == (PHONE, True, True)


def test_nothing_is_found_without_reasons_nor_twice(inspector):
    report = make_report("examining", expert=make_expert())

    with pytest.raises(IntegrityError, match="art12_report_is_decided_once"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(upheld=True)
    actions.dismiss(report, by=inspector, findings="查无此事")
    with pytest.raises(IntegrityError, match="art12_report_is_decided_once"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(upheld=True)


@pytest.mark.parametrize("role", ["intake", "reviewer", "leader", "matcher", "admin"])
def test_only_the_inspector_sees_and_examines(role):
    someone, report = person("someone", role), lodged(files=[pdf()])

    assert not Report.objects.visible_to(someone).exists()
    assert not ReportFile.objects.visible_to(someone).exists()
    with pytest.raises(PermissionDenied):
        actions.examine(report, by=someone)


def test_an_inspector_neither_sees_nor_examines_what_is_about_him_or_from_him():
    accused = person("accused", "inspector", name="韩砚秋")
    sender = person("sender", "inspector", phone=PHONE)
    make_expert(user=accused)
    report = lodged(about="韩砚秋")

    assert not Report.objects.visible_to(accused).exists()
    for person_ in (accused, sender):
        with pytest.raises(Refused, match="与您本人有关"):
            actions.examine(report, by=person_)


def test_who_reported_and_what_stands_nowhere_in_clear(inspector):
    report = lodged(about=make_expert().no)
    actions.uphold(actions.examine(report, by=inspector), by=inspector, findings=FACTS)

    told = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            told += [table for row in cursor.fetchall() if any(each in str(row) for each in (NAME, PHONE, FACTS))]
    assert told == []
    messages = "".join(each.subject + each.body for each in Notification.objects.all())
    assert not [each for each in (NAME, FACTS) if each in messages]


# Of whom it is


def test_nothing_is_upheld_before_it_is_said_of_whom(inspector):
    report, expert = make_report("examining"), make_expert()
    with pytest.raises(Refused, match="先写明反映的是哪位专家"):
        actions.uphold(report, by=inspector, findings="属实")
    with pytest.raises(IntegrityError, match="art12_report_is_about_one_expert"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(upheld=True, report="属实")

    actions.identify(report, by=inspector, expert=expert)

    assert actions.uphold(report, by=inspector, findings="属实").expert == expert


def test_of_whom_is_said_once_and_not_of_oneself(inspector):
    report = make_report("received")
    own = make_expert(user=inspector)
    with pytest.raises(Refused, match="对您本人的反映"):
        actions.identify(report, by=inspector, expert=own)
    actions.identify(report, by=inspector, expert=make_expert())

    with pytest.raises(Refused, match="已写明"):
        actions.identify(report, by=inspector, expert=make_expert())
    with pytest.raises(IntegrityError, match="art12_report_is_about_one_expert"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(expert=own)


def test_of_whom_is_written_on_its_page(http, inspector):
    report, expert = make_report("examining", about="韩老师"), make_expert()
    sign_in(http, inspector)
    page = report.get_absolute_url()

    shown = http.get(page).text
    assert ["identify/" in shown, "uphold/" in shown, "ask_expert/" in shown] == [True, False, False]
    assert "请填专家编号" in http.post(f"{page}identify/", {"expert": "没有这个人"}).text
    answer = http.post(f"{page}identify/", {"expert": expert.no.lower()}, follow=True).text

    assert ["identify/" in answer, "uphold/" in answer, "ask_expert/" in answer] == [False, True, True]


# Ended without a finding


@pytest.mark.parametrize("state", ["received", "examining"])
def test_what_cannot_be_found_out_ends_with_reasons_and_an_answer(inspector, state):
    report = make_report(state)

    actions.shelve(report, by=inspector, why="unverifiable", findings="那天没有服务")
    reached = report.state
    actions.answer(report, by=inspector, answer="没有找到您说的服务")

    assert (reached, report.state, report.upheld) == ("shelved", "answered", None)
    assert Notification.objects.filter(channel="sms", subject="举报答复").exists()


@pytest.mark.parametrize("values", [{"report": ""}, {"why": "repeated"}, {"why": ""}, {"upheld": True}])
def test_what_was_ended_stays_so_and_has_its_reasons(values):
    report = make_report("shelved", expert=make_expert())

    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(**values)


# The expert's word


def asked(inspector, **fields):
    report = make_report("examining", **{"expert": make_expert()} | fields)
    return actions.ask_expert(report, by=inspector, question="3月1日是否收过费？")


def test_the_expert_is_asked_in_the_inspectors_words_and_answers_once(inspector):
    report = asked(inspector)
    expert = report.expert.user
    assert report.statement_due == date(2026, 3, 9)
    assert Notification.objects.inbox(expert).exists()

    actions.respond(report, by=expert, statement="没有收过")

    assert (report.state, report.statement) == ("examining", "没有收过")
    assert Notification.objects.filter(to=inspector, subject="专家已说明").exists()
    with pytest.raises(Refused, match="已经说明过"):
        actions.respond(report, by=expert, statement="改口")
    with pytest.raises(Refused, match="已请专家说明过"):
        actions.ask_expert(report, by=inspector, question="还有？")


@pytest.mark.parametrize("end", ["respond", "dismiss", "shelve"])
def test_once_it_is_answered_or_over_the_question_asks_him_no_more(inspector, end):
    report = asked(inspector)
    expert = report.expert.user
    assert list(Notification.objects.inbox(expert).filter(read_at=None)) != []

    if end == "respond":
        actions.respond(report, by=expert, statement="没有收过")
    elif end == "dismiss":
        actions.dismiss(report, by=inspector, findings="没有这回事")
    else:
        actions.shelve(report, by=inspector, why="unverifiable", findings="查不下去")

    assert list(Notification.objects.inbox(expert).filter(read_at=None)) == []


def test_what_to_ask_him_is_asked_for_in_words_of_its_own(http, inspector):
    report = make_report("examining", expert=make_expert())
    sign_in(http, inspector)

    answer = http.post(f"/admin/reports/{report.pk}/ask_expert/", {"question": ""})

    assert ("请写明要专家说明什么" in answer.text, "请填写请" in answer.text) == (True, False)


def test_nobody_else_answers_for_him_and_not_who_reported(inspector):
    report = asked(inspector, phone=PHONE)

    for other in (person("sender", phone=PHONE), make_expert().user):
        with pytest.raises(PermissionDenied):
            actions.respond(report, by=other, statement="x")


@pytest.mark.parametrize(
    ("day", "answered", "found"),
    [(date(2026, 3, 9), False, False), (date(2026, 3, 9), True, True), (date(2026, 3, 10), False, True)],
)
def test_once_asked_his_time_is_waited_for(inspector, day, answered, found):
    report = asked(inspector)
    with clock.at(day):
        if answered:
            actions.respond(report, by=report.expert.user, statement="没有收过")
        if found:
            assert actions.uphold(report, by=inspector, findings="有转账记录").state == "found"
        else:
            with pytest.raises(Refused, match="说明期限还没有到"):
                actions.uphold(report, by=inspector, findings="有转账记录")


def test_his_word_stays(inspector):
    report = asked(inspector)
    actions.respond(report, by=report.expert.user, statement="没有收过")

    for values in ({"responded_at": None}, {"statement": ""}, {"asked_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(**values)


def test_the_expert_reads_the_question_and_neither_who_nor_what(http, inspector):
    report = actions.examine(lodged(about=make_expert().no, files=[pdf()]), by=inspector)
    expert, file = report.expert.user, report.files.get()
    http.force_login(expert)
    address = f"/desk/reports/{report.pk}/"
    early = http.get(address).status_code
    actions.ask_expert(report, by=inspector, question="3月1日是否收过费？")

    desk, page = http.get("/desk/").text, http.get(address).text
    form = http.get(f"{address}respond/").text

    assert (early, "有1件反映请您说明" in desk, "3月1日是否收过费？" in page) == (404, True, True)
    assert [
        each
        for each in (NAME, PHONE, FACTS, report.receipt, grouped(report.receipt), file.original_name)
        if each in desk + page + form
    ] == []
    assert http.get(file.get_absolute_url()).status_code == 404
    assert http.get(report.get_absolute_url()).status_code == 403
    assert http.post(f"{address}respond/", {}).status_code == 422
    answer = http.post(f"{address}respond/", {"statement": "没有收过"}, follow=True).text
    assert ("没有收过" in answer, f"{address}respond/" in answer, report.receipt in answer) == (True, False, False)
    assert "件反映请您说明" not in http.get("/desk/").text


def test_his_page_is_nobody_elses(http, inspector):
    report = asked(inspector)
    http.force_login(make_expert().user)

    assert http.get(f"/desk/reports/{report.pk}/").status_code == 404
    assert http.get(f"/desk/reports/{report.pk}/respond/").status_code == 404


# The public pages

FORM = SAID | {"way": "named", "name": NAME, "phone": "139 5555 0147", "key": "k1", "files": []}


def test_the_door_takes_it_in_and_shows_the_receipt(http):
    answer = http.post("/report/", FORM | {"files": [pdf()]})
    shown = http.get(answer.url).text

    report = Report.objects.get()
    assert answer.url == "/report/done/"
    assert f"JB {report.receipt[2:6]} {report.receipt[6:10]} {report.receipt[10:]}" in shown
    assert (report.name, report.phone, report.files.count()) == (NAME, PHONE, 1)
    assert "3月16日（周一）" in shown


def test_a_second_tap_shows_the_same_receipt(http):
    http.post("/report/", FORM)

    http.post("/report/", FORM)

    assert Report.objects.count() == 1


def test_of_an_anonymous_form_nothing_personal_is_read(http):
    http.post("/report/", FORM | {"way": "anonymous"})

    assert (Report.objects.get().name, Report.objects.get().phone) == ("", "")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"facts": "太短"}, "具体情况至少10个字"),
        ({"phone": "139"}, "手机号少了8位"),
        ({"name": ""}, "实名反映要填姓名"),
        ({"kind": ""}, "请选择哪方面的情况"),
        ({"about": " "}, "请填写反映哪位专家"),
        ({"files": [pdf(f"{n}.pdf") for n in range(6)]}, "最多5个文件，您选了6个"),
        ({"homepage": "x"}, "没有提交成功，请再点一次"),
    ],
)
def test_what_is_filled_in_wrongly_comes_back_with_what_was_typed(http, typed, reason):
    answer = http.post("/report/", FORM | typed)

    assert answer.status_code == 422
    assert reason in answer.text
    assert not Report.objects.exists()


def test_the_expert_of_the_page_one_comes_from_is_filled_in(http):
    expert = make_expert()

    assert f'value="{expert.no}"' in http.get(f"/report/?expert={expert.no}").text
    assert http.get("/report/?expert=TY-9999").status_code == 200


@pytest.mark.parametrize(
    ("name", "receipt", "phone", "status"),
    [
        (NAME, "", PHONE, 200),
        (NAME, "", "13900000001", 422),
        (NAME, "", "", 422),
        (NAME, "JB000000000000", PHONE, 422),
        ("", "", "", 200),
    ],
)
def test_a_receipt_leads_to_it_and_both_wrongs_are_answered_alike(http, name, receipt, phone, status):
    report = lodged(name=name)

    answer = http.post("/report/receipt/", {"receipt": receipt or report.receipt, "phone": phone})

    assert answer.status_code == status
    assert ("没有查到，请核对受理编号和手机号" in answer.text) is (status == 422)


def test_the_answer_and_nothing_else_is_told(http, inspector):
    report = actions.examine(lodged(about=make_expert().no), by=inspector)
    actions.uphold(report, by=inspector, findings="内部核实情况")
    before = http.post("/report/receipt/", {"receipt": report.receipt, "phone": PHONE}).text
    actions.answer(report, by=inspector, answer="经核实，情况属实。")

    after = http.post("/report/receipt/", {"receipt": f"jb {report.receipt[2:]}", "phone": PHONE}).text
    assert "核实中" in before
    assert "经核实，情况属实。" in after
    assert "内部核实情况" not in before + after


def test_haste_is_refused(http):
    answers = [http.post("/report/receipt/", {"receipt": "JB1", "phone": ""}).status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


# The office


def test_a_clerk_takes_it_down_and_reads_out_the_number(http, intake):
    sign_in(http, intake)

    answer = http.post("/admin/reports/phone/", FORM, follow=True)

    report = Report.objects.get()
    assert (report.taken_by, report.channel) == (intake, "phone")
    assert f"JB {report.receipt[2:6]}" in answer.text
    assert http.post("/admin/reports/phone/", FORM | {"facts": "短"}).status_code == 422


def test_a_clerk_is_told_that_a_name_needs_a_number(http, intake):
    sign_in(http, intake)

    answer = http.post("/admin/reports/phone/", FORM | {"phone": ""})

    assert answer.status_code == 422
    assert "实名反映要填手机号" in answer.text


def test_a_clerk_reads_that_a_real_name_needs_both(http, intake):
    sign_in(http, intake)

    shown = http.get("/admin/reports/phone/").text

    labels = {
        name: re.search(rf'<label for="id_{name}">(.*?)</label>', shown)[1] for name in ("name", "phone", "files")
    }
    assert {name: "选填" in label for name, label in labels.items()} == {"name": False, "phone": False, "files": True}
    assert shown.count("实名反映必填，匿名反映不填") == 2


@pytest.mark.parametrize(("role", "status"), [("intake", 200), ("matcher", 200), ("reviewer", 403), ("leader", 403)])
def test_who_may_take_one_down(http, role, status):
    sign_in(http, person("someone", role))

    assert http.get("/admin/reports/phone/").status_code == status


@pytest.mark.parametrize(
    ("state", "verb", "said", "reached"),
    [
        ("received", "examine", {}, "examining"),
        ("examining", "uphold", {"findings": "已找双方核实"}, "found"),
        ("examining", "dismiss", {"findings": "查无此事"}, "dismissed"),
        ("found", "answer", {"answer": "情况属实"}, "answered"),
        ("dismissed", "answer", {"answer": "查无此事"}, "answered"),
        ("received", "shelve", {"why": "not_ours", "findings": "不是专家团的事"}, "shelved"),
        ("examining", "shelve", {"why": "unverifiable", "findings": "那天没有服务"}, "shelved"),
        ("shelved", "answer", {"answer": "没有找到您说的服务"}, "answered"),
        ("examining", "ask_expert", {"question": "3月1日是否收过费？"}, "examining"),
    ],
)
def test_every_move_has_its_page(http, inspector, state, verb, said, reached):
    report = make_report(state, expert=make_expert())
    sign_in(http, inspector)
    page = f"/admin/reports/{report.pk}/"

    assert f"{page}{verb}/" in http.get(page).text
    assert http.get(f"{page}{verb}/").status_code == 200
    http.post(f"{page}{verb}/", said)
    report.refresh_from_db()
    assert report.state == reached


def test_what_a_visitor_sent_in_came_by_the_web_and_not_from_the_system(intake):
    assert [entry.whose for entry in course(lodged())] == ["网上"]
    assert [entry.whose for entry in course(lodged(by=intake))] == [intake]


def test_reports_and_their_files_open_to_the_inspector_alone(http, inspector, leader):
    report = lodged(files=[pdf()])
    file = report.files.get()
    addresses = ["/admin/reports/", report.get_absolute_url(), file.get_absolute_url()]
    sign_in(http, inspector)
    open_ = [http.get(address).status_code for address in addresses]

    sign_in(http, leader)

    assert open_ == [200, 200, 200]
    assert [http.get(address).status_code for address in addresses] == [403, 404, 404]


def test_a_list_costs_the_same_for_one_and_for_three(http, inspector):
    sign_in(http, inspector)
    make_report(expert=make_expert())
    http.get("/admin/reports/")
    with CaptureQueriesContext(connection) as first:
        http.get("/admin/reports/")
    for _ in range(2):
        make_report(expert=make_expert())

    with CaptureQueriesContext(connection) as second:
        http.get("/admin/reports/")

    assert len(first) == len(second)
