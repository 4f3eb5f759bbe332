"""What the database itself refuses about another term, each beside the legal neighbour that passes (Articles 3 and 12)."""

from datetime import date

import pytest

from evaluations.models import Dismissal
from recruitment.models import Application, Round, Wish
from tests.acts import refused
from tests.make import make_application, make_appointment, make_dismissal, make_round, make_wish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
FIRST = date(2023, 5, 1)


def renewal(**fields):
    """A draft for another term, in a round made for it."""
    term = make_appointment(first_day=FIRST)
    round = make_round(purpose=Round.Purpose.RENEWAL)
    return make_application(**{"applicant": term.expert.user, "renews": term, "round": round} | fields)


def test_one_renews_ones_own_term():
    own, another, draft = renewal(), make_appointment(first_day=FIRST), make_application()

    with refused("art3_one_renews_ones_own_term"):
        renewal(renews=another)
    with refused("art3_one_renews_ones_own_term"):
        Application.objects.filter(pk=draft.pk).update(renews=another)
    assert own.renews.expert.user == own.applicant


def test_the_renewed_term_never_changes():
    application = renewal(round=make_round())
    second = make_appointment(user=application.applicant, first_day=date(2026, 5, 1))

    for other in (second, None):
        with refused("art3_renewed_term_never_changes"):
            Application.objects.filter(pk=application.pk).update(renews=other)
    assert Application.objects.filter(pk=application.pk).update(line="帮小店看懂账") == 1


def test_only_a_draft_becomes_a_renewal():
    term = make_appointment(first_day=FIRST)
    draft, submitted = (make_application(state, applicant=term.expert.user) for state in ("draft", "submitted"))

    with refused("art3_renewed_term_never_changes"):
        Application.objects.filter(pk=submitted.pk).update(renews=term)
    assert Application.objects.filter(pk=draft.pk).update(renews=term) == 1


def test_a_round_for_renewal_takes_nothing_else():
    selection = make_round(purpose=Round.Purpose.RENEWAL)
    ordinary = make_application()

    with refused("art3_round_for_renewal_takes_nothing_else"):
        make_application(round=selection)
    with refused("art3_round_for_renewal_takes_nothing_else"):
        Application.objects.filter(pk=ordinary.pk).update(round=selection)
    assert renewal(round=selection).round == selection


@pytest.mark.parametrize("purpose", Round.Purpose)
def test_the_purpose_of_a_round_stays_once_somebody_applied(purpose):
    taken = (renewal() if purpose == Round.Purpose.RENEWAL else make_application()).round
    empty = make_round(purpose=purpose)
    other = next(each for each in Round.Purpose if each != purpose)

    with refused("art3_purpose_stays_once_somebody_applied"):
        Round.objects.filter(pk=taken.pk).update(purpose=other)
    assert Round.objects.filter(pk=taken.pk).update(places=30) == 1
    assert Round.objects.filter(pk=empty.pk).update(purpose=other) == 1


def test_a_wish_stays_with_its_term_and_is_never_deleted():
    wish, another = make_wish(), make_appointment(first_day=FIRST)

    with refused("art3_wish_belongs_to_its_term"):
        Wish.objects.filter(pk=wish.pk).update(term=another)
    with refused("art3_wish_is_never_deleted"):
        wish.delete()
    assert Wish.objects.filter(pk=wish.pk).update(words="想好了。") == 1


def test_a_term_has_one_wish_and_it_is_spoken():
    wish = make_wish()

    with refused("recruitment_wish.term_id|recruitment_wish_term_id"):
        make_wish(term=wish.term)
    with refused("art3_a_wish_is_spoken"):
        make_wish(words="")


def test_a_term_is_renewed_once():
    first = renewal()
    new = make_appointment(user=first.applicant, first_day=date(2026, 5, 1))
    make_application("appointed", applicant=first.applicant, renews=first.renews, appointment=new)
    later = make_appointment(user=first.applicant, first_day=date(2030, 5, 1))

    with refused("renews|art3_a_term_is_renewed_once"):
        make_application("appointed", applicant=first.applicant, renews=first.renews, appointment=later)
    assert make_application("declined", applicant=first.applicant, renews=first.renews).pk


@pytest.mark.parametrize("state", Dismissal.State)
def test_no_term_begins_while_a_case_is_open(state):
    case = make_dismissal(state, expert=make_appointment(first_day=FIRST).expert)

    def begin():
        return make_appointment(user=case.expert.user, first_day=date(2026, 5, 1)).pk

    if case.is_open:
        with refused("art12_no_new_term_while_a_case_is_open"):
            begin()
    else:
        assert begin()
