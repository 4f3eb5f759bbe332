"""结对帮扶: who is paired, and when the next contact is due (Article 8(2)), day by day."""

from datetime import date

import pytest

from services.rules import pairing as rules

FIRST, LAST = date(2026, 3, 2), date(2026, 8, 31)
TERM = (date(2026, 3, 1), date(2029, 2, 28))


@pytest.mark.parametrize(("members", "form"), [(1, "一对一"), (2, "一对多"), (7, "一对多")])
def test_8_2_the_form_follows_from_how_many_take_part(members, form):
    assert rules.form_of(members) == form


@pytest.mark.parametrize(
    ("commissioned_on", "starts_on", "ends_on", "term", "refused"),
    [
        ([date(2026, 2, 27)], FIRST, LAST, TERM, None),
        ([FIRST], FIRST, LAST, TERM, None),
        ([date(2026, 3, 3)], FIRST, LAST, TERM, ("有创业者还没有委托，不能结对", "8(2)")),
        ([None], FIRST, LAST, TERM, ("有创业者还没有委托，不能结对", "8(2)")),
        ([date(2026, 2, 27), None], FIRST, LAST, TERM, ("有创业者还没有委托，不能结对", "8(2)")),
        ([], FIRST, LAST, TERM, ("结对要有至少1位创业者", "8(2)")),
        ([FIRST], FIRST, FIRST, TERM, ("结束日期要晚于开始日期", "8(2)")),
        ([FIRST], FIRST, date(2029, 2, 28), TERM, None),
        ([FIRST], FIRST, date(2029, 3, 1), TERM, ("结对的时间超出了专家的聘期", "3")),
        ([FIRST], date(2026, 3, 2), LAST, (date(2026, 3, 2), date(2029, 3, 1)), None),
        ([FIRST], date(2026, 3, 2), LAST, (date(2026, 3, 3), date(2029, 3, 2)), ("结对的时间超出了专家的聘期", "3")),
        ([FIRST], FIRST, LAST, None, ("结对的时间超出了专家的聘期", "3")),
    ],
)
def test_8_2_nobody_is_paired_who_did_not_ask_nor_beyond_the_term(commissioned_on, starts_on, ends_on, term, refused):
    assert rules.why_not_paired(commissioned_on, starts_on, ends_on, term) == refused


@pytest.mark.parametrize(
    ("contacts", "due"),
    [
        ([], date(2026, 4, 1)),
        ([date(2026, 2, 20)], date(2026, 4, 1)),
        ([date(2026, 3, 10)], date(2026, 4, 9)),
        ([date(2026, 3, 28), date(2026, 3, 10)], date(2026, 4, 27)),
    ],
)
def test_8_2_the_next_contact_is_counted_from_the_latest(contacts, due):
    assert rules.next_contact_due(FIRST, contacts, 30) == due


@pytest.mark.parametrize(
    ("due", "on", "near", "overdue"),
    [
        (date(2026, 4, 1), date(2026, 3, 28), False, False),
        (date(2026, 4, 1), date(2026, 3, 29), True, False),
        (date(2026, 4, 1), date(2026, 4, 1), True, False),
        (date(2026, 4, 1), date(2026, 4, 2), True, True),
        (date(2026, 8, 31), date(2026, 9, 1), True, True),
        (date(2026, 9, 1), date(2026, 9, 2), False, False),
    ],
)
def test_8_2_a_contact_is_near_from_three_days_before_and_late_the_day_after(due, on, near, overdue):
    assert (rules.contact_is_near(due, LAST, on), rules.contact_is_overdue(due, LAST, on)) == (near, overdue)
