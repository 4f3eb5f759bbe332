"""The pages of the ledger, of what was not done and of talks (Articles 12(2) and 12(3))."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluations import ledger_rows
from evaluations.models import Refusal, Strike, Talk
from expertteam import clock
from expertteam.models import ROLES
from tests import make
from tests.conftest import person
from tests.evaluations.ledger import attitude
from tests.evaluations.ledger import refusal as entered
from tests.make import sign_in

OPEN, FORBIDDEN, MISSING, SIGN_IN = 200, 403, 404, 302
SEEING = {"intake", "reviewer", "leader", "inspector"}
CLIENT, NUMBER = "郭晓棠", "13600000077"
DAY = date(2026, 3, 16)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday():
    """Monday 2026-03-16."""
    with clock.at(DAY):
        yield


@pytest.fixture
def own(expert):
    """In term from 2026-03-01."""
    return make.make_expert(user=expert)


def status(http, *addresses):
    return [http.get(address).status_code for address in addresses]


# Who opens what


@pytest.mark.parametrize("role", [*ROLES, "stranger", "nobody"])
def test_a_page_of_the_office_opens_for_whom_it_should(http, role):
    refusal, strike = make.make_refusal(), make.make_strike()
    expert = strike.expert
    doors = {  # page -> who opens it, and what everybody else is told
        "/admin/refusals/": (SEEING, FORBIDDEN),
        refusal.get_absolute_url(): (SEEING, MISSING),
        "/admin/refusals/new/": ({"intake"}, FORBIDDEN),
        f"{refusal.get_absolute_url()}ask_reason/": ({"intake"}, FORBIDDEN if role in SEEING else MISSING),
        f"{refusal.get_absolute_url()}judge/": ({"reviewer"}, FORBIDDEN if role in SEEING else MISSING),
        "/admin/strikes/": (SEEING, FORBIDDEN),
        strike.get_absolute_url(): (SEEING, MISSING),
        f"{strike.get_absolute_url()}reverse/": ({"inspector"}, FORBIDDEN if role in SEEING else MISSING),
        f"/admin/ledger/{expert.pk}/": (SEEING, FORBIDDEN),
        f"/admin/ledger/{expert.pk}/talk/": ({"intake"}, FORBIDDEN),
    }
    if role != "nobody":
        sign_in(http, person(role, *[role] if role in ROLES else []))

    found = dict(zip(doors, status(http, *doors), strict=True))

    told = {
        page: SIGN_IN if role == "nobody" else OPEN if role in who else other for page, (who, other) in doors.items()
    }
    assert found == told


def test_the_matcher_finds_no_way_to_the_ledger(http, matcher, intake):
    """Whoever chooses experts does not know who is counted, on no page that he opens; the control does."""
    offer = make.make_offer("declined", reason_kind="other", answered_at=clock.now())
    make.make_refusal("awaiting_judgement", offer=offer, kind="declined")
    pages = ["/admin/", offer.request.get_absolute_url(), "/admin/matching/", "/admin/experts/expert/"]

    def ways():
        read = "".join(http.get(page).text for page in pages)
        return [word for word in ("计次", "不履职", "/admin/ledger/", "/admin/refusals/") if word in read]

    sign_in(http, matcher)
    assert ways() == []
    sign_in(http, intake)
    assert "/admin/refusals/" in ways()


def test_nobody_in_office_opens_his_own(http):
    officer = person("both", "intake", "inspector")
    own = make.make_expert(user=officer)
    strike = make.make_strike(refusal=make.make_refusal("judged", expert=own))
    sign_in(http, officer)

    addresses = [strike.get_absolute_url(), strike.refusal.get_absolute_url()]
    addresses += [f"/admin/ledger/{own.pk}/", f"/admin/ledger/{own.pk}/talk/"]
    assert status(http, *addresses) == [MISSING] * 4
    assert strike.number not in http.get("/admin/strikes/").text
    assert status(http, "/desk/ledger/", f"/desk/refusals/{strike.refusal_id}/") == [OPEN, OPEN]


def test_an_expert_opens_his_own_and_nobody_elses(http, own):
    strike = make.make_strike(refusal=make.make_refusal("judged", expert=own))
    lead = make.make_refusal(expert=own)
    pages = [f"/desk/refusals/{strike.refusal_id}/", f"/desk/ledger/{strike.pk}/appeal/"]
    sign_in(http, own.user)
    assert status(http, "/desk/ledger/", *pages) == [OPEN] * 3
    assert status(http, f"/desk/refusals/{lead.pk}/", f"/desk/refusals/{lead.pk}/give_reason/") == [MISSING] * 2

    sign_in(http, make.make_expert().user)
    assert status(http, "/desk/ledger/", *pages) == [OPEN, MISSING, MISSING]
    assert "还没有" not in http.get("/desk/ledger/").text
    assert "您没有计次" in http.get("/desk/ledger/").text


# Never whom it was about


def test_no_page_of_the_expert_says_who_was_served(http, own):
    said = {"name": CLIENT, "phone": NUMBER}
    service = make.make_service("confirmed", expert=own, **said)
    strike = attitude(own, date(2026, 3, 5), service=service)
    offer = make.make_offer("absent", expert=own, request=make.make_request("submitted", **said))
    refusal = make.make_refusal("awaiting_reason", kind="absent", offer=offer)
    sign_in(http, own.user)

    pages = ["/desk/", "/desk/ledger/", f"/desk/refusals/{refusal.pk}/", f"/desk/refusals/{refusal.pk}/give_reason/"]
    pages += [f"/desk/ledger/{strike.pk}/appeal/", f"/desk/ratings/{strike.case_id}/"]
    read = [http.get(page) for page in pages]

    assert [page.status_code for page in read] == [OPEN] * len(pages)
    text = "".join(page.text for page in read)
    assert [word for word in (CLIENT, CLIENT[0], NUMBER, "136****0077", strike.case.reasons) if word in text] == []


def test_no_page_of_the_ledger_says_it_to_the_office_either(http, inspector):
    expert, said = make.make_expert(), {"name": CLIENT, "phone": NUMBER}
    strike = attitude(expert, date(2026, 3, 5), service=make.make_service("confirmed", expert=expert, **said))
    sign_in(http, inspector)

    pages = ["/admin/strikes/", strike.get_absolute_url(), f"/admin/ledger/{expert.pk}/"]
    assert [word for word in (CLIENT, NUMBER) if word in "".join(http.get(page).text for page in pages)] == []


# The expert's pages


def test_the_desk_says_what_is_to_be_explained_and_what_counts(http, own):
    refusal = make.make_refusal("awaiting_reason", expert=own, reason_due=date(2026, 3, 20))
    strike = entered(own, date(2026, 3, 5), appeal_until=date(2026, 3, 18))
    sign_in(http, own.user)

    desk = http.get("/desk/").text

    assert "有1件事请您说明原因" in desk
    assert f'href="/desk/refusals/{refusal.pk}/"' in desk
    assert "有1次计次可以申诉" in desk
    assert "计入1次" in desk
    page = http.get("/desk/ledger/").text
    assert f"/desk/ledger/{strike.pk}/appeal/" in page
    assert strike.found_by.name in page
    assert "达到3次不会自动解聘" in page


def test_the_expert_explains_and_appeals(http, own):
    refusal = make.make_refusal("awaiting_reason", expert=own, reason_due=date(2026, 3, 20))
    strike = entered(own, date(2026, 3, 5))
    sign_in(http, own.user)

    wrong = http.post(f"/desk/refusals/{refusal.pk}/give_reason/", {"statement": " "})
    http.post(f"/desk/refusals/{refusal.pk}/give_reason/", {"statement": "当天住院，有病历"})
    empty = http.post(f"/desk/ledger/{strike.pk}/appeal/", {"words": ""})
    done = http.post(f"/desk/ledger/{strike.pk}/appeal/", {"words": "通知发错了人"}, follow=True)

    refusal.refresh_from_db()
    strike.refresh_from_db()
    assert (wrong.status_code, empty.status_code) == (422, 422)
    assert (refusal.state, refusal.statement) == ("awaiting_judgement", "当天住院，有病历")
    assert (strike.state, strike.appeal_words) == ("appealed", "通知发错了人")
    assert "通知发错了人" in done.text
    assert "/appeal/" not in done.text


def test_an_appeal_that_is_late_is_not_offered_and_refused(http, own):
    strike = entered(own, date(2026, 3, 5), appeal_until=date(2026, 3, 13))
    sign_in(http, own.user)

    assert "已过" in http.get("/desk/ledger/").text
    answer = http.post(f"/desk/ledger/{strike.pk}/appeal/", {"words": "通知发错了人"})
    assert (answer.status_code, "申诉期限已过" in answer.text) == (422, True)


# The office's pages


def test_the_ledger_of_one_expert_shows_all_that_counts(http, intake):
    expert = make.make_expert()
    first, second = entered(expert, date(2026, 3, 5)), entered(expert, date(2026, 3, 9))
    attitude(expert, date(2026, 3, 6), "reversed")
    lead = make.make_refusal(expert=expert)
    Talk.objects.create(expert=expert, ground="12(3)", held_on=date(2026, 3, 6), note="提醒按时答复", by=intake)
    case = make.make_dismissal(expert=expert, ground="12(4)")
    sign_in(http, intake)

    page = http.get(f"/admin/ledger/{expert.pk}/").text

    assert "无正当理由不履职：2次" in page
    assert "服务态度恶劣：0次" in page
    assert "2027年3月5日起，最早的一次不再和新的合并" in page
    assert "2026年3月1日至2029年2月28日" in page
    assert "建议约谈" in page  # the one that was held lies before the second
    for record in (first, second, lead, case):
        assert record.get_absolute_url() in page
    assert "提醒按时答复" in page
    assert "登记约谈" in page


def test_the_ledger_of_whoever_has_no_entry_shows_his_term(http, reviewer):
    sign_in(http, reviewer)
    page = http.get(f"/admin/ledger/{make.make_expert().pk}/").text

    assert "2026年3月1日至2029年2月28日" in page
    assert ("无正当理由不履职：0次" in page, "不在聘期" in page) == (True, False)


def test_the_ledger_of_whoever_is_not_in_term_is_read_all_the_same(http, reviewer):
    expert = make.make_expert()
    strike = entered(expert, date(2026, 3, 5))
    sign_in(http, reviewer)
    with clock.at(date(2029, 3, 1)):
        page = http.get(f"/admin/ledger/{expert.pk}/").text

    assert "现在不在聘期内" in page
    assert strike.get_absolute_url() in page
    assert "登记约谈" not in page


def test_a_talk_is_recorded(http, intake):
    expert = make.make_expert()
    sign_in(http, intake)
    page = f"/admin/ledger/{expert.pk}/talk/"
    said = {"ground": "12(3)", "held_on": "2026-03-13", "note": "提醒按时答复"}

    for wrong, why in [
        ({"held_on": "2026-03-17"}, "约谈日期还没有到"),
        ({"held_on": "昨天"}, "约谈日期要写成"),
        ({"ground": "12(4)"}, "只能从给出的选项里选"),
        ({"note": ""}, "请填写谈了什么"),
    ]:
        answer = http.post(page, said | wrong)
        assert (answer.status_code, why in answer.text) == (422, True)
    http.post(page, said)

    talk = Talk.objects.get()
    assert (talk.expert, talk.by, talk.note, talk.held_on) == (expert, intake, "提醒按时答复", date(2026, 3, 13))


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"expert": "TY-9999"}, "没有这位专家"),
        ({"expert": "王重名"}, "有同名的专家，请填编号"),
        ({"expert": ""}, "请填写专家编号或姓名"),
        ({"day": "2026-03-17"}, "发生日期还没有到"),
        ({"day": "2026-02-28"}, "不在这位专家的聘期内"),
        ({"day": "三月"}, "发生日期要写成"),
        ({"what": ""}, "请填写具体情况"),
    ],
)
def test_a_lead_that_is_typed_wrongly_comes_back(http, intake, typed, why):
    expert = make.make_expert()
    for _ in range(2):
        make.make_expert(user=make.make_user(name="王重名"))
    sign_in(http, intake)

    answer = http.post("/admin/refusals/new/", {"expert": expert.no, "day": "2026-03-05", "what": "没有来"} | typed)

    assert (answer.status_code, why in answer.text) == (422, True)
    assert not Refusal.objects.exists()


@pytest.mark.parametrize("by", ["no", "name"])
def test_a_lead_is_entered_by_number_or_by_name(http, intake, by):
    expert = make.make_expert(user=make.make_user(name="薛独名"))
    sign_in(http, intake)
    whom = {"no": f" {expert.no.lower()} ", "name": "薛独名"}[by]

    http.post("/admin/refusals/new/", {"expert": whom, "day": "2026-03-05", "what": "约好的培训没有来"})

    refusal = Refusal.objects.get()
    assert (refusal.expert, refusal.kind, refusal.what) == (expert, "other", "约好的培训没有来")


def test_an_offer_that_was_declined_is_entered_from_its_request(http, intake):
    offer = make.make_offer("declined", reason_kind="busy", answered_at=clock.instant(date(2026, 3, 3), 10))
    sign_in(http, intake)
    way = f"/admin/refusals/new/?offer={offer.pk}"
    assert way in http.get(offer.request.get_absolute_url()).text

    assert http.get(way).status_code == 200
    assert http.post(way, {"what": ""}).status_code == 422
    http.post(way, {"what": "当天在别处讲课"})
    again = http.post(way, {"what": "当天在别处讲课"})

    refusal = Refusal.objects.get()
    assert (refusal.offer, refusal.kind, refusal.day) == (offer, "declined", date(2026, 3, 3))
    assert (again.status_code, "已经登记过" in again.text) == (422, True)
    page = http.get(offer.request.get_absolute_url()).text
    assert (way in page, refusal.get_absolute_url() in page) == (False, True)
    assert status(http, *(f"/admin/refusals/new/?offer={wrong}" for wrong in ("0", "abc", "9" * 30))) == [MISSING] * 3


def test_a_live_offer_is_not_offered_to_be_entered(http, intake):
    offer = make.make_offer("offered")
    sign_in(http, intake)

    assert "/admin/refusals/new/" not in http.get(offer.request.get_absolute_url()).text


ACTS = [
    ("intake", "lead", "ask_reason", {}, "awaiting_reason"),
    ("intake", "lead", "set_aside", {"aside": "当天停电"}, "set_aside"),
    ("intake", "awaiting_reason", "lapse_reason", {}, "awaiting_judgement"),
    ("reviewer", "awaiting_judgement", "judge", {"finding": "no_reason", "reasons": "没有说明"}, "judged"),
]


@pytest.mark.parametrize(("role", "state", "verb", "said", "reached"), ACTS)
def test_every_verb_on_what_was_not_done_has_its_page(http, role, state, verb, said, reached):
    refusal = make.make_refusal(state)  # to be explained until Friday 2026-03-13
    sign_in(http, person("someone", role))
    page = refusal.get_absolute_url()

    assert f"{page}{verb}/" in http.get(page).text
    assert http.get(f"{page}{verb}/").status_code == 200
    if said:
        assert http.post(f"{page}{verb}/", {}).status_code == 422
    http.post(f"{page}{verb}/", said)
    refusal.refresh_from_db()
    assert refusal.state == reached


@pytest.mark.parametrize(("verb", "reached"), [("maintain", "maintained"), ("reverse", "reversed")])
def test_both_answers_to_an_appeal_have_their_page(http, inspector, verb, reached):
    strike = make.make_strike("appealed")
    sign_in(http, inspector)
    page = strike.get_absolute_url()

    assert f"{page}{verb}/" in http.get(page).text
    assert http.post(f"{page}{verb}/", {"answer": ""}).status_code == 422
    http.post(f"{page}{verb}/", {"answer": "已看病历"})
    strike.refresh_from_db()
    assert (strike.state, strike.answer) == (reached, "已看病历")
    assert "已看病历" in http.get(page).text


def test_a_verb_is_not_offered_to_whom_it_would_be_refused(http):
    both = person("both", "intake", "reviewer", "inspector")
    matched = make.make_refusal("awaiting_judgement", offer=make.make_offer("lapsed", offered_by=both))
    waiting = make.make_refusal("awaiting_reason", reason_due=date(2026, 3, 16))
    found = make.make_strike("appealed", refusal=make.make_refusal("judged", judged_by=both))
    sign_in(http, both)

    for record, verb in [(matched, "judge"), (waiting, "lapse_reason"), (found, "reverse"), (found, "maintain")]:
        page = record.get_absolute_url()
        assert f"{page}{verb}/" not in http.get(page).text
        answer = http.post(f"{page}{verb}/", {"finding": "untrue", "reasons": "查无此事", "answer": "看过"})
        assert answer.status_code == 422
    open_ = make.make_refusal("awaiting_judgement")
    assert f"{open_.get_absolute_url()}judge/" in http.get(open_.get_absolute_url()).text


def test_what_did_not_reach_him_cannot_be_chosen_as_without_reason(http, reviewer):
    refusal = make.make_refusal("awaiting_judgement", delivered_at=None)
    sign_in(http, reviewer)
    page = refusal.get_absolute_url()

    assert "没有通知已经送达的证明" in http.get(page).text
    answer = http.post(f"{page}judge/", {"finding": "no_reason", "reasons": "没有答复"})
    assert (answer.status_code, "只能从给出的选项里选" in answer.text) == (422, True)
    assert not Strike.objects.exists()


# Lists


def test_lists_are_narrowed_by_what_is_asked(http, reviewer):
    expert = make.make_expert(user=make.make_user(name="薛独名"))
    strike, other = entered(expert, date(2026, 3, 5)), attitude(make.make_expert(), date(2026, 3, 6), "appealed")
    lead = make.make_refusal(kind="absent", offer=make.make_offer("absent"))
    sign_in(http, reviewer)

    def listed(address, *records):
        page = http.get(address).text
        return [f'href="{record.get_absolute_url()}"' in page for record in records]

    for asked in ("q=薛独", f"q={expert.no}", f"q={strike.number}", "ground=12(3)", "state=standing"):
        assert listed(f"/admin/strikes/?{asked}", strike, other) == [True, False]
    for asked in ("", "ground=12(9)", "state=nowhere"):
        assert listed(f"/admin/strikes/?{asked}", strike, other) == [True, True]
    for asked in ("kind=absent", "state=lead", f"q={lead.number}"):
        assert listed(f"/admin/refusals/?{asked}", lead, strike.refusal) == [True, False]
    assert f"/admin/ledger/{expert.pk}/" in http.get(f"/admin/strikes/?q={expert.no}").text
    newcomer = make.make_expert(user=make.make_user(name="白无次"))
    page = http.get("/admin/strikes/?q=白无次").text
    assert ("这里没有计次" in page, f"/admin/ledger/{newcomer.pk}/" in page) == (True, True)


def queries(http, address):
    with CaptureQueriesContext(connection) as caught:
        assert http.get(address).status_code == 200
    return len(caught)


def more(expert):
    """Everything that a ledger shows, once more."""
    attitude(expert, date(2026, 3, 5), "maintained")
    entered(expert, date(2026, 3, 6))
    make.make_refusal("awaiting_reason", kind="seat", seat=make.make_seat("stood_down", expert=expert), expert=expert)
    make.make_refusal("awaiting_judgement", expert=expert)
    Talk.objects.create(expert=expert, ground="12(3)", held_on=DAY, note="谈了", by=make.make_user())


def test_a_page_costs_the_same_however_much_is_on_it(http, inspector):
    expert = make.make_expert()
    pages = ["/admin/refusals/", "/admin/strikes/", f"/admin/ledger/{expert.pk}/"]
    for _ in range(2):
        more(expert)
    sign_in(http, inspector)
    few = [queries(http, page) for page in pages]
    sign_in(http, expert.user)
    few.append(queries(http, "/desk/ledger/"))

    for _ in range(2):
        more(expert)
        more(make.make_expert())
    sign_in(http, inspector)
    many = [queries(http, page) for page in pages]
    sign_in(http, expert.user)
    many.append(queries(http, "/desk/ledger/"))

    assert few == many


@pytest.mark.parametrize("role", ["intake", "reviewer", "inspector"])
def test_today_has_a_row_for_everything_that_waits(http, role):
    expert = make.make_expert()
    for day in (5, 6):
        entered(expert, date(2026, 3, day))
    records = {
        "intake": [make.make_refusal()],
        "reviewer": [make.make_refusal("awaiting_judgement")],
        "inspector": [make.make_strike("appealed", refusal=make.make_refusal("judged"))],
    }
    officer = person("someone", role)
    sign_in(http, officer)

    page = http.get("/admin/").text

    for holder, waiting in records.items():
        for record in waiting:
            assert (f'href="{record.get_absolute_url()}"' in page) is (holder == role)
    assert (f"/admin/ledger/{expert.pk}/" in page) is (role == "intake")
    rows = sum(len(open_(officer)) for _, open_, _ in ledger_rows.QUEUES)
    assert rows == {"intake": 2, "reviewer": 1, "inspector": 1}[role]
