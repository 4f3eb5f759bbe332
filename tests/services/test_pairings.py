"""The course of a pairing (Article 8(2)): who may do what, who sees whom, what is told."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from expertteam import clock
from expertteam.models import Notification
from expertteam.regulation import Refused
from services import tasks
from services.actions import pairing as actions
from services.models import Pairing, PairingMember, Service
from tests import make
from tests.conftest import person
from tests.make import make_expert, make_pairing, make_pairing_member

State = Pairing.State
CANARY = "鹪鹩鸲"
FOUNDER = {"name": CANARY, "phone": "13700000001", "channel": "phone", "commissioned_on": date(2026, 3, 1)}
pytestmark = pytest.mark.usefixtures("db", "today")


@pytest.fixture
def pro():
    return make_expert()


def propose(expert, by, **fields):
    whole = {
        "goals": "三个月内理顺成本核算",
        "cadence_days": 30,
        "starts_on": date(2026, 3, 2),
        "ends_on": date(2026, 8, 31),
        "members": [dict(FOUNDER)],
    }
    return actions.propose(by=by, expert=expert, **whole | fields)


def contact(pairing, on):
    """A logged contact on that day."""
    moment = clock.instant(on, 9)
    return Service.objects.create(
        pairing=pairing, expert=pairing.expert, kind="guidance", started_at=moment, minutes=60, logged_at=moment,
        state="logged", created_by=pairing.expert.user,
    )  # fmt: skip


# From the proposal to the close


def test_a_pairing_goes_from_the_commission_to_its_outcome(pro, matcher):
    pairing = propose(pro, matcher)
    actions.accept(pairing, by=pro.user)
    contact(pairing, date(2026, 3, 2))
    actions.report_outcome(pairing, by=pro.user, outcome="成本核算已理顺。")
    actions.close(pairing, by=matcher, result="achieved")

    assert (pairing.number, pairing.state, pairing.result) == ("JD26030001", State.CLOSED, "achieved")
    assert [entry.history_change_reason for entry in pairing.history.all()] == [
        "办结结对（第8(2)条）",
        "写帮扶成效（第8(2)条）",
        "接受结对（第8(2)条）",
        "提出结对（第8(2)条）",
    ]


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"members": []}, "至少1位创业者"),
        ({"members": [FOUNDER | {"commissioned_on": date(2026, 3, 3)}]}, "还没有委托"),
        ({"starts_on": date(2026, 3, 1)}, "不能早于今天"),
        ({"ends_on": date(2029, 3, 1)}, "超出了专家的聘期"),
    ],
    ids=["nobody", "not asked", "past", "beyond the term"],
)
def test_8_2_what_the_measures_do_not_allow_is_not_proposed(pro, matcher, change, refused):
    with pytest.raises(Refused, match=refused):
        propose(pro, matcher, **change)

    assert not Pairing.objects.exists()


def test_14_an_expert_is_not_paired_with_a_firm_of_his(matcher):
    pro = make_expert(employer="晋味面馆")

    with pytest.raises(Refused, match="应回避"):
        propose(pro, matcher, members=[FOUNDER | {"enterprise": "晋味面馆"}])
    pairing = propose(pro, matcher)
    with pytest.raises(Refused, match="应回避"):
        actions.add_member(pairing, by=matcher, **FOUNDER | {"phone": "13700000002", "enterprise": "晋味面馆"})


@pytest.mark.parametrize("role", ["intake", "reviewer", "leader", "inspector", "cashier", "client"])
def test_only_the_centre_pairs(pro, role):
    with pytest.raises(PermissionDenied):
        propose(pro, person("other", role))


def test_nobody_pairs_himself():
    both = person("both", "matcher")
    make_expert(user=both)

    with pytest.raises(Refused, match="与您本人有关"):
        propose(both.expert, both)


def test_only_the_expert_himself_accepts_and_says_why_not(pro, matcher):
    pairing = propose(pro, matcher)

    with pytest.raises(PermissionDenied):
        actions.accept(pairing, by=make_expert().user)
    actions.decline(pairing, by=pro.user, reason="近期出差")

    assert (pairing.state, pairing.reason) == (State.DECLINED, "近期出差")


def test_who_accepts_late_begins_late(pro, matcher):
    pairing = propose(pro, matcher)

    with clock.at(date(2026, 3, 9)):
        actions.accept(pairing, by=pro.user)

    assert (pairing.starts_on, pairing.contact_due()) == (date(2026, 3, 9), date(2026, 4, 8))


@pytest.mark.parametrize(
    ("outcome", "contacts", "refused"), [("", 1, "还没有写帮扶成效"), ("已理顺", 0, "还没有一次联系")]
)
def test_8_2_no_close_without_outcome_and_contact(matcher, outcome, contacts, refused):
    pairing = make_pairing(outcome=outcome)
    for _ in range(contacts):
        contact(pairing, date(2026, 3, 2))

    with pytest.raises(Refused, match=refused):
        actions.close(pairing, by=matcher, result="partly")


def test_a_pairing_that_is_over_stays_over(matcher):
    pairing = make_pairing(state="closed")

    guarded = pytest.raises(IntegrityError, match="art8_2_closed_pairing_stays_closed")
    with guarded, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE services_pairing SET state = 'active' WHERE id = %s", [pairing.pk])
    with pytest.raises(Refused, match="已经结束"):
        actions.add_member(pairing, by=matcher, **FOUNDER)


# One to many


def test_one_to_many_grows_and_shrinks_but_never_to_nobody(matcher):
    pairing = make_pairing()
    actions.add_member(pairing, by=matcher, **FOUNDER)
    first, second = pairing.members.all()

    actions.release_member(first, by=matcher)

    assert list(pairing.members.current()) == [second]
    with pytest.raises(Refused, match="只剩一位"):
        actions.release_member(second, by=matcher)
    with pytest.raises(Refused, match="已经移出"):
        actions.release_member(first, by=matcher)


def test_a_number_is_once_in_a_pairing_until_released(matcher):
    pairing = make_pairing()
    actions.add_member(pairing, by=matcher, **FOUNDER)

    with pytest.raises(Refused, match="已经在这组结对里"):
        actions.add_member(pairing, by=matcher, **FOUNDER)
    actions.release_member(pairing.members.last(), by=matcher)
    actions.add_member(pairing, by=matcher, **FOUNDER)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_pairing_member(pairing, phone=FOUNDER["phone"])


# Who sees whom (Article 4)


@pytest.mark.parametrize(
    ("state", "on", "sees"),
    [
        ("proposed", date(2026, 3, 2), False),
        ("active", date(2026, 3, 1), False),
        ("active", date(2026, 3, 2), True),
        ("active", date(2026, 8, 31), True),
        ("active", date(2026, 9, 1), False),
        ("closed", date(2026, 3, 2), False),
        ("called_off", date(2026, 3, 2), False),
    ],
)
def test_4_the_expert_sees_the_members_only_while_it_runs(pro, state, on, sees):
    make_pairing(state=state, expert=pro)

    with clock.at(on):
        assert PairingMember.objects.visible_to(pro.user).exists() is sees
        assert Pairing.objects.visible_to(pro.user).exists()


def test_4_nothing_is_seen_after_the_term_nor_of_who_was_released(pro):
    pairing = make_pairing(expert=pro, members=2)
    gone = pairing.members.first()
    PairingMember.objects.filter(pk=gone.pk).update(left_on=date(2026, 3, 2))
    assert list(PairingMember.objects.visible_to(pro.user)) == [pairing.members.last()]

    make.end_early(pro.appointments, date(2026, 3, 2))

    assert not PairingMember.objects.visible_to(pro.user).exists()


@pytest.mark.parametrize(
    ("role", "pairings", "members"),
    [
        ("matcher", 1, 1),
        ("leader", 1, 0),
        ("inspector", 1, 0),
        ("reviewer", 1, 0),
        ("intake", 1, 0),
        ("cashier", 0, 0),
        ("client", 0, 0),
    ],
)
def test_4_of_the_bureau_only_the_centre_sees_the_members(role, pairings, members):
    make_pairing()
    reader = person("reader", role)

    seen = Pairing.objects.visible_to(reader).count(), PairingMember.objects.visible_to(reader).count()
    assert seen == (pairings, members)


def test_4_who_is_paired_stands_nowhere_in_clear_and_in_no_message(pro, matcher):
    pairing = propose(pro, matcher, goals=CANARY)
    actions.accept(pairing, by=pro.user)

    told = "".join(f"{each.subject}{each.body}" for each in Notification.objects.all())
    with connection.cursor() as cursor:
        for table in ("services_pairing", "services_pairingmember", "services_historicalpairingmember"):
            cursor.execute(f"SELECT * FROM {table}")
            told += str(cursor.fetchall())
    assert (CANARY in told, FOUNDER["phone"] in told) == (False, False)


# Following up


def test_8_2_overdue_is_who_was_not_contacted_in_time(pro):
    late, kept = make_pairing(expert=pro), make_pairing(expert=pro)
    make_pairing(expert=pro, state="proposed")
    contact(kept, date(2026, 3, 20))

    assert list(Pairing.objects.overdue(date(2026, 4, 1))) == []
    assert list(Pairing.objects.overdue(date(2026, 4, 2))) == [late]


@pytest.mark.parametrize(
    ("on", "told", "late"),
    [(date(2026, 3, 28), 0, 0), (date(2026, 3, 29), 1, 0), (date(2026, 4, 1), 1, 0), (date(2026, 4, 2), 1, 1)],
)
def test_the_expert_is_reminded_once_for_each_due_day(pro, matcher, on, told, late):
    make_pairing(expert=pro)

    with clock.at(on):
        tasks.remind_of_pairing_contacts()
        tasks.remind_of_pairing_contacts()

    inbox = Notification.objects.filter(channel="inapp")
    assert inbox.filter(to=pro.user, key__startswith="pairing-contact").count() == told
    assert inbox.filter(to=matcher, key__startswith="pairing-late").count() == late


def test_after_a_contact_the_next_one_is_reminded_of_anew(pro):
    pairing = make_pairing(expert=pro)
    for day in (date(2026, 4, 1), date(2026, 5, 1)):
        with clock.at(day):
            tasks.remind_of_pairing_contacts()
            contact(pairing, day)

    keys = Notification.objects.filter(channel="inapp").values_list("key", flat=True)
    assert sorted(key.split(":")[2] for key in keys) == ["2026-04-01", "2026-05-01"]


def test_reminding_costs_the_same_for_one_and_for_many(django_assert_num_queries):
    make_pairing()
    with django_assert_num_queries(1):
        tasks.remind_of_pairing_contacts()
    for _ in range(3):
        make_pairing()

    with django_assert_num_queries(1):
        tasks.remind_of_pairing_contacts()


def test_every_text_fits_an_sms(pro, matcher):
    pro.user.phone = "13800000009"
    pro.user.save()
    pairing = propose(pro, matcher)
    actions.accept(pairing, by=pro.user)
    with clock.at(date(2026, 4, 2)):
        tasks.remind_of_pairing_contacts()
    contact(pairing, date(2026, 3, 2))
    actions.report_outcome(pairing, by=pro.user, outcome="已理顺")
    actions.close(pairing, by=matcher, result="achieved")
    actions.decline(propose(pro, matcher), by=pro.user, reason="出差")
    actions.call_off(propose(pro, matcher), by=matcher, reason="创业者不再需要")

    texts = [each.body for each in Notification.objects.filter(channel="sms")]
    assert (len(texts) > 8, [text for text in texts if len(text) > 70]) == (True, [])
