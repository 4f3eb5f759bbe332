"""How long somebody has worked or served (Article 6(2))."""

from collections.abc import Iterable
from datetime import date

from expertteam.regulation import article
from recruitment.facts import FAIL, PASS, Outcome, Period, duration, history, months_of

MIN_MONTHS = 48  # 4年及以上


@article("6(2)")
def service_months(periods: list[tuple[date, date | None]], on: date) -> int:
    """具有4年及以上工作或服务经历

    The number of different calendar months covered.  Only year and month of each date count,
    both ends inclusive; overlaps count once.  Nothing after the month of ``on`` counts: an open
    period, and one said to end later, run to that month.  A reversed period is empty.
    """
    return len({month for first, last in periods for month in months_of(first, min(last or on, on))})


def measured(periods: Iterable[Period], on: date) -> tuple[str, int]:
    """The entries in words, and the months they come to."""
    months = service_months([(each.first, each.last) for each in periods], on)
    return history(periods, months, on), months


def four_years(periods: Iterable[Period], on: date) -> Outcome:
    """Whether these entries come to four years."""
    inputs, months = measured(periods, on)
    if months < MIN_MONTHS:
        return inputs, FAIL, f"还差{duration(MIN_MONTHS - months)}满4年"
    return inputs, PASS, "已满4年"
