"""Working days, from the schedules that the State Council publishes year by year.

A year is known when a ``CalendarYear`` stands for it; its ``CalendarDay`` rows are the days that
differ from their weekday.  Everything is read from the database at the time of asking, so what
staff enter counts at once.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from expertteam import memory
from expertteam.models import CalendarDay, CalendarYear

Kind = CalendarDay.Kind
ONE_DAY = timedelta(days=1)
PUBLISHED_FROM = 10  # the earliest month in which the State Council has published the next year's holidays


class UnknownDay(Exception):
    """The day lies in ``year``, whose schedule has not been entered."""

    def __init__(self, year: int):
        super().__init__(f"{year}年的放假安排尚未录入，无法确定工作日")
        self.year = year


class Deadline(NamedTuple):
    """The last day of a period; ``provisional`` while a day of it lies in an unknown year."""

    day: date
    provisional: bool


def is_working_day(day: date) -> bool:
    """Whether work is done on that day; ``UnknownDay`` for a year without published schedule."""
    return Schedule().works(day)


def is_statutory_holiday(day: date) -> bool:
    """Whether the law of that year names the day itself, also at a weekend; bridged rest days are none.

    Raises ``UnknownDay`` for a year without published schedule.
    """
    return Schedule().kind(day) == Kind.HOLIDAY


def add_working_days(start: date, n: int, *, start_counts: bool) -> date:
    """The last day of a period of ``n`` working days; a ``start`` that is none is never counted.

    Raises ``ValueError`` for ``n`` below 1, ``UnknownDay`` where the period reaches an unpublished year.
    """
    return _last_day(start, n, start_counts, Schedule().works)


def next_working_day(day: date) -> date:
    """The first working day after ``day``; ``UnknownDay`` as above."""
    return add_working_days(day, 1, start_counts=False)


def years_to_enter(on: date) -> list[int]:
    """The year of that day and, from October on, the next, so far as nobody has entered their schedule."""
    needed = {on.year, on.year + 1} if on.month >= PUBLISHED_FROM else {on.year}
    return sorted(needed - set(CalendarYear.objects.filter(year__in=needed).values_list("year", flat=True)))


def week(on: date) -> str:
    """The name of its week, from Monday on: ``2026W41``; what is told once a week is told by it."""
    year, number, _ = on.isocalendar()
    return f"{year}W{number:02d}"


def period(year: int) -> tuple[date, date]:
    """The first and the last day of a calendar year."""
    return date(year, 1, 1), date(year, 12, 31)


def deadline(start: date, n: int, *, start_counts: bool, schedule: "Schedule | None" = None) -> Deadline:
    """As ``add_working_days``, but in unpublished years every Monday to Friday counts, provisionally.

    A list of deadlines is worked out from one ``schedule``, so that each year is read once.
    """
    schedule = schedule or Schedule()
    last_day = _last_day(start, n, start_counts, schedule.presumably_works)
    return Deadline(last_day, provisional=bool(schedule.unknown))


class Schedule:
    """The published schedules, each year read once; made anew for every question, and kept only in a rehearsal."""

    def __init__(self):
        self.years: dict[int, dict[date, str] | None] = {}

    @property
    def unknown(self) -> list[int]:
        """The years that were asked about and have no published schedule."""
        return [year for year, kinds in self.years.items() if kinds is None]

    def kind(self, day: date) -> str | None:
        """What is special about the day, None if nothing; ``UnknownDay`` for an unpublished year."""
        kinds = self._year(day.year)
        if kinds is None:
            raise UnknownDay(day.year)
        return kinds.get(day)

    def works(self, day: date) -> bool:
        """Whether work is done on the day; ``UnknownDay`` for an unpublished year."""
        kind = self.kind(day)
        return _on_weekday(day) if kind is None else kind == Kind.WORKDAY

    def presumably_works(self, day: date) -> bool:
        """As ``works``, and by its weekday in an unpublished year."""
        return _on_weekday(day) if self._year(day.year) is None else self.works(day)

    def _year(self, year):
        if year not in self.years:
            self.years[year] = memory.once((Schedule, year), lambda: published(year))
        return self.years[year]


def published(year: int) -> dict[date, str] | None:
    """What is special about its days; None where nobody has entered its schedule.

    By date and not through the notice: a notice may also move days of the December before its year.
    """
    if not CalendarYear.objects.filter(year=year).exists():
        return None
    return dict(CalendarDay.objects.filter(date__year=year).values_list("date", "kind"))


def _on_weekday(day):
    return day.weekday() < 5


def _last_day(start: date, n: int, start_counts: bool, works: Callable[[date], bool]) -> date:
    if n < 1:
        raise ValueError("a period has at least one working day")
    day = start if start_counts else start + ONE_DAY
    left = n - works(day)
    while left:
        day += ONE_DAY
        left -= works(day)
    return day
