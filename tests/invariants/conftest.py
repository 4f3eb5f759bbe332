"""Terms for which a test names no first day are lawful here: they began before the Measures and came by an import."""

from datetime import date

import pytest

from tests import make


@pytest.fixture(autouse=True)
def _former_terms(monkeypatch):
    monkeypatch.setattr(make, "FIRST_DAY", date(2026, 1, 31))
