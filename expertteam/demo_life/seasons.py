"""When the demo's rounds lie, counted back from the day on which it is set up."""

from dataclasses import dataclass
from datetime import date, timedelta

from expertteam import calendar
from expertteam.demo_life.agenda import working_days_before
from expertteam.models import CalendarYear

FLOOR = date(2026, 2, 2)  # the first working day of the Measures
ORDINALS = [
    "",
    *"一二三四五六七八九",
    *(f"{tens}十{ones}" for tens in ["", "二"] for ones in ["", *"一二三四五六七八九"]),
]
WHOLE = timedelta(weeks=46)
NOTICE_DAYS = 5  # enough working days for the running notice to end inside a published year


@dataclass(frozen=True)
class Season:
    """One round: its dates, and when its notice is released; ``renews`` where it is for further terms alone.

    ``still_open``: whoever opens the demo finds it taking applications.
    """

    number: int
    opens: date
    closes: date
    screening_until: date
    review_until: date
    release: date
    renews: bool = False
    still_open: bool = False

    @property
    def name(self) -> str:
        return f"{self.opens.year}年第{ORDINALS[self.number]}批专家{'续聘' if self.renews else '选聘'}"


def last_day_lived(today: date) -> date:
    """Yesterday; but no further than the years whose working days are known."""
    known = CalendarYear.objects.order_by("year").last().year
    return min(today - calendar.ONE_DAY, date(known, 12, 31))


def first_notice_day(until: date) -> date:
    """The first day of the notice that runs now: the last working day lived, early enough to end within its year."""
    latest = working_days_before(date(until.year + 1, 1, 1), NOTICE_DAYS)
    return working_days_before(min(until, latest) + calendar.ONE_DAY, 1)


def seasons(today: date) -> dict[int, Season]:
    """Three rounds: spring, summer, and the one that is open now."""
    until = last_day_lived(today)
    start = max(FLOOR, until - WHOLE)
    start -= timedelta(days=start.weekday())
    release = working_days_before(first_notice_day(until), 1)
    third_opens = working_days_before(release, 14)
    closes = today + timedelta(days=14)
    screening, review = closes + timedelta(days=21), closes + timedelta(days=42)
    third = Season(3, third_opens, closes, screening, review, release, still_open=True)
    return {1: past(1, start), 2: past(2, start + timedelta(weeks=17)), 3: third}


def past(number: int, opens: date, renews: bool = False) -> Season:
    """A round of four weeks, screened in the next three, reviewed in another three, then announced."""
    closes, screening, review = (opens + timedelta(days=days) for days in (25, 46, 67))
    release = calendar.deadline(review, 1, start_counts=False).day
    return Season(number, opens, closes, screening, review, release, renews)
