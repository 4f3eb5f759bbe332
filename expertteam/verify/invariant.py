"""What an invariant is."""

from collections.abc import Callable, Iterable
from typing import NamedTuple


class Invariant(NamedTuple):
    """Its name (``I1.notice``: of I1, what concerns the notice), the article it serves, what holds.

    ``finds`` names what breaks it: a statement whose first column is the key of the row, or, where no statement that
    both databases understand can say it, a function that yields the keys.
    """

    name: str
    article: str
    holds: str
    finds: str | Callable[[], Iterable]
    sealed: bool = False  # reads what is encrypted, so it needs the keys of the database

    @property
    def id(self) -> str:
        return self.name.partition(".")[0]
