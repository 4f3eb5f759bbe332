"""Pay of March is looked at in April, unless a test says otherwise."""

from datetime import date

import pytest

from expertteam import clock


@pytest.fixture(autouse=True)
def _in_april():
    with clock.at(date(2026, 4, 2)):
        yield
