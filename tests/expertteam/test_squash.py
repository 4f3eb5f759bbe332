"""An empty database gets by one step what the single migrations lead to."""

from contextlib import closing

from django.db import ConnectionHandler, models
from django.db.migrations import (
    AddConstraint,
    AddField,
    AlterField,
    CreateModel,
    Migration,
    RemoveConstraint,
    RemoveField,
    RunPython,
)
from django.db.migrations.state import ProjectState

from expertteam.squash import AtOnce


def at_least(least):
    return models.CheckConstraint(condition=models.Q(("size__gte", least)), name="big_enough")


def plant(apps, schema_editor):
    table = apps.get_model("wood", "Tree")._meta.db_table
    schema_editor.execute(f"INSERT INTO {table} (size, name) VALUES (3, 'beech')")


PAST = [
    CreateModel("Tree", [("id", models.BigAutoField(primary_key=True)), ("size", models.IntegerField())]),
    AddConstraint("tree", at_least(1)),
    CreateModel("Leaf", [("id", models.BigAutoField(primary_key=True)), ("colour", models.CharField(max_length=9))]),
    AddField("tree", "name", models.CharField(max_length=9, default=""), preserve_default=False),
    AlterField("leaf", "colour", models.CharField(max_length=20, unique=True)),
    AddField("leaf", "tree", models.ForeignKey("wood.Tree", models.PROTECT, null=True)),
    RemoveConstraint("tree", "big_enough"),
    AddConstraint("tree", at_least(2)),
    AddField("tree", "mistake", models.BooleanField(default=False)),
    RemoveField("tree", "mistake"),
    RunPython(plant),
]


def built_by(operations):
    """Every statement of the schema, and the rows, of a database that ran these operations."""
    aside = ConnectionHandler({"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}})["default"]
    with closing(aside):
        migration = Migration("0001_all", "wood")
        migration.operations = operations
        with aside.schema_editor() as editor:
            state = migration.apply(ProjectState(), editor)
        with aside.cursor() as cursor:
            schema = set(cursor.execute("SELECT name, sql FROM sqlite_master").fetchall())
            rows = cursor.execute("SELECT * FROM wood_tree").fetchall()
    return state, schema, rows


def test_one_step_leads_where_the_single_ones_lead(db):
    """Control: without the last constraint it does not."""
    singly, at_once = built_by(PAST), built_by([AtOnce(PAST)])
    lacking = built_by([AtOnce([step for step in PAST if step is not PAST[7]])])

    assert at_once == singly
    assert lacking[1] != singly[1]
