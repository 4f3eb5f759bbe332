"""A floor above that gives people nothing new, as a case of dismissal does while it is open."""

from contextlib import contextmanager
from datetime import date

from services.suspension import SUSPENDED

FROM = date(2026, 3, 2)  # the tests' today; nobody was suspended before


@contextmanager
def suspension(*experts, words="暂停派任务"):
    """These are given nothing new."""

    def provider(on):
        return {expert.pk: words for expert in experts} if on >= FROM else {}

    SUSPENDED.append(provider)
    try:
        yield
    finally:
        SUSPENDED.remove(provider)
