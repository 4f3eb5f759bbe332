"""Reviews of a rehearsal: seats filled by chance or on three people's word, and a result, or a reason why not."""

from datetime import timedelta

import pytest
from django.test import override_settings

from expertteam import chance
from expertteam.rehearsal import panels
from services.models import Draw, ReviewPanel, ScoreSheet, Seat, Service
from tests.rehearsal.lives import MARCH, bureau, live

pytestmark = pytest.mark.django_db


def reviewed(experts: int, times: int):
    """A life of so many reviews, one a week."""
    with override_settings(DEMO=True), chance.seeded(1):
        it = bureau(experts, MARCH + timedelta(weeks=times + 6))
        live(it, *(panels.reviewed(it, MARCH + timedelta(weeks=week)) for week in range(times)))
    return it


def test_every_review_comes_to_a_result_or_is_called_off():
    it = reviewed(16, 9)

    assert not it.agenda.refused
    assert set(ReviewPanel.objects.values_list("state", flat=True)) <= {"published", "cancelled"}
    for each in ReviewPanel.objects.filter(state="cancelled"):
        assert each.cancelled_reason
    published = ReviewPanel.objects.filter(state="published")
    assert published.count() > 4
    assert (
        Service.objects.filter(kind="review").count()
        == Seat.objects.filter(panel__in=published, state="signed").count()
    )
    assert Draw.objects.filter(state="opened").exists()
    assert ScoreSheet.objects.filter(state="submitted").exists()


def test_a_team_of_three_has_no_reviews():
    reviewed(3, 2)

    assert not ReviewPanel.objects.exists()
