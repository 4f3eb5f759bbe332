"""What hardly ever changes, read once: only where no other process writes it, as in a rehearsal.

Everywhere else each question is asked of the database, so that what staff enter counts at once.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import Model
from django.db.models.signals import post_delete, post_save

_kept: ContextVar[dict | None] = ContextVar("kept", default=None)


def once(key: Hashable, read: Callable[[], object]):
    """What ``read`` answers; within ``alone`` what it answered before, unless it was forgotten since."""
    kept = _kept.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    return kept[key]


def forget(**_):
    """Whatever was read is read anew: after a row was saved, and after an act was taken back."""
    if (kept := _kept.get()) is not None:
        kept.clear()


@contextmanager
def alone(*models: type[Model]) -> Iterator[None]:
    """Within this block nobody else writes to these tables, and everything in it saves their rows one by one."""
    token = _kept.set({})
    signals = [(signal, model) for model in models for signal in (post_save, post_delete)]
    for signal, model in signals:
        signal.connect(forget, sender=model)
    try:
        yield
    finally:
        for signal, model in signals:
            signal.disconnect(forget, sender=model)
        _kept.reset(token)
