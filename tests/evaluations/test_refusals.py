"""不履职核实: how it is noticed, asked about, judged by a second person (Article 12(3); reliability.md B2)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from evaluations import actions, ledger_rows, tasks
from evaluations.models import Refusal, Strike
from expertteam import clock
from expertteam import tasks as cellar
from expertteam.models import CalendarYear, Notification
from expertteam.regulation import Refused
from expertteam.workflow import SYSTEM, available
from services import actions as services
from services.models import Offer
from tests import make
from tests.conftest import person

State, Finding = Refusal.State, Refusal.Finding
ANSWERED = clock.instant(date(2026, 3, 3), 10)
LATER = date(2026, 4, 1)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def own(expert):
    """In term from 2026-03-01."""
    return make.make_expert(user=expert)


def declined(own, kind="other", **fields):
    return make.make_offer("declined", expert=own, reason_kind=kind, answered_at=ANSWERED, **fields)


def explained(**fields):
    return make.make_refusal("awaiting_judgement", **fields)


def judged(refusal, by, finding=Finding.NO_REASON):
    return actions.judge(refusal, by=by, finding=finding, reasons="已核实")


# Noticed


@pytest.mark.parametrize(
    ("event", "kind", "day"),
    [
        (lambda own: make.make_offer("lapsed", expert=own), "lapsed", date(2026, 3, 3)),
        (lambda own: make.make_offer("stood_down", expert=own, answered_at=ANSWERED), "stood_down", date(2026, 3, 3)),
        (lambda own: make.make_offer("absent", expert=own), "absent", date(2026, 3, 5)),
        (declined, "declined", date(2026, 3, 3)),
        (lambda own: make.make_seat("stood_down", expert=own, why="absent"), "seat", date(2026, 3, 3)),
        (lambda own: make.make_activity_role("absent", expert=own), "role", date(2026, 3, 20)),
    ],
)
def test_12_3_what_was_not_done_becomes_one_lead_however_often_it_is_looked_for(own, event, kind, day):
    source = event(own)
    with clock.at(LATER):
        found = actions.collect_refusals()
        again = actions.collect_refusals()

    refusal = Refusal.objects.get()
    assert (found, again) == ([refusal], [])
    assert (refusal.kind, refusal.day, refusal.expert, refusal.state) == (kind, day, own, State.LEAD)
    assert source in (refusal.offer, refusal.seat, refusal.role)
    assert (refusal.number, refusal.opened_by) == ("BL26040001", None)
    assert not Strike.objects.exists()


@pytest.mark.parametrize(
    "event",
    [
        lambda own: declined(own, "busy"),  # a reason that the form offers is believed
        lambda own: declined(own, "ill"),
        lambda own: declined(own, "related"),
        lambda own: make.make_offer("offered", expert=own),
        lambda own: make.make_offer("withdrawn", expert=own),
        lambda own: make.make_offer("client_absent", expert=own),
        lambda own: make.make_offer("done", expert=own),
        lambda own: make.make_seat("stood_down", expert=own, why="ill"),
        lambda own: make.make_activity_role("declined", expert=own),
        lambda own: make.make_activity_role("released", expert=own),
    ],
)
def test_12_3_what_is_not_his_doing_is_no_lead(own, event):
    event(own)
    with clock.at(LATER):
        assert actions.collect_refusals() == []


@pytest.mark.parametrize(("first_day", "count"), [(date(2026, 3, 5), 1), (date(2026, 3, 6), 0)])
def test_12_3_whoever_was_not_in_term_that_day_has_refused_nothing(first_day, count):
    expert = make.make_appointment(first_day=first_day).expert
    make.make_offer("absent", expert=expert)

    with clock.at(LATER):
        assert len(actions.collect_refusals()) == count


def lapsed(own, gateway):
    """Offered on Monday 2026-03-02, messages sent, never answered."""
    offer = make.make_offered(own)
    cellar.deliver()
    with clock.at(LATER):
        services.lapse(offer, by=SYSTEM)
        return actions.collect_refusals()


def test_12_3_silence_carries_the_proof_that_the_offer_was_delivered(own, gateway):
    own.user.phone = "13800000009"
    own.user.save()

    (refusal,) = lapsed(own, gateway)

    assert refusal.delivered_at == clock.instant(date(2026, 3, 2), 9)
    assert {each.channel for each in actions.deliveries(refusal.offer)} == {"sms"}


def test_12_3_what_only_lay_in_the_portal_is_not_delivered(own, gateway, intake, reviewer):
    (refusal,) = lapsed(own, gateway)
    assert Notification.objects.filter(key__startswith=f"offered:{refusal.offer_id}:").exists()

    with clock.at(LATER):
        actions.ask_reason(refusal, by=intake)
        actions.give_reason(refusal, by=own.user, statement="没有收到通知")
        with pytest.raises(Refused, match="没有通知已经送达的证明") as why:
            judged(refusal, reviewer)
        judged(refusal, reviewer, Finding.PROPER_REASON)

    assert (refusal.delivered_at, why.value.article, refusal.state) == (None, "12(3)", State.JUDGED)
    assert not Strike.objects.exists()


@pytest.mark.parametrize(("kind", "reached"), [("lapsed", False), ("absent", True), ("stood_down", True)])
def test_12_3_whoever_had_accepted_needs_no_proof_of_delivery(reviewer, kind, reached):
    refusal = explained(kind=kind, offer=make.make_offer(kind), delivered_at=None)
    if reached:
        judged(refusal, reviewer)
    else:
        with pytest.raises(Refused, match="送达"):
            judged(refusal, reviewer)
    assert Strike.objects.count() == reached


# Entered by hand


def test_12_3_a_clerk_enters_what_no_offer_stands_for(own, intake):
    refusal = actions.open_refusal(own, by=intake, day=date(2026, 3, 2), what="约好的培训没有来")

    assert (refusal.kind, refusal.opened_by, refusal.state) == ("other", intake, State.LEAD)
    entry = refusal.history.get()
    assert (entry.history_user, entry.history_change_reason) == (intake, "登记不履职线索（第12(3)条）")


@pytest.mark.parametrize(
    ("day", "why"), [(date(2026, 3, 3), "发生日期还没有到"), (date(2026, 2, 28), "不在这位专家的聘期内")]
)
def test_12_3_a_day_that_cannot_be_is_refused(own, intake, day, why):
    with pytest.raises(Refused, match=why):
        actions.open_refusal(own, by=intake, day=day, what="没有来")


@pytest.mark.parametrize("role", ["reviewer", "matcher", "leader", "inspector", "expert"])
def test_12_3_only_intake_enters_by_hand(role):
    with pytest.raises(PermissionDenied):
        actions.open_refusal(make.make_expert(), by=person("other", role), day=date(2026, 3, 2), what="没有来")


def test_12_3_nobody_in_office_enters_his_own():
    both = person("both", "intake")
    with pytest.raises(Refused, match="与您本人有关"):
        actions.open_refusal(make.make_expert(user=both), by=both, day=date(2026, 3, 2), what="没有来")


@pytest.mark.parametrize(
    ("state", "kind", "day"),
    [
        ("declined", "declined", date(2026, 3, 3)),
        ("stood_down", "stood_down", date(2026, 3, 3)),
        ("lapsed", "lapsed", date(2026, 3, 3)),
        ("absent", "absent", date(2026, 3, 5)),
    ],
)
def test_12_3_an_offer_that_came_to_nothing_is_entered_once_with_its_own_day(own, intake, state, kind, day):
    offer = make.make_offer(state, expert=own, answered_at=ANSWERED)
    with clock.at(LATER):
        refusal = actions.open_refusal(own, by=intake, day=LATER, what="他说出差，当天在别处讲课", offer=offer)
        with pytest.raises(Refused, match=f"这次安排已经登记过，编号{refusal.number}"):
            actions.open_refusal(own, by=intake, day=LATER, what="再登记一次", offer=offer)

        assert (refusal.kind, refusal.day, refusal.offer, refusal.opened_by) == (kind, day, offer, intake)
        assert actions.collect_refusals() == []


@pytest.mark.parametrize("state", ["offered", "accepted", "withdrawn", "client_absent", "done"])
def test_12_3_an_offer_that_came_to_something_is_not_entered(own, intake, state):
    offer = make.make_offer(state, expert=own)
    with pytest.raises(Refused, match="没有因为这位专家落空"):
        actions.open_refusal(own, by=intake, day=date(2026, 3, 2), what="没有来", offer=offer)


def test_12_3_nor_is_the_offer_of_another(own, intake):
    with pytest.raises(Refused, match="没有因为这位专家落空"):
        actions.open_refusal(own, by=intake, day=date(2026, 3, 2), what="没有来", offer=declined(make.make_expert()))


# Asked about


def test_12_3_the_expert_is_asked_and_has_five_working_days(own, intake):
    refusal = make.make_refusal(expert=own)
    assert not Refusal.objects.visible_to(own.user).exists()

    actions.ask_reason(refusal, by=intake)

    assert (refusal.asked_by, refusal.reason_due) == (intake, date(2026, 3, 9))
    assert Refusal.objects.visible_to(own.user).get() == refusal
    told = Notification.objects.get(to=own.user, channel="inapp", subject="请您说明原因")
    assert told.url == f"/desk/refusals/{refusal.pk}/"
    actions.give_reason(refusal, by=own.user, statement="当天住院")
    told.refresh_from_db()
    assert told.read_at is not None


@pytest.mark.parametrize(("day", "open_"), [(date(2026, 3, 13), True), (date(2026, 3, 14), False)])
def test_12_3_the_last_day_still_belongs_to_the_expert(own, day, open_):
    """Due on Friday 2026-03-13."""
    refusal = make.make_refusal("awaiting_reason", expert=own)
    with clock.at(clock.instant(day, 23, 59)):
        if open_:
            with pytest.raises(Refused, match="说明期限还没有到"):
                actions.lapse_reason(refusal, by=SYSTEM)
        tasks.lapse_reasons()
        tasks.lapse_reasons()
    refusal.refresh_from_db()

    assert (refusal.state == State.AWAITING_REASON) is open_


def test_12_3_silence_waits_for_the_holidays_of_its_year(own, intake):
    refusal = make.make_refusal("awaiting_reason", expert=own, reason_due=date(2027, 1, 5))
    with clock.at(date(2027, 1, 20)):
        with pytest.raises(Refused, match="只是暂定"):
            actions.lapse_reason(refusal, by=SYSTEM)
        tasks.lapse_reasons()  # does not fail
        CalendarYear.objects.create(year=2027, source="国务院办公厅关于2027年部分节假日安排的通知")
        tasks.lapse_reasons()
    refusal.refresh_from_db()

    assert refusal.state == State.AWAITING_JUDGEMENT


def test_12_3_nobody_explains_for_another(own, intake, reviewer):
    refusal = make.make_refusal("awaiting_reason", expert=own)
    for other in (intake, reviewer, make.make_expert().user):
        with pytest.raises(PermissionDenied):
            actions.give_reason(refusal, by=other, statement="他病了")


def test_12_3_a_lead_is_set_aside_with_a_reason_and_the_expert_never_hears_of_it(own, intake):
    refusal = make.make_refusal(expert=own)
    with pytest.raises(IntegrityError, match="art12_3_set_aside_with_a_reason"), transaction.atomic():
        actions.set_aside(make.make_refusal(expert=own), by=intake, aside="")

    actions.set_aside(refusal, by=intake, aside="当天停电，通知没有发出")

    assert not Refusal.objects.visible_to(own.user).exists()
    assert not Notification.objects.filter(to=own.user).exists()


# Judged


@pytest.mark.parametrize(("finding", "count"), [("no_reason", 1), ("proper_reason", 0), ("untrue", 0)])
def test_12_3_only_what_had_no_proper_reason_counts(own, reviewer, finding, count):
    refusal = judged(explained(expert=own), reviewer, finding)

    assert Strike.objects.filter(refusal=refusal, expert=own, found_by=reviewer, ground="12(3)").count() == count
    assert Notification.objects.filter(to=own.user, channel="inapp", subject="情况已核实").count() == 1


def both_roles(role):
    return person("both", role, "reviewer")


def test_12_3_the_matcher_does_not_judge_even_with_both_roles(own):
    matcher = both_roles("matcher")
    offer = make.make_offer("lapsed", expert=own, offered_by=matcher)
    refusal = explained(offer=offer)

    with pytest.raises(Refused, match="安排或登记这件事的人不能认定"):
        judged(refusal, matcher)
    with pytest.raises(IntegrityError, match="art12_3_judged_once_and_with_reasons"), transaction.atomic():
        write(refusal, matcher)


def test_12_3_nor_does_whoever_reported_the_absence(own):
    reporter, refusal = both_roles("intake"), explained(kind="absent", offer=make.make_offer("accepted", expert=own))
    with clock.at(date(2026, 3, 6)):
        services.report_absence(refusal.offer, by=reporter)
        assert refusal.offer.state == Offer.State.ABSENT
        with pytest.raises(Refused, match="安排或登记这件事的人不能认定"):
            judged(refusal, reporter)


@pytest.mark.parametrize("part", ["passed_by", "stood_down_by"])
def test_12_3_nor_does_whoever_passed_the_seat_on(own, part):
    officer = both_roles("intake")
    refusal = explained(
        kind="seat", expert=own, seat=make.make_seat("stood_down", expert=own, why="absent", **{part: officer})
    )

    with pytest.raises(Refused, match="安排或登记这件事的人不能认定"):
        judged(refusal, officer)


def test_12_3_nor_does_whoever_invited_him_to_the_activity(own):
    organiser = both_roles("matcher")
    activity = make.make_activity()
    asked = {"role": "speaker", "starts_at": activity.starts_at, "minutes": 60}
    role = services.activity_role.invite(activity, by=organiser, expert=own, **asked)
    refusal = explained(kind="role", role=role, expert=own)

    assert refusal not in waiting(ledger_rows.REFUSALS, organiser)
    with pytest.raises(Refused, match="安排或登记这件事的人不能认定"):
        judged(refusal, organiser)


def test_12_3_nor_does_whoever_entered_it(own):
    clerk = both_roles("intake")
    refusal = actions.open_refusal(own, by=clerk, day=date(2026, 3, 2), what="没有来")
    actions.ask_reason(refusal, by=person("asker", "intake"))
    actions.give_reason(refusal, by=own.user, statement="当天住院")

    with pytest.raises(Refused, match="安排或登记这件事的人不能认定"):
        judged(refusal, clerk)
    with pytest.raises(IntegrityError, match="art12_3_judged_by_a_second_person"), transaction.atomic():
        write(refusal, clerk)


def test_12_3_nor_does_whoever_asked_for_the_reason(own):
    clerk = both_roles("intake")
    refusal = actions.ask_reason(make.make_refusal(expert=own), by=clerk)
    actions.give_reason(refusal, by=own.user, statement="当天住院")

    with pytest.raises(Refused, match="请专家说明"):
        judged(refusal, clerk)
    with pytest.raises(IntegrityError, match="art12_3_judged_by_a_second_person"), transaction.atomic():
        write(refusal, clerk)


def test_12_3_the_database_takes_the_judgement_of_a_second_person_alone(own, reviewer):
    """The control of the refusals above: the same row by somebody who had no part in it."""
    refusal = explained(expert=own)
    write(refusal, reviewer)
    with pytest.raises(IntegrityError, match="art12_3_judged_once_and_with_reasons"), transaction.atomic():
        write(refusal, person("second", "reviewer"))
    with pytest.raises(IntegrityError, match="art12_3_judged_once_and_with_reasons"), transaction.atomic():
        write(explained(expert=own), reviewer, reasons="")

    assert Refusal.objects.get(pk=refusal.pk).judged_by == reviewer


def write(refusal, by, reasons="没有说明"):
    """A judgement past every verb."""
    given = {"finding": "no_reason", "judged_by": by, "judged_at": clock.now(), "reasons": reasons}
    for name, value in given.items():
        setattr(refusal, name, value)
    refusal.save()


def test_12_3_nobody_judges_himself():
    officer = person("both", "reviewer")
    refusal = explained(expert=make.make_expert(user=officer))

    with pytest.raises(Refused, match="与您本人有关"):
        judged(refusal, officer)


@pytest.mark.parametrize("role", ["intake", "matcher", "leader", "inspector", "admin"])
def test_12_3_the_reviewer_alone_judges(own, role):
    with pytest.raises(PermissionDenied):
        judged(explained(expert=own), person("other", role))


# What waits for whom


def waiting(rows, user):
    return [record for _, open_, _ in rows for record in open_(user)]


def test_12_3_a_row_waits_for_whoever_may_act_and_for_nobody_else(own, intake, reviewer, inspector):
    lead, explained_ = make.make_refusal(expert=own), explained(expert=own)

    assert waiting(ledger_rows.REFUSALS, intake) == [lead]
    assert waiting(ledger_rows.REFUSALS, reviewer) == [explained_]
    assert waiting(ledger_rows.REFUSALS, inspector) == []


def test_12_3_no_row_waits_for_whoever_had_a_part_in_it(own):
    officer = person("both", "intake", "matcher", "reviewer")
    opened = explained(kind="other", expert=own, opened_by=officer)
    matched = explained(offer=make.make_offer("lapsed", expert=own, offered_by=officer))
    passed = explained(kind="seat", expert=own, seat=make.make_seat("stood_down", why="absent", passed_by=officer))
    reported = explained(kind="absent", offer=make.make_offer("accepted", expert=own))
    with clock.at(date(2026, 3, 6)):
        services.report_absence(reported.offer, by=officer)
    asked = actions.ask_reason(make.make_refusal(expert=own), by=officer)
    actions.give_reason(asked, by=own.user, statement="当天住院")
    himself = explained(expert=make.make_expert(user=officer))
    other = explained(expert=own)

    found = waiting(ledger_rows.REFUSALS[1:], officer)

    assert found == [other]
    for refusal in (opened, matched, passed, reported, asked, himself):
        with pytest.raises(Refused):
            judged(refusal, officer)
    assert actions.judge in available(other, officer)


def test_12_3_the_database_takes_no_judgement_from_whoever_arranged_it():
    matcher = make.make_matcher()
    offer = make.make_offer("lapsed", offered_by=matcher)

    with pytest.raises(IntegrityError, match="art12_3_not_judged_by_whoever_arranged_it"), transaction.atomic():
        make.make_refusal("judged", offer=offer, judged_by=matcher)
    make.make_refusal("judged", offer=offer)
