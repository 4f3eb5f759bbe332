"""The life behind the demo holds nothing that the Measures would not allow, and nothing of the future."""

import re
from datetime import date

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import override_settings

from evaluations.models import RatingCase
from experts.models import Appointment, District, Expert, Topic
from expertteam import calendar, clock, identifiers
from expertteam.demo_life import accounts, life, papers
from expertteam.demo_life.agenda import Agenda
from expertteam.demo_life.cast import OBJECTIONS, PEOPLE, few
from expertteam.demo_life.seasons import first_notice_day, last_day_lived, seasons
from expertteam.files import examined
from expertteam.models import STAFF_ROLES, User
from payments import actions
from payments.models import BankAccount, Batch, Claim, RateSchedule, ReturnRow
from recruitment.models import Application, FormerImport, Notice, Objection, Round
from services.models import Activity, Offer, Service, ServiceRequest, ServiceRequestGrant
from tests.expertteam.opened import false_numbers

NOW = clock.instant(date(2026, 11, 24), 10)
AHEAD = {"begins_at", "starts_at", "ends_at", "due", "answer_due", "expires_at", "until", "usable_from"}  # may be so
REAL = {"date_joined", "entered_at"}  # Django, or a migration, writes the real time
PASSWORD = "quiet-hill-garden"


@pytest.fixture(scope="module")
def whole_life(django_db_setup, django_db_blocker, tmp_path_factory):
    """A small life, lived once for all tests here and taken back after them."""
    quick = override_settings(
        MEDIA_ROOT=tmp_path_factory.mktemp("uploads"),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    with django_db_blocker.unblock(), quick, transaction.atomic():
        with clock.at(NOW):
            bureau = life.live(PASSWORD, people=few(), turns=1)
        yield bureau
        transaction.set_rollback(True)


@pytest.fixture
def lived(whole_life, db):
    with clock.at(NOW):
        yield


def test_no_step_of_it_was_refused(whole_life, db):
    assert whole_life.agenda.refused == {}


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_number_of_its_annual_reports_opens_as_many_rows_as_it_says(lived, http, year):
    http.force_login(User.objects.get(username="leader"))

    assert false_numbers(http, f"/admin/annual/{year}/") == []


def acts(application):
    """Reason and person of every act on it, oldest first."""
    return list(application.history.order_by("history_id").values_list("history_change_reason", "history_user"))


def test_every_appointment_has_its_whole_chain_in_order(lived):
    wanted = ["提交报名（第11条）", "初审推荐（第11条）", "审核通过（第11条）", "列入公示（第11条）", "聘任（第11条）"]

    chains = {
        appointment: [reason for reason, _ in acts(appointment.application) if reason in wanted]
        for appointment in Appointment.objects.filter(basis="measures")
    }

    assert chains
    assert {str(a): chain for a, chain in chains.items() if sorted(set(chain), key=chain.index) != wanted} == {}


def test_every_appointment_was_decided_after_a_whole_notice(lived):
    for appointment in Appointment.objects.filter(basis="measures"):
        notice = Notice.objects.get(state="published", candidates__application__appointment=appointment)
        first, last = clock.local(notice.begins_at).date(), clock.local(notice.ends_at).date()

        assert appointment.decided_at > notice.ends_at
        assert calendar.add_working_days(first, notice.days, start_counts=True) == last


def test_nobody_both_recommended_and_approved_or_appointed(lived):
    for application in Application.objects.exclude(state="draft"):
        deciding = {"初审推荐（第11条）", "审核通过（第11条）", "聘任（第11条）"}
        who = [(reason, user) for reason, user in set(acts(application)) if reason in deciding]

        assert len({user for _, user in who}) == len(who)
        assert application.applicant_id not in {user for _, user in who}


def test_terms_are_three_years_and_one_for_each_person(lived):
    terms = list(Appointment.objects.values_list("expert", "first_day", "last_day"))

    assert len({expert for expert, *_ in terms}) == len(terms)
    assert all(first.replace(year=first.year + 3) - last == calendar.ONE_DAY for _, first, last in terms)


def test_nobody_with_an_upheld_or_open_objection_was_appointed(lived):
    blocked = Objection.objects.blocking().exclude(candidate=None)

    assert {objection.state for objection in blocked} == {"answered", "examining"}
    assert not blocked.filter(candidate__application__state="appointed").exists()


def test_nothing_lies_in_the_future_or_before_the_measures(lived):
    until = clock.instant(date(2026, 11, 23), 22)
    fields = [
        (model, field.name)
        for label in ["expertteam", "experts", "recruitment", "services", "evaluations", "payments"]
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.DateTimeField)
        and field.name not in AHEAD | REAL
        and "Calendar" not in model.__name__
    ]

    wrong = {
        f"{model.__name__}.{name}": moment
        for model, name in fields
        for moment in model.objects.exclude(**{name: None}).values_list(name, flat=True)
        if not clock.instant(date(2026, 2, 2)) <= moment <= until
    }

    assert wrong == {}


def test_every_stage_waits_for_somebody(lived):
    states = set(Application.objects.filter(round__name="2026年第三批专家选聘").values_list("state", flat=True))

    assert states == {"draft", "submitted", "returned", "recommended", "approved", "on_notice"}
    assert Notice.objects.running(clock.now()).count() == 1
    assert Round.objects.open_on(clock.today()).count() == 1


def test_the_past_holds_every_way_an_application_can_end(lived):
    endings = {acts(application)[-1][0] for application in Application.objects.filter(state__in=Application.CLOSED)}

    assert endings == {
        "聘任（第11条）", "撤回报名（第11条）", "逾期未补充（第11条）", "初审不予推荐（第11条）", "不予聘任（第11条）"
    }  # fmt: skip


def test_services_wait_for_the_expert_the_matcher_and_the_clerks(lived):
    expert = User.objects.get(username="expert").expert
    offers = Offer.objects.filter(expert=expert)

    assert offers.filter(state="offered", answer_due__gt=clock.now()).count() == 1
    assert offers.unlogged(clock.now()).count() == 1
    assert ServiceRequest.objects.filter(state="arranged", client__username="client").count() == 1
    assert ServiceRequest.objects.filter(state="submitted").count() >= 2
    assert set(Service.objects.filter(expert=expert).values_list("state", flat=True)) >= {
        "logged", "queried", "unanswered", "confirmed"
    }  # fmt: skip
    assert RatingCase.objects.filter(state="awaiting_call").count() == 1
    assert Activity.objects.filter(state="open", starts_at__gt=clock.now()).exists()


def test_no_expert_confirmed_his_own_service_and_nothing_closed_is_still_readable(lived):
    for service in Service.objects.counted():
        confirming = [
            "服务对象确认（第10(1)条）",
            "回访属实（第10(1)条）",
            "核定时长（第10(1)条）",
            "按签到名单记入（第8(3)条）",
        ]
        by = service.history.filter(history_change_reason__in=confirming).values_list("history_user", flat=True)

        assert len(by) == 1
        assert service.expert.user_id not in by
    assert not ServiceRequestGrant.objects.filter(content_object__state__in=ServiceRequest.CLOSED).exists()


def test_pay_went_through_three_people_and_adds_up_to_the_fen(lived):
    paid = Batch.objects.filter(state="settled")

    assert paid
    for batch in paid:
        sums = actions.totals(batch)
        assert sums["lines"] == sums["payouts"] == batch.gross
        assert sums["bank"] == batch.paid_out == batch.gross - batch.tax
        assert len({batch.made_by_id, batch.checked_by_id, batch.released_by_id}) == 3


def test_pay_waits_for_the_auditor_and_what_has_no_price_says_so(lived):
    waiting = Batch.objects.exclude(state="settled").get()

    assert waiting.state == "submitted"
    assert waiting.lines.exists()
    assert set(RateSchedule.objects.values_list("document_number", "state")) == {
        ("晋财购〔2021〕24号", "confirmed"), ("并人社发〔2024〕39号", "provisional"), ("演示〔2026〕1号", "confirmed")
    }  # fmt: skip
    assert set(Claim.objects.exclude(why_not="").values_list("why_not", flat=True)) <= {"unpriced"}
    assert ReturnRow.objects.suspended().count() == 1
    assert BankAccount.objects.standing().filter(expert__user__username="expert").count() == 1


def test_no_card_of_the_demo_can_be_anybodys(lived):
    for account in BankAccount.objects.all():
        assert account.number.startswith("999900")
        assert identifiers.luhn_ok(account.number)
        assert account.confirmed_by_id != account.entered_by_id


def test_a_life_is_lived_once(lived):
    with pytest.raises(ValueError, match="once"):
        life.live(PASSWORD)


def test_the_accounts_open_with_the_password_and_have_their_roles(lived):
    for username in accounts.NAMES:
        user = User.objects.get(username=username)

        assert user.check_password(PASSWORD)
        assert [group.name for group in user.groups.all()] == [username]
        assert user.is_staff == (username in STAFF_ROLES)
    assert User.objects.get(username="expert").expert
    assert not User.objects.get(username="client").applications.exists()


def test_the_cast_covers_every_category_field_and_district():
    chosen = [person for person in PEOPLE if person.round < 3 and person.fate == "candidate"]

    assert {person.category for person in chosen} == set(range(1, 9))
    assert {topic for person in chosen for topic in person.topics} == set(Topic)
    assert {person.district for person in chosen} == set(District)


def test_the_cast_fits_its_fields():
    assert len({person.name for person in PEOPLE}) == len(PEOPLE)
    assert {entry["about"] for entry in OBJECTIONS} <= {person.name for person in PEOPLE}
    for person in PEOPLE:
        assert identifiers.mobile(person.phone) == person.phone
        assert identifiers.ID_READERS[person.id_kind](person.id_number) == person.id_number
        assert len(person.line) <= 40


@pytest.mark.parametrize(
    ("today", "until", "notice_from"),
    [
        (date(2026, 11, 24), date(2026, 11, 23), date(2026, 11, 23)),
        (date(2026, 10, 6), date(2026, 10, 5), date(2026, 9, 30)),
        (date(2026, 12, 30), date(2026, 12, 29), date(2026, 12, 25)),
        (date(2027, 1, 5), date(2026, 12, 31), date(2026, 12, 25)),  # the working days of 2027 are not known
        (date(2028, 3, 1), date(2026, 12, 31), date(2026, 12, 25)),
    ],
)
def test_a_running_notice_ends_in_a_known_year_whenever_the_demo_is_set_up(db, today, until, notice_from):
    third = seasons(today)[3]

    assert last_day_lived(today) == until
    assert first_notice_day(until) == notice_from
    assert calendar.add_working_days(notice_from, 5, start_counts=True) <= date(2026, 12, 31)
    assert third.opens < third.release < notice_from
    assert third.closes > today


def test_the_agenda_tells_stories_in_the_order_of_time_and_stops_at_the_end(db):
    told = []

    def story(name, *days):
        for day in days:
            yield clock.instant(date(2026, 3, day))
            told.append((name, clock.today().day))

    agenda = Agenda(until=clock.instant(date(2026, 3, 9)))
    for each in [story("a", 2, 5, 10), story("b", 3, 9), story("c", 20)]:
        agenda.tell(each)
    agenda.live()

    assert told == [("a", 2), ("b", 3), ("a", 5), ("b", 9)]


def test_the_agenda_refuses_a_story_that_goes_back(db):
    agenda = Agenda(until=clock.instant(date(2026, 3, 9)))
    agenda.tell(iter([clock.instant(date(2026, 3, 3)), clock.instant(date(2026, 3, 2))]))

    with pytest.raises(ValueError, match="go back"):
        agenda.live()


def test_papers_are_real_files():
    assert examined(papers.portrait())["content_type"] == "image/png"
    paper = papers.paper("学历证书", ["姓名：韩砚秋"])
    assert examined(paper)["content_type"] == "application/pdf"
    content = paper.read()
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", content)]
    assert [content[place:].split(b" ", 1)[0] for place in places] == [b"%d" % n for n in range(1, 8)]


def test_some_of_the_old_team_came_in_by_two_people_and_one_has_still_to_sign(lived):
    imports = {each.state: each for each in FormerImport.objects.all()}
    terms = Appointment.objects.filter(basis="former")

    assert {state: outcomes_of(each) for state, each in imports.items()} == {"taken": {"new"}, "checked": {"wrong"}}
    assert imports["taken"].taken_by != imports["taken"].read_by
    assert (terms.count(), Expert.objects.listed(clock.today()).filter(appointments__in=terms).count()) == (3, 2)


def outcomes_of(record):
    return set(record.rows.values_list("outcome", flat=True))
