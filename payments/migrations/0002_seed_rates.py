"""The rates that the bureau begins with, to be confirmed by it or superseded (Article 13)."""

import tomllib
from pathlib import Path

from django.db import migrations

RATES = Path(__file__).parents[1] / "rates.toml"


def enter(apps, schema_editor):
    schedules = apps.get_model("payments", "RateSchedule").objects
    rates = apps.get_model("payments", "Rate").objects
    for schedule in tomllib.loads(RATES.read_text(encoding="utf8"))["schedules"]:
        rows = schedule.pop("rates")
        entered = schedules.create(state="provisional", **schedule)
        for row in rows:
            rates.create(schedule=entered, **row)


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_tables")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop, elidable=False)]
