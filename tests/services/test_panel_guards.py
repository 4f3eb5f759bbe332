"""What the database itself refuses about a review, whoever writes: each time with the control that it lets by (Article 10(4))."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from expertteam import clock
from services.models import Recusal, ReviewPanel, ScoreSheet, Seat, Vote
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
LATER = clock.instant(date(2026, 3, 3), 12)


def sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def refused(name, statement, *values):
    with pytest.raises(IntegrityError, match=name):
        sql(statement, *values)


OPEN = "UPDATE services_reviewpanel SET state = 'open', convened_by_id = drafted_by_id, inspector_id = %s, inspector_seated_at = %s WHERE id = %s"


def test_no_review_opens_without_an_inspector_of_its_own():
    review = make.make_panel("seated")

    refused("art10_4_no_review_without_an_inspector|CHECK", OPEN, None, None, review.pk)
    refused("art10_4_inspector_does_not_run_the_review|CHECK", OPEN, review.drafted_by_id, LATER, review.pk)
    sql(OPEN, make.make_user().pk, LATER, review.pk)
    assert ReviewPanel.objects.get(pk=review.pk).state == "open"


def test_nobody_sits_who_was_neither_drawn_nor_chosen():
    chosen = make.make_seat()
    other = make.make_expert()

    with pytest.raises(IntegrityError, match="art10_4_member_was_drawn_or_chosen"), transaction.atomic():
        make.Seat.objects.create(
            panel=chosen.panel, choice=chosen.choice, place=2, stratum="any", expert=other, answer_due=LATER
        )
    make.ChosenExpert.objects.create(choice=chosen.choice, expert=other, stratum="any")
    make.Seat.objects.create(
        panel=chosen.panel, choice=chosen.choice, place=2, stratum="any", expert=other, answer_due=LATER
    )


def test_nobody_sits_whom_the_pool_left_out():
    expert, it = make.make_expert(), make.make_draw()
    entry = make.make_pool_entry(it, expert, why="mentor")
    sql(
        "UPDATE services_draw SET state = 'fixed', inspector_id = %s, fixed_at = %s WHERE id = %s",
        make.make_user().pk,
        LATER,
        it.pk,
    )
    sql("UPDATE services_draw SET state = 'drawn', record_hash = 'x', drawn_at = %s WHERE id = %s", LATER, it.pk)

    with pytest.raises(IntegrityError, match="art10_4_member_was_drawn_or_chosen"), transaction.atomic():
        Seat.objects.create(
            panel=it.panel, draw=it, entry=entry, place=1, stratum="any", expert=expert, answer_due=LATER
        )


def test_a_seat_is_not_handed_on_by_one_hand():
    seat = make.make_seat("passing")
    taken = "UPDATE services_seat SET state = 'stood_down', stood_down_no = 1, stood_down_at = %s, stood_down_by_id = %s WHERE id = %s"

    refused("art10_4_stand_down_has_two_signatures|CHECK", taken, LATER, seat.passed_by_id, seat.pk)
    sql(taken, LATER, make.make_user().pk, seat.pk)
    refused(
        "art10_4_seat_that_was_handed_on_stays_so", "UPDATE services_seat SET state = 'called' WHERE id = %s", seat.pk
    )


def test_only_members_in_the_room_judge_and_nothing_after_the_close():
    sheet = make.make_score_sheet("submitted")
    better = "UPDATE services_scoresheet SET total = '95.00' WHERE id = %s"
    sql(better, sheet.pk)

    sql("UPDATE services_reviewpanel SET state = 'signing' WHERE id = %s", sheet.panel_id)
    refused("art8_4_judged_by_members_in_the_room", better, sheet.pk)
    absent = make.make_seat("accepted")
    with pytest.raises(IntegrityError, match="art8_4_judged_by_members_in_the_room"), transaction.atomic():
        ScoreSheet.objects.create(panel=absent.panel, seat=absent, project=make.make_project(absent.panel))


def test_who_is_excused_from_a_project_gives_it_no_score():
    sheet = make.make_score_sheet()
    Recusal.objects.create(seat=sheet.seat, project=sheet.project, reason="同门")
    given = "UPDATE services_scoresheet SET state = 'submitted', total = '80.00', submitted_at = %s WHERE id = %s"

    refused("art8_4_judged_by_members_in_the_room", given, LATER, sheet.pk)
    other = make.make_score_sheet()
    sql(given, LATER, other.pk)


@pytest.mark.parametrize("what", ["draw", "seat", "scoresheet", "reviewpanel"])
def test_nothing_moves_while_halted(what):
    record = {
        "draw": make.make_draw,
        "seat": make.make_seat,
        "scoresheet": make.make_score_sheet,
        "reviewpanel": make.make_panel,
    }[what]()
    touch = f"UPDATE services_{what} SET state = state WHERE id = %s"
    sql(touch, record.pk)
    halt = make.make_halt(panel=record if what == "reviewpanel" else record.panel)

    refused("moves_while_halted", touch, record.pk)
    refused(
        "art10_4_halt_is_lifted_once_with_a_reason", "UPDATE services_halt SET state = 'lifted' WHERE id = %s", halt.pk
    )
    sql("UPDATE services_halt SET state = 'lifted', lifted_because = '已核对' WHERE id = %s", halt.pk)
    sql(touch, record.pk)


def test_a_result_stays_what_it_was_and_a_vote_is_cast_once():
    review = make.make_panel("signing")
    project = make.make_project(review, score="80.00", rank=1)
    better = "UPDATE services_reviewproject SET score = '90.00' WHERE id = %s"
    sql(better, project.pk)
    sql("UPDATE services_reviewpanel SET state = 'concluded' WHERE id = %s", review.pk)

    refused(
        "art8_4_result_never_changes", "UPDATE services_reviewproject SET score = '80.00' WHERE id = %s", project.pk
    )
    refused("art8_4_result_never_changes", "UPDATE services_reviewproject SET score = NULL WHERE id = %s", project.pk)
    vote = Vote.objects.create(seat=make.make_seat(), project=project, score="90.00", first_mark="30.00")
    refused("append_only_services_vote", "DELETE FROM services_vote WHERE id = %s", vote.pk)
