"""What the database itself refuses, whoever writes: raw ORM and SQL, each beside the legal neighbour that passes."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from experts.models import Appointment, Expert
from expertteam import clock
from expertteam.guards import GUARDS
from recruitment import actions
from recruitment.models import (
    Candidate,
    Notice,
    Objection,
)
from tests.acts import execute, refused
from tests.make import (
    make_application,
    make_bare_notice,
    make_objection,
    make_round,
    unguarded,
)

END = clock.instant(date(2026, 3, 9), 18)  # of every notice here
INSTANT = timedelta(microseconds=1)
AFTER = END + INSTANT
NO_NOTICE = "art11_no_appointment_without_an_unopposed_notice"
NEVER_CHANGES = "art11_published_notice_never_changes"
COUNTS = "art11_objection_counts_when_named_and_in_time"
STAYS, ONCE = "art11_objection_stays_what_it_was", "art11_objection_is_decided_once"
APPOINT = "UPDATE recruitment_application SET state = 'appointed', appointment_id = %s WHERE id = %s"
pytestmark = pytest.mark.usefixtures("today")


def move(record, state):
    """Write the state past every verb."""
    execute(f"UPDATE {record._meta.db_table} SET state = %s WHERE id = %s", state, record.pk)


def appoint_by_hand(application, *, by, at=AFTER, **fields):
    """Write the term past every verb."""
    expert, _ = Expert.objects.get_or_create(user=application.applicant, defaults={"no": f"TY-{application.pk}"})
    return Appointment.objects.create(
        expert=expert, name="王芳", category=2, number=f"并创专〔2026〕{application.pk}号", decided_by=by, decided_at=at,
        first_day=date(2026, 3, 10), last_day=date(2029, 3, 9), **fields,
    )  # fmt: skip


def listed(people, state="published", **fields):
    """A notice with that many people on its list, written past every verb; returns its candidates."""
    period = {
        "days": 5,
        "end_hour": 18,
        "released_at": clock.instant(date(2026, 3, 2), 9),
        "begins_at": clock.instant(date(2026, 3, 3)),
        "ends_at": END,
    }
    notice = make_bare_notice(state="draft", **period | fields)
    applications = [make_application(state="on_notice", round=notice.round) for _ in range(people)]
    candidates = [Candidate.objects.create(**row(notice, application)) for application in applications]
    move(notice, state)
    notice.refresh_from_db()
    return candidates


def row(notice, application):
    printed = {"name": "王芳", "category": "第五条第二项", "topics": "经营管理"}
    return {"notice": notice, "application": application, "position": application.pk} | printed


@pytest.fixture
def one(db):
    [candidate] = listed(1)
    return candidate


@pytest.fixture
def two(db):
    return listed(2)


@pytest.fixture
def draft(db):
    """The notice of a list not yet published."""
    [candidate] = listed(1, state="draft")
    return candidate.notice


def object_to(candidate, /, **fields):
    """On the second day of the notice."""
    with clock.at(date(2026, 3, 4)):
        return make_objection(candidate, **fields)


def decide(objection, *, inspector, leader, upheld):
    actions.examine(objection, by=inspector)
    actions.report(objection, by=inspector, report="已核实")
    actions.decide(objection, by=leader, upheld=upheld, decision="见核实情况")


# The appointment


@pytest.mark.parametrize("at", [clock.instant(date(2026, 3, 9), 17), END - INSTANT, END])
def test_an_appointment_up_to_the_end_is_refused(one, leader, at):
    with refused(NO_NOTICE):
        appoint_by_hand(one.application, by=leader, at=at)


def test_an_appointment_after_the_end_passes(one, leader):
    appointment = appoint_by_hand(one.application, by=leader, at=END + INSTANT)

    assert appointment.pk


def test_an_appointment_without_any_notice_is_refused(leader):
    unlisted = make_application(state="on_notice")

    with refused(NO_NOTICE):
        appoint_by_hand(unlisted, by=leader)
    with refused("art15_former_terms_come_by_import_alone"):
        appoint_by_hand(unlisted, by=leader, basis=Appointment.Basis.FORMER)


@pytest.mark.parametrize("state", ["approved", "declined", "withdrawn"])
def test_an_appointment_of_somebody_taken_from_the_list_is_refused(one, leader, state):
    move(one.application, state)

    with refused(NO_NOTICE):
        appoint_by_hand(one.application, by=leader)


def test_an_appointment_from_an_annulled_notice_is_refused(one, leader):
    move(one.notice, "annulled")

    with refused(NO_NOTICE):
        appoint_by_hand(one.application, by=leader)


def test_an_appointment_while_the_end_is_provisional_is_refused(leader):
    [candidate] = listed(1, provisional=True)

    with refused(NO_NOTICE):
        appoint_by_hand(candidate.application, by=leader)
    Notice.objects.filter(pk=candidate.notice_id).update(provisional=False)
    assert appoint_by_hand(candidate.application, by=leader).pk


def test_an_undecided_objection_blocks_its_candidate_and_no_other(two, leader):
    blocked, free = two
    object_to(blocked)

    with refused(NO_NOTICE):
        appoint_by_hand(blocked.application, by=leader)
    assert appoint_by_hand(free.application, by=leader).pk


def test_an_undecided_objection_to_the_whole_list_blocks_everybody(two, leader):
    object_to(two[0], candidate=None)

    for candidate in two:
        with refused(NO_NOTICE):
            appoint_by_hand(candidate.application, by=leader)


def test_an_upheld_objection_blocks_and_a_baseless_one_does_not(two, inspector, leader):
    guilty, innocent = two
    decide(object_to(guilty), inspector=inspector, leader=leader, upheld=True)
    decide(object_to(innocent, phone="13900000002"), inspector=inspector, leader=leader, upheld=False)
    move(guilty.application, "on_notice")

    with refused(NO_NOTICE):
        appoint_by_hand(guilty.application, by=leader)
    assert appoint_by_hand(innocent.application, by=leader).pk


@pytest.mark.parametrize("name", ["", "高明"])
def test_a_lead_blocks_nobody(one, leader, name):
    with clock.at(date(2026, 3, 4) if not name else date(2026, 3, 10)):
        make_objection(one, name=name)

    assert appoint_by_hand(one.application, by=leader, at=clock.instant(date(2026, 3, 11), 9)).pk


@pytest.mark.parametrize("state", ["submitted", "recommended", "approved", "declined"])
def test_only_from_the_notice_is_an_application_appointed(one, leader, state):
    approved = make_application(state=state)
    with unguarded(NO_NOTICE):
        lawless = appoint_by_hand(approved, by=leader)
    rightful = appoint_by_hand(one.application, by=leader)

    with refused("art11_only_from_the_notice"):
        execute(APPOINT, lawless.pk, approved.pk)
    execute(APPOINT, rightful.pk, one.application.pk)


def test_no_application_is_appointed_over_an_objection(two, leader):
    blocked, free = two
    object_to(blocked)
    with unguarded(NO_NOTICE):
        terms = [appoint_by_hand(each.application, by=leader) for each in two]

    with refused("art11_no_appointment_over_an_objection"):
        execute(APPOINT, terms[0].pk, blocked.application_id)
    execute(APPOINT, terms[1].pk, free.application_id)


def test_an_objection_never_follows_the_appointment(two, leader):
    appointed, waiting = two
    term = appoint_by_hand(appointed.application, by=leader)
    execute(APPOINT, term.pk, appointed.application_id)

    with refused("art11_objection_never_follows_the_appointment"):
        object_to(appointed)
    with refused("art11_objection_never_follows_the_appointment"):
        object_to(appointed, candidate=None)
    assert object_to(waiting).counts
    assert not object_to(appointed, name="").counts


# The notice and its list

CHANGES = {
    "title": "另一个标题",
    "statement": "另一段说明",
    "days": 1,
    "end_hour": 9,
    "released_at": clock.instant(date(2026, 2, 1)),
    "begins_at": clock.instant(date(2026, 2, 1)),
    "ends_at": clock.instant(date(2026, 3, 3), 18),
    "provisional": True,
    "digest": "0" * 64,
}


@pytest.mark.parametrize("field", CHANGES)
def test_a_published_notice_never_changes(one, draft, field):
    change = {field: CHANGES[field]}

    with refused(NEVER_CHANGES):
        Notice.objects.filter(pk=one.notice.pk).update(**change)
    assert Notice.objects.filter(pk=draft.pk).update(**change) == 1


def test_a_published_notice_is_neither_prolonged_nor_moved_nor_given_another_origin(one, draft):
    other, earlier = make_round(), make_bare_notice()

    for change in ({"ends_at": AFTER}, {"round": other}, {"corrects": earlier}):
        with refused(NEVER_CHANGES):
            Notice.objects.filter(pk=one.notice.pk).update(**change)
    assert Notice.objects.filter(pk=draft.pk).update(round=other, corrects=earlier) == 1


def test_a_notice_goes_from_published_to_annulled_and_nowhere_else(one):
    with refused(NEVER_CHANGES):
        move(one.notice, "draft")
    move(one.notice, "annulled")
    for state in ("published", "draft"):
        with refused(NEVER_CHANGES):
            move(one.notice, state)


def test_a_provisional_end_is_only_put_off(db):
    notice = make_bare_notice(provisional=True)

    with refused(NEVER_CHANGES):
        Notice.objects.filter(pk=notice.pk).update(ends_at=END - INSTANT, provisional=False)
    assert Notice.objects.filter(pk=notice.pk).update(ends_at=AFTER, provisional=False) == 1


def test_a_published_notice_is_never_deleted(db):
    published, draft = make_bare_notice(), make_bare_notice(state="draft")

    with refused("art11_published_notice_is_never_deleted"):
        published.delete()
    assert draft.delete()


def test_a_published_list_never_grows(one, draft):
    late = make_application(state="approved")

    with refused("art11_published_list_never_grows"):
        Candidate.objects.create(**row(one.notice, late))
    moved = Candidate.objects.create(**row(draft, late))
    with refused("art11_published_list_never_grows"):
        Candidate.objects.filter(pk=moved.pk).update(notice=one.notice)


def test_a_published_list_never_changes(one, draft):
    published, planned = Candidate.objects.filter(notice=one.notice), Candidate.objects.filter(notice=draft)

    with refused("art11_published_list_never_changes"):
        published.update(name="李四")
    with refused("art11_published_list_never_changes"):
        published.delete()
    assert planned.update(name="李四") == 1
    assert planned.delete()


# The objection


@pytest.mark.parametrize(
    ("name", "received_at", "counts"),
    [
        ("高明", END - INSTANT, True),
        ("高明", END, True),
        ("高明", END + INSTANT, False),
        ("", END - INSTANT, False),
        ("", END + INSTANT, False),
    ],
)
def test_an_objection_counts_when_named_and_in_time(one, name, received_at, counts):
    said = {"notice": one.notice, "candidate": one, "kind": "untrue", "facts": "不实", "name": name}

    with refused(COUNTS):
        Objection.objects.create(**said, received_at=received_at, counts=not counts, receipt="YC1", state="received")
    assert Objection.objects.create(
        **said, received_at=received_at, counts=counts, receipt="YC1", state="received" if counts else "lead"
    ).pk


def test_an_objection_stays_what_it_was(two):
    objection, other = object_to(two[0]), make_bare_notice()
    same = Objection.objects.filter(pk=objection.pk)

    changes = [{"counts": False}, {"candidate": two[1]}, {"candidate": None}, {"notice": other}, {"receipt": "YC2"}]
    for change in [*changes, {"received_at": AFTER}]:
        with refused(STAYS):
            same.update(**change)
    assert same.update(report="已核实") == 1


def test_an_objection_is_decided_only_after_it_was_examined(one, inspector, leader):
    objection = object_to(one)

    for upheld in (True, False):
        with refused(ONCE):
            Objection.objects.filter(pk=objection.pk).update(upheld=upheld)
    decide(objection, inspector=inspector, leader=leader, upheld=False)
    assert objection.upheld is False


@pytest.mark.parametrize(("upheld", "otherwise"), [(True, False), (False, True), (True, None), (False, None)])
def test_an_objection_is_decided_once(one, inspector, leader, upheld, otherwise):
    objection = object_to(one)
    decide(objection, inspector=inspector, leader=leader, upheld=upheld)
    move(objection, "examined")

    with refused(ONCE):
        Objection.objects.filter(pk=objection.pk).update(upheld=otherwise)
    assert Objection.objects.filter(pk=objection.pk).update(decision="补充说明") == 1


def test_an_objection_is_never_deleted(one):
    objection = object_to(one)

    with refused("art11_objection_is_never_deleted"):
        objection.delete()
    assert Objection.objects.filter(pk=objection.pk).exists()


def test_every_guard_of_selection_is_tried_here():
    declared = {guard.name for guard in GUARDS if Path(guard.where[0]).parts[-2:] == ("recruitment", "guards.py")}
    files = Path(__file__).parent.glob("test_*guards.py")
    source = "".join(file.read_text(encoding="utf8") for file in files)

    assert [name for name in declared if f'"{name}"' not in source] == []
