"""Limits and codes are kept in the database, so that every process shares them."""

from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("expertteam", "0002_working_days")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
