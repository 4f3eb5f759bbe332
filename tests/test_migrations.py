"""A migration leaves the release before it able to serve: expand first, contract a release later.

During an update, and after going back, the older code runs on the newer tables.  So nothing that it reads may go, and
nothing that it leaves out may be demanded.  ``docs/operations.md`` says how to get there in two releases.  What a squash
replaces was written before there was a release to go back to.
"""

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

OURS = {"expertteam", "experts", "services", "evaluations", "recruitment", "payments"}
# What is not safe and is wanted all the same: (app, migration): why no older code is hurt.
EXCUSED: dict[tuple[str, str], str] = {}
GONE = {
    migrations.RemoveField: "takes a column away",
    migrations.RenameField: "takes a column away",
    migrations.DeleteModel: "takes a table away",
    migrations.RenameModel: "takes a table away",
    migrations.AlterModelTable: "takes a table away",
    migrations.AddConstraint: "forbids what was allowed",
    migrations.AlterUniqueTogether: "forbids what was allowed",
    migrations.AlterField: "may forbid what was allowed",
    migrations.RunSQL: "may do anything",
}


def demands(field) -> bool:
    """Whether a row without this column is refused: Django keeps a ``default`` to itself."""
    return not (field.null or field.many_to_many or field.has_db_default())


def same_column(old, new) -> bool:
    """Whether everything that fits the old column fits the new one; choices, help and labels are no columns."""
    apart = {
        "choices",
        "help_text",
        "verbose_name",
        "validators",
        "blank",
        "default",
        "limit_choices_to",
        "error_messages",
    }
    before, after = ({k: v for k, v in each.deconstruct()[3].items() if k not in apart} for each in (old, new))
    wider = {"max_length": max(before.get("max_length") or 0, after.get("max_length") or 0)}
    loosened = {"null": True} if after.get("null") else {}
    kind = old.deconstruct()[1] == new.deconstruct()[1]
    grown = (after.get("max_length") or 0) >= (before.get("max_length") or 0)
    return kind and grown and before | wider | loosened == after | wider | loosened


def dangers(migration, before) -> list[str]:
    """What in it would hurt the release before it; tables that it makes itself are nobody's yet."""
    made, found, state = set(), [], before
    for each in migration.operations:
        model = (getattr(each, "model_name", None) or getattr(each, "name", "") or "").lower()
        if isinstance(each, migrations.CreateModel):
            made.add(each.name.lower())
        elif model in made:
            pass
        elif isinstance(each, migrations.AddField) and demands(each.field):
            found.append(f"{model}.{each.name} demands what older code leaves out")
        elif isinstance(each, migrations.AlterField):
            old = state.models[migration.app_label, model].get_field(each.name)
            if not same_column(old, each.field):
                found.append(f"{model}.{each.name} {GONE[migrations.AlterField]}")
        elif type(each) in GONE:
            found.append(f"{model} {GONE[type(each)]}")
        each.state_forwards(migration.app_label, state)
    return found


def written():
    """Each migration of ours since the squashes, with the loader that knows the state of things before it."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    for key, migration in sorted(loader.disk_migrations.items()):
        if key in loader.graph.nodes and key[0] in OURS and not migration.replaces:
            yield key, migration, loader


def test_no_migration_hurts_the_release_before_it():
    unsafe = {}
    for (app, name), migration, loader in written():
        if (app, name) not in EXCUSED:
            found = dangers(migration, loader.project_state((app, name), at_end=False))
            unsafe |= {f"{app} {name}": found} if found else {}

    assert unsafe == {}


def test_every_excuse_is_of_a_migration_that_needs_one():
    known = {key: (migration, loader) for key, migration, loader in written()}

    idle = [
        key
        for key in EXCUSED
        if key not in known or not dangers(known[key][0], known[key][1].project_state(key, at_end=False))
    ]

    assert idle == []
    assert all(EXCUSED.values())


def state():
    """A table as a release left it."""
    migration = migrations.Migration("0001_initial", "wood")
    name, age = models.CharField(max_length=9), models.IntegerField()
    fields = [("id", models.BigAutoField(primary_key=True)), ("name", name), ("age", age)]
    migration.operations = [migrations.CreateModel("Tree", fields)]
    return migration.mutate_state(migrations.state.ProjectState())


@pytest.mark.parametrize(
    ("step", "safe"),
    [
        (migrations.RemoveField("tree", "age"), False),
        (migrations.RenameField("tree", "age", "years"), False),
        (migrations.DeleteModel("Tree"), False),
        (migrations.RenameModel("Tree", "Plant"), False),
        (migrations.RunSQL("DROP TABLE wood_tree"), False),
        (migrations.AddConstraint("tree", models.UniqueConstraint(fields=["name"], name="one")), False),
        (migrations.AddField("tree", "kind", models.CharField(max_length=9)), False),
        (migrations.AddField("tree", "kind", models.CharField(max_length=9, default="oak")), False),
        (migrations.AddField("tree", "kind", models.CharField(max_length=9, db_default="oak")), True),
        (migrations.AddField("tree", "kind", models.CharField(max_length=9, null=True)), True),
        (migrations.AlterField("tree", "name", models.CharField(max_length=8)), False),
        (migrations.AlterField("tree", "name", models.CharField(max_length=20)), True),
        (migrations.AlterField("tree", "name", models.CharField("名称", max_length=9, help_text="全称")), True),
        (migrations.AlterField("tree", "name", models.CharField(max_length=9, unique=True)), False),
        (migrations.AlterField("tree", "age", models.IntegerField(null=True)), True),
        (migrations.AlterField("tree", "age", models.TextField()), False),
        (migrations.RemoveIndex("tree", "by_name"), True),
        (migrations.CreateModel("Leaf", [("id", models.BigAutoField(primary_key=True))]), True),
    ],
)
def test_what_hurts_is_seen(step, safe):
    migration = migrations.Migration("0002_next", "wood")
    migration.operations = [step]
    before = state()
    if isinstance(step, migrations.RemoveIndex):
        before.add_index("wood", "tree", models.Index(fields=["name"], name="by_name"))

    assert (dangers(migration, before) == []) is safe


def test_of_its_own_table_a_migration_may_demand_anything():
    migration = migrations.Migration("0002_next", "wood")
    migration.operations = [
        migrations.CreateModel("Leaf", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("leaf", "colour", models.CharField(max_length=9)),
    ]

    assert dangers(migration, state()) == []
