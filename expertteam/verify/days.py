"""The bureau's calendar, read from its rows: which days are worked, and which nobody knows of."""

from collections.abc import Iterator
from datetime import date, timedelta

from expertteam.verify.rows import ask, day

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class Calendar:
    """As it stands in the database at the moment."""

    def __init__(self):
        self.years = {year for (year,) in ask("SELECT year FROM expertteam_calendaryear")}
        self.special = {day(when): kind for when, kind in ask("SELECT date, kind FROM expertteam_calendarday")}

    def works(self, on: date) -> bool:
        kind = self.special.get(on)
        return kind == "workday" if kind else on.weekday() < SATURDAY

    def worked(self, first: date, last: date) -> Iterator[date]:
        """The working days from the one to the other, both included."""
        while first <= last:
            if self.works(first):
                yield first
            first += ONE_DAY

    def nth(self, first: date, n: int) -> date | None:
        """The last day of ``n`` working days, the first included; None where it reaches a year that nobody has entered."""
        on = first
        while on.year in self.years:
            n -= self.works(on)
            if n <= 0:
                return on
            on += ONE_DAY
        return None
