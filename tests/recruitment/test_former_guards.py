"""What the database itself refuses of the former basis: raw rows, each beside the lawful neighbour that passes."""

from datetime import date

import pytest
from django.db import models

from experts.models import Appointment, Expert
from expertteam import clock
from recruitment import actions
from recruitment.models import FormerImport, FormerRow
from tests import make
from tests.acts import execute, refused
from tests.recruitment.former import PERSON, SECOND, table, taken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
IMPORT_ALONE = "art15_former_terms_come_by_import_alone"
FIRST, LAST = date(2024, 5, 1), date(2027, 4, 30)


@pytest.fixture
def row(reviewer):
    """An import that was taken in says that this person's term is still to be written."""
    expert = Expert.objects.create(user=make.make_user(name="韩砚秋"), no="TY-9001")
    said = {"number": "旧一号", "first_day": FIRST, "last_day": LAST}
    return make.make_former_row(taken_by=reviewer, account_key=expert.user_id, expert_key=expert.pk, **said)


def write(row, **fields):
    """The term that this row speaks of, written past every verb."""
    said = {
        "expert": Expert.objects.get(user=row.account_key), "name": "韩砚秋", "category": 2, "number": row.number,
        "first_day": row.first_day, "last_day": row.last_day, "basis": "former",
        "decided_by": row.source.taken_by, "decided_at": clock.now(),
    }  # fmt: skip
    return Appointment.objects.create(**said | fields)


def test_a_term_that_stands_in_an_import_passes(row):
    assert write(row).pk


@pytest.mark.parametrize(
    "otherwise",
    [
        {"number": "旧二号"},
        {"first_day": date(2024, 5, 2)},
        {"last_day": date(2027, 4, 29)},
        {"expert": "another"},
        {"decided_by": "another"},
    ],
    ids=lambda otherwise: next(iter(otherwise)),
)
def test_a_term_that_differs_from_its_row_is_refused(row, otherwise):
    others = {"expert": lambda: make.make_expert(), "decided_by": make.make_user}
    fields = {name: others[name]() if value == "another" else value for name, value in otherwise.items()}

    with refused(IMPORT_ALONE):
        write(row, **fields)
    assert write(row).pk


@pytest.mark.parametrize("state", ["checked", "aside", "undone"])
def test_only_an_import_that_was_taken_in_lets_a_term_be(row, state):
    said = {"state": state, "reason": "名单有误"}  # of one undone
    with make.unguarded("art15_import_is_taken_once_and_stays"):
        models.QuerySet(FormerImport).filter(pk=row.source_id).update(**said)

    with refused(IMPORT_ALONE):
        write(row)


def test_a_row_that_was_known_or_wrong_lets_none_be(row):
    with make.unguarded("art15_row_says_what_it_said"):
        FormerRow.objects.filter(pk=row.pk).update(outcome="known")

    with refused(IMPORT_ALONE):
        write(row)


@pytest.mark.parametrize(
    ("first_day", "last_day", "passes"),
    [(date(2026, 1, 31), date(2029, 1, 30), True), (date(2026, 2, 1), date(2029, 1, 31), False)],
)
def test_no_term_of_this_basis_begins_under_the_measures(reviewer, first_day, last_day, passes):
    """Even an import that says so brings none about."""
    expert = Expert.objects.create(user=make.make_user(), no="TY-0001")
    said = {"number": "旧一号", "first_day": first_day, "last_day": last_day}
    row = make.make_former_row(taken_by=reviewer, account_key=expert.user_id, expert_key=expert.pk, **said)

    if passes:
        assert write(row).pk
        return
    with refused(IMPORT_ALONE):
        write(row)


@pytest.mark.parametrize(
    ("first_day", "longest"),
    [(FIRST, LAST), (date(2024, 2, 29), date(2027, 2, 28)), (date(2023, 3, 1), date(2026, 2, 28))],
)
def test_art3_no_term_lasts_longer_than_three_years(reviewer, first_day, longest):
    expert = Expert.objects.create(user=make.make_user(), no="TY-0001")
    beyond = date.fromordinal(longest.toordinal() + 1)
    rows = [
        make.make_former_row(
            taken_by=reviewer, account_key=expert.user_id, expert_key=expert.pk, number=f"旧{n}号", first_day=first_day,
            last_day=last,
        )
        for n, last in enumerate([beyond, longest])
    ]  # fmt: skip

    with refused("art3_term_is_three_years_at_most"):
        write(rows[0])
    assert write(rows[1]).pk


def test_any_other_basis_asks_for_the_notice(row):
    with refused("art11_no_appointment_without_an_unopposed_notice"):
        write(row, basis="measures")


def test_a_certificate_is_deleted_by_an_undone_import_alone(intake, reviewer, leader):
    record = taken(intake, reviewer, PERSON)
    with refused("art11_certificate_is_never_deleted"):
        execute("DELETE FROM experts_appointment WHERE number = %s", PERSON["聘书编号"])

    actions.undo(record, by=leader, reason="年份录错了")
    assert not Appointment.objects.exists()


def test_a_certificate_that_came_in_again_is_not_deleted_for_the_import_undone_before(intake, reviewer, leader):
    actions.undo(taken(intake, reviewer, PERSON), by=leader, reason="年份录错了")
    again = taken(intake, reviewer, PERSON)
    with refused("art11_certificate_is_never_deleted"):
        execute("DELETE FROM experts_appointment WHERE number = %s", PERSON["聘书编号"])

    actions.undo(again, by=leader, reason="又录错了")
    assert not Appointment.objects.exists()


# The record of an import


MOVES = [("checked", "undone"), ("taken", "checked"), ("taken", "aside"), ("aside", "taken"), ("undone", "taken")]


@pytest.mark.parametrize(("source", "target"), MOVES)
def test_an_import_is_taken_once_and_undone_once(source, target):
    record = make.make_former_import(source)
    whole = {"taken_by": make.make_user(), "taken_at": clock.now()} if source in ("checked", "aside") else {}

    with refused("art15_import_is_taken_once_and_stays"):
        models.QuerySet(FormerImport).filter(pk=record.pk).update(state=target, reason="错了", **whole)


@pytest.mark.parametrize(
    "change", [{"digest": "0" * 64}, {"number": "DR1"}, {"read_at": clock.instant(date(2026, 1, 1))}]
)
def test_an_import_says_for_ever_what_was_read(change):
    record = make.make_former_import("taken")

    with refused("art15_import_is_taken_once_and_stays"):
        FormerImport.objects.filter(pk=record.pk).update(**change)


def test_a_table_with_a_fault_is_not_taken_in_by_hand_either(intake, reviewer):
    record = actions.read_former(table(PERSON, SECOND | {"手机号": "1"}), by=intake)

    with refused("art15_import_is_taken_once_and_stays"):
        models.QuerySet(FormerImport).filter(pk=record.pk).update(
            state="taken", taken_by=reviewer, taken_at=clock.now()
        )


def test_an_import_begins_with_its_reading(reviewer, intake):
    whole = {"number": "DR1", "filename": "名单", "digest": "1" * 64, "read_by": intake}
    with refused("art15_import_begins_with_its_reading"):
        FormerImport.objects.create(state="taken", taken_by=reviewer, taken_at=clock.now(), **whole)
    assert FormerImport.objects.create(**whole).pk


def test_two_people_see_an_import(intake):
    record = make.make_former_import(read_by=intake)

    with refused("art15_two_people_see_an_import"):
        FormerImport.objects.filter(pk=record.pk).update(taken_by=intake, taken_at=clock.now())


def test_one_import_of_a_file_is_live(intake):
    make.make_former_import(digest="1" * 64)
    with refused("art15_one_import_of_a_file|UNIQUE"):
        make.make_former_import(digest="1" * 64)


def test_rows_are_there_before_the_taking_and_never_change(row):
    FormerRow.objects.filter(pk=row.pk).update(filled="name")
    with refused("art15_rows_are_read_before_the_taking"):
        FormerRow.objects.create(source=row.source, place=3, cells="{}", outcome="wrong")
    for change in (
        {"place": 9},
        {"number": "旧二号"},
        {"first_day": date(2024, 5, 2)},
        {"account_key": 1},
        {"cells": "[]"},
        {"filled": ""},
    ):
        with refused("art15_row_says_what_it_said"):
            FormerRow.objects.filter(pk=row.pk).update(**change)


@pytest.mark.parametrize(
    ("model", "guard"), [(FormerRow, "art15_row_is_never_deleted"), (FormerImport, "art15_import_is_never_deleted")]
)
def test_neither_import_nor_row_is_deleted(row, model, guard):
    with refused(guard):
        execute(f"DELETE FROM {model._meta.db_table}")
