"""A number of the annual report opens the rows that it counts, for whoever may see them."""

import re
from datetime import date

import pytest
from django.urls import reverse

from evaluations.models import Rating
from experts.admin import AppointmentAdmin
from expertteam import clock
from expertteam.admin import narrowed_by
from expertteam.annual.openings import by, by_month, rows
from expertteam.figures import NO_CLIENT, REST
from services.models import Service, SignUp
from tests import make
from tests.conftest import person
from tests.expertteam.opened import false_numbers, found, is_true, numbers

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 24)
PAGE = "/admin/annual/2026/"
OTHERS = ["unemployed", "returnee", "veteran", "farmer", "hardship", "startup", "other"]
KINDS = {"咨询": {"kind": ["a"]}, "指导": {"kind": ["b"]}, "评审": {"kind": ["c"]}, "评审和活动": {"kind": ["c", "d"]}}


@pytest.mark.parametrize(
    ("label", "shown", "expected"),
    [
        ("合计", [], {}),
        ("", [], {}),
        ("咨询", ["咨询", REST], {"kind": ["a"]}),
        (REST, ["咨询", REST], {"kind": ["b", "c", "d"]}),
        (REST, ["指导", "评审和活动", REST], {"kind": ["a"]}),
    ],
)
def test_what_was_put_together_asks_for_all_that_is_not_shown(label, shown, expected):
    assert rows(Service, KINDS).of(label, shown).asked == expected


def test_a_label_that_stands_for_no_rows_leads_nowhere():
    assert rows(Service, KINDS).of("平均分") is None


@pytest.mark.parametrize(
    ("label", "expected"),
    [("3月", {"at__month": [3]}), ("11—12月", {"at__month__in": ["11,12"]}), ("1—3月", {"at__month__in": ["1,2,3"]})],
)
def test_a_stretch_of_months_asks_for_each_of_them(label, expected):
    assert by_month("at")[label] == expected


def test_an_address_is_for_whoever_may_see_the_register(leader, matcher):
    there = rows(SignUp, by("group", {"农民": "farmer"}), state__exact="attended")

    assert there.of("农民").seen_by(matcher) == "/admin/services/signup/?state__exact=attended&group=farmer"
    assert there.of("农民").seen_by(leader) == ""


def a_year():
    """Something of everything that the report counts, some of it too little to be told."""
    team = [make.make_expert(topics=["finance", "policy"][: 1 + number % 2]) for number in range(7)]
    make.end_early(team[6].appointments.all(), date(2026, 9, 1))
    make.make_appointment(user=team[0].user, category=3, first_day=date(2023, 2, 1))
    make.make_bare_objection(notice=make.make_bare_notice(), state="lead")
    make.make_bare_notice(state="draft")
    for number in range(8):
        make.make_application(state="submitted", submitted_at=clock.instant(date(2026, 3 + number // 5, 2), 9))
    for number, group in enumerate(["graduate"] * 9 + ["farmer"] * 6 + ["veteran", ""]):
        request = make.make_request(
            "confirmed", expert=team[0], group=group, district=["140105", "140106", ""][number % 3]
        )
        make.make_service(
            "confirmed", expert=team[0], group=group, request=request, kind=["consulting", "guidance"][number % 2]
        )
    for kind in ["activity"] * 7 + ["review"]:
        make.make_service("ruled", expert=team[1], kind=kind, started_at=clock.instant(date(2026, 5, 1), 9))
    make.make_service("logged", expert=team[1], kind="other", group="farmer")
    held = make.make_activity("held", capacity=20)
    for group in ["graduate"] * 6 + ["farmer", ""]:
        make.make_sign_up("attended", activity=held, group=group)
    make.make_sign_up("absent", activity=held, group="graduate")
    make.make_pairing(members=5)
    panel = make.make_panel("published", published_at=clock.instant(date(2026, 3, 5), 9))
    make.make_project(panel, passed=True)
    make.make_project(panel, passed=False)
    for grade in [5, 5, 5, 5, 5, 4, 1]:
        make.make_rating(expert=team[1], grade=grade, wrong=["unsolved"] if grade < 3 else [])
    for _ in range(5):
        make.make_refusal("judged")
    make.make_refusal("set_aside")
    make.make_dismissal("dismissed", opened_at=clock.instant(date(2026, 3, 2), 9))


@pytest.mark.parametrize("role", ["leader", "matcher"])
def test_every_number_opens_as_many_rows_as_it_says(role, http):
    a_year()
    make.sign_in(http, person(role, role))

    with clock.at(NOVEMBER):
        said = numbers(http, PAGE)
        wrong = false_numbers(http, PAGE)

    assert wrong == []
    assert len(said) > 60
    assert {"0", "8"} <= {words for words, _ in said}


def test_a_number_that_is_wrong_is_found(leader, http):
    a_year()
    make.sign_in(http, leader)

    with clock.at(NOVEMBER):
        said = [(words, register) for words, register in numbers(http, PAGE) if "services/service/" in register]
        Service.objects.filter(kind="guidance").first().delete()
        after = [is_true(words, found(http, register)) for words, register in said]

    assert False in after


def test_what_was_put_together_and_what_has_no_client_are_opened(leader, http):
    a_year()
    make.sign_in(http, leader)

    with clock.at(NOVEMBER):
        opened = [(words, register) for words, register in numbers(http, PAGE) if "whom=" in register]

    together = {words: register for words, register in opened if "whom=farmer" in register}
    assert [re.findall("whom=([a-z]+)", register) for register in together.values()] == [OTHERS]
    assert [*together] == ["7"]
    assert [words for words, register in opened if register.endswith("&whom=many")] == ["8"]


def test_whoever_may_not_see_the_rows_gets_the_number_alone(http, leader, matcher):
    a_year()
    registers = {}
    for user in (leader, matcher):
        make.sign_in(http, user)
        with clock.at(NOVEMBER):
            registers[user.username] = {register.split("?")[0] for _, register in numbers(http, PAGE)}
            page = http.get(PAGE).content.decode()
        assert "活动到场" in page

    assert "/admin/services/signup/" in registers["matcher"] - registers["leader"]
    assert "/admin/services/pairingmember/" in registers["matcher"] - registers["leader"]
    assert "/admin/evaluations/refusal/" in registers["leader"] - registers["matcher"]


@pytest.mark.parametrize(
    "asked",
    ["services/service/?whom=nobody", "experts/appointment/?on=yesterday", "experts/expert/?on=2026-13-01"],
)
def test_a_filter_asked_for_what_is_no_choice_shows_no_rows_as_if_they_were_meant(asked, http, leader):
    make.sign_in(http, leader)

    answer = http.get(f"/admin/{asked}")

    assert (answer.status_code, answer["Location"].split("?")[1]) == (302, "e=1")


BEYOND = [
    "experts/appointment/?first_day__year=9999",
    "experts/appointment/?first_day__year=0",
    "experts/appointment/?first_day__year=99999999999999999999",
    "experts/appointment/?first_day__month__in=99999999999999999999999",
    "services/service/?started_at__year=1",
    "services/service/?started_at__year=9999&started_at__month=12",
    "services/service/?started_at__year=2026&started_at__month=13",
]


@pytest.mark.parametrize("asked", BEYOND)
def test_a_number_beyond_every_calendar_is_no_fault_of_ours(asked, http, leader):
    make.make_service("confirmed")
    make.sign_in(http, leader)
    page, _, query = asked.partition("?")

    for address in (f"/admin/{asked}", f"/admin/{page}export/?{query}"):
        assert http.get(address).status_code in (200, 302)
        assert http.get(address, follow=True).status_code == 200
    assert http.get(f"/admin/{page}?e=1").status_code == 200


@pytest.mark.parametrize(("key", "answered"), [("", 400), ("²", 400), ("9" * 20, 400), ("\0", 400), ("999999", 302)])
def test_an_act_on_a_row_that_there_can_be_none_of_is_no_fault_of_ours(key, answered, http, reviewer):
    make.make_application("approved")
    make.sign_in(http, reviewer)

    act = {"action": "publish", "index": "0", "select_across": "0", "_selected_action": key}

    assert http.post("/admin/recruitment/notice/", act).status_code == answered


def test_a_register_that_is_asked_for_nothing_strange_hides_no_fault(http, leader, monkeypatch):
    make.sign_in(http, leader)
    monkeypatch.setattr(AppointmentAdmin, "get_queryset", lambda *_: int("nothing"))

    with pytest.raises(ValueError, match="nothing"):
        http.get("/admin/experts/appointment/")


def test_a_sieve_shows_what_any_of_its_choices_means(http, leader):
    expert = make.make_expert()
    for group in ["graduate", "farmer", "veteran"]:
        make.make_service("confirmed", expert=expert, group=group)
    make.make_service("confirmed", expert=expert, kind="activity", group="graduate")
    make.sign_in(http, leader)
    register = reverse("admin:services_service_changelist")

    asked = http.get(register, {"whom": ["graduate", "farmer"]})

    assert asked.context["cl"].result_count == 2
    chosen = next(spec for spec in asked.context["cl"].filter_specs if spec.title == "服务对象类别")
    assert [each["display"] for each in chosen.choices(asked.context["cl"]) if each["selected"]] == [
        "高校毕业生",
        "农民",
    ]


def test_a_sieve_counts_what_each_choice_would_leave(http, leader):
    expert = make.make_expert()
    make.make_service("confirmed", expert=expert, group="graduate")
    make.make_service("confirmed", expert=expert, kind="activity")
    make.sign_in(http, leader)

    page = http.get(
        reverse("admin:services_service_changelist"), {"whom": "graduate", "_facets": "True"}
    ).content.decode()

    assert "高校毕业生 (1)" in page
    assert f"{NO_CLIENT} (1)" in page
    assert "农民 (0)" in page


def test_ratings_narrow_to_those_that_make_averages(http, leader):
    rating = make.make_rating(grade=5)
    malicious = make.make_rating(grade=1, wrong=["other"])
    make.make_rating_case("found", rating=malicious, finding="malicious")
    make.sign_in(http, leader)

    shown = http.get(reverse("admin:evaluations_rating_changelist"), {"averaged": "1"}).context["cl"].result_list

    assert list(shown) == [Rating.objects.get(pk=rating.pk)]


def test_what_a_number_was_narrowed_by_is_on_record_when_its_rows_go_out(http, leader):
    services = rows(Service, by_month("started_at"), started_at__year=2026, whom=["graduate", "unknown"])
    make.sign_in(http, leader)

    shown = http.get(services.of("3月").seen_by(leader)).context["cl"]

    assert [*narrowed_by(shown)] == [
        "服务对象类别：高校毕业生",
        "服务对象类别：没有填写",
        "年份：2026",
        "月份：3",
    ]
