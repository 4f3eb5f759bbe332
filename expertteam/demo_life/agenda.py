"""Lives told side by side: stories take turns in the order of time.

A story is a generator.  It yields the moment at which it goes on; when that moment has come, the
clock stands there and the story does its next act.  What lies beyond the end is never told, so
nothing of a life can lie in the future.
"""

import heapq
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from itertools import count

from django.db import transaction

from expertteam import calendar, clock, memory
from expertteam.regulation import Refused

Story = Iterator[datetime]


class Agenda:
    """The stories that go on, the next act first; ``until`` is the last moment that is lived.

    A step that the portal refuses leaves nothing behind, ends its story and those that it began, and is counted.
    """

    def __init__(self, until: datetime, sure: frozenset[str] = frozenset()):
        """``sure``: names of stories that are never refused, so that no way back is kept open for their acts."""
        self.until, self.sure, self.waiting, self.turns = until, sure, [], count()
        self.acts, self.refused = 0, Counter()

    def tell(self, story: Story):
        """Begin a story, at the latest at the first moment it yields."""
        self.put_off(story, next(story))

    def put_off(self, story: Story, moment: datetime):
        if moment <= self.until:
            heapq.heappush(self.waiting, (moment, next(self.turns), story))

    def live(self, afterwards: Callable[[], object] = lambda: None, until: datetime | None = None):
        """Live to the end, or to that moment; ``afterwards`` is called after every act, while the clock still stands there."""
        while self.waiting and self.waiting[0][0] <= (until or self.until):
            moment, _, story = heapq.heappop(self.waiting)
            with clock.at(moment):
                goes_on = self.act(story)
                afterwards()
            if goes_on is not None:
                if goes_on < moment:
                    raise ValueError(f"a story cannot go back from {moment} to {goes_on}")
                self.put_off(story, goes_on)

    def act(self, story: Story) -> datetime | None:
        """The next act of a story, now; when it goes on, or None where it has ended."""
        self.acts, begins = self.acts + 1, next(self.turns)
        sure = getattr(story, "__name__", "") in self.sure
        try:
            with nullcontext() if sure else transaction.atomic():
                return next(story, None)
        except Refused as refusal:
            if sure:
                raise ValueError(f"{story.__name__} is never to be refused") from refusal
            self.refused[f"{story.__name__}：{refusal}"] += 1
            self.forget(begins)
            memory.forget()
            return None

    def forget(self, turn: int):
        """The stories told from that turn on: what they are about is not there."""
        self.waiting = [each for each in self.waiting if each[1] < turn]
        heapq.heapify(self.waiting)


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
