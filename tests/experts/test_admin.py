from datetime import date

import pytest

from experts.models import Appointment
from tests import make
from tests.make import make_appointment, make_expert, make_user, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
LISTS = ["/admin/experts/expert/", "/admin/experts/appointment/"]


@pytest.fixture
def office(http, reviewer):
    sign_in(http, reviewer)
    return http


def rows(http, path):
    return http.get(path).context["cl"].result_count


@pytest.mark.parametrize(("path", "queries"), [(LISTS[0], 9), (LISTS[1], 10)])
def test_registers_ask_the_same_number_of_times_for_1_and_30(office, path, queries, django_assert_num_queries):
    make_expert()
    with django_assert_num_queries(queries):
        office.get(path)
    for _ in range(29):
        make_expert()

    with django_assert_num_queries(queries):
        assert rows(office, path) == 30


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 4),
        ("term=valid", 2),
        ("term=ending", 1),
        ("term=over", 2),
        ("term=nonsense", 4),
        ("category=5", 1),
        ("category=5&category=2", 4),
        ("on=2026-03-01", 3),
        ("on=2024-01-01", 2),
        ("begun=first", 4),
        ("ended=early", 1),
        ("q=韩砚秋", 1),
        ("last_day=2029-02-28", 2),
    ],
)
def test_certificates_are_found_by_state_kind_and_name(office, query, found):
    make_appointment(user=make_user(name="韩砚秋"), category=5, first_day=date(2026, 3, 1))
    make_appointment(first_day=date(2023, 6, 1))
    make_appointment(first_day=date(2022, 1, 1))
    ended = make_appointment(first_day=date(2026, 3, 1))
    make.end_early(Appointment.objects.filter(pk=ended.pk), date(2026, 3, 2))

    assert rows(office, f"/admin/experts/appointment/?{query}") == found


@pytest.mark.parametrize(("query", "found"), [("serving=1", 1), ("serving=0", 1), ("district=140105", 1)])
def test_experts_are_found_by_whether_they_serve(office, query, found):
    make_expert(district="140105")
    make_expert(first_day=date(2022, 1, 1))

    assert rows(office, f"/admin/experts/expert/?{query}") == found


@pytest.mark.parametrize(("first_day", "warned"), [(date(2028, 2, 1), False), (date(2028, 2, 2), True)])
def test_15_the_register_warns_of_terms_that_outlive_the_measures(office, first_day, warned):
    make_appointment(first_day=first_day)

    assert ("长于办法有效期" in office.get("/admin/experts/appointment/").content.decode()) is warned


def test_registers_show_no_phone_no_identity_and_no_code(office):
    user = make_user(phone="13812345678", id_kind="resident_id", id_number="140105198001012345")
    term = make_appointment(user=user)

    for path in [
        *LISTS,
        f"/admin/experts/expert/{term.expert_id}/change/",
        f"/admin/experts/appointment/{term.pk}/change/",
    ]:
        html = office.get(path).content.decode()
        for canary in ("13812345678", "140105198001012345", term.token):
            assert canary not in html


@pytest.mark.parametrize("verb", ["add", "1/delete"])
@pytest.mark.parametrize("path", LISTS)
def test_nothing_is_written_in_the_registers(office, path, verb):
    assert office.get(f"{path}{verb}/").status_code in (403, 302)


def test_a_certificate_cannot_be_changed_in_the_register(office):
    term = make_appointment()

    assert office.post(f"/admin/experts/appointment/{term.pk}/change/", {"name": "另一人"}).status_code == 403


@pytest.mark.parametrize("path", LISTS)
def test_registers_are_closed_to_those_without_the_right(http, admin, path):
    sign_in(http, admin)

    assert http.get(path).status_code == 403
