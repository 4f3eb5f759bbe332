"""Whether the database keeps to the Measures, asked by a program that trusts nobody.

Every invariant is one SQL statement over plain rows, the same on SQLite and PostgreSQL, or, where SQL cannot say it, a
little Python over rows.  Nothing here imports a rule, a verb or a model: what is wrong with those it would share.  The
one thing it has from an app is ``services/verify_draw.py``, which shares nothing with the apps either.
"""

from collections.abc import Iterator

from expertteam.verify import (
    confidence,
    draws,
    duties,
    eligibility,
    ending,
    exits,
    keeping,
    money,
    panels,
    publication,
    selection,
    service,
    states,
    traces,
)
from expertteam.verify.invariant import Invariant
from expertteam.verify.rows import ask, clear

TOPICS = [selection, eligibility, publication, ending, service, panels, draws, exits, money, duties, traces, keeping]
TOPICS += [states, confidence]
INVARIANTS: list[Invariant] = [each for topic in TOPICS for each in topic.INVARIANTS]


def broken(invariant: Invariant) -> list[str]:
    """The keys of what breaks it, in order and each once; none where all is well."""
    finds = invariant.finds
    keys = finds() if callable(finds) else (row[0] for row in ask(finds))
    return sorted({str(key) for key in keys})


def checked(sealed: bool = True) -> Iterator[tuple[Invariant, list[str]]]:
    """Each with what breaks it, one after the other; without ``sealed`` only those that need no keys."""
    for each in INVARIANTS:
        if sealed or not each.sealed:
            yield each, broken(each)


def run() -> dict[Invariant, list[str]]:
    """What breaks each of them, for all."""
    return dict(checked())


def readable() -> bool:
    """Whether our keys are those by which this database was written, as far as its last message tells."""
    last = ask("SELECT body FROM expertteam_notification ORDER BY id DESC LIMIT 1")
    return all(clear(body) is not None for (body,) in last)
