"""The page on which a draw is made under the inspector's eyes, and the frozen list with names (Article 10(4))."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expertteam import clock
from expertteam.models import Notification
from expertteam.regulation import Refused
from services import transcripts
from services.actions import draw, supervision
from services.models import Draw, Link, PanelReading, Pause
from tests import make
from tests.conftest import person
from tests.make import sign_in
from tests.services import panels as on
from tests.services.panels import SECRETS

NAMES = ["鹪鹩", "鸲鹟", "鹡鸰", "鸺鹠", "鹈鹕", "鸬鹚", "鹌鹑", "鹧鸪", "鸳鸯"]
pytestmark = pytest.mark.usefixtures("birds")


@pytest.fixture
def birds(db, today):
    """Nine experts whose names stand in no other word of a page."""
    return [make.make_expert(user=make.make_user(name=name, phone=f"1350000000{n}")) for n, name in enumerate(NAMES)]


def page(name, it):
    return reverse(f"services:{name}", args=[it.draw_id])


def words(response):
    return response.content.decode()


def seen_by(who, http, it, name="draw"):
    sign_in(http, who)
    return words(http.get(page(name, it)))


def post(who, http, it, verb, **entry):
    sign_in(http, who)
    return http.post(page(f"{verb}_draw", it), entry)


def named(shown):
    return [name for name in NAMES if name in shown]


def committed(it=None, **how):
    """Everybody has promised; the conditions are not fixed."""
    it = it or on.frozen(**how)
    for role in ("operator", "inspector"):
        on.promise(it, role)
    return it


def overnight():
    """With a public value that comes at 21:30 today."""
    how = {"profile": "B", "source": "kl8", "issue": "2026060", "due_at": clock.now() + timedelta(hours=12, minutes=30)}
    it = on.promised(on.frozen(**how))
    for who, role in ((on.operator(), "operator"), (on.inspector(), "inspector")):
        draw.reveal(it, by=who, secret=SECRETS[role])
    return it


# For whom


FOR = {
    "draw": {"intake", "inspector", "leader", "reviewer"},
    "draw_state": {"intake", "inspector", "leader", "reviewer"},
    "pool": {"inspector"},
    "commit_draw": {"intake", "inspector"},
    "fix_draw": {"intake"},
    "reveal_draw": {"intake", "inspector"},
    "enter_value_draw": {"intake", "inspector"},
    "sign_draw": {"intake", "inspector"},
    "ask_abort_draw": {"intake", "inspector"},
    "abort_draw": {"intake", "inspector", "leader"},
}


@pytest.mark.parametrize("name", FOR)
def test_each_page_is_for_its_roles(http, name):
    it, found = on.frozen(), {}
    for role in ("intake", "inspector", "leader", "reviewer", "matcher", "cashier", "admin", "client"):
        sign_in(http, person(role, role))
        found[role] = http.get(page(name, it)).status_code

    assert found == {role: 200 if role in FOR[name] else 403 for role in found}


@pytest.mark.parametrize("name", FOR)
def test_a_visitor_is_asked_to_sign_in_and_an_unknown_draw_is_not_found(http, name):
    it = on.frozen()
    assert http.get(page(name, it)).status_code == 302
    sign_in(http, on.inspector())

    assert http.get(page(name, Draw(draw_id="PS-2026-9999-R1"))).status_code == 404


# What each sees, step by step


STEPS = ["设条件", "生成候选池", "纪检到场确认", "抽取", "双方签字归档"]


def current(shown):
    """The step that is marked, or none."""
    return [each for each in STEPS if f'<li aria-current="step">{each}</li>' in shown]


def test_the_steps_follow_the_draw(http):
    it = on.frozen()
    found = [current(seen_by(on.operator(), http, it))]
    found.append(current(seen_by(on.operator(), http, committed(it))))
    draw.fix(it, by=on.operator())
    found.append(current(seen_by(on.operator(), http, it)))
    on.drawn(it)
    found.append(current(seen_by(on.operator(), http, it)))
    for who in (on.operator(), on.inspector()):
        draw.sign(it, by=who)
    found.append(current(seen_by(on.operator(), http, it)))

    assert found == [["纪检到场确认"], ["抽取"], ["抽取"], ["双方签字归档"], []]


def test_the_page_tells_pool_reasons_and_fingerprint_and_no_name(http):
    it = on.frozen()
    shown = seen_by(on.inspector(), http, it)
    root = " ".join(it.pool_root[n : n + 4] for n in range(0, 64, 4))

    assert ("候选池已锁定，共9人" in shown, "操作人operator" in shown, root[:19] in shown, root in shown) == (True,) * 4
    assert ("创业孵化示范基地评审" in shown, "备选1人" in shown, named(shown)) == (True, True, [])


def test_the_reasons_of_those_left_out_are_counted(http, birds):
    Pause.objects.create(expert=birds[0], first_day=clock.today(), last_day=clock.today() + timedelta(days=9))
    shown = seen_by(on.operator(), http, on.frozen())

    assert ("1人：评审日不能参加1人" in shown, "共8人" in shown) == (True, True)


def test_the_start_is_locked_with_its_reason_until_all_have_promised(http):
    it = on.frozen()
    before = seen_by(on.operator(), http, it)
    after = seen_by(on.operator(), http, committed(it))

    assert 'aria-disabled="true" aria-describedby="why">开始抽取' in before
    assert "还要等经办、纪检提交承诺" in before
    assert ('aria-disabled="true"' in after, page("fix_draw", it) in after) == (False, True)
    assert page("fix_draw", it) not in seen_by(on.inspector(), http, it)


def test_only_the_inspector_says_that_he_is_there_and_has_looked(http):
    it = on.frozen()

    assert "我在现场，已看过条件、候选池和回避名单" not in seen_by(on.operator(), http, it)
    shown = seen_by(on.inspector(), http, it)
    assert ("我在现场，已看过条件、候选池和回避名单" in shown, page("pool", it) in shown) == (True, True)


def test_the_inspector_has_to_say_so(http):
    it, entry = on.frozen(), {"commitment": "a" * 64}
    refused = post(on.inspector(), http, it, "commit", **entry)
    assert (refused.status_code, "请先到场看过候选池名单，再勾选" in words(refused)) == (422, True)

    unread = post(on.inspector(), http, it, "commit", **entry, seen="on")
    assert "请先看候选池和回避名单" in words(unread)
    http.get(page("pool", it))
    http.post(page("commit_draw", it), entry | {"seen": "on"})

    it.refresh_from_db()
    assert it.inspector == on.inspector()


def test_what_is_no_promise_is_refused_in_words(http):
    refused = post(on.operator(), http, on.frozen(), "commit", commitment="随便写写")

    assert (refused.status_code, "承诺应是64位十六进制数" in words(refused)) == (422, True)


def test_a_draw_goes_from_the_promises_to_both_signatures_by_its_pages(http):
    it = on.frozen()
    post(on.operator(), http, it, "commit", commitment=on.commitment(it, "operator").upper())
    draw.read_pool(it, by=on.inspector())
    post(on.inspector(), http, it, "commit", commitment=on.commitment(it, "inspector"), seen="on")
    post(on.operator(), http, it, "fix")
    post(on.operator(), http, it, "reveal", secret=SECRETS["operator"])
    post(on.inspector(), http, it, "reveal", secret=SECRETS["inspector"])
    post(on.operator(), http, it, "sign")
    done = http.post(page("sign_draw", it), follow=True)
    post(on.inspector(), http, it, "sign")

    it.refresh_from_db()
    assert (it.state, bool(it.operator_signed_at), bool(it.inspector_signed_at)) == ("drawn", True, True)
    assert "已经签过字" in words(done)
    assert on.verify(on.transcript(it))


def test_another_secret_than_the_promised_one_is_refused_in_words(http):
    refused = post(on.operator(), http, on.promised(), "reveal", secret="9" * 64)

    assert (refused.status_code, "这不是您承诺时的随机数" in words(refused)) == (422, True)


def test_who_has_shown_is_told_but_not_what(http):
    it = on.promised()
    draw.reveal(it, by=on.operator(), secret=SECRETS["operator"])

    for who in (on.inspector(), on.operator(), person("r", "reviewer"), on.leader()):
        shown = seen_by(who, http, it) + seen_by(who, http, it, "draw_state")
        assert SECRETS["operator"] not in shown
    shown = seen_by(on.inspector(), http, it)
    assert ("09:00:00已公开随机数" in shown, "等待纪检公开随机数" in shown) == (True, True)


def test_drawn_seats_stand_there_with_their_codes_and_without_names(http):
    it = on.drawn()
    seed = transcripts.lots(it).seed

    for who in (on.operator(), on.inspector(), on.leader(), person("r", "reviewer")):
        shown = seen_by(who, http, it)
        assert (named(shown), all(each.entry.h[:8] in shown for each in it.seats.all())) == ([], True)
    shown = seen_by(on.operator(), http, it)
    assert (shown.count('<th scope="row" class="nb">第'), f"{seed[:4]} {seed[4:8]}" in shown) == (5, True)
    assert page("public_draw", it) in shown


def test_the_printed_record_has_a_line_for_everybody_who_signs(http):
    it = on.frozen(witness="钱公证", organisation="某公证处", phone="13900005555")
    printed = seen_by(on.operator(), http, it).partition('<section class="print-only mt2">')[2]

    assert all(each in printed for each in ("池指纹", "<dt>经办</dt>", "<dt>纪检监督</dt>", "<dt>见证人</dt>"))
    assert ("某公证处钱公证" in printed, "种子" in printed) == (True, False)


def test_the_course_tells_who_did_what_when_and_what_is_awaited(http):
    it = on.frozen()
    on.promise(it, "operator")
    shown = seen_by(on.leader(), http, it)
    course = shown.partition("操作记录")[2]

    assert course.index("锁定候选池") < course.index("提交随机数承诺") < course.index("等待纪检提交承诺")
    assert ("3月2日 09:00:00</time>　operator" in course, "等待纪检提交承诺" in course) == (True, True)


# The public value


def test_two_people_type_the_public_value_each_for_himself(http):
    it, value = overnight(), " ".join(str(n) for n in range(1, 21))
    assert "录入公开数值" not in seen_by(on.operator(), http, it).partition("<aside")[2].partition("操作记录")[0]

    with clock.at(it.due_at):
        assert "录入公开数值" in seen_by(on.operator(), http, it)
        post(on.operator(), http, it, "enter_value", value=value)
        own, other = seen_by(on.operator(), http, it), seen_by(on.inspector(), http, it)
        wrong = post(on.inspector(), http, it, "enter_value", value=value.replace("20", "21"))
        post(on.inspector(), http, it, "enter_value", value=value)

    assert (page("enter_value_draw", it) in own, page("enter_value_draw", it) in other, value in other) == (
        False,
        True,
        False,
    )
    assert "和第一次录入的不一样" in words(wrong)
    it.refresh_from_db()
    assert it.state == "drawn"


# Aborts and halts


def test_an_abort_is_asked_by_one_and_agreed_to_by_the_other(http):
    it = on.promised()
    assert page("abort_draw", it) not in seen_by(on.inspector(), http, it)
    post(on.operator(), http, it, "ask_abort", reason="纪检忘了随机数")
    assert page("abort_draw", it) not in seen_by(on.operator(), http, it)

    shown = seen_by(on.inspector(), http, it)
    assert (page("abort_draw", it) in shown, "operator提出作废：纪检忘了随机数" in shown) == (True, True)
    assert "纪检忘了随机数" in seen_by(on.inspector(), http, it, "abort_draw")
    post(on.inspector(), http, it, "abort")

    it.refresh_from_db()
    shown = seen_by(on.operator(), http, it)
    assert (it.state, "已作废。operator提出，watcher" in shown) == ("aborted", True)


def test_after_the_result_the_leader_has_to_agree(http):
    it = on.drawn()
    post(on.inspector(), http, it, "ask_abort", reason="候选池有误")
    refused = post(on.operator(), http, it, "abort")
    assert "作废要由纪检监督人提出、局领导同意" in words(refused)

    post(on.leader(), http, it, "abort")

    it.refresh_from_db()
    assert it.state == "aborted"


def test_once_the_result_is_known_only_the_two_who_can_end_it_are_led_there(http):
    it = on.promised()
    draw.ask_abort(it, by=on.operator(), reason="条件写错")
    draw.reveal(it, by=on.operator(), secret=on.SECRETS["operator"])
    roles = {"operator": on.operator(), "inspector": on.inspector(), "leader": on.leader()}

    def led(name):
        return {who for who, user in roles.items() if page(name, it) in seen_by(user, http, it)}

    assert (led("ask_abort_draw"), led("abort_draw")) == ({"inspector"}, set())
    refused = post(roles["operator"], http, it, "ask_abort", reason="条件写错")
    assert "作废要由纪检监督人提出、局领导同意" in words(refused)
    draw.ask_abort(it, by=roles["inspector"], reason="随机数丢了")
    assert led("abort_draw") == {"leader"}


def test_a_halt_takes_all_buttons_away_and_is_called_by_the_inspector_alone(http):
    it = committed()
    halt = reverse("services:halt_panel", args=[it.panel_id])
    assert (halt in seen_by(on.inspector(), http, it), halt in seen_by(on.operator(), http, it)) == (True, False)

    supervision.halt(it.panel, by=on.inspector(), reason="有人泄露名单")

    shown = seen_by(on.operator(), http, it)
    assert ("评审已由纪检叫停（有人泄露名单）" in shown, page("fix_draw", it) in shown) == (True, False)
    assert halt not in seen_by(on.inspector(), http, it)


# The frozen list


def test_the_inspector_reads_everybody_in_and_out_with_why(http, birds):
    Pause.objects.create(expert=birds[0], first_day=clock.today(), last_day=clock.today() + timedelta(days=9))
    it = on.frozen()
    shown = seen_by(on.inspector(), http, it, "pool")

    assert (named(shown), "入池8人，不入池1人" in shown, "评审日不能参加" in shown) == (NAMES, True, True)
    assert ("在聘9人，名单9人" in shown, "一人不多，一人不少" in shown) == (True, True)


def test_each_look_at_the_list_is_on_record(http):
    it = on.frozen()
    for _ in range(2):
        seen_by(on.inspector(), http, it, "pool")
    sign_in(http, on.operator())
    http.get(page("pool", it))

    found = PanelReading.objects.values_list("panel", "reader__username", "what")
    assert list(found) == [(it.panel_id, "watcher", "候选池名单")] * 2


def test_what_changed_since_the_freeze_is_told_by_number(http, birds):
    it = on.frozen()
    newcomer = make.make_expert()
    Pause.objects.create(expert=birds[0], first_day=clock.today(), last_day=clock.today() + timedelta(days=9))
    shown = seen_by(on.inspector(), http, it, "pool")

    assert f"专家{birds[0].no}：锁定后新增“评审日不能参加”" in shown
    assert f"专家{newcomer.no}：锁定后入团" in shown
    assert "在聘10人。和" in shown


# The witness's link


def test_the_operator_gives_the_witness_his_link_and_no_one_else_does(http):
    it = on.frozen(witness="钱公证", organisation="某公证处", phone="13900005555")
    assert page("invite_witness", it) not in seen_by(on.inspector(), http, it)
    assert page("invite_witness", it) in seen_by(on.operator(), http, it)

    given = words(http.post(page("invite_witness", it), follow=True))
    told = Notification.objects.get(key__startswith="witness:")
    token = re.search(r"/w/([\w-]+)/", told.body)[1]
    assert (told.channel, told.address, len(told.body) <= 70) == ("sms", "13900005555", True)
    assert ("链接已发到见证人手机上" in given, token in given) == (True, False)
    assert Link.objects.holding(token, "witness").exists()
    assert http.get(page("invite_witness", it)).status_code == 405
    sign_in(http, on.inspector())
    assert http.post(page("invite_witness", it)).status_code == 403
    assert Link.objects.filter(purpose="witness", party__draw=it).count() == 1


def test_a_witness_whose_number_is_not_known_gets_no_link(http):
    it = on.frozen(witness="钱公证", organisation="某公证处", phone="13900005555")
    it.parties.filter(role="witness").update(phone="")  # as an earlier release froze it
    assert page("invite_witness", it) not in seen_by(on.operator(), http, it)

    assert http.post(page("invite_witness", it)).status_code == 403
    assert Link.objects.count() == 0


@pytest.mark.parametrize(("phone", "said"), [("", "请填见证人的手机号"), ("13900006666", "不能填工作人员的手机号")])
def test_10_4_a_witness_is_named_with_a_number_outside_the_office(phone, said):
    person("clerk", "matcher", phone="13900006666")

    with pytest.raises(Refused, match=said):
        on.frozen(witness="钱公证", organisation="某公证处", phone=phone)

    assert Draw.objects.count() == 0


def test_a_draw_without_witness_has_no_such_link(http):
    it = on.frozen()
    assert page("invite_witness", it) not in seen_by(on.operator(), http, it)

    assert http.post(page("invite_witness", it)).status_code == 404


# What the page asks again and again, and what it costs


def test_the_state_changes_with_every_act(http):
    it, found = on.frozen(), []

    def looked():
        found.append(http.get(page("draw_state", it)).json()["state"])

    sign_in(http, on.operator())
    looked()
    on.promise(it, "operator")
    looked()
    on.promise(it, "inspector")
    looked()
    draw.fix(it, by=on.operator())
    looked()
    on.drawn(it)
    looked()
    on.stand_down(it.seats.first())
    looked()
    supervision.halt(it.panel, by=on.inspector(), reason="核对")
    looked()

    assert len(set(found)) == len(found) == 7
    looked()
    assert found[-1] == found[-2]


@pytest.mark.parametrize("name", ["draw", "pool", "draw_state"])
def test_a_page_costs_the_same_for_few_and_for_many(http, name):
    small = on.drawn(on.promised(on.frozen(on.drafted(need=[["any", 3]], small_reason="书面评审"))))
    on.experts(12)
    large = on.drawn(on.promised(on.frozen(on.drafted(projects=3, need=[["any", 9]]))))
    sign_in(http, on.inspector())

    def count(it):
        with CaptureQueriesContext(connection) as queries:
            assert http.get(page(name, it)).status_code == 200
        return len(queries)

    count(small)
    assert count(large) == count(small)


def test_nothing_of_the_office_is_kept_by_a_browser(http):
    it = on.frozen()
    sign_in(http, on.inspector())

    assert all("no-store" in http.get(page(name, it))["Cache-Control"] for name in ("draw", "pool", "draw_state"))
