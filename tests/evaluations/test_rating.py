"""A rating: once for each service, in its window, by its own client, changed once (Article 10(1))."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from evaluations import actions, figures, rules
from evaluations.models import Rating, RatingCase
from expertteam import clock
from expertteam.models import Notification
from expertteam.regulation import Refused
from expertteam.workflow import LINK
from services import actions as services
from services.models import Link, Service, ServiceRequest
from tests.conftest import person
from tests.make import make_expert, make_logged, make_rating, make_service, make_user

CONFIRMED = clock.instant(date(2026, 3, 6), 10)
LAST = clock.instant(date(2026, 3, 21), 10)  # fifteen days later
SECOND = timedelta(seconds=1)
CANARY = "金丝雀在账本第七页"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def confirmed(**said):
    """A service of a request that its client confirmed by his link on 2026-03-06 at ten."""
    service = make_logged(said.pop("expert", None) or make_expert(), **said)
    with clock.at(CONFIRMED):
        services.confirm(service, by=LINK)
    return Service.objects.get(pk=service.pk)


def give(rating, at=CONFIRMED, **said):
    with clock.at(at):
        return actions.give(rating, by=LINK, **{"grade": 4} | said)


def sent(to):
    return [each.body for each in Notification.objects.filter(channel="sms", key__startswith=to).order_by("pk")]


# Made empty, once


def test_a_counted_service_awaits_its_rating(matcher):
    rating = confirmed().rating

    assert (rating.state, rating.grade, rating.made_at, rating.until) == ("open", None, CONFIRMED, LAST)
    assert Link.objects.get(purpose="rate").service_id == rating.service_id


def test_the_invitation_has_at_most_seventy_characters(matcher, settings):
    settings.SITE_URL = "https://zjt.rsj.taiyuan.gov.cn"

    confirmed()

    [body] = sent("rate:")
    assert "请评价3月5日的指导：https://zjt.rsj.taiyuan.gov.cn/r/" in body
    assert len(body) <= 70


@pytest.mark.parametrize("field", ["activity", "phone"])
def test_nobody_in_particular_was_advised(field):
    service = make_service("confirmed", phone="" if field == "phone" else "13900000001")
    if field == "activity":
        service.activity_id = 1

    actions.await_rating(service)

    assert not Rating.objects.exists()


def test_an_expert_does_not_rate_the_service_of_his_own_number():
    expert = make_expert(user=make_user(phone="13900000001"))

    actions.await_rating(make_service("confirmed", expert=expert, phone="13900000001"))

    assert not Rating.objects.exists()


def test_one_service_has_one_rating():
    service = make_service("confirmed")
    actions.await_rating(service)
    actions.await_rating(service)

    assert Rating.objects.filter(service=service).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        make_rating("open", service=service)


@pytest.mark.parametrize("state", ["draft", "logged", "unanswered", "queried", "rejected"])
def test_what_does_not_count_is_not_rated(state):
    with pytest.raises(IntegrityError, match="art10_1_rating_of_a_counted_service"), transaction.atomic():
        make_rating("open", service=make_service(state))


# Given by its client, in its window


@pytest.mark.parametrize(
    ("grade", "satisfied", "cases"), [(5, True, 0), (4, True, 0), (3, True, 0), (2, False, 1), (1, False, 1)]
)
def test_three_grades_are_satisfaction_and_two_open_a_case(matcher, grade, satisfied, cases):
    service = confirmed()

    give(service.rating, grade=grade, wrong=["unsolved"])

    assert Service.objects.get(pk=service.pk).satisfied is satisfied
    assert RatingCase.objects.count() == cases
    assert ServiceRequest.objects.get(pk=service.request_id).state == "rated"


@pytest.mark.parametrize("at", [CONFIRMED, LAST])
def test_the_last_instant_of_the_window_counts(at):
    assert give(make_rating("open"), at=at).given_at == at


def test_after_the_window_nobody_rates():
    with pytest.raises(Refused, match="评价时间已过"):
        give(make_rating("open"), at=LAST + SECOND)


@pytest.mark.parametrize("grade", [1, 2])
def test_a_poor_rating_says_what_was_wrong(grade):
    with pytest.raises(Refused, match="请至少选一项不满意的地方"):
        give(make_rating("open"), grade=grade)


def test_only_what_belongs_to_the_grade_is_kept():
    good = give(make_rating("open"), grade=3, good=["clear"], wrong=["attitude"])
    poor = give(make_rating("open"), grade=2, good=["clear"], wrong=["attitude"])

    assert (good.reasons, poor.reasons) == (["讲得明白"], ["态度不好"])


@pytest.mark.parametrize(
    ("text", "agreed", "quote"), [("很好", True, "waiting"), ("很好", False, "none"), ("", True, "none")]
)
def test_only_a_text_with_consent_waits_to_be_shown(text, agreed, quote):
    assert give(make_rating("open"), text=text, may_publish=agreed).quote == quote


def test_an_expert_who_holds_the_link_does_not_rate_himself():
    rating = make_rating("open")

    with pytest.raises(Refused, match="不能评价自己的服务"):
        give(rating, reader=rating.expert.user)


# Changed once within twenty-four hours


@pytest.mark.parametrize(("hours", "seconds", "allowed"), [(0, 1, True), (24, 0, True), (24, 1, False)])
def test_a_rating_is_changed_within_a_day(hours, seconds, allowed):
    rating = give(make_rating("open"))

    with clock.at(CONFIRMED + timedelta(hours=hours, seconds=seconds)):
        if allowed:
            assert actions.revise(rating, by=LINK, grade=5).grade == 5
        else:
            with pytest.raises(Refused, match="24小时内可以改一次"):
                actions.revise(rating, by=LINK, grade=5)


def test_a_rating_is_changed_once():
    rating = give(make_rating("open"))
    with clock.at(CONFIRMED):
        actions.revise(rating, by=LINK, grade=5)

        with pytest.raises(Refused, match="不能再改"):
            actions.revise(rating, by=LINK, grade=1, wrong=["attitude"])


def test_the_database_lets_a_grade_change_once():
    rating = give(make_rating("open"))

    with pytest.raises(IntegrityError, match="art10_1_given_rating_is_not_taken_back"), transaction.atomic():
        Rating.objects.filter(pk=rating.pk).update(grade=1)


def test_a_change_for_the_worse_opens_one_case_and_for_the_better_leaves_it():
    worse, better = give(make_rating("open")), give(make_rating("open"), grade=1, wrong=["attitude"])

    with clock.at(CONFIRMED):
        actions.revise(worse, by=LINK, grade=2, wrong=["late"])
        actions.revise(better, by=LINK, grade=5)

    assert RatingCase.objects.filter(rating=worse).count() == 1
    assert RatingCase.objects.filter(rating=better).count() == 1
    assert Service.objects.get(pk=better.service_id).satisfied is True


# Staff only by the marked channel


def test_by_telephone_a_clerk_enters_it_and_it_says_so(intake):
    rating = make_rating("open")

    with clock.at(CONFIRMED):
        actions.give(rating, by=intake, grade=1, wrong=["attitude"])

    assert (rating.channel, rating.history.first().history_user) == ("phone", intake)
    assert RatingCase.objects.get().rating == rating


@pytest.mark.parametrize("role", ["reviewer", "leader", "inspector", "admin", "cashier", "expert", "client"])
def test_nobody_else_in_office_enters_a_rating(role):
    with pytest.raises(PermissionDenied):
        actions.give(make_rating("open"), by=person("someone", role), grade=5)


@pytest.mark.parametrize("role", ["intake", "matcher", "reviewer", "leader", "inspector", "admin"])
def test_nobody_in_office_changes_what_a_client_said_himself(role):
    with clock.at(CONFIRMED), pytest.raises((PermissionDenied, Refused)):
        actions.revise(make_rating(), by=person("someone", role), grade=5)


def test_what_was_taken_down_wrongly_is_put_right_once_and_stays_marked(intake):
    rating = make_rating(channel="phone", grade=5)

    with clock.at(CONFIRMED):
        actions.revise(rating, by=intake, grade=2, wrong=["late"])
        with pytest.raises(Refused, match="不能再改"):
            actions.revise(rating, by=intake, grade=5)

    assert (rating.channel, rating.grade, rating.case.state) == ("phone", 2, "awaiting_call")


def test_a_clerk_who_is_the_expert_or_the_client_does_not_enter_it():
    clerk = person("both", "intake", phone="13900000009")
    own = make_rating("open", service=make_service("confirmed", expert=make_expert(user=clerk)))
    advised = make_rating("open", service=make_service("confirmed", phone="13900000009"))

    for rating in (own, advised):
        with pytest.raises(Refused, match="与您本人有关"):
            actions.give(rating, by=clerk, grade=5)


# Averages


@pytest.mark.parametrize(
    ("levels", "average"),
    [
        ({}, None),
        ({5: 4}, None),
        ({5: 5}, Decimal("5.0")),
        ({5: 4, 4: 1}, Decimal("4.8")),
        ({5: 1, 4: 1, 3: 1, 2: 1, 1: 1}, Decimal("3.0")),
        ({5: 3, 4: 17}, Decimal("4.2")),  # 4.15 rounds up
    ],
)
def test_no_average_below_five(levels, average):
    assert rules.public_average(levels) == average


def rated(expert, *grades, **fields):
    for grade in grades:
        wrong = {"wrong": ["unsolved"]} if grade < 3 else {}
        make_rating(expert=expert, grade=grade, **wrong | fields)


def test_a_figure_is_made_of_five_ratings_by_link_alone():
    expert = make_expert()
    rated(expert, 5, 5, 5, 4)
    rated(expert, 1, channel="phone")
    make_rating("open", expert=expert)
    before = figures.told([expert.pk])[expert.pk]

    rated(expert, 2)

    after = figures.told([expert.pk])[expert.pk]
    assert (before.count, before.average) == (4, None)
    assert (after.count, after.average) == (5, Decimal("4.2"))
    assert [level.count for level in after.levels] == [3, 1, 0, 1, 0]


@pytest.mark.parametrize(
    ("finding", "count"), [("mistaken", 4), ("malicious", 4), ("not_upheld", 5), ("unverifiable", 5)]
)
def test_mistaken_and_malicious_ratings_are_left_out(finding, count, reviewer):
    expert = make_expert()
    rated(expert, 5, 5, 5, 5)
    rating = make_rating(expert=expert, grade=1, wrong=["other"])
    RatingCase.objects.create(
        rating=rating, number="PJ26030001", call_due=date(2026, 3, 9), state="found", finding=finding, reasons="见笔录",
        found_by=reviewer, found_at=CONFIRMED,
    )  # fmt: skip

    assert figures.told([expert.pk])[expert.pk].count == count


def test_figures_cost_the_same_for_one_expert_and_for_three(django_assert_num_queries):
    experts = [make_expert() for _ in range(3)]
    for expert in experts:
        rated(expert, 5, 4)

    with django_assert_num_queries(1):
        figures.told([experts[0].pk])
    with django_assert_num_queries(1):
        figures.told([expert.pk for expert in experts])


# What was said


def test_a_text_is_shown_only_after_somebody_has_read_it(reviewer):
    rating = make_rating(
        text="讲得很透", may_publish=True, quote="waiting", service=make_service("confirmed", group="returnee")
    )
    before = figures.quotes(rating.expert_id)

    actions.show_quote(rating, by=reviewer)

    [quote] = figures.quotes(rating.expert_id)
    assert before == []
    assert (quote.text, quote.who, quote.month) == ("讲得很透", "返乡入乡人员", "2026年3月")


def test_hardship_is_no_label_on_a_quote():
    service = make_service("confirmed", group="hardship")
    rating = make_rating(text="很好", may_publish=True, quote="shown", service=service)

    assert [quote.who for quote in figures.quotes(rating.expert_id)] == ["服务对象"]


def test_a_text_that_is_withheld_says_why_and_can_be_shown_later(reviewer):
    rating = make_rating(text="很好", may_publish=True, quote="waiting")

    actions.withhold_quote(rating, by=reviewer, reason="提到了企业名称")
    withheld = rating.quote
    actions.show_quote(rating, by=reviewer)

    assert (withheld, rating.quote, rating.quote_reason) == ("withheld", "shown", "")


def test_without_consent_nothing_is_shown(reviewer):
    rating = make_rating(text="很好")

    with pytest.raises(Refused, match="没有可以公开的文字"):
        actions.show_quote(rating, by=reviewer)
    with pytest.raises(IntegrityError, match="art10_1_quote_with_consent_only"), transaction.atomic():
        Rating.objects.filter(pk=rating.pk).update(quote="shown")


def test_what_was_said_stands_nowhere_in_clear(matcher):
    give(confirmed().rating, grade=1, wrong=["attitude"], text=CANARY)

    told = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            told += [table for row in cursor.fetchall() if CANARY in str(row)]
    assert told == []
    assert CANARY not in "".join(each.body for each in Notification.objects.all())


def test_a_new_link_takes_the_place_of_the_old_one(matcher, intake):
    rating = confirmed().rating
    first = Link.objects.get(purpose="rate").digest

    with clock.at(CONFIRMED + SECOND):
        actions.resend(rating, by=intake)

    assert Link.objects.get(purpose="rate").digest != first
    assert len(sent("rate:")) == 2
