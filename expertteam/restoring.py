"""Putting a backup back: everything is looked at before anything is touched."""

import contextlib
import shutil
import sqlite3
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from expertteam import clock
from expertteam.backups import DATABASE, STAMP, UPLOADS, Unfit, copied, opened, tool

EMPTY_SCHEMA = "SET client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


def restore(archive: Path, identity: str, overwrite: bool) -> dict:
    """The database and the uploads are as the archive has them; returns its manifest.  ``Unfit``: nothing has changed."""
    with opened(archive, identity) as (folder, manifest):
        refuse_what_does_not_fit(manifest)
        if not overwrite and (used := connection.introspection.table_names() or any_upload()):
            raise Unfit(f"这里已有数据（{used[0]}等），确实要整个换掉才加 --overwrite")
        put_database(folder / DATABASE)
        put_uploads(folder / UPLOADS)
    return manifest


def refuse_what_does_not_fit(manifest: dict):
    """Another kind of database, or steps that this release does not know."""
    if manifest["engine"] != connection.vendor:
        raise Unfit(f"备份出自 {manifest['engine']}，这里的数据库是 {connection.vendor}")
    known = MigrationLoader(None, ignore_no_migrations=True, replace_migrations=False).disk_migrations
    later = [f"{app} {name}" for app, names in manifest["heads"].items() for name in names if (app, name) not in known]
    if later:
        raise Unfit(f"备份出自更新的版本（{manifest['version']}：{'、'.join(later)}），请先换上那个版本")


def any_upload() -> list[str]:
    return [str(path) for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()][:1]


def same_database(one: dict, other: dict) -> bool:
    """Whether both settings may mean one database: a host has many names, so on PostgreSQL the database's name decides."""
    if one["ENGINE"].endswith("sqlite3"):
        one, other = ({**each, "NAME": Path(each["NAME"]).resolve()} for each in (one, other))
    return (one["ENGINE"], one["NAME"]) == (other["ENGINE"], other["NAME"])


def put_database(copy: Path):
    """In one transaction: as it was, or as the copy has it."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(copy)) as source:
            copied(source, connection.connection)
        connection.close()
        return
    connection.close()
    statements = f"{copy}.sql"  # written out whole before the first is carried out: half a copy is no copy
    tool("pg_restore", "--no-owner", "--no-privileges", "--file", statements, str(copy))
    words = ["--single-transaction", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--output", "/dev/null"]
    tool("psql", *words, "--command", EMPTY_SCHEMA, "--file", statements)


def put_uploads(copy: Path):
    """What lay there lies beside it afterwards, by the moment of this restore, until somebody removes it."""
    root, aside = Path(settings.MEDIA_ROOT), Path(f"{settings.MEDIA_ROOT}.before-{clock.real():{STAMP}}Z")
    if root.exists():
        root.rename(aside)
    if copy.exists():
        shutil.move(copy, root)
