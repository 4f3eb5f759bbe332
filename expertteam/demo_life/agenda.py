"""Lives told side by side: stories take turns in the order of time.

A story is a generator.  It yields the moment at which it goes on; when that moment has come, the
clock stands there and the story does its next act.  What lies beyond the end is never told, so
nothing of a life can lie in the future.
"""

import heapq
import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import count

from expertteam import calendar, clock

Story = Iterator[datetime]


class Agenda:
    """The stories that go on, the next act first; ``until`` is the last moment that is lived."""

    def __init__(self, until: datetime):
        self.until, self.waiting, self.turns = until, [], count()

    def tell(self, story: Story):
        """Begin a story, at the latest at the first moment it yields."""
        self.put_off(story, next(story))

    def put_off(self, story: Story, moment: datetime):
        if moment <= self.until:
            heapq.heappush(self.waiting, (moment, next(self.turns), story))

    def live(self, afterwards: Callable[[], object] = lambda: None):
        """Live to the end; ``afterwards`` is called after every act, while the clock still stands there."""
        while self.waiting:
            moment, _, story = heapq.heappop(self.waiting)
            with clock.at(moment):
                goes_on = next(story, None)
                afterwards()
            if goes_on is not None:
                if goes_on < moment:
                    raise ValueError(f"a story cannot go back from {moment} to {goes_on}")
                self.put_off(story, goes_on)


class Hours:
    """Believable moments, drawn from one seeded source so that every life is the same."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def evening(self, day: date) -> datetime:
        """When applicants sit down to fill in forms."""
        return clock.instant(day, self.random.randint(18, 21), self.random.randrange(60))

    def office(self, day: date, after: int = 1) -> datetime:
        """In office hours, on the working day that comes so many after that day."""
        on = calendar.deadline(day, after, start_counts=False).day
        return clock.instant(on, self.random.choice([9, 10, 11, 14, 15, 16]), self.random.randrange(60))

    def soon(self, longest: int) -> datetime:
        """In office hours, one to ``longest`` working days from now."""
        return self.office(clock.today(), self.random.randint(1, longest))

    def day(self, first: date, last: date) -> date:
        """Any day from first to last."""
        return first + timedelta(days=self.random.randint(0, (last - first).days))


def working_days_before(day: date, n: int) -> date:
    """The n-th working day before that day; unpublished years go by the weekday."""
    schedule = calendar.Schedule()
    while n:
        day -= calendar.ONE_DAY
        n -= schedule.presumably_works(day)
    return day
