"""The annual scheme that the bureau begins with; it may enter its own, which supersedes this one (Article 10(1))."""

import tomllib
from pathlib import Path

from django.db import migrations

SCHEME = Path(__file__).parents[1] / "annual_scheme.toml"


def enter(apps, schema_editor):
    scheme = tomllib.loads(SCHEME.read_text(encoding="utf8"))
    apps.get_model("evaluations", "Scheme").objects.get_or_create(name=scheme.pop("name"), defaults=scheme)


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0003_ledger_and_dismissal")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop, elidable=False)]
