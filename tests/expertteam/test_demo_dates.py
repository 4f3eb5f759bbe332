"""The demo can be set up on any day: early in the Measures, in a holiday, in a year without a published calendar."""

from datetime import date

import pytest

from expertteam import clock
from expertteam.demo_life import life
from expertteam.demo_life.cast import few


@pytest.mark.parametrize("today", [date(2026, 3, 10), date(2026, 10, 6), date(2027, 1, 5)])
def test_a_life_can_be_lived_whenever_the_demo_is_set_up(db, settings, tmp_path, today):
    settings.MEDIA_ROOT = tmp_path
    with clock.at(clock.instant(today, 10)):
        life.live("quiet-hill-garden", people=few(), turns=1)

        assert life.begun()
