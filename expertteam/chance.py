"""What nobody can foretell; only in a rehearsal it follows from the seed, so that the same seed lives the same life."""

import secrets
from contextlib import contextmanager
from contextvars import ContextVar
from random import Random

from django.conf import settings

_seeded: ContextVar[Random | None] = ContextVar("seeded", default=None)


def salt() -> str:
    """128 random bits in hexadecimal."""
    source = _seeded.get()
    return source.randbytes(16).hex() if source else secrets.token_hex(16)


@contextmanager
def seeded(seed: int):
    """Within this block the same seed gives the same salts in the same order; nothing else than a rehearsal asks for it.

    ``ValueError`` where this is no demo: what a real draw rests on is never foretold.
    """
    if not settings.DEMO:
        raise ValueError("only a demo has salts that can be foretold")
    token = _seeded.set(Random(seed))
    try:
        yield
    finally:
        _seeded.reset(token)
