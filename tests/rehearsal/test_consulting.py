"""Consultations of a rehearsal: asked on the web and by telephone, and followed to the last word."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from evaluations.models import Rating
from experts.models import Expert
from expertteam import clock
from expertteam.demo_life.clients import keep_hours
from expertteam.rehearsal import conduct, consulting
from expertteam.rehearsal.clientele import Clientele
from services.models import Call, Offer, Service, ServiceRequest
from tests.rehearsal.lives import MARCH, bureau, jobs, live

pytestmark = pytest.mark.django_db
CLOCKS = ["lapse offers", "pass unconfirmed services to call-back"]


def asked(it, count: int) -> list:
    """So many requests by one clientele in three weeks."""
    people = Clientele(consulting.FIRST_NUMBER)
    return [consulting.request(it, people.somebody(it), MARCH + timedelta(days=n % 20)) for n in range(count)]


def test_every_request_comes_to_its_end_whichever_way_it_was_made():
    it = bureau(8, date(2026, 5, 29))

    live(it, keep_hours(), *jobs(it, *CLOCKS), *asked(it, 40))

    assert not it.agenda.refused
    assert ServiceRequest.objects.count() == 40
    assert not ServiceRequest.objects.open().exists()
    assert set(ServiceRequest.objects.values_list("channel", flat=True)) == {"web", "phone"}
    assert ServiceRequest.objects.filter(client__username="client").exists()
    assert set(Service.objects.values_list("state", flat=True)) <= {"confirmed", "verified", "ruled", "rejected"}
    assert Service.objects.filter(state="confirmed").count() > 20
    assert {"link", "code", "phone"} <= set(Service.objects.values_list("confirmed_via", flat=True))
    assert set(Rating.objects.given().values_list("channel", flat=True)) == {"link", "phone"}
    assert Call.objects.filter(what="预约").exists()


def test_the_same_seed_asks_and_answers_the_same():
    def told(seed):
        with transaction.atomic():
            it = bureau(4, date(2026, 4, 10), seed=seed)
            live(it, keep_hours(), *asked(it, 8))
            requests = ServiceRequest.objects.order_by("pk")
            found = [(each.name, each.topics, each.state, each.starts_at) for each in requests]
            transaction.set_rollback(True)
            return found

    assert told(1) == told(1) != told(2)


def test_nobody_asks_where_there_is_no_team():
    it = bureau(0, date(2026, 3, 31))

    live(it, *asked(it, 5))

    assert not ServiceRequest.objects.exists()


@pytest.mark.parametrize("hours", [[keep_hours], []], ids=["published", "left to the centre"])
def test_whoever_complains_of_an_expert_meets_this_one_and_says_so(hours):
    it = bureau(3, date(2026, 4, 30))
    expert = Expert.objects.order_by("pk").first()
    crowd = Clientele(190_000)

    live(
        it,
        *(kept() for kept in hours),
        *(consulting.request(it, crowd.newcomer(it), MARCH, sore=expert.pk) for _ in range(3)),
    )

    said = Rating.objects.values_list("expert", "grade", "wrong")
    assert list(said) == [(expert.pk, 1, ["attitude"])] * 3


def test_what_a_leaving_expert_gives_back_goes_on_with_another():
    it = bureau(2, date(2026, 5, 29))
    leaves = Expert.objects.order_by("pk").first()
    it.happens = lambda share: share > 0.5

    def goes():
        yield clock.instant(date(2026, 3, 9), 12)
        yield from conduct.resigned(it, None, leaves)

    live(it, keep_hours(), *jobs(it, *CLOCKS), *asked(it, 12), goes())

    assert Offer.objects.filter(expert=leaves, state="withdrawn").exists()
    assert not ServiceRequest.objects.open().exists()


def test_a_visit_needs_leave_unless_a_key_group_asks_for_it():
    it = bureau(4, date(2026, 5, 29))
    Expert.objects.update(visits=True)
    it.happens = lambda share: share == consulting.VISITED or it.hours.random.random() < share

    live(it, keep_hours(), *jobs(it, *CLOCKS), *asked(it, 12))

    visits = ServiceRequest.objects.filter(place="visit")
    assert visits.count() == 12
    assert all(each.visit_allowed_by or each.is_key or each.state == "unplaced" for each in visits)
    assert visits.filter(visit_allowed_by__isnull=False).exists()
