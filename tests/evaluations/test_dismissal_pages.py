"""The pages of a dismissal: the dossier of the office, the expert's own case, the letters (Article 12)."""

import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from evaluations import actions, dismissal_papers, dismissal_rows
from evaluations.models import Dismissal, DismissalFile
from experts.models import Expert
from expertteam import clock, documents
from expertteam.models import Notification
from expertteam.workflow import TRANSITIONS
from tests import make
from tests.conftest import person

TOLD = date(2026, 3, 4)  # Wednesday
THURSDAY = date(2026, 3, 5)
LAST = date(2026, 3, 11)  # the fifth working day
AFTER = date(2026, 3, 12)
FACTS, REASONS, CLUE = "3月1日在中心向来访者卖课。", "以专家身份牟利。", "鹪鹩鸲来电反映他卖课"
REPORTER, PHONE = "鹪鹩鸲", "13955550147"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def page(name, *args):
    return reverse(f"evaluations:{name}", args=args)


def buttons(text, case, where="admin/dismissals"):
    """The verbs that a page leads to."""
    return re.findall(rf'(?:href|action)="/{where}/{case.pk}/(\w+)/"', text)


def seen_by(http, user, address):
    make.sign_in(http, user)
    return http.get(address)


def printed(response):
    """What stands in a PDF, without any space."""
    return words_of(response.content if not response.streaming else b"".join(response.streaming_content))


def words_of(pdf: bytes):
    return re.sub(r"\s", "", "".join(each.extract_text() for each in PdfReader(io.BytesIO(pdf)).pages))


@pytest.fixture
def own():
    return make.make_expert(user=make.make_user(name="韩砚秋"))


@pytest.fixture
def proposed(own, inspector):
    """Monday: on a report found true, of somebody whose name nobody else may learn."""
    report = make.make_report("found", expert=own, kind="12(4)", name=REPORTER, phone=PHONE)
    return actions.propose(own, by=inspector, ground="12(4)", clue=CLUE, report=report)


@pytest.fixture
def examining(proposed, intake):
    actions.take_up(proposed, by=intake)
    for shows, is_open in (("转账记录", True), ("来电录音", False)):
        actions.add_evidence(proposed, by=intake, upload=make.pdf(f"{shows}.pdf"), shows=shows, open_to_expert=is_open)
    return proposed


@pytest.fixture
def issued(examining, intake):
    return actions.issue_notice(examining, by=intake, facts=FACTS, reasons=REASONS)


@pytest.fixture
def told(issued, own):
    with clock.at(TOLD):
        return actions.receive_notice(issued, by=own.user)


@pytest.fixture
def heard(told, own):
    with clock.at(THURSDAY):
        return actions.defend(
            told, by=own.user, points=["课程是免费的", "当天我不在中心"], files=[make.pdf("证明.pdf")]
        )


@pytest.fixture
def weighed(heard, reviewer):
    first, second = heard.pleas.all()
    answers = {first.pk: (False, "有转账记录，不是免费"), second.pk: (True, "日期更正为3月2日")}
    with clock.at(date(2026, 3, 6)):
        return actions.weigh(heard, by=reviewer, answers=answers, opinion="内部意见：证据确凿", advice="dismiss")


@pytest.fixture
def confirmed(weighed, leader):
    with clock.at(date(2026, 3, 9)):
        return actions.confirm(weighed, by=leader, decision="事实清楚，同意解聘")


@pytest.fixture
def dismissed(confirmed, own):
    with clock.at(date(2026, 3, 10)):
        return actions.receive_decision(confirmed, by=own.user)


# Who sees what

OFFICE_PAGES = ["dismissal", *sorted(
    move.verb for move in TRANSITIONS[Dismissal] if not (move.own or move.inner)
)]  # fmt: skip


def test_a_page_of_the_office_is_nobodys_without_a_role(http, proposed, stranger, own):
    addresses = [page(name, proposed.pk) for name in OFFICE_PAGES]
    assert all("login" in http.get(address)["Location"] for address in addresses)

    for who in (stranger, own.user, person("a", "matcher")):
        make.sign_in(http, who)
        assert {http.get(address).status_code for address in addresses} == {404}


@pytest.mark.parametrize("role", ["intake", "reviewer", "leader", "inspector"])
def test_a_verb_has_its_page_for_its_role_alone(http, proposed, role):
    officer = person("officer", role)
    make.sign_in(http, officer)
    office = [move for move in TRANSITIONS[Dismissal] if not move.own]
    answers = {move.verb: http.get(page(move.verb, proposed.pk)).status_code for move in office}

    assert answers == {move.verb: 200 if officer.has_perm(move.permission) else 403 for move in office}


@pytest.mark.parametrize("role", ["intake", "reviewer", "leader", "inspector"])
def test_the_dossier_and_the_list_are_read_by_whoever_takes_part(http, weighed, role):
    officer = person("officer", role)

    shown = seen_by(http, officer, page("dismissal", weighed.pk)).text
    listed = http.get(page("dismissals")).text

    assert all(words in shown for words in (FACTS, "课程是免费的", "有转账记录", "转账记录.pdf", "本人网上签收"))
    assert weighed.get_absolute_url() in listed
    assert "举报" in shown
    assert REPORTER not in shown.replace(CLUE, "")


@pytest.mark.parametrize("name", ["dismissals", "propose_dismissal"])
def test_the_list_is_closed_to_others(http, stranger, name):
    assert [seen_by(http, who, page(name)).status_code for who in (stranger, person("a", "matcher"))] == [403, 403]


def test_an_officer_reads_his_own_case_as_an_expert_and_not_in_office(http, own, told):
    own.user.is_staff = True
    own.user.save()
    own.user.groups.set(person("b", "intake").groups.all())
    open_file, closed_file = DismissalFile.objects.filter(kind="evidence")

    assert seen_by(http, own.user, page("dismissal", told.pk)).status_code == 404
    assert http.get(page("own_dismissal", told.pk)).status_code == 200
    assert [http.get(each.get_absolute_url()).status_code for each in (open_file, closed_file)] == [200, 404]


@pytest.mark.parametrize("state", ["proposed", "examining"])
def test_before_the_notice_the_expert_does_not_learn_of_it(http, request, own, state):
    case = request.getfixturevalue(state)
    answers = [seen_by(http, own.user, page("own_dismissal", case.pk)), http.get(page("defend", case.pk))]
    desk = http.get("/desk/").text

    assert [each.status_code for each in answers] == [404, 404]
    assert (case.number in desk, page("own_dismissal", case.pk) in desk, "解聘" in desk) == (False, False, False)
    refused = http.post(page("resign"), {"words": "工作调动"})
    assert (refused.status_code, "现在不能在网上提出" in refused.text, "在办" in refused.text) == (422, True, False)


# Signing comes before reading


def test_the_notice_is_read_after_it_is_signed_for(http, issued, own):
    open_file = DismissalFile.objects.get(open_to_expert=True)
    with clock.at(TOLD):
        before = seen_by(http, own.user, page("own_dismissal", issued.pk)).text
        closed = [http.get(page("own_letter", issued.pk, "notice")), http.get(open_file.get_absolute_url())]
        after = http.post(page("receive_notice", issued.pk), follow=True).text
        letter = printed(http.get(page("own_letter", issued.pk, "notice")))

    assert "有一份告知书请您签收" in before
    assert [FACTS in before, REASONS in before, "卖课" in before] == [False] * 3
    assert [each.status_code for each in closed] == [404, 404]
    assert [FACTS in after, REASONS in after, "转账记录" in after, "3月11日（周三）" in after] == [True] * 4
    assert FACTS in letter
    issued.refresh_from_db()
    assert (issued.state, issued.deliveries.get().channel) == ("told", "online")


def test_no_message_or_json_tells_what_the_notice_says(http, issued, own):
    make.sign_in(http, own.user)
    answer = http.post(page("receive_notice", issued.pk), headers={"accept": "application/json"})
    said = "".join(Notification.objects.values_list("subject", flat=True))
    said += "".join(Notification.objects.values_list("body", flat=True))

    assert answer.json() == {"id": issued.pk, "state": "told"}
    assert "卖课" not in said


def test_what_names_others_is_not_for_the_expert(http, told, own, intake):
    hidden = DismissalFile.objects.get(shows="来电录音")
    shown = seen_by(http, own.user, page("own_dismissal", told.pk)).text
    letter = printed(http.get(page("own_letter", told.pk, "notice")))

    assert [words in shown + letter for words in (REPORTER, PHONE, "来电录音.pdf", CLUE)] == [False] * 4
    assert http.get(hidden.get_absolute_url()).status_code == 404
    assert "涉及他人，不提供" in letter
    assert seen_by(http, intake, hidden.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("state", ["issued", "told", "heard", "weighed", "confirmed", "dismissed"])
def test_the_reporter_stands_on_no_page_of_the_expert(http, request, own, state):
    case = request.getfixturevalue(state)
    pages = [seen_by(http, own.user, page("own_dismissal", case.pk)).text, http.get("/desk/").text]

    assert not any(words in text for text in pages for words in (REPORTER, PHONE, "内部意见", CLUE))


def test_the_office_reads_who_reported_nowhere_but_the_inspector(http, weighed, reviewer, inspector):
    receipt = weighed.report.receipt
    shown = seen_by(http, reviewer, page("dismissal", weighed.pk)).text
    looked = seen_by(http, inspector, page("dismissal", weighed.pk)).text

    assert (weighed.report.get_absolute_url() in shown, receipt in shown, PHONE in shown) == (False, False, False)
    assert weighed.report.get_absolute_url() in looked


def test_another_expert_opens_nothing_of_it(http, told):
    make.sign_in(http, make.make_expert().user)
    open_file = DismissalFile.objects.get(open_to_expert=True)
    names = ["own_dismissal", "defend", "waive", "ask_hearing", "receive_decision", "take_back"]
    addresses = [page(name, told.pk) for name in names]
    addresses += [page("own_letter", told.pk, "notice"), open_file.get_absolute_url()]

    assert {http.get(address).status_code for address in addresses} == {404}


# The office, step by step


def test_a_clue_is_proposed_by_number_or_name(http, own, inspector):
    make.sign_in(http, inspector)
    assert http.get(page("propose_dismissal")).status_code == 200

    answer = http.post(page("propose_dismissal"), {"whom": own.no, "ground": "12(5)", "clue": "泄露了配方"})

    case = Dismissal.objects.get()
    assert (answer.url, case.ground, case.expert, case.state) == (case.get_absolute_url(), "12(5)", own, "proposed")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"whom": "没有这人"}, "没有这位专家，请核对编号或姓名"),
        ({"whom": "王芳"}, "有2位同名专家，请填编号"),
        ({"ground": ""}, "请选择哪一种情形"),
        ({"ground": "12(1)"}, "只能从给出的选项里选"),
        ({"clue": ""}, "请填写线索"),
    ],
)
def test_a_clue_filled_in_wrongly_comes_back(http, own, intake, typed, reason):
    for _ in range(2):
        make.make_expert(user=make.make_user(name="王芳"))
    make.sign_in(http, intake)

    answer = http.post(page("propose_dismissal"), {"whom": own.no, "ground": "12(4)", "clue": "还在的话"} | typed)

    assert (answer.status_code, reason in answer.text) == (422, True)
    assert typed.get("clue", "还在的话") in answer.text
    assert not Dismissal.objects.exists()


def test_a_second_case_is_refused_with_what_was_typed(http, proposed, own, intake):
    make.sign_in(http, intake)
    answer = http.post(page("propose_dismissal"), {"whom": "韩砚秋", "ground": "12(4)", "clue": "还在的话"})

    assert (answer.status_code, "已有一件在办" in answer.text, "还在的话" in answer.text) == (422, True, True)


def test_a_report_found_true_leads_to_a_case(http, own, inspector, intake):
    report = make.make_report("found", expert=own, kind="12(4)")
    address = f"{page('propose_dismissal')}?report={report.pk}"
    assert address in seen_by(http, inspector, report.get_absolute_url()).text

    form = http.get(address).text
    http.post(address, {"whom": own.no, "ground": "12(4)", "clue": "见举报"})

    assert own.no in form
    assert Dismissal.objects.get().report == report
    make.sign_in(http, intake)
    assert report.receipt not in http.get(address).text  # whoever may not read a report cannot name it either


def test_a_report_leads_to_no_second_case_but_to_the_one_it_led_to(http, own, inspector):
    report = make.make_report("found", expert=own, kind="12(4)")
    case = actions.propose(own, by=inspector, ground="12(4)", clue="见举报", report=report)

    shown = seen_by(http, inspector, report.get_absolute_url()).text

    assert (page("propose_dismissal") in shown, case.get_absolute_url() in shown) == (False, True)


def test_a_report_of_who_has_left_leads_to_no_case(http, own, inspector):
    report = make.make_report("found", expert=own, kind="12(4)")
    with clock.at(date(2030, 1, 2)):
        shown = seen_by(http, inspector, report.get_absolute_url())

    assert (shown.status_code, page("propose_dismissal") in shown.text) == (200, False)


@pytest.mark.parametrize("asked", ["x", "0", "9" * 30, "١"])
def test_a_report_that_does_not_exist_is_left_out(http, inspector, asked):
    assert seen_by(http, inspector, f"{page('propose_dismissal')}?report={asked}").status_code == 200


def test_open_cases_stand_first_and_are_found_by_person_ground_and_state(http, intake):
    closed = make.make_dismissal("dropped", ground="12(5)")
    running = make.make_dismissal("examining")
    latest = make.make_dismissal("dropped", ground="12(6)")
    make.sign_in(http, intake)

    def found(**asked):
        return [each.pk for each in http.get(page("dismissals"), asked).context["object_list"]]

    assert found() == [running.pk, latest.pk, closed.pk]
    assert found(ground="12(5)") == [closed.pk]
    assert found(state="examining") == [running.pk]
    assert found(q=running.expert.no) == [running.pk]
    assert found(q=latest.number) == [latest.pk]
    assert found(q="13912345678") == []


def test_the_buttons_are_those_that_are_open_to_this_person_now(http, proposed, intake, reviewer, leader, inspector):
    address = page("dismissal", proposed.pk)

    def offered(user):
        return buttons(seen_by(http, user, address).text, proposed)

    assert (offered(intake), offered(reviewer), offered(leader), offered(inspector)) == (["take_up"], ["drop"], [], [])
    actions.take_up(proposed, by=intake)
    assert offered(intake) == ["issue_notice", "add_evidence"]
    actions.issue_notice(proposed, by=intake, facts=FACTS, reasons=REASONS)
    assert (offered(intake), offered(reviewer)) == (["serve_notice"], [])
    with clock.at(TOLD):
        actions.receive_notice(proposed, by=proposed.expert.user)
        assert offered(intake) == ["record_defence", "record_hearing_request", "extend"]
    with clock.at(AFTER):
        assert offered(intake) == ["record_defence", "record_hearing_request", "lapse_defence"]
        actions.lapse_defence(proposed, by=intake)
        assert (offered(intake), offered(reviewer), offered(leader)) == ([], ["weigh"], [])
        actions.weigh(proposed, by=reviewer, answers={}, opinion="属实", advice="dismiss")
        assert offered(leader) == ["confirm", "keep", "reconsider"]
        assert offered(person("both", "intake", "leader")) == ["confirm", "keep", "reconsider", "hand_on"]
        actions.confirm(proposed, by=leader, decision="同意")
        assert (offered(leader), offered(intake)) == ([], ["serve_decision"])


def test_whoever_took_part_is_not_led_to_decide(http, own):
    both = person("both", "leader")
    weighed = make.make_dismissal("weighed", expert=own, opened_by=both)

    assert buttons(seen_by(http, both, page("dismissal", weighed.pk)).text, weighed) == ["reconsider"]


def test_12_2_the_decision_is_locked_until_the_expert_was_heard_and_weighed(http, told, leader, reviewer):
    address = page("dismissal", told.pk)
    with clock.at(THURSDAY):
        shown = seen_by(http, leader, address).text
        refused = http.post(page("confirm", told.pk), {"decision": "同意"})
        other = seen_by(http, reviewer, address).text

    assert re.search(r'<button[^>]* aria-disabled="true"[^>]*>确认解聘</button>', shown)
    assert "3月11日（周三）期满或收到陈述，并复核以后，才能决定" in shown
    assert "aria-disabled" not in other
    assert (refused.status_code, "现在的状态是" in refused.text) == (422, True)


def test_12_2_once_weighed_the_lock_is_gone(http, weighed, leader):
    shown = seen_by(http, leader, page("dismissal", weighed.pk)).text

    assert ("aria-disabled" in shown, page("confirm", weighed.pk) in shown) == (False, True)


def test_a_marked_case_waits_for_the_inspector(http, own, intake, inspector):
    case = make.make_dismissal("examining", expert=own, flag="同一天有3次", handler=intake)
    first = seen_by(http, intake, page("dismissal", case.pk)).text
    http.force_login(inspector)
    make.sign_in(http, inspector)
    assert buttons(http.get(page("dismissal", case.pk)).text, case) == ["inspect_origin"]

    http.post(page("inspect_origin", case.pk), {"origin": "三次互不相干"})
    after = seen_by(http, intake, page("dismissal", case.pk)).text

    assert ("先由纪检核查来源" in first, "先由纪检核查来源" in after, "三次互不相干" in after) == (True, False, True)


def test_a_case_without_evidence_asks_for_it_first(http, own, intake, inspector):
    case = actions.propose(own, by=inspector, ground="12(4)", clue=CLUE)
    actions.take_up(case, by=intake)
    before = seen_by(http, intake, page("dismissal", case.pk)).text

    wrong = http.post(page("add_evidence", case.pk), {"shows": "转账记录"})
    http.post(page("add_evidence", case.pk), {"shows": "转账记录", "upload": make.pdf()})

    assert ("还没有证据" in before, buttons(before, case)) == (True, ["add_evidence"])
    assert (wrong.status_code, "请上传证据" in wrong.text, 'value="转账记录"' in wrong.text) == (422, True, True)
    assert not DismissalFile.objects.get().open_to_expert  # nothing is open by itself
    assert "issue_notice" in buttons(http.get(page("dismissal", case.pk)).text, case)


def test_the_notice_of_counted_strikes_begins_with_what_the_ledger_says(http, own, intake):
    strikes = [make.make_strike(refusal=make.make_refusal("judged", expert=own)) for _ in range(3)]
    case = make.make_dismissal("examining", expert=own, ground="12(3)", handler=intake)
    case.strikes.set(strikes)

    form = seen_by(http, intake, page("issue_notice", case.pk)).text
    shown = http.get(page("dismissal", case.pk)).text

    assert form.count("逾期不答复安排，已认定无正当理由") == 3
    assert all(each.get_absolute_url() in shown and each.source.get_absolute_url() in shown for each in strikes)


def test_the_service_asks_for_its_proof_and_keeps_what_was_typed(http, issued, intake):
    make.sign_in(http, intake)
    typed = {"channel": "hand", "served_on": "2026-03-04", "note": "本人在单位签收"}
    with clock.at(TOLD):
        without = http.post(page("serve_notice", issued.pk), typed)
        early = http.post(page("serve_notice", issued.pk), typed | {"served_on": "2026-03-01", "proof": make.pdf()})
        online = http.post(page("serve_notice", issued.pk), typed | {"channel": "online", "proof": make.pdf()})
        done = http.post(page("serve_notice", issued.pk), typed | {"proof": make.pdf("回证.pdf")}, follow=True)

    assert (without.status_code, "请上传送达证明" in without.text, "本人在单位签收" in without.text) == (
        422,
        True,
        True,
    )
    assert (early.status_code, "早于文书制发日期" in early.text) == (422, True)
    assert (online.status_code, "只能从给出的选项里选" in online.text) == (422, True)
    assert ("直接送达" in done.text, "回证.pdf" in done.text) == (True, True)


def test_a_program_is_told_in_json_what_is_refused(http, told, intake, leader):
    asks = {"headers": {"accept": "application/json"}}
    make.sign_in(http, intake)
    wrong = http.post(page("extend", told.pk), {"extension": ""}, **asks)
    closed = http.post(page("confirm", told.pk), {"decision": "同意"}, **asks)
    make.sign_in(http, leader)
    early = http.post(page("confirm", told.pk), {"decision": "同意"}, **asks)

    assert (wrong.status_code, wrong.json()["errors"]) == (422, {"extension": ["请填写延长理由"]})
    assert (closed.status_code, early.status_code) == (403, 409)


def test_what_came_by_letter_is_entered_point_by_point(http, told, intake):
    make.sign_in(http, intake)
    typed = {"how": "statement", "day": "2026-03-05", "point1": "课程免费", "point5": "当天不在"}
    with clock.at(THURSDAY):
        none = http.post(page("record_defence", told.pk), typed | {"point1": "", "point5": "", "proof": make.pdf()})
        waived = http.post(page("record_defence", told.pk), typed | {"how": "waiver", "proof": make.pdf()})
        http.post(page("record_defence", told.pk), typed | {"proof": make.pdf()})

    assert "有陈述申辩的，请至少录入一点" in none.text
    assert ("录入了意见的" in waived.text, '<details class="more" open>' in waived.text) == (True, True)
    assert [each.words for each in told.pleas.all()] == ["课程免费", "当天不在"]


def test_a_written_waiver_is_entered_without_points(http, told, intake):
    make.sign_in(http, intake)
    with clock.at(THURSDAY):
        http.post(page("record_defence", told.pk), {"how": "waiver", "day": "2026-03-05", "proof": make.pdf()})

    told.refresh_from_db()
    assert (told.state, told.heard_how) == ("heard", "waiver")


def test_who_asks_by_letter_to_be_heard_is_entered_on_one_page(http, told, own, intake):
    make.sign_in(http, intake)
    typed = {"way": "counter", "day": "2026-03-05"}
    with clock.at(THURSDAY):
        form = http.get(page("record_hearing_request", told.pk)).text
        without = http.post(page("record_hearing_request", told.pk), typed)
        http.post(page("record_hearing_request", told.pk), typed | {"proof": make.pdf("记录.pdf")})
        shown = http.get(page("dismissal", told.pk)).text
        his = seen_by(http, own.user, page("own_dismissal", told.pk)).text

    assert all(words in form for words in ("来信", "到窗口", "来电", "收到日期", "第十二条"))
    assert (without.status_code, "请上传来信或记录" in without.text) == (422, True)
    assert ("到窗口要求当面陈述，2026年3月5日收到" in shown, buttons(shown, told)) == (True, ["set_hearing"])
    assert ("正在安排当面陈述" in his, "记录.pdf" in his) == (True, True)


def test_a_hearing_that_is_set_is_moved_by_a_button_of_that_name(http, own, intake):
    case = make.make_dismissal("hearing_asked", expert=own)
    with clock.at(THURSDAY):
        first = seen_by(http, intake, page("dismissal", case.pk)).text
        http.post(page("set_hearing", case.pk), {"at": "2026-03-16T09:00", "place": "三楼会议室"})
        after = http.get(page("dismissal", case.pk)).text
        form = http.get(page("set_hearing", case.pk)).text

    link = f'/{case.pk}/set_hearing/">'
    assert (f"{link}安排当面听取<" in first, f"{link}更改听取安排<" in after) == (True, True)
    assert "<h1>更改听取安排</h1>" in form
    assert '<button class="btn">更改听取安排</button>' in form


def test_the_hearing_is_set_held_and_recorded(http, told, own, intake, reviewer):
    with clock.at(THURSDAY):
        make.sign_in(http, own.user)
        assert "至少提前7个工作日通知您" in http.get(page("ask_hearing", told.pk)).text
        http.post(page("ask_hearing", told.pk))
        make.sign_in(http, intake)
        form = http.get(page("set_hearing", told.pk)).text
        early = http.post(page("set_hearing", told.pk), {"at": "2026-03-13T09:00", "place": "三楼会议室"})
        http.post(page("set_hearing", told.pk), {"at": "2026-03-16T09:00", "place": "三楼会议室"})
        invited = seen_by(http, own.user, page("own_dismissal", told.pk)).text
        letter = printed(http.get(page("own_letter", told.pk, "hearing")))
        waits = seen_by(http, reviewer, page("dismissal", told.pk)).text
    with clock.at(clock.instant(date(2026, 3, 16), 11)):
        due = seen_by(http, reviewer, page("dismissal", told.pk)).text
        said = {"point1": "课程免费", "hearing_record": "主持人问，他答", "proof": make.pdf("笔录.pdf")}
        http.post(page("record_hearing", told.pk), said)

    assert "最早3月16日（周一）" in form
    assert (early.status_code, "三楼会议室" in early.text) == (422, True)
    assert "3月16日 09:00（周一），三楼会议室" in invited
    assert "2026年3月16日（周一）09:00" in letter
    assert ("听取以后，才能登记笔录" in waits, buttons(waits, told)) == (True, [])
    assert buttons(due, told) == ["record_hearing", "miss_hearing"]
    told.refresh_from_db()
    assert (told.state, told.heard_how, told.pleas.get().words) == ("heard", "hearing", "课程免费")


def test_every_point_is_answered_on_one_page(http, heard, reviewer):
    first, second = heard.pleas.all()
    make.sign_in(http, reviewer)
    address = page("weigh", heard.pk)
    said = {f"accepted_{first.pk}": "no", f"answer_{first.pk}": "有转账记录", "opinion": "属实", "advice": "dismiss"}
    with clock.at(date(2026, 3, 6)):
        form = http.get(address).text
        some = http.post(address, said)
        http.post(address, said | {f"accepted_{second.pk}": "yes", f"answer_{second.pk}": "已更正"})

    assert form.index("课程是免费的") < form.index(f"answer_{first.pk}") < form.index("当天我不在中心")
    assert "checked" not in form  # neither to accept nor to refuse is chosen beforehand
    assert (some.status_code, "第2点采纳还是不采纳，请选一项" in some.text, "有转账记录" in some.text) == (
        422,
        True,
        True,
    )
    assert [(each.accepted, each.answer) for each in heard.pleas.all()] == [(False, "有转账记录"), (True, "已更正")]


def test_with_nothing_said_there_is_nothing_to_answer(http, told, intake, reviewer):
    with clock.at(AFTER):
        actions.lapse_defence(told, by=intake)
        make.sign_in(http, reviewer)
        form = http.get(page("weigh", told.pk)).text
        http.post(page("weigh", told.pk), {"opinion": "逾期没有陈述", "advice": "keep"})

    told.refresh_from_db()
    assert ("没有需要逐条答复的意见" in form, told.state) == (True, "weighed")


def test_the_leader_confirms_sends_back_or_keeps(http, weighed, leader):
    make.sign_in(http, leader)
    with clock.at(date(2026, 3, 9)):
        http.post(page("reconsider", weighed.pk), {"decision": "第一点答复不够"})
        weighed.refresh_from_db()
        back = weighed.state
        shown = http.get(page("dismissal", weighed.pk)).text

    assert (back, "退回理由" in shown, "第一点答复不够" in shown) == ("heard", True, True)


def test_the_decision_is_served_by_the_office_and_ends_the_term(http, confirmed, own, intake):
    make.sign_in(http, intake)
    with clock.at(date(2026, 3, 10)):
        said = {"channel": "hand", "served_on": "2026-03-10", "proof": make.pdf()}
        shown = http.post(page("serve_decision", confirmed.pk), said, follow=True).text
        assert not Expert.objects.serving(clock.today()).filter(pk=own.pk).exists()

    assert "3月10日（周二），直接送达" in shown
    assert buttons(shown, confirmed) == []


# The expert


def test_the_page_says_what_he_may_do_and_until_when(http, told, own):
    with clock.at(THURSDAY):
        shown = seen_by(http, own.user, page("own_dismissal", told.pk)).text

    assert "还剩6天，3月11日 23:59截止" in shown
    assert "最后一天是3月11日（周三）" in shown
    assert buttons(shown, told, "desk/dismissal") == ["defend", "ask_hearing", "waive"]
    assert "/rules/#a12-4" in shown
    with clock.at(AFTER):
        late = http.get(page("own_dismissal", told.pk)).text
    assert (buttons(late, told, "desk/dismissal"), "已经过了" in late) == ([], True)


def test_he_answers_in_several_points_without_a_script(http, told, own):
    make.sign_in(http, own.user)
    with clock.at(THURSDAY):
        form = http.get(page("defend", told.pk)).text
        none = http.post(page("defend", told.pk), {"point1": " "})
        long = http.post(page("defend", told.pk), {"point1": "还在的话", "point9": "字" * 1001})
        said = {"point1": "课程免费", "point2": "当天不在", "files": [make.pdf("证明.pdf")]}
        shown = http.post(page("defend", told.pk), said, follow=True).text

    assert form.count("<textarea") == 10
    assert (none.status_code, "请至少写一点" in none.text) == (422, True)
    assert ("最多1000个字" in long.text, "还在的话" in long.text, 'more" open' in long.text) == (True, True, True)
    assert all(words in shown for words in ("已提交", "课程免费", "当天不在", "证明.pdf", "正在复核"))
    assert DismissalFile.objects.get(kind="defence").by == own.user


def test_he_waives_only_with_his_own_tick(http, told, own):
    make.sign_in(http, own.user)
    with clock.at(THURSDAY):
        form = http.get(page("waive", told.pk)).text
        without = http.post(page("waive", told.pk))
        told.refresh_from_db()
        unmoved = told.state
        http.post(page("waive", told.pk), {"sure": "on"})

    told.refresh_from_db()
    assert ("checked" in form, without.status_code, unmoved) == (False, 422, "told")
    assert "明确放弃的，请先勾选" in without.text
    assert (told.state, told.heard_how) == ("heard", "waiver")


def test_an_answer_after_the_last_day_is_refused_with_his_words(http, told, own):
    make.sign_in(http, own.user)
    with clock.at(AFTER):
        answer = http.post(page("defend", told.pk), {"point1": "我有话说"})

    assert (answer.status_code, "陈述申辩期限已过" in answer.text, "我有话说" in answer.text) == (422, True, True)


def test_the_answers_and_the_decision_are_read_after_the_second_signature(http, confirmed, own):
    make.sign_in(http, own.user)
    with clock.at(date(2026, 3, 10)):
        before = http.get(page("own_dismissal", confirmed.pk)).text
        closed = http.get(page("own_letter", confirmed.pk, "decision"))
        after = http.post(page("receive_decision", confirmed.pk), follow=True).text

    assert [words in before for words in ("同意解聘", "有转账记录")] == [False, False]
    assert closed.status_code == 404
    assert all(words in after for words in ("同意解聘", "有转账记录", "已签收", "申请复核", "以局法制部门核定文字为准"))


def test_after_the_dismissal_he_still_reads_his_case_and_letters(http, dismissed, own):
    with clock.at(date(2027, 1, 4)):
        desk = seen_by(http, own.user, "/desk/").text
        shown = http.get(page("own_dismissal", dismissed.pk)).text
        letters = [http.get(page("own_letter", dismissed.pk, key)).status_code for key in ("notice", "decision")]
        resigning = http.get(page("resign"))

    assert page("own_dismissal", dismissed.pk) in desk
    assert page("resign") not in desk
    assert (buttons(shown, dismissed, "desk/dismissal"), letters, resigning.status_code) == ([], [200, 200], 404)


def test_a_kept_expert_is_told_so_with_the_answers(http, weighed, own, leader):
    with clock.at(date(2026, 3, 9)):
        actions.keep(weighed, by=leader, decision="情节轻微", warned=True)
        shown = seen_by(http, own.user, page("own_dismissal", weighed.pk)).text

    assert all(words in shown for words in ("决定不予解聘", "情节轻微", "有转账记录", "书面提醒"))


def test_a_written_reminder_is_there_for_the_office_and_the_expert(http, weighed, own, leader, intake):
    with clock.at(date(2026, 3, 9)):
        actions.keep(weighed, by=leader, decision="情节轻微", warned=True)
        shown = seen_by(http, own.user, page("own_dismissal", weighed.pk)).text
        his = printed(http.get(page("own_letter", weighed.pk, "reminder")))
        office = printed(seen_by(http, intake, page("dismissal_letter", weighed.pk, "reminder")))

    assert page("own_letter", weighed.pk, "reminder") in shown
    assert his == office
    said = ("书面提醒", "韩砚秋老师", "不解除对您的聘任", FACTS, "有转账记录", "情节轻微", "2026年3月9日")
    assert [words for words in said if words not in his] == []
    assert REPORTER not in his


def test_without_a_reminder_there_is_no_letter_of_it(http, weighed, own, leader):
    with clock.at(date(2026, 3, 9)):
        actions.keep(weighed, by=leader, decision="不成立")
        shown = seen_by(http, own.user, page("own_dismissal", weighed.pk)).text

    assert "书面提醒" not in shown
    assert http.get(page("own_letter", weighed.pk, "reminder")).status_code == 404


@pytest.mark.parametrize(
    ("state", "words"),
    [("issued", "有一份告知书请您签收"), ("told", "请您陈述申辩"), ("confirmed", "有一份决定书请您签收")],
)
def test_the_desk_says_first_what_he_has_to_do(http, request, own, state, words):
    case = request.getfixturevalue(state)
    with clock.at(THURSDAY if state == "told" else date(2026, 3, 9)):
        desk = seen_by(http, own.user, "/desk/").text

    assert f"<b>{words}</b>" in desk
    assert page("own_dismissal", case.pk) in desk
    assert desk.count(words) == 2  # in the greeting and in its section; no message says it a third time


# To leave by himself


def test_12_1_he_asks_to_leave_and_may_take_it_back(http, own):
    make.sign_in(http, own.user)
    form = http.get(page("resign")).text
    wrong = http.post(page("resign"), {"words": ""})
    shown = http.post(page("resign"), {"words": "工作调动"}, follow=True).text
    case = Dismissal.objects.get()
    again = http.get(page("resign"))
    back = http.post(page("take_back", case.pk), {"drop_reason": ""}, follow=True).text

    assert ("checked" in form, "聘书失效" in form, wrong.status_code) == (False, True, 422)
    assert (case.waives, case.clue, "您的申请已收到" in shown) == (False, "工作调动", True)
    assert again.url == page("own_dismissal", case.pk)
    assert "申请已撤回" in back
    assert page("resign") in http.get("/desk/").text


def test_12_1_with_waiver_it_is_forwarded_and_decided(http, own, intake, leader):
    make.sign_in(http, own.user)
    http.post(page("resign"), {"words": "工作调动", "waives": "on"})
    case = Dismissal.objects.get()
    first = seen_by(http, intake, page("dismissal", case.pk)).text
    locked = seen_by(http, leader, page("dismissal", case.pk)).text
    make.sign_in(http, intake)
    http.post(page("forward", case.pk))
    waiting = seen_by(http, own.user, page("own_dismissal", case.pk)).text
    told = Notification.objects.filter(to=leader, subject="有一件解聘案件待决定").values_list("body", flat=True)
    decided = seen_by(http, leader, page("dismissal", case.pk)).text
    http.post(page("confirm", case.pk), {"decision": "同意"})
    make.sign_in(http, own.user)
    shown = http.post(page("receive_decision", case.pk), follow=True).text
    letter = printed(http.get(page("own_letter", case.pk, "decision")))

    assert buttons(first, case) == ["forward"]
    assert "经办人转请确认以后，才能决定" in locked
    assert buttons(decided, case) == ["confirm", "keep"]
    assert ("已转局领导确认" in waiting, "复核已完成" in waiting) == (True, False)
    assert list(told) == [f"{case.number}：本人申请并放弃陈述申辩，请决定。"] * len(told) != []
    assert "聘任关系已终止" in shown
    assert "并书面放弃陈述申辩" in letter


@pytest.mark.parametrize(
    ("waives", "what", "tip"),
    [
        (None, "处理解聘线索", "利用专家身份谋取私利，核对后立案；不立案的，由审核岗撤案"),
        (False, "办理辞任申请", "本人没有放弃陈述申辩，立案后先告知"),
        (True, "转请确认辞任", "本人申请并放弃申辩，核对后转局领导"),
    ],
)
def test_what_is_new_is_told_with_what_intake_can_do(own, inspector, intake, waives, what, tip):
    if waives is None:
        actions.propose(own, by=inspector, ground="12(4)", clue="来电")
    else:
        actions.resign(by=own.user, words="工作调动", waives=waives)

    rows = [told(case) for _, found, told in dismissal_rows.QUEUES for case in found(intake)]

    assert [(row.what, row.tip) for row in rows] == [(what, tip)]


def test_only_whoever_is_in_term_resigns(http, stranger):
    assert "login" in http.get(page("resign"))["Location"]
    assert seen_by(http, stranger, page("resign")).status_code == 404


# The letters


def test_the_notice_says_facts_reasons_basis_rights_and_until_when(issued):
    text = words_of(dismissal_papers.notice(issued))

    for words in (
        "解聘事先告知书", issued.notice_number, "韩砚秋老师：", FACTS, REASONS, "第十二条第四项：“利用专家身份为个人谋取私利或不正当利益的”",
        "应告知专家相关事实、理由和依据，并听取其陈述和申辩", "转账记录", "第二天起5个工作日内", "您有权陈述和申辩",
        "不会因为您陈述申辩加重处理", "0351-5550100", "/desk/", "2026年3月2日",
    ):  # fmt: skip
        assert words in text


def test_the_decision_answers_each_point(confirmed):
    text = words_of(dismissal_papers.decision(confirmed))

    for words in (
        "解聘决定书", confirmed.decision_number, FACTS, "课程是免费的", "有转账记录，不是免费", "当天我不在中心", "日期更正为3月2日", "不采纳",
        "第十二条第四项", "事实清楚，同意解聘", "决定解除对韩砚秋的聘任", "自送达之日起生效", confirmed.appointment.number,
        "以局法制部门核定文字为准", "2026年3月9日",
    ):  # fmt: skip
        assert words in text
    assert not any(words in text for words in ("内部意见", REPORTER, CLUE))


def test_a_letter_is_the_same_to_the_byte_whenever_it_is_printed(issued, own, intake):
    first = dismissal_papers.notice(issued)
    with clock.at(TOLD):
        actions.receive_notice(issued, by=own.user)
        actions.extend(issued, by=intake, extension="出差在外")
        later = dismissal_papers.notice(issued)

    assert first == later


def test_the_receipt_is_a_form_until_the_service_is_entered(issued, intake):
    blank = words_of(dismissal_papers.notice_receipt(issued))
    with clock.at(TOLD):
        said = {"channel": "left", "served_on": TOLD, "proof": make.pdf(), "note": "家属拒收，拍照留存"}
        actions.serve_notice(issued, by=intake, **said)
    filled = words_of(dismissal_papers.notice_receipt(issued))

    assert ("□直接送达" in blank, "2026年3月4日" in blank) == (True, False)
    assert all(words in filled for words in ("留置送达", "2026年3月4日", "家属拒收，拍照留存", issued.notice_number))


@pytest.mark.parametrize("ground", Dismissal.Ground.values)
def test_every_ground_has_its_own_words(own, ground):
    case = make.make_dismissal("confirmed", expert=own, ground=ground, clue="有此一说", judgment_number="晋01刑初1号")

    assert "“" in words_of(dismissal_papers.notice(case))
    assert words_of(dismissal_papers.decision(case)).count("第十二条") >= 2


@pytest.mark.parametrize("how", Dismissal.Heard.values)
def test_every_way_of_being_heard_has_its_words(own, how):
    case = make.make_dismissal("confirmed", expert=own)
    case.heard_how = how

    assert dismissal_papers.heard(case).startswith("告知书")


@pytest.mark.parametrize(("key", "status"), [("notice", 200), ("notice-receipt", 200), ("decision", 404), ("x", 404)])
def test_the_office_downloads_what_there_is(http, told, intake, key, status):
    response = seen_by(http, intake, page("dismissal_letter", told.pk, key))

    assert response.status_code == status
    if status == 200:
        assert response["Content-Type"] == "application/pdf"
        assert "JP" in response["Content-Disposition"]


@pytest.mark.parametrize("key", ["notice-receipt", "decision-receipt"])
def test_the_receipt_is_no_paper_of_the_expert(http, dismissed, own, key):
    assert seen_by(http, own.user, page("own_letter", dismissed.pk, key)).status_code == 404


def test_where_a_font_lacks_a_character_the_page_says_so(http, told, own, intake, monkeypatch):
    monkeypatch.setattr(documents, "missing_glyphs", lambda text: "䶮")
    shown = seen_by(http, intake, page("dismissal_letter", told.pk, "notice")).url
    his = seen_by(http, own.user, page("own_letter", told.pk, "notice")).url

    assert (shown, his) == (page("dismissal", told.pk), page("own_dismissal", told.pk))
    assert "字库里没有这些字" in http.get(his).text


# 今天, and what it costs


def rows(user):
    return [row(each) for _, open_, row in dismissal_rows.QUEUES for each in open_(user)]


@pytest.mark.parametrize(
    ("state", "role", "what"),
    [
        ("proposed", "intake", "处理解聘线索"),
        ("examining", "intake", "制发告知书"),
        ("issued", "intake", "送达告知书"),
        ("heard", "reviewer", "复核申辩"),
        ("weighed", "leader", "决定解聘案件"),
        ("confirmed", "intake", "送达决定书"),
    ],
)
def test_each_step_waits_for_its_role(http, request, state, role, what):
    case = request.getfixturevalue(state)
    officer = person("another", role)
    other = {"intake": "leader", "leader": "reviewer", "reviewer": "leader"}[role]

    assert [(each.what, each.number) for each in rows(officer)] == [(what, case.number)]
    assert rows(person("other", other)) == []
    assert what in seen_by(http, officer, "/admin/").text


def test_rows_carry_their_day(confirmed, told, intake):
    (row,) = rows(intake)

    assert clock.local(row.due).date() == date(2026, 3, 18)


def test_silence_and_an_ended_term_show_up(told, intake, reviewer):
    assert rows(intake) == []
    with clock.at(AFTER):
        assert [each.what for each in rows(intake)] == ["陈述期满"]
    with clock.at(date(2029, 3, 1)):
        assert [each.what for each in rows(reviewer)] == ["撤案"]


def test_nobody_is_asked_about_his_own_case_nor_twice_about_what_he_did(own, inspector):
    both = person("both", "leader")
    make.make_dismissal("weighed", expert=own, opened_by=both)
    own.user.groups.set(both.groups.all())
    assert rows(own.user) == []
    assert rows(both) == []


def test_a_marked_case_waits_for_the_inspector_before_its_notice(own, intake, inspector):
    make.make_dismissal("examining", expert=own, flag="同一天有3次")

    assert ([each.what for each in rows(inspector)], rows(intake)) == (["核查来源"], [])


def queries(http, address):
    http.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert http.get(address).status_code == 200
    return len(captured)


def test_the_list_takes_as_many_queries_for_many_as_for_one(http, intake):
    make.sign_in(http, intake)
    make.make_dismissal("examining")
    one = queries(http, page("dismissals"))
    for _ in range(3):
        make.make_dismissal("examining")

    assert queries(http, page("dismissals")) == one


def test_the_dossier_takes_as_many_queries_for_many_papers_as_for_few(http, own, reviewer, intake):
    heard = make.make_dismissal("examining", expert=own, ground="12(3)")
    make.sign_in(http, reviewer)
    few = queries(http, page("dismissal", heard.pk))
    for _ in range(3):
        make.make_dismissal_file(heard, by=make.make_user())
        place = heard.pleas.count() + 1
        heard.pleas.create(place=place, words="还有一点", entered_by=own.user)
        strike = make.make_strike(refusal=make.make_refusal("judged", expert=own))
        heard.strikes.add(strike)
    many = queries(http, page("dismissal", heard.pk))

    assert many <= few + 3  # the sources of strikes, where there are any


def test_a_register_lists_cases_and_leads_to_their_page(http, told, intake):
    listed = seen_by(http, intake, "/admin/evaluations/dismissal/").text

    assert told.get_absolute_url() in listed
    assert FACTS not in http.get(f"/admin/evaluations/dismissal/{told.pk}/change/").text
