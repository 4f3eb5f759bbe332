"""An expert answers while his client thinks otherwise: one is heard, the other told, and nobody waits for ever."""

from datetime import date

import pytest
from django.db import OperationalError

from expertteam import clock
from expertteam.regulation import Refused
from expertteam.workflow import LINK, SYSTEM
from services import actions
from services.models import Offer, Service, ServiceRequest
from tests.make import make_expert, make_logged, make_offered, make_user
from tests.races.contest import together

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("today"),
]

NOW = clock.instant(date(2026, 3, 2), 10)
LATE = clock.instant(date(2026, 3, 9), 10)
FIRST_LOCK = "FOR UPDATE"


@pytest.fixture
def offered(db):
    expert = make_expert(user=make_user(name="韩砚秋"), topics=["finance"])
    return make_offered(expert)


def again(offer):
    """The same rows, as another process reads them."""
    return Offer.objects.get(pk=offer.pk)


def states(offer):
    return again(offer).state, ServiceRequest.objects.get(pk=offer.request_id).state


def accept_and_cancel(offer):
    request = ServiceRequest.objects.get(pk=offer.request_id)
    return together(
        lambda: actions.accept(again(offer), by=offer.expert.user),
        lambda: actions.cancel(request, by=LINK),
        meet=FIRST_LOCK,
        moment=NOW,
    )


def test_accepted_while_the_client_calls_it_off(offered):
    accepted, cancelled = accept_and_cancel(offered)

    # Called off it is in the end: before the acceptance, which is then refused, or after it.
    assert states(offered) == ("withdrawn", "cancelled")
    assert isinstance(cancelled, ServiceRequest)
    assert isinstance(accepted, Offer | Refused)


def test_control_without_one_order_of_locks_each_waits_for_the_other(offered, monkeypatch):
    monkeypatch.setattr(Offer, "BELONGS_TO", "")

    def deadlocks(offer):
        try:
            accept_and_cancel(offer)
        except OperationalError as fault:
            return "deadlock" in str(fault)
        return False

    # On a busy machine the two may miss each other once.
    assert deadlocks(offered) or any(deadlocks(make_offered(offered.expert)) for _ in range(4))


def test_accepted_at_the_moment_it_lapses_counts_once(offered):
    accepted, lapsed = together(
        lambda: actions.accept(again(offered), by=offered.expert.user),
        lambda: actions.lapse(again(offered), by=SYSTEM),
        meet=FIRST_LOCK,
        moment=LATE,
    )

    assert sorted([type(accepted), type(lapsed)], key=str) == sorted([Refused, Offer], key=str)
    assert states(offered) == ("lapsed", "submitted")


def test_confirmed_by_link_and_by_telephone_at_once_counts_once(db, matcher):
    expert = make_expert(user=make_user(name="韩砚秋"), topics=["finance"])
    service = make_logged(expert)

    results = together(
        lambda: actions.confirm(Service.objects.get(pk=service.pk), by=LINK),
        lambda: actions.confirm(Service.objects.get(pk=service.pk), by=matcher),
        meet=FIRST_LOCK,
        moment=clock.instant(date(2026, 3, 6), 9),
    )

    assert sorted(isinstance(result, Refused) for result in results) == [False, True]
    assert Service.objects.counted().count() == 1
