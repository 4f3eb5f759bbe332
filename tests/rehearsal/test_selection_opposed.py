"""What a rehearsal makes of an objection to a whole list, beside the life that ``test_selection`` lives."""

from datetime import date

import pytest

from experts.models import Appointment
from expertteam.rehearsal import selection
from expertteam.rehearsal.people import WORDS
from recruitment.models import Objection
from tests.make import make_listed
from tests.rehearsal.lives import bureau, live

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("entry", WORDS["opposed"])
def test_everybody_on_the_list_is_appointed_once_it_is_answered(entry):
    it = bureau(0, date(2026, 4, 30))
    first, _ = make_listed(2, by=it.accounts["reviewer"])

    live(it, selection.opposed(it, first.notice, entry))

    assert not it.agenda.refused
    objection = Objection.objects.get(candidate=None, notice=first.notice)
    answered = objection.history.get(history_change_reason="答复反映人（第11条）").history_date
    assert [each.decided_at > answered for each in Appointment.objects.all()] == [True, True]


def test_until_then_nobody_on_it_is():
    it = bureau(0, date(2026, 3, 10))
    first, _ = make_listed(2, by=it.accounts["reviewer"])

    def appointing():
        yield it.hours.office(first.notice.ends_at.date())
        selection.all_appointed(it, first.notice)

    live(it, selection.opposed(it, first.notice, WORDS["opposed"][0]), appointing())

    assert Objection.objects.get(candidate=None).state != "answered"
    assert not Appointment.objects.exists()
