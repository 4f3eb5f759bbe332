"""The schedules of 2004 to 2026, so that deadlines are firm from the first day on."""

import csv
from datetime import date
from pathlib import Path

from django.db import migrations

from expertteam import clock

SCHEDULES = Path(__file__).resolve().parent.parent / "working_days.csv"
SOURCE = "国务院办公厅关于{}年部分节假日安排的通知（据 holidays 0.109 数据录入，待核对文号）"
COMPILED_ON = date(2026, 11, 24)


def enter_schedules(apps, schema_editor):
    """Write years, days, and the first entry of each one's history."""
    CalendarYear = apps.get_model("expertteam", "CalendarYear")
    CalendarDay = apps.get_model("expertteam", "CalendarDay")
    with SCHEDULES.open(encoding="utf8", newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = sorted({row["year"] for row in rows})
    years = {year: CalendarYear(year=year, source=SOURCE.format(year)) for year in numbers}
    CalendarYear.objects.bulk_create(years.values())
    days = [CalendarDay(**row | {"year": years[row["year"]]}) for row in rows]
    CalendarDay.objects.bulk_create(days)
    begin_history(apps.get_model("expertteam", "HistoricalCalendarYear"), years.values())
    begin_history(apps.get_model("expertteam", "HistoricalCalendarDay"), days)


def begin_history(History, records):
    """What staff change later stays readable: the seeded value is the first entry."""
    History.objects.bulk_create(
        History(
            history_date=clock.instant(COMPILED_ON),
            history_type="+",
            history_change_reason="初始数据",
            **{field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields},
        )
        for record in records
    )


class Migration(migrations.Migration):
    dependencies = [("expertteam", "0001_initial")]
    operations = [migrations.RunPython(enter_schedules)]
