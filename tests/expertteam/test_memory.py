"""What is read once where nobody else writes, and never longer than it holds."""

from datetime import date

from expertteam import calendar, memory
from expertteam.models import CalendarYear, Policy

DAY = date(2026, 3, 2)


def test_everywhere_else_every_question_is_asked_of_the_database(db, django_assert_num_queries):
    with django_assert_num_queries(2):
        for _ in range(2):
            Policy.objects.number("answer_days", DAY)


def test_what_was_read_once_is_not_read_again(db, django_assert_num_queries):
    with memory.alone(Policy), django_assert_num_queries(1):
        numbers = [Policy.objects.number(key, DAY) for key in ("answer_days", "offer_days", "answer_days")]

    assert numbers == [3, 1, 3]


def test_a_number_that_is_fixed_meanwhile_counts_at_once(db):
    with memory.alone(Policy):
        before = Policy.objects.number("answer_days", DAY)
        fixed = Policy.objects.create(key="answer_days", value=5, effective_from=DAY, source="并人社发〔2026〕1号")
        after = Policy.objects.number("answer_days", DAY)
        fixed.delete()
        again = Policy.objects.number("answer_days", DAY)

    assert (before, after, again) == (3, 5, 3)


def test_a_year_that_is_entered_meanwhile_is_known_at_once(db):
    with memory.alone(CalendarYear):
        before = calendar.deadline(date(2027, 3, 1), 1, start_counts=False).provisional
        CalendarYear.objects.create(year=2027, source="国办发明电〔2026〕7号")
        after = calendar.deadline(date(2027, 3, 1), 1, start_counts=False).provisional

    assert (before, after) == (True, False)


def test_nothing_is_kept_once_others_may_write_again(db):
    with memory.alone(Policy):
        Policy.objects.number("answer_days", DAY)
    Policy.objects.create(key="answer_days", value=5, effective_from=DAY, source="并人社发〔2026〕1号")

    assert Policy.objects.number("answer_days", DAY) == 5
