from datetime import date

import pytest
from django.db import transaction

from experts import actions
from experts.models import Expert, Topic
from expertteam import consents
from expertteam.regulation import Refused
from tests.make import make_appointment, make_user, unguarded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TERM = {"category": 2, "first_day": date(2026, 3, 2), "topics": [Topic.FINANCE]}


@pytest.fixture(autouse=True)
def _without_a_notice():
    """These ask what the act itself sees to; the notice is recruitment's."""
    with unguarded("art11_no_appointment_without_an_unopposed_notice"):
        yield


def bound(name="王芳"):
    """Somebody who has signed the undertaking of Article 4."""
    user = make_user(name=name)
    consents.sign(user, "confidentiality")
    return user


def test_appoint_enters_the_expert_for_three_years_with_a_numbered_certificate(leader):
    term = actions.appoint(bound("韩砚秋"), by=leader, name="韩砚秋", title="会计师", **TERM)

    assert (term.first_day, term.last_day) == (date(2026, 3, 2), date(2029, 3, 1))
    assert (term.number, term.name, term.decided_by) == ("并创专〔2026〕001号", "韩砚秋", leader)
    assert (term.expert.no, term.expert.title, term.expert.topic_labels) == ("TY-0001", "会计师", ["融资贷款"])


def test_appoint_refuses_without_the_undertaking_of_confidentiality(leader):
    with pytest.raises(Refused, match="保密承诺") as refusal:
        actions.appoint(make_user(), by=leader, name="王芳", **TERM)

    assert refusal.value.article == "4"


def test_appoint_refuses_a_term_that_overlaps(leader):
    user = bound()
    actions.appoint(user, by=leader, name="王芳", **TERM)

    with pytest.raises(Refused, match="重叠") as refusal:
        actions.appoint(user, by=leader, name="王芳", **TERM | {"first_day": date(2029, 3, 1)})

    assert refusal.value.article == "3"


def test_appoint_again_keeps_the_expert_and_replaces_his_fields(leader):
    user = bound()
    first = actions.appoint(user, by=leader, name="王芳", **TERM)

    again = TERM | {"first_day": date(2029, 3, 2), "topics": [Topic.RISK, Topic.POLICY]}
    second = actions.appoint(user, by=leader, name="王芳", **again)

    assert second.expert == first.expert
    assert set(second.expert.specialities.values_list("topic", flat=True)) == {"risk", "policy"}


def test_a_failed_appointment_leaves_no_gap_in_the_numbers(leader):
    actions.appoint(bound(), by=leader, name="王芳", **TERM)
    with transaction.atomic():
        actions.appoint(bound(), by=leader, name="王芳", **TERM)
        transaction.set_rollback(True)  # as when the act around it fails

    third = actions.appoint(bound(), by=leader, name="王芳", **TERM)

    assert (third.number, third.expert.no) == ("并创专〔2026〕002号", "TY-0002")


def test_each_year_has_its_own_numbers():
    numbers = [make_appointment(first_day=date(year, 3, 1)).number for year in (2025, 2026, 2026)]

    assert numbers == ["并创专〔2025〕001号", "并创专〔2026〕001号", "并创专〔2026〕002号"]


def test_an_appointment_leaves_a_trace_of_who_and_when(leader):
    term = actions.appoint(bound(), by=leader, name="王芳", **TERM)

    assert term.history.get().history_type == "+"
    assert Expert.history.filter(id=term.expert_id).exists()


def test_every_certificate_has_its_own_code():
    tokens = {make_appointment().token for _ in range(20)}

    assert len(tokens) == 20
    assert min(map(len, tokens)) >= 22  # 128 bits
