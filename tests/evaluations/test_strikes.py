"""计次: what an entry rests on, the appeal against it, and what follows from two and from three (Article 12)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from evaluations import actions, ledger, ledger_rows, rules, thresholds
from evaluations.models import Dismissal, Refusal, Strike, Talk
from expertteam import clock
from expertteam.models import Notification
from expertteam.regulation import Refused
from tests import make
from tests.conftest import person
from tests.evaluations.ledger import attitude
from tests.evaluations.ledger import refusal as entered

State = Strike.State
FOUND = date(2026, 3, 16)  # Monday
LAST = date(2026, 3, 23)  # the fifth working day after it
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def own(expert):
    """In term from 2026-03-01 to 2029-02-28."""
    return make.make_expert(user=expert)


def judged(own, reviewer, day=date(2026, 3, 5)):
    """Something of that day found to be without proper reason on Monday 2026-03-16."""
    refusal = make.make_refusal("awaiting_judgement", expert=own, day=day)
    with clock.at(FOUND):
        return actions.judge(refusal, by=reviewer, finding="no_reason", reasons="没有说明").strike


def upheld(own, reviewer, phone, n=0):
    """The attitude of one service found upheld, each rating on a day of its own."""
    held = clock.instant(date(2026, 3, 3 + n), 14)
    service = make.make_service("confirmed", expert=own, started_at=held, phone=phone)
    rating = make.make_rating(
        service=service, grade=1, wrong=["attitude"], given_at=clock.instant(date(2026, 3, 4 + n))
    )
    with clock.at(FOUND):
        case = make.make_rating_case("awaiting_finding", rating=rating)
        return actions.find(case, by=reviewer, finding="upheld_attitude", reasons="双方说法一致").strike


def told(user, subject):
    return Notification.objects.filter(to=user, channel="inapp", subject=subject).order_by("pk")


# Entered by a finding


def test_12_3_a_finding_enters_the_ledger_with_all_it_rests_on(own, reviewer):
    strike = judged(own, reviewer)

    assert (strike.number, strike.ground, strike.day) == ("JC26030001", "12(3)", date(2026, 3, 5))
    assert (strike.found_by, strike.found_at, strike.appeal_until) == (reviewer, clock.instant(FOUND, 9), LAST)
    assert (strike.appointment, strike.state) == (own.appointments.get(), State.STANDING)
    entry = strike.history.get()
    assert (entry.history_user, entry.history_change_reason) == (reviewer, "记入计次（第12(3)条）")
    assert told(own.user, "有一条计次").get().url == "/desk/ledger/"


def test_12_2_attitude_enters_the_ledger_and_nothing_else_found_on_a_rating(own, reviewer):
    strike = upheld(own, reviewer, "13600000001")
    cases = [make.make_rating_case("awaiting_finding") for _ in range(5)]
    others = ["upheld_competence", "absence", "other", "not_upheld", "malicious"]
    for case, finding in zip(cases, others, strict=True):
        actions.find(case, by=reviewer, finding=finding, reasons="已核实")

    assert list(Strike.objects.all()) == [strike]
    assert (strike.ground, strike.day, strike.service) == ("12(2)", date(2026, 3, 3), strike.case.rating.service)


# What the database itself takes


def source(own, **fields):
    """What a finding on a refusal leaves, as it would be entered."""
    refusal = make.make_refusal("judged", expert=own)
    entry = {"number": "JC26039999", "ground": "12(3)", "expert": own, "appointment": own.appointments.get()}
    entry |= {"day": refusal.day, "refusal": refusal, "found_by": refusal.judged_by, "found_at": refusal.judged_at}
    return entry | {"appeal_until": LAST} | fields


def of_attitude(own, finding="upheld_attitude", **fields):
    service = make.make_service("confirmed", expert=own)
    rating = make.make_rating(service=service, grade=1, wrong=["attitude"])
    case = make.make_rating_case("found", rating=rating, finding=finding)
    entry = {"number": "JC26039998", "ground": "12(2)", "expert": own, "appointment": own.appointments.get()}
    entry |= {"day": clock.local(service.started_at).date(), "case": case, "service": service}
    return entry | {"found_by": case.found_by, "found_at": case.found_at, "appeal_until": LAST} | fields


def test_12_the_database_takes_an_entry_that_rests_on_its_finding(own):
    Strike.objects.create(**source(own))
    Strike.objects.create(**of_attitude(own))

    assert Strike.objects.counted().count() == 2


WRONG = {
    "of another expert": lambda own: source(own, expert=make.make_expert()),
    "found by another": lambda own: source(own, found_by=make.make_user()),
    "of another day": lambda own: source(own, day=date(2026, 3, 6)),
    "in the term of another": lambda own: source(own, appointment=make.make_expert().appointments.get()),
    "not judged": lambda own: source(own, refusal=make.make_refusal("awaiting_judgement", expert=own)),
    "with a proper reason": lambda own: source(own) | excused(own),
    "about competence": lambda own: of_attitude(own, "upheld_competence"),
    "not upheld": lambda own: of_attitude(own, "not_upheld"),
    "about another service": lambda own: of_attitude(own, service=make.make_service("confirmed", expert=own)),
}


def excused(own):
    refusal = make.make_refusal("judged", expert=own, finding="proper_reason")
    return {"refusal": refusal, "found_by": refusal.judged_by}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_12_the_database_takes_no_entry_without_its_finding(own, wrong):
    entry = wrong(own)

    with pytest.raises(IntegrityError, match="art12_strike_rests_on_its_finding"), transaction.atomic():
        Strike.objects.create(**entry)


@pytest.mark.parametrize("lacking", [{"refusal": None}, {"ground": "12(2)"}])
def test_12_an_entry_names_its_source(own, lacking):
    with pytest.raises(IntegrityError, match="art12_strike"), transaction.atomic():
        Strike.objects.create(**source(own, **lacking))


@pytest.mark.parametrize(
    "change",
    [
        "ground = '12(2)'",
        "day = '2026-03-06'",
        "expert_id = (SELECT MIN(id) FROM experts_expert WHERE id <> expert_id)",
        "found_by_id = (SELECT MIN(id) FROM expertteam_user WHERE id <> found_by_id)",
        "appointment_id = (SELECT MIN(id) FROM experts_appointment WHERE id <> appointment_id)",
        "refusal_id = (SELECT MIN(id) FROM evaluations_refusal WHERE id <> refusal_id)",
        "state = 'reversed'",
        "state = 'maintained'",
        "state = 'appealed'",  # without a word of the expert
    ],
)
def test_12_what_an_entry_says_never_changes(own, reviewer, change):
    strike = judged(own, reviewer)
    make.make_refusal("judged")

    with pytest.raises(IntegrityError), transaction.atomic():
        connection.cursor().execute(f"UPDATE evaluations_strike SET {change} WHERE id = {strike.pk}")
    with pytest.raises(IntegrityError, match="art12_strike_is_never_deleted"), transaction.atomic():
        connection.cursor().execute("DELETE FROM evaluations_strike")


@pytest.mark.parametrize("statement", ["UPDATE evaluations_talk SET ground = '12(2)'", "DELETE FROM evaluations_talk"])
def test_12_a_talk_is_written_once(own, statement):
    Talk.objects.create(expert=own, ground="12(3)", held_on=date(2026, 3, 2), note="谈了", by=make.make_user())

    with pytest.raises(IntegrityError, match="append_only_evaluations_talk"), transaction.atomic():
        connection.cursor().execute(statement)


# The appeal


def test_12_the_expert_appeals_to_the_end_of_the_last_day(own, reviewer, inspector):
    strike = judged(own, reviewer)
    with clock.at(clock.instant(LAST, 23, 59)):
        assert strike.may_be_appealed(clock.today())
        actions.appeal(strike, by=own.user, words="那天在医院")

    assert (strike.state, strike.may_be_appealed(LAST)) == (State.APPEALED, False)
    assert told(inspector, "有一条计次申诉").get().url == f"/admin/strikes/{strike.pk}/"


def test_12_and_not_the_day_after(own, reviewer):
    strike = judged(own, reviewer)
    assert not strike.may_be_appealed(date(2026, 3, 24))
    with clock.at(date(2026, 3, 24)), pytest.raises(Refused, match="申诉期限已过") as why:
        actions.appeal(strike, by=own.user, words="那天在医院")

    assert why.value.article == "12¶2"


@pytest.mark.parametrize("role", ["inspector", "reviewer", "leader", "expert"])
def test_12_nobody_appeals_for_another(role):
    with pytest.raises(PermissionDenied):
        actions.appeal(make.make_strike(), by=person("other", role), words="算了")


@pytest.mark.parametrize("state", ["appealed", "maintained", "reversed"])
def test_12_what_was_decided_on_is_not_appealed_against_again(state):
    strike = make.make_strike(state)
    with pytest.raises(Refused, match="现在的状态是"):
        actions.appeal(strike, by=strike.expert.user, words="再来一次")


@pytest.mark.parametrize("verb", [actions.maintain, actions.reverse])
def test_12_whoever_found_it_does_not_look_at_it_again(own, verb):
    both = person("both", "reviewer", "inspector")
    strike = judged(own, both)
    with clock.at(FOUND):
        actions.appeal(strike, by=own.user, words="那天在医院")

    with pytest.raises(Refused, match="作出认定的人不能复核申诉"):
        verb(strike, by=both, answer="看过了")
    strike.refresh_from_db()
    strike.answer, strike.reviewed_by, strike.reviewed_at = "看过了", both, clock.now()
    with pytest.raises(IntegrityError, match="art12_appeal_is_decided_by_another"), transaction.atomic():
        strike.save()
    assert strike not in ledger_rows.appeals_of(both)
    strike.reviewed_by = person("second", "inspector")  # the control
    strike.save()


@pytest.mark.parametrize("role", ["reviewer", "intake", "leader", "matcher"])
def test_12_the_inspector_alone_decides_on_an_appeal(role):
    for verb in (actions.maintain, actions.reverse):
        with pytest.raises(PermissionDenied):
            verb(make.make_strike("appealed"), by=person(f"{role}-{verb.verb}", role), answer="看过了")


@pytest.mark.parametrize(("verb", "counts"), [(actions.maintain, True), (actions.reverse, False)])
def test_12_a_reversed_entry_does_not_count_and_stays_to_be_read(own, reviewer, inspector, verb, counts):
    strike = judged(own, reviewer)
    with clock.at(FOUND):
        assert thresholds.of(own, FOUND).entries["12(3)"] == [strike]
        actions.appeal(strike, by=own.user, words="那天在医院")
        assert not thresholds.of(own, FOUND).entries["12(3)"]
        verb(strike, by=inspector, answer="已看病历")

        assert list(thresholds.of(own, FOUND).entries["12(3)"]) == [strike] * counts
    assert Strike.objects.visible_to(own.user).get() == strike
    assert told(own.user, "申诉已复核").count() == 1
    assert not told(inspector, "有一条计次申诉").filter(read_at=None).exists()


# Two


def test_12_two_propose_a_talk_once(own, reviewer, intake):
    judged(own, reviewer)
    assert (told(intake, "建议约谈").count(), list(ledger_rows.talks_of(intake))) == (0, [])

    judged(own, reviewer)
    with clock.at(FOUND):
        actions.weigh_up(own)  # asked once more, nothing is said once more
        assert list(ledger_rows.talks_of(intake)) == [own]
        assert not ledger_rows.talks_of(reviewer).exists()

    assert told(intake, "建议约谈").get().url == f"/admin/ledger/{own.pk}/"
    assert not Dismissal.objects.exists()


def test_12_a_talk_that_was_held_is_not_proposed_again(own, reviewer, intake):
    for _ in range(2):
        judged(own, reviewer)
    with clock.at(FOUND):
        actions.record_talk(own, by=intake, ground="12(3)", held_on=FOUND, note="提醒按时答复")
        actions.weigh_up(own)

        assert not ledger_rows.talks_of(intake).exists()
    assert told(intake, "建议约谈").exclude(read_at=None).count() == told(intake, "建议约谈").count() == 1


@pytest.mark.parametrize("role", ["reviewer", "leader", "inspector", "matcher", "expert"])
def test_12_intake_alone_records_a_talk(role):
    with pytest.raises(PermissionDenied):
        actions.record_talk(
            make.make_expert(), by=person("other", role), ground="12(3)", held_on=date(2026, 3, 2), note="谈了"
        )


def test_12_no_talk_is_recorded_before_it_was_held_nor_with_oneself(own, intake):
    with pytest.raises(Refused, match="约谈日期还没有到"):
        actions.record_talk(own, by=intake, ground="12(3)", held_on=date(2026, 3, 3), note="谈了")
    both = person("both", "intake")
    himself = make.make_expert(user=both)
    with pytest.raises(Refused, match="与您本人有关"):
        actions.record_talk(himself, by=both, ground="12(3)", held_on=date(2026, 3, 2), note="谈了")


@pytest.mark.parametrize(("on", "held"), [(date(2026, 2, 28), False), (date(2026, 3, 1), True)])
def test_3_no_talk_is_recorded_of_a_day_on_which_he_was_no_expert(own, intake, on, held):
    said = {"by": intake, "ground": "12(3)", "held_on": on, "note": "谈了"}

    if held:
        assert actions.record_talk(own, **said).held_on == on
    else:
        with pytest.raises(Refused, match="不在这位专家的聘期内"):
            actions.record_talk(own, **said)


# Three


def test_12_3_the_third_opens_one_case_with_all_entries_and_nothing_else_happens(own, reviewer):
    strikes = [judged(own, reviewer) for _ in range(3)]
    with clock.at(FOUND):
        actions.weigh_up(own)

        case = Dismissal.objects.get(expert=own)
        assert (case.ground, case.state, case.opened_by) == ("12(3)", "proposed", None)
        assert list(case.strikes.order_by("pk")) == strikes
        assert own.appointments.in_force(clock.today()).exists()
        assert not Dismissal.objects.suspending(clock.today()).exists()


def test_12_3_a_reversed_entry_and_a_third_again_open_a_case_anew(own, reviewer, inspector):
    strikes = [judged(own, reviewer) for _ in range(3)]
    first = Dismissal.objects.get(expert=own)
    with clock.at(FOUND):
        actions.appeal(strikes[0], by=own.user, words="那天在医院")
        actions.reverse(strikes[0], by=inspector, answer="有病历")
        actions.drop(first, by=reviewer, drop_reason="撤销后不到三次")
        actions.weigh_up(own)
        assert not Dismissal.objects.open().exists()

    fourth = judged(own, reviewer)

    again = Dismissal.objects.open().get(expert=own)
    assert again != first
    assert set(again.strikes.all()) == {*strikes[1:], fourth}


def test_12_3_a_maintained_third_opens_no_second_case(own, reviewer, inspector):
    strikes = [judged(own, reviewer) for _ in range(3)]
    with clock.at(FOUND):
        actions.appeal(strikes[2], by=own.user, words="那天在医院")
        actions.maintain(strikes[2], by=inspector, answer="没有病历")

    assert Dismissal.objects.count() == 1


def test_12_3_an_appeal_lodged_before_the_third_holds_the_case_back_until_it_is_decided(own, reviewer, inspector):
    first = judged(own, reviewer)
    with clock.at(FOUND):
        actions.appeal(first, by=own.user, words="那天在医院")
    for _ in range(2):
        judged(own, reviewer)
    assert not Dismissal.objects.exists()

    with clock.at(FOUND):
        actions.maintain(first, by=inspector, answer="没有病历")

    assert Dismissal.objects.get().strikes.count() == 3


@pytest.mark.parametrize(
    ("phones", "flag"),
    [
        (["13600000001"] * 3, "3次计次来自1位服务对象"),
        (["13600000001", "13600000001", "13600000002"], "3次计次来自2位服务对象"),
        (["13600000001", "13600000002", "13600000003"], ""),
    ],
)
def test_12_2_three_services_of_one_client_reach_it_and_are_marked_for_the_inspector(own, reviewer, phones, flag):
    for n, phone in enumerate(phones):
        upheld(own, reviewer, phone, n)

    case = Dismissal.objects.get(expert=own)
    assert (case.ground, case.flag, case.strikes.count()) == ("12(2)", flag, 3)


def test_12_two_of_each_ground_open_nothing(own, reviewer):
    for n in range(2):
        upheld(own, reviewer, f"1360000000{n}", n)
        judged(own, reviewer)

    assert not Dismissal.objects.exists()


# As pages show it


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (date(2026, 3, 5), date(2027, 3, 5)),
        (date(2028, 2, 28), date(2029, 2, 28)),
        (date(2028, 2, 29), date(2029, 3, 1)),
    ],
)
def test_12_3_an_entry_counts_together_with_others_until_its_anniversary(day, ends):
    assert rules.counts_until(day) == ends
    assert not rules.of_one_year(day, ends)
    assert rules.of_one_year(day, date.fromordinal(ends.toordinal() - 1))


def shown(own, on):
    return {each.ground: each for each in ledger.counts(thresholds.of(own, on), on)}


def test_12_3_the_ledger_says_when_the_oldest_drops_out(own):
    first, second = entered(own, date(2026, 3, 5)), entered(own, date(2026, 9, 1))

    year = shown(own, date(2027, 3, 4))["12(3)"]
    after = shown(own, date(2027, 3, 5))["12(3)"]

    assert (year.steps, year.drops_on, year.lapsed) == ([first, second, None], date(2027, 3, 5), False)
    assert (after.drops_on, after.lapsed, after.reached) == (date(2027, 3, 5), True, False)


def test_12_the_ledger_shows_three_or_more_and_then_nothing_drops_out(own):
    for day in (5, 6, 7, 8):
        entered(own, date(2026, 3, day))
    attitude(own, date(2026, 3, 9))
    counts = shown(own, date(2026, 4, 1))

    assert (len(counts["12(3)"].steps), counts["12(3)"].reached, counts["12(3)"].drops_on) == (4, True, None)
    assert (len(counts["12(2)"].entries), len(counts["12(2)"].steps), counts["12(2)"].drops_on) == (1, 3, None)


def test_12_whoever_sees_the_ledger(own, intake, reviewer, leader, inspector, matcher, stranger):
    strike = make.make_strike(refusal=make.make_refusal("judged", expert=own))
    talk = Talk.objects.create(expert=own, ground="12(3)", held_on=date(2026, 3, 2), note="谈了", by=intake)

    for officer in (intake, reviewer, leader, inspector, own.user):
        assert Strike.objects.visible_to(officer).get() == strike
        assert Talk.objects.visible_to(officer).get() == talk
        assert Refusal.objects.visible_to(officer).get() == strike.refusal
    for nobody in (matcher, stranger, make.make_expert().user):
        for model in (Strike, Talk, Refusal):
            assert not model.objects.visible_to(nobody).exists()
