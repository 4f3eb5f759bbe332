"""To stand inside a move, as those do that come with another one."""

from contextlib import contextmanager

from expertteam import workflow


@contextmanager
def acting(move):
    """What is done here is part of this move."""
    outer = workflow._act.set(move)
    try:
        yield
    finally:
        workflow._act.reset(outer)
