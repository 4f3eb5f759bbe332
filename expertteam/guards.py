"""The last door: the database itself refuses what the Measures forbid, whoever writes to it.

A guard is one SQL condition that holds on SQLite and PostgreSQL alike, in terms of ``NEW`` and
``OLD``.  Apps declare theirs in ``guards.py``; they are taken down before and put up again after
every ``migrate``, because SQLite drops a table's triggers whenever a migration rebuilds it.
"""

import traceback

from django.apps import apps
from django.db import connections

GUARDS: list["Guard"] = []


class Guard:
    """Refuse a row where ``refuse`` is true, with an ``IntegrityError`` that carries the name."""

    def __init__(self, name: str, *, table: str, on: list[str], refuse: str, lock: str = ""):
        self.name, self.table, self.on, self.refuse, self.lock = name, table, on, refuse, lock
        declared = traceback.extract_stack(limit=2)[0]
        self.where = declared.filename, declared.lineno
        GUARDS.append(self)

    def up(self, vendor: str) -> list[str]:
        """The statements that put it up."""
        if vendor == "sqlite":
            return [
                f"CREATE TRIGGER {self.name}_{event.lower()} BEFORE {event} ON {self.table} "
                f"WHEN {self.refuse} BEGIN SELECT RAISE(ABORT, '{self.name}'); END"
                for event in self.on
            ]
        # Not FOR UPDATE: every row with a foreign key to the locked one holds it FOR KEY SHARE, and two
        # transactions that both hold it so would wait for each other for ever.
        lock = f"PERFORM 1 FROM {self.lock} FOR NO KEY UPDATE;" if self.lock else ""
        return [
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {lock} "
            f"IF {self.refuse} THEN RAISE EXCEPTION '{self.name}' "
            f"USING ERRCODE = 'check_violation', CONSTRAINT = '{self.name}'; END IF; "
            "RETURN COALESCE(NEW, OLD); END $$",
            f"CREATE OR REPLACE TRIGGER {self.name} BEFORE {' OR '.join(self.on)} ON {self.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {self.name}()",
        ]

    def down(self, vendor: str) -> list[str]:
        """The statements that take it down."""
        if vendor == "sqlite":
            return [f"DROP TRIGGER IF EXISTS {self.name}_{event.lower()}" for event in self.on]
        return [f"DROP FUNCTION IF EXISTS {self.name}() CASCADE"]


def append_only(table: str) -> Guard:
    """Rows of this table are added and read, never changed or taken away."""
    return Guard(f"append_only_{table}", table=table, on=["UPDATE", "DELETE"], refuse="1 = 1")


append_only("expertteam_listexport")


def guard_history():
    """Every history table is append-only; called once all models are loaded."""
    for model in apps.get_models():
        if hasattr(model._meta, "simple_history_manager_attribute"):
            append_only(model.history.model._meta.db_table)


def take_down(using="default", **_):
    """Before a migration on SQLite, where tables are rebuilt; elsewhere they stay up, even if it fails."""
    if connections[using].vendor == "sqlite":
        run(using, "down")


def put_up(using="default", **_):
    """After a migration: whatever stood before stands again; on PostgreSQL each is replaced in its place."""
    take_down(using)
    run(using, "up")


def run(using, direction):
    connection = connections[using]
    tables = set(connection.introspection.table_names())  # a single app may have been migrated alone
    with connection.cursor() as cursor:
        for guard in GUARDS:
            if guard.table not in tables:
                continue
            for statement in getattr(guard, direction)(connection.vendor):
                cursor.execute(statement)
