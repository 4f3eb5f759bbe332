from datetime import date

import pytest

from experts.models import Appointment
from expertteam import clock, consents
from tests import make
from tests.make import make_appointment, make_expert, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
FIRST, LAST = date(2026, 3, 1), date(2029, 2, 28)


@pytest.fixture
def term():
    return make_appointment(user=make_user(name="欧阳明月"), first_day=FIRST)


def by_number(http, no="2026-001"):
    return http.get("/verify/", {"no": no}).content.decode()


def card(html):
    """What the result itself says; beside it stands what every result means."""
    return html.partition('<section class="cert"')[2].partition("</section>")[0]


@pytest.mark.parametrize(
    ("on", "void_from", "expected"),
    [
        (date(2026, 2, 28), None, "尚未生效"),
        (FIRST, None, "有效"),
        (LAST, None, "有效"),
        (date(2029, 3, 1), None, "聘期已满"),
        (date(2027, 6, 1), date(2027, 6, 1), "已不再聘任"),
        (date(2027, 5, 31), date(2027, 6, 1), "有效"),
        (date(2030, 1, 1), date(2027, 6, 1), "已不再聘任"),
    ],
)
def test_3_verification_says_at_every_moment_what_the_term_says(http, term, on, void_from, expected):
    make.end_early(Appointment.objects.filter(pk=term.pk), void_from)
    said = {"有效", "聘期已满", "已不再聘任", "尚未生效"}

    with clock.at(on):
        answers = [card(by_number(http)), card(http.get(f"/verify/{term.token}/").content.decode())]

    assert [{word for word in said if word in answer} for answer in answers] == [{expected}] * 2
    assert [("核验通过印记" in answer) for answer in answers] == [expected == "有效"] * 2


def test_by_number_only_the_surname_is_told(http, term):
    html = by_number(http)

    assert "欧阳某" in html
    assert "欧阳明月" not in html
    assert "2026年3月1日至2029年2月28日" in html
    assert "太原市人力资源和社会保障局" in card(html)
    assert "2026年3月2日 09:00:00" in html
    assert 'role="status"' in html


def test_by_code_the_whole_name_is_told_and_the_address_to_nobody(http, term):
    response = http.get(f"/verify/{term.token}/")

    assert "欧阳明月" in response.content.decode()
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert term.token not in response.content.decode()


def test_a_listed_expert_is_linked_and_another_is_not(http, term):
    hidden = "看专家主页" in by_number(http)
    consents.sign(term.expert.user, "public_directory")

    assert (hidden, "看专家主页" in by_number(http)) == (False, True)


@pytest.mark.parametrize("no", ["2026-999", "韩砚秋", "1", "%", "并创专"])
def test_an_unknown_number_is_not_found_and_the_phone_given(http, term, no):
    html = by_number(http, no)

    assert "查不到这份聘书" in html
    assert "0351-555 0100" in html
    assert "欧阳" not in html


@pytest.mark.parametrize("no", ["", " ", "1" * 41])
def test_what_cannot_be_a_number_is_said_at_the_field(http, no):
    response = http.get("/verify/", {"no": no})

    assert response.status_code == 422
    assert response.context["form"].errors["no"]


@pytest.mark.parametrize("token", ["nonsense", "a" * 200])
def test_an_unknown_code_is_not_found(http, term, token):
    response = http.get(f"/verify/{token}/")

    assert response.status_code == 404
    assert "查不到这份聘书" in response.content.decode()


def test_the_bare_page_asks_nothing_of_the_database(http, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert http.get("/verify/").status_code == 200


def test_after_thirty_checks_a_minute_a_network_has_to_wait(http, term):
    statuses = [http.get("/verify/", {"no": "2026-001"}).status_code for _ in range(31)]

    assert statuses == [200] * 30 + [429]
    assert http.get(f"/verify/{term.token}/").status_code == 429
    assert http.get("/verify/", {"no": "2026-001"}, REMOTE_ADDR="10.2.0.1").status_code == 200
    assert http.get("/verify/").status_code == 200


def test_no_certificate_is_found_by_a_part_of_its_number(http):
    make_expert()

    assert "查不到这份聘书" in by_number(http, "并创专〔2026〕00")
