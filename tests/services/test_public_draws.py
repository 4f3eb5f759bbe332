"""What everybody sees of a draw, and what nobody sees before the result is out (Article 10(4))."""

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expertteam import clock
from expertteam.models import Notification
from services.actions import conclusion, draw, panel, scoring
from services.models import Draw, Link, Pause
from tests import make
from tests.conftest import person
from tests.make import sign_in
from tests.services import panels as on
from tests.services.panels import SECRETS

NAMES = ["鹪鹩", "鸲鹟", "鹡鸰", "鸺鹠", "鹈鹕", "鸬鹚", "鹌鹑", "鹧鸪", "鸳鸯"]
TITLE, PROJECT = "蟾宫折桂基地评审", "蟾宫项目"
PAGES = ["public_draw", "transcript", "draw_directory"]
pytestmark = pytest.mark.usefixtures("birds")


@pytest.fixture
def birds(db, today):
    """Nine experts whose names stand in no other word of a page."""
    return [make.make_expert(user=make.make_user(name=name, phone=f"1350000000{n}")) for n, name in enumerate(NAMES)]


def page(name, it):
    return reverse(f"services:{name}", args=[it.draw_id])


def words(response):
    return response.content.decode()


def drafted():
    it = on.drafted(projects=0, title=TITLE)
    panel.add_project(it, by=on.operator(), name=PROJECT, applicant="太原某孵化器公司", parties=on.PARTIES)
    return it


def frozen(**how):
    return on.frozen(drafted(), **how)


def published():
    """The result is out: every member gave 90 points."""
    review = on.convened(drafted())
    with clock.at(on.BEGINS + timedelta(hours=2)):
        for member in review.seats.judging():
            sheet = scoring.sheet_of(member, review.projects.get())
            scoring.submit(sheet, by=member.expert.user, marks={"team": Decimal(40), "plan": Decimal(50)}, comment="好")
        conclusion.close_scoring(review, by=on.operator(), break_minutes=0)
        for member in review.seats.judging():
            conclusion.sign(member, by=member.expert.user)
        conclusion.conclude(review, by=on.inspector())
        conclusion.publish(review, by=person("r", "reviewer"), statement="公布如下")
    return review.draws.get()


def aborted(it):
    draw.ask_abort(it, by=on.inspector(), reason="候选池有误")
    draw.abort(it, by=on.leader() if draw.result_is_known(it) else on.operator())
    return it


AT = {
    "frozen": frozen,
    "fixed": lambda: on.promised(frozen()),
    "drawn": lambda: on.drawn(on.promised(frozen())),
    "signed for": lambda: on.convened(drafted()).draws.get(),
    "aborted": lambda: aborted(frozen()),
    "aborted after the result": lambda: aborted(on.drawn(on.promised(frozen()))),
}


# Who is behind it


def telling(it, birds) -> list[str]:
    """All that would tell who is behind a code, or what the review is about."""
    entries = list(it.entries.all())
    own = [it.group_salt, *(each.salt for each in entries), *(each.employer for each in entries)]
    return [*NAMES, *(each.no for each in birds), TITLE, PROJECT, "太原某孵化器公司", *own]


@pytest.mark.parametrize("state", AT)
def test_no_name_title_project_or_salt_before_the_result_is_out(http, birds, state):
    it = AT[state]()
    shown = words(http.get(reverse("services:draws"))) + "".join(words(http.get(page(name, it))) for name in PAGES)

    assert it.draw_id in shown
    assert [each for each in telling(it, birds) if each in shown] == []


def test_with_the_result_all_of_it_is_public(http, birds):
    it = published()
    shown = words(http.get(reverse("services:draws"))) + "".join(words(http.get(page(name, it))) for name in PAGES)

    seated = {each.expert.user.name for each in it.seats.all()}
    missing = [each for each in telling(it, birds) if each not in shown]
    assert sorted(missing) == sorted(set(NAMES) - seated | {"太原某孵化器公司"})


@pytest.mark.parametrize("state", ["fixed", "drawn"])
def test_a_shown_secret_is_public_once_all_have_shown_theirs(http, state):
    it = on.promised(frozen())
    draw.reveal(it, by=on.operator(), secret=SECRETS["operator"])
    if state == "drawn":
        draw.reveal(it, by=on.inspector(), secret=SECRETS["inspector"])
    shown = "".join(words(http.get(page(name, it))) for name in PAGES)

    assert (SECRETS["operator"] in shown) == (state == "drawn")


def test_a_secret_shown_in_a_draw_that_was_aborted_stays_hidden(http):
    it = on.promised(frozen())
    draw.reveal(it, by=on.operator(), secret=SECRETS["operator"])
    aborted(it)
    sign_in(http, on.leader())

    assert SECRETS["operator"] not in "".join(words(http.get(page(name, it))) for name in [*PAGES, "draw"])


# The files


@pytest.mark.parametrize(
    ("state", "transcript", "directory"),
    [
        ("frozen", 404, 404),
        ("fixed", 404, 404),
        ("aborted", 404, 404),
        ("drawn", 200, 404),
        ("aborted after the result", 200, 404),
    ],
)
def test_the_files_are_there_when_their_time_has_come(http, state, transcript, directory):
    it = AT[state]()

    assert http.get(page("transcript", it)).status_code == transcript
    assert http.get(page("draw_directory", it)).status_code == directory


def test_the_transcript_is_json_that_the_stand_alone_program_accepts(http):
    it = on.drawn(on.promised(frozen()))
    on.stand_down(it.seats.first())
    given = http.get(page("transcript", it))
    told = json.loads(given.content)

    assert given["Content-Type"] == "application/json"
    assert (told, "opened" in told, len(told["skips"])) == (on.transcript(it), False, 1)
    assert len(on.verify(told)) == 5


def test_an_aborted_result_stays_checkable_and_sealed(http):
    it = AT["aborted after the result"]()
    told = http.get(page("transcript", it)).json()

    assert ("opened" in told, told["record_hash"]) == (False, it.record_hash)
    assert on.verify(told)


def test_opened_names_fit_the_directory(http, birds):
    it = published()
    told, listed = http.get(page("transcript", it)).json(), http.get(page("draw_directory", it)).json()

    assert listed == sorted(each.no for each in birds)
    assert {code for _, _, code in on.verify(told, listed)} == {each.expert.no for each in it.seats.all()}
    with pytest.raises(ValueError, match="experts in term"):
        on.verify(told, listed[1:])


def test_the_program_is_given_as_a_file(http):
    given = http.get(reverse("services:verifier"))

    assert given["Content-Type"] == "text/x-python; charset=utf-8"
    assert (given["X-Content-Type-Options"], given["Content-Disposition"]) == (
        "nosniff",
        'attachment; filename="verify_draw.py"',
    )
    assert given.content == on.verifier().__loader__.get_data(on.verifier().__file__)


@pytest.mark.parametrize("name", PAGES)
def test_an_unknown_draw_is_not_found(http, name):
    assert http.get(page(name, Draw(draw_id="PS-2026-9999-R1"))).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_to_be_sent_there(http, name):
    assert http.post(page(name, published())).status_code == 405


# The pages in words


def marked(shown, kind):
    return re.findall(rf'<li class="{kind}"><b>([^<]+)</b>', shown)


STEPS = ["锁定候选池", "各方提交承诺", "固定条件", "公开随机数", "抽取", "公开名单"]


@pytest.mark.parametrize(
    ("state", "done", "now"), [("frozen", 1, 1), ("fixed", 3, 1), ("drawn", 5, 1), ("aborted", 1, 0)]
)
def test_the_page_tells_what_has_been_done_and_what_is_to_come(http, state, done, now):
    shown = words(http.get(page("public_draw", AT[state]())))

    assert all(f"<b>{each}</b>" in shown for each in STEPS)
    assert (marked(shown, "done"), len(marked(shown, "now"))) == (STEPS[:done], now)


def test_the_page_counts_who_was_left_out_and_why(http, birds):
    Pause.objects.create(expert=birds[0], first_day=clock.today())
    shown = words(http.get(page("public_draw", frozen())))

    assert "8人，另有1人不入池：评审日不能参加1人" in shown


def test_the_page_names_parties_by_role_and_code_alone(http):
    it = on.drawn(on.promised(frozen(witness="钱公证", organisation="某公证处", phone="13900005555")))
    if it.state != "drawn":
        draw.reveal(it, by=draw.LINK, secret=SECRETS["witness"])
    shown = words(http.get(page("public_draw", it)))

    assert all(f"（{each.ident}）09:00:00" in shown for each in it.parties.all())
    assert [each for each in ("钱公证", "某公证处", "watcher") if each in shown] == []


def test_every_fingerprint_that_the_record_had_is_listed_with_its_time(http):
    it = on.drawn(on.promised(frozen()))
    first = it.record_hash
    with clock.at(clock.now() + timedelta(minutes=7)):
        on.stand_down(it.seats.first())
    it.refresh_from_db()
    shown = words(http.get(page("public_draw", it)))

    assert first != it.record_hash
    for record, at in ((first, "3月2日 09:00:00"), (it.record_hash, "3月2日 09:07:00")):
        assert re.search(rf'{record}<span class="hint">{at}', shown)
    assert all(each in shown for each in (it.pool_root, it.header_hash))


def test_the_visitor_is_shown_how_to_check(http):
    it = on.drawn(on.promised(frozen()))
    sealed = words(http.get(page("public_draw", it)))
    before = words(http.get(page("public_draw", frozen())))

    assert f'data-verify="{page("transcript", it)}">' in sealed
    assert ("python3 verify_draw.py transcript.json</dd>" in sealed, "py verify_draw.py" in sealed) == (True, True)
    assert "data-verify=" not in before


def test_with_the_names_the_directory_belongs_to_the_check(http):
    it = published()
    shown = words(http.get(page("public_draw", it)))

    assert f'data-directory="{page("draw_directory", it)}"' in shown
    assert "verify_draw.py transcript.json directory.json" in shown
    assert ("第1名" in shown, "90.00分" in shown, "公布如下" in shown, TITLE in shown) == (True,) * 4


def test_an_abort_is_public_with_who_asked_who_agreed_why_and_who_was_missing(http):
    it = on.promised(frozen())
    draw.reveal(it, by=on.inspector(), secret=SECRETS["inspector"])
    aborted(it)

    for shown in (words(http.get(page("public_draw", it))), words(http.get(reverse("services:draws")))):
        for said in ("候选池有误", "watcher提出", "head", "缺经办", "已作废"):
            assert said in shown


def test_the_list_counts_draws_and_aborts(http):
    assert "还没有抽取" in words(http.get(reverse("services:draws")))
    it = aborted(frozen())
    again = on.frozen(it.panel)
    shown = words(http.get(reverse("services:draws")))

    assert ("共2次，其中作废1次" in shown, shown.index(again.draw_id) < shown.index(it.draw_id)) == (True, True)
    assert again.draw_id == it.draw_id[:-1] + "2"


# From the cache, and what it costs


@pytest.mark.parametrize("name", ["public_draw", "transcript"])
def test_a_kept_page_is_never_an_old_one(http, name):
    it = on.drawn(on.promised(frozen()))
    first = http.get(page(name, it))
    assert http.get(page(name, it), headers={"If-None-Match": first["ETag"]}).status_code == 304
    on.stand_down(it.seats.first())

    second = http.get(page(name, it), headers={"If-None-Match": first["ETag"]})

    it.refresh_from_db()
    assert (second.status_code, it.record_hash in words(second)) == (200, True)


def count(http, address):
    caches["pages"].clear()
    with CaptureQueriesContext(connection) as queries:
        assert http.get(address).status_code == 200
    return len(queries)


def test_the_list_costs_the_same_for_one_and_for_many(http):
    aborted(frozen())
    few = count(http, reverse("services:draws"))
    for _ in range(3):
        aborted(frozen())

    assert count(http, reverse("services:draws")) == few


@pytest.mark.parametrize("name", ["public_draw", "transcript"])
def test_a_draw_costs_the_same_for_few_and_for_many(http, name):
    small = on.drawn(on.promised(on.frozen(on.drafted(need=[["any", 3]], small_reason="书面评审"))))
    on.experts(12)
    large = on.drawn(on.promised(on.frozen(on.drafted(projects=3, need=[["any", 9]]))))

    assert count(http, page(name, large)) == count(http, page(name, small))


# The witness, by his link


def invited():
    it = frozen(witness="钱公证", organisation="某公证处", phone="13900005555")
    return it, link_of(it)


def link_of(it):
    """As the witness finds it on his phone."""
    draw.invite_witness(it, by=on.operator())
    told = Notification.objects.filter(key__startswith="witness:").latest("pk")
    return told.body[told.body.index("/w/") :]


def promised_by_the_others(it):
    on.promise(it, "operator")
    on.promise(it, "inspector")


def test_the_witness_promises_and_shows_by_his_link(http):
    it, link = invited()
    promised_by_the_others(it)
    asked = words(http.get(link))
    said = http.post(link, {"commitment": on.commitment(it, "witness")}, follow=True)
    draw.fix(it, by=on.operator())
    wanted = words(http.get(link))
    shown = http.post(link, {"secret": SECRETS["witness"]}, follow=True)

    assert ('name="commitment"' in asked, "某公证处钱公证" in asked) == (True, True)
    assert (said.redirect_chain, "承诺已收到" in words(said)) == ([(link, 302)], True)
    assert ('name="secret"' in wanted, "随机数已收到" in words(shown)) == (True, True)
    assert SECRETS["witness"] not in words(shown)
    assert on.verify(on.transcript(on.drawn(it)))


def test_what_the_witness_sends_wrongly_comes_back_in_words(http):
    it, link = invited()
    no_promise = http.post(link, {"commitment": "骰子"})
    promised_by_the_others(it)
    http.post(link, {"commitment": on.commitment(it, "witness")})
    again = http.post(link, {"commitment": "a" * 64})
    draw.fix(it, by=on.operator())
    other = http.post(link, {"secret": "9" * 64})

    told = [(each.status_code, words(each)) for each in (no_promise, again, other)]
    for (status, shown), said in zip(
        told, ["64位十六进制数", "现在没有要您做的", "这不是您承诺时的随机数"], strict=True
    ):
        assert (status, said in shown) == (422, True)


def test_the_course_names_the_witness(http):
    it, link = invited()
    http.post(link, {"commitment": on.commitment(it, "witness")})
    sign_in(http, on.inspector())

    assert "见证人某公证处钱公证" in words(http.get(page("draw", it)))


def test_the_link_is_told_to_nobody_and_kept_by_nobody(http):
    _, link = invited()
    given = http.get(link)

    assert (given["Referrer-Policy"], given["X-Robots-Tag"]) == ("same-origin", "noindex")
    assert "no-store" in given["Cache-Control"]


def test_a_new_link_is_told_though_the_one_before_it_is_forgotten(http):
    it, old = invited()
    Link.objects.filter(purpose="witness").delete()

    new = link_of(it)

    assert new != old
    assert http.get(new).status_code == 200


def test_a_wrong_link_an_old_one_and_one_that_ran_out_are_answered_alike(http):
    it, old = invited()
    new = link_of(it)
    wrong = reverse("services:witness", args=["x" * 22])
    found = [http.get(wrong), http.get(old), http.post(old, {"commitment": "a" * 64})]
    assert http.get(new).status_code == 200
    with clock.at(clock.now() + timedelta(days=7, seconds=1)):
        found.append(http.get(new))

    assert {(each.status_code, "这个链接打不开了" in words(each)) for each in found} == {(404, True)}
