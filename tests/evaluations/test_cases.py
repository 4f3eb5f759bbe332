"""差评回访: what becomes of a poor rating, who does what, and who may know (Articles 10(1) and 12(2))."""

from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from evaluations import actions, tasks, today
from evaluations.models import Rating, RatingCase
from expertteam import clock
from expertteam.models import Notification
from expertteam.regulation import Refused
from expertteam.workflow import LINK, SYSTEM
from services.models import Call, Link, Service
from tests.conftest import person
from tests.make import (
    make_expert,
    make_offer,
    make_pairing,
    make_rating,
    make_rating_case,
    make_request,
    make_service,
    make_user,
)

State, Finding = RatingCase.State, RatingCase.Finding
CANARY = "金丝雀在账本第七页"
FRIDAY = date(2026, 3, 6)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def opened(**fields):
    """The case of a poor rating given on Friday 2026-03-06 at nine."""
    with clock.at(FRIDAY):
        rating = actions.give(make_rating("open", **fields), by=LINK, grade=1, wrong=["attitude"], text=CANARY)
    return RatingCase.objects.get(rating=rating)


def explained(case, intake):
    actions.call_back(case, by=intake, note="对方说一直看手机")
    return actions.explain(case, by=case.rating.expert.user, statement="当天临时有急事")


def found(case, intake, reviewer, finding=Finding.UPHELD_ATTITUDE):
    return actions.find(explained(case, intake), by=reviewer, finding=finding, reasons="双方说法一致")


# Opened by itself


def test_a_poor_rating_opens_one_case_to_be_called_back_the_next_working_day(intake):
    case = opened()

    assert (case.number, case.state, case.call_due) == ("PJ26030001", "awaiting_call", date(2026, 3, 9))
    assert Notification.objects.get(to=intake).subject == "有一条差评要回访"


def test_case_and_rating_are_written_together_or_not_at_all():
    rating = make_rating("open")
    make_rating_case(number="PJ26030001")

    with clock.at(FRIDAY), pytest.raises(IntegrityError), transaction.atomic():
        actions.give(rating, by=LINK, grade=1, wrong=["late"])

    assert Rating.objects.get(pk=rating.pk).state == "open"


def test_the_database_has_one_case_for_a_rating():
    case = make_rating_case()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_rating_case(rating=case.rating)


# Who does what


def test_the_whole_way(intake, reviewer):
    case = found(opened(), intake, reviewer)

    actions.rectify(case, by=reviewer, order="向对方当面说明")
    actions.close(case, by=intake, outcome="已当面说明")

    assert (case.state, case.called_by, case.found_by) == ("closed", intake, reviewer)
    assert Service.objects.get(pk=case.rating.service_id).satisfied is False
    assert [entry.history_change_reason for entry in case.history.order_by("pk")] == [
        "差评自动立案（第12(2)条）",
        "登记回访（第12(2)条）",
        "提交说明（第12(2)条）",
        "认定（第12(2)条）",
        "要求整改（第10(2)条）",
        "办结（第10(1)条）",
    ]


def test_what_has_been_done_asks_the_expert_no_more(intake, reviewer):
    def asks(case):
        unread = Notification.objects.inbox(case.rating.expert.user).filter(read_at=None)
        return sorted(unread.values_list("subject", flat=True))

    case = actions.call_back(opened(), by=intake, note="没有解决")
    assert asks(case) == ["有一条评价请您说明"]
    actions.explain(case, by=case.rating.expert.user, statement="已经说明")
    assert asks(case) == []
    actions.find(case, by=reviewer, finding=Finding.UPHELD_COMPETENCE, reasons="没有讲清")
    actions.rectify(case, by=reviewer, order="再讲一次")
    assert asks(case) == ["评价已核实", "请整改"]
    actions.close(case, by=intake, outcome="已再讲")
    assert asks(case) == ["评价已核实"]


def test_the_call_is_entered_without_what_was_said(intake):
    case = opened()

    actions.call_back(case, by=intake, note=CANARY)

    call = Call.objects.get()
    assert (call.what, call.by, call.reached, call.note) == ("差评回访", intake, True, "")
    assert case.statement_due == date(2026, 3, 9)


def test_only_after_two_calls_in_vain_the_expert_is_asked_without_one(intake):
    case = opened()
    for note in ("上午十点", "十点半"):
        actions.miss_call(case, by=intake, note=note)
        with pytest.raises(Refused, match="至少打2次，不在同一天"):
            actions.give_up_call(case, by=intake, note="无人接听")

    with clock.at(date(2026, 3, 9)):
        actions.miss_call(case, by=intake, note="下午三点")

        assert actions.give_up_call(case, by=intake, note="无人接听").state == "awaiting_statement"
    assert (case.missed_calls, case.missed_days) == (3, 2)
    assert Call.objects.filter(reached=False).count() == 4


def test_the_expert_is_asked_about_what_the_call_brought_out(intake):
    case = opened()

    actions.call_back(case, by=intake, note="对方说一直看手机", points="对方说您一直看手机")

    case.refresh_from_db()
    assert (case.points, case.call_note) == ("对方说您一直看手机", "对方说一直看手机")


def test_whoever_called_does_not_find(reviewer):
    both = person("both", "intake", "reviewer")
    case = explained(opened(), both)

    with pytest.raises(Refused, match="不能再办理“认定”"):
        actions.find(case, by=both, finding=Finding.NOT_UPHELD, reasons="查无此事")
    assert actions.find(case, by=reviewer, finding=Finding.NOT_UPHELD, reasons="查无此事").state == "found"


def test_whoever_only_missed_the_client_does_not_find_either(intake):
    both = person("both", "intake", "reviewer")
    case = opened()
    actions.miss_call(case, by=both, note="上午十点")

    with pytest.raises(Refused, match="不能再办理“认定”"):
        actions.find(explained(case, intake), by=both, finding=Finding.OTHER, reasons="见笔录")


def test_whoever_matched_the_expert_does_not_find(intake):
    both = person("both", "matcher", "reviewer")
    expert = make_expert()
    request = make_request("confirmed", expert=expert)
    make_offer("done", request=request, expert=expert, offered_by=both)
    case = explained(opened(service=make_service("confirmed", request=request, expert=expert)), intake)

    with pytest.raises(Refused, match="匹配这位专家的人不能认定"):
        actions.find(case, by=both, finding=Finding.NOT_UPHELD, reasons="查无此事")
    with pytest.raises(IntegrityError, match="art12_2_found_once"), transaction.atomic():
        RatingCase.objects.filter(pk=case.pk).update(
            finding=Finding.NOT_UPHELD, reasons="查无此事", found_by=both, found_at=clock.now()
        )
    assert not today.to_find_of(both).exists()


def test_whoever_proposed_the_pairing_does_not_find(intake):
    both = person("both", "matcher", "reviewer")
    pairing = make_pairing(proposed_by=both)
    case = explained(opened(service=make_service("confirmed", pairing=pairing, expert=pairing.expert)), intake)

    with pytest.raises(Refused, match="匹配这位专家的人不能认定"):
        actions.find(case, by=both, finding=Finding.NOT_UPHELD, reasons="查无此事")
    assert not today.to_find_of(both).exists()


def test_the_database_knows_that_the_finder_did_not_call(intake):
    case = explained(opened(), intake)

    with pytest.raises(IntegrityError, match="art12_2_finder_did_not_call"), transaction.atomic():
        RatingCase.objects.filter(pk=case.pk).update(found_by=intake)


def test_a_finding_is_made_once(intake, reviewer):
    case = found(opened(), intake, reviewer)

    with pytest.raises(IntegrityError, match="art12_2_found_once"), transaction.atomic():
        RatingCase.objects.filter(pk=case.pk).update(finding=Finding.NOT_UPHELD)


@pytest.mark.parametrize("move", ["call_back", "find", "close"])
def test_nobody_in_office_handles_a_rating_of_himself(move):
    officer = person("officer", "intake", "reviewer")
    states = {"call_back": "awaiting_call", "find": "awaiting_finding", "close": "rectifying"}
    rating = make_rating(grade=1, wrong=["other"], expert=make_expert(user=officer))
    case = make_rating_case(states[move], rating=rating)
    said = {"call_back": {"note": "x"}, "find": {"finding": "other", "reasons": "x"}, "close": {"outcome": "x"}}

    with pytest.raises(Refused, match="与您本人有关"):
        getattr(actions, move)(case, by=officer, **said[move])


@pytest.mark.parametrize("role", ["matcher", "leader", "inspector", "admin", "expert", "client"])
def test_others_in_office_neither_call_nor_find(role, intake):
    someone = person("someone", role)
    case = opened()

    with pytest.raises(PermissionDenied):
        actions.call_back(case, by=someone, note="x")
    with pytest.raises(PermissionDenied):
        actions.find(explained(case, intake), by=someone, finding="other", reasons="x")


# The expert's statement


def test_only_the_expert_explains_and_not_the_client(intake):
    client = person("rater", phone="13900000007")
    case = opened(service=make_service("confirmed", phone="13900000007"))
    actions.call_back(case, by=intake, note="x")

    for other in (client, intake):
        with pytest.raises(PermissionDenied):
            actions.explain(case, by=other, statement="x")
    assert actions.explain(case, by=case.rating.expert.user, statement="当天有急事").state == "awaiting_finding"


@pytest.mark.parametrize(
    ("day", "state"), [(date(2026, 3, 16), "awaiting_statement"), (date(2026, 3, 17), "awaiting_finding")]
)
def test_silence_does_not_hold_up_the_finding(day, state):
    case = make_rating_case("awaiting_statement")

    with clock.at(day):
        tasks.lapse_statements()
        tasks.lapse_statements()

    case.refresh_from_db()
    assert case.state == state


def test_a_statement_is_due_in_five_working_days(intake):
    case = opened()
    with clock.at(FRIDAY):
        actions.call_back(case, by=intake, note="x")

    assert case.statement_due == date(2026, 3, 13)


# What follows


@pytest.mark.parametrize(("finding", "satisfied"), [("mistaken", None), ("malicious", None), ("not_upheld", False)])
def test_a_word_that_is_nobodys_says_nothing_of_the_expert(intake, reviewer, finding, satisfied):
    case = found(opened(), intake, reviewer, finding)

    assert Service.objects.get(pk=case.rating.service_id).satisfied is satisfied
    assert Rating.objects.averaged().exists() is (finding == "not_upheld")


def revised(case, grade):
    """The client changes his rating within its time."""
    wrong = ["attitude"] if grade < 3 else []
    with clock.at(FRIDAY):
        return actions.revise(Rating.objects.get(pk=case.rating_id), by=LINK, grade=grade, wrong=wrong)


@pytest.mark.parametrize(("grade", "entries"), [(1, 1), (2, 1), (3, 0), (5, 0)])
def test_who_is_content_after_all_does_not_count_against_the_expert(intake, reviewer, grade, entries):
    case = explained(opened(), intake)
    revised(case, grade)

    with nullcontext() if entries else pytest.raises(Refused, match="已经把评价改为满意"):
        actions.find(case, by=reviewer, finding=Finding.UPHELD_ATTITUDE, reasons="双方说法一致")

    assert case.rating.expert.strikes.count() == entries


@pytest.mark.parametrize("finding", [Finding.UPHELD_ATTITUDE, Finding.MALICIOUS, Finding.NOT_UPHELD])
def test_what_somebody_has_found_on_is_not_changed_any_more(intake, reviewer, finding):
    case = explained(opened(), intake)
    with clock.at(FRIDAY):
        assert actions.may_be_revised(case.rating)
        actions.find(case, by=reviewer, finding=finding, reasons="双方说法一致")

        assert not actions.may_be_revised(case.rating)
    with pytest.raises(Refused, match="已经回访并作出认定，不能再改"):
        revised(case, 5)


def test_what_is_upheld_is_mended_within_ten_working_days_of_the_finding(intake, reviewer):
    with clock.at(date(2026, 3, 16)):
        case = found(opened(), intake, reviewer)
        with pytest.raises(Refused, match="先要求整改"):
            actions.close(case, by=reviewer, outcome="x")

        actions.rectify(case, by=reviewer, order="x")

    assert case.rectify_due == date(2026, 3, 30)


def test_what_is_not_upheld_is_closed_at_once_and_asks_nothing_more(intake, reviewer):
    case = found(opened(), intake, reviewer, Finding.NOT_UPHELD)
    with pytest.raises(Refused, match="直接办结"):
        actions.rectify(case, by=reviewer, order="x")

    actions.close(case, by=reviewer, outcome="已告诉对方")

    assert case.follow_up_until is None
    with pytest.raises(Refused, match="没有要追评的整改"):
        actions.follow_up(case, by=LINK, grade=5)


def closed():
    """A case that was mended and closed on Monday 2026-03-30 at nine."""
    case = make_rating_case("rectifying")
    with clock.at(date(2026, 3, 30)):
        return actions.close(case, by=person("closer", "intake"), outcome="已当面说明")


@pytest.mark.parametrize(("grade", "told"), [(3, False), (2, True)])
def test_a_mending_that_did_not_help_is_told_to_whoever_ordered_it(reviewer, grade, told):
    case = closed()

    with clock.at(date(2026, 3, 31)):
        actions.follow_up(case, by=LINK, grade=grade)

    assert Notification.objects.filter(to=reviewer, subject="整改后仍不满意").exists() is told


@pytest.mark.parametrize(("seconds", "allowed"), [(0, True), (1, False)])
def test_after_the_mending_the_client_is_asked_once_more(seconds, allowed):
    case = closed()
    last = clock.instant(date(2026, 4, 14), 9) + timedelta(seconds=seconds)

    with clock.at(last):
        if allowed:
            actions.follow_up(case, by=LINK, grade=4, text="好多了")
            with pytest.raises(Refused, match="已经追评过"):
                actions.follow_up(case, by=LINK, grade=1)
        else:
            with pytest.raises(Refused, match="追评时间已过"):
                actions.follow_up(case, by=LINK, grade=4)

    assert Rating.objects.get(pk=case.rating_id).grade == 2


def test_the_follow_up_has_a_link_of_its_own_and_fits_an_sms(settings):
    settings.SITE_URL = "https://zjt.rsj.taiyuan.gov.cn"

    case = closed()

    message = Notification.objects.get(key__startswith=f"closed:{case.number}")
    assert Link.objects.filter(purpose="rate", service=case.rating.service).count() == 1
    assert len(message.body) <= 70


# Who may know


def test_every_message_is_short_and_tells_neither_words_nor_names(intake, reviewer, inspector):
    expert = make_expert(user=make_user(phone="13900000005"))
    case = opened(service=make_service("confirmed", expert=expert, name="鹪鹩鸲", phone="13955550147"))
    found(case, intake, reviewer)
    actions.rectify(case, by=reviewer, order="向对方当面说明")
    actions.close(case, by=intake, outcome="已当面说明")

    told = list(Notification.objects.all())
    assert len([message for message in told if message.channel == "sms"]) == 5
    for message in told:
        assert not [each for each in (CANARY, "鹪鹩鸲", "13955550147") if each in message.subject + message.body]
        assert message.channel != "sms" or len(message.body) <= 70


def test_what_is_confided_stands_nowhere_in_clear(intake, reviewer):
    case = opened()
    actions.call_back(case, by=intake, note=CANARY)
    actions.explain(case, by=case.rating.expert.user, statement=CANARY)
    actions.find(case, by=reviewer, finding=Finding.OTHER, reasons=CANARY)

    told = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            told += [table for row in cursor.fetchall() if CANARY in str(row)]
    assert told == []


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("intake", True),
        ("reviewer", True),
        ("leader", True),
        ("inspector", True),
        ("matcher", False),
        ("cashier", False),
        ("admin", False),
        ("client", False),
    ],
)
def test_who_sees_cases(role, sees):
    opened()

    assert RatingCase.objects.visible_to(person("someone", role)).exists() is sees


def test_the_expert_sees_his_own_once_he_is_asked(intake):
    case, other = opened(), make_expert()
    expert = case.rating.expert.user
    before = RatingCase.objects.visible_to(expert).exists()

    actions.call_back(case, by=intake, note="x")

    assert (before, RatingCase.objects.visible_to(expert).exists()) == (False, True)
    assert not RatingCase.objects.visible_to(other.user).exists()


def test_time_moves_nothing_but_a_missed_statement(intake):
    case = explained(opened(), intake)

    for move in (actions.find, actions.rectify, actions.close, actions.call_back):
        with pytest.raises(PermissionDenied):
            move(case, by=SYSTEM)
