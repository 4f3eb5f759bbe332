"""The score sheets that the bureau begins with; it may retire them and add its own."""

import tomllib
from pathlib import Path

from django.db import migrations

SHEETS = Path(__file__).parents[1] / "score_sheets.toml"
FIELDS = ("key", "group", "name", "most")


def enter(apps, schema_editor):
    template = apps.get_model("services", "ScoreTemplate")
    for sheet in tomllib.loads(SHEETS.read_text(encoding="utf8"))["sheets"]:
        criteria = [dict(zip(FIELDS, row, strict=True)) for row in sheet["criteria"]]
        template.objects.get_or_create(
            name=sheet["name"], defaults={"source": sheet["source"], "criteria": criteria, "method": "mean"}
        )


class Migration(migrations.Migration):
    dependencies = [("services", "0002_panels")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop, elidable=False)]
