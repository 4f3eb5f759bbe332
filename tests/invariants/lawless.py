"""Writing as somebody writes who has the database in his hands: past every verb, guard, check and unique index."""

import re
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection, models

from expertteam.guards import GUARDS

UNIQUE = r', CONSTRAINT "\w+" UNIQUE \([^)]*\)| UNIQUE'


class Case(NamedTuple):
    """A corruption: the invariant it breaks, what is there before, and what somebody does to it."""

    name: str
    made: callable
    spoil: callable


@contextmanager
def lawless(model):
    """The table without its guards, checks and unique indexes; the test's transaction brings them back."""
    table = model._meta.db_table
    connection.check_constraints()
    with connection.cursor() as cursor:
        for guard in GUARDS:
            for statement in guard.down(connection.vendor) if guard.table == table else []:
                cursor.execute(statement)
        {"sqlite": relax_sqlite, "postgresql": relax_postgresql}[connection.vendor](cursor, table)
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def relax_sqlite(cursor, table):
    """What is unique by a column stands in the table itself, which is built anew without it."""
    cursor.execute("PRAGMA ignore_check_constraints = ON")
    for name in listed(
        cursor,
        "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql LIKE 'CREATE UNIQUE%%'",
        table,
    ):
        cursor.execute(f'DROP INDEX "{name}"')
    (drawn,) = listed(cursor, "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", table)
    loose = re.sub(UNIQUE, "", drawn)
    if loose != drawn:
        cursor.execute("PRAGMA legacy_alter_table = ON")
        cursor.execute(loose.replace(f'"{table}"', '"loose"', 1))
        cursor.execute(f"INSERT INTO loose SELECT * FROM {table}")
        cursor.execute(f"DROP TABLE {table}")
        cursor.execute(f"ALTER TABLE loose RENAME TO {table}")
        cursor.execute("PRAGMA legacy_alter_table = OFF")


def relax_postgresql(cursor, table):
    constraints = "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'u')"
    for name in listed(cursor, constraints, table):
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE')
    indexes = """SELECT indexrelid::regclass::text FROM pg_index
        WHERE indrelid = %s::regclass AND indisunique AND NOT indisprimary"""
    for name in listed(cursor, indexes, table):
        cursor.execute(f"DROP INDEX {name}")


def listed(cursor, statement, table):
    cursor.execute(statement, [table])
    return [name for (name,) in cursor.fetchall()]


def put(record, **values):
    with lawless(type(record)):
        models.QuerySet(type(record)).filter(pk=record.pk).update(**values)


def added(model, **values):
    with lawless(model):
        return models.QuerySet(model).bulk_create([model(**values)])[0]


def copied(record, **values):
    """The same row once more, with these differences."""
    whole = {
        field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields if not field.primary_key
    }
    return added(type(record), **whole | values)


def taken(record):
    """The row is not there any more; whatever refers to it refers to nothing until the test is over."""
    with lawless(type(record)), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {record._meta.db_table} WHERE {record._meta.pk.column} = %s", [record.pk])


def forged(record, since="", **values):
    """The history of the record says otherwise: all its entries, or those in the state ``since``."""
    model = type(record).history.model
    with lawless(model):
        entries = models.QuerySet(model).filter(**{record._meta.pk.name: record.pk})
        (entries.filter(state=since) if since else entries).update(**values)


def forgotten(record, **which):
    """These entries of its history are gone."""
    model = type(record).history.model
    with lawless(model):
        models.QuerySet(model).filter(**{record._meta.pk.name: record.pk} | which)._raw_delete(using="default")
