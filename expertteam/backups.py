"""A backup is one file: the database as of one moment, the uploads, and a manifest that lets nothing be missing or changed.

The database comes first, so that every file it speaks of lies beside it.  A manifest stands at the end of the archive
(the digests are made as it is written): what has none broke off.  Encryption is age's, to public keys; whoever makes
backups cannot read them.
"""

import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from expertteam import clock

NAME = re.compile(r"portal-(\d{8}T\d{6})Z\.tar(\.age)?")
MANIFEST, DATABASE, UPLOADS = "manifest.json", "database", "uploads"
STAMP = "%Y%m%dT%H%M%S"


class Unfit(Exception):
    """Why this archive cannot be relied upon, or not be put here."""


def backup(folder: Path, recipients: list[str]) -> Path:
    """Write one archive into ``folder``; it appears whole or not at all.  ``CalledProcessError`` when a tool fails."""
    name = f"portal-{clock.real():{STAMP}}Z.tar" + (".age" if recipients else "")
    with tempfile.TemporaryDirectory(dir=settings.VAR) as aside:
        copy = Path(aside) / DATABASE
        dump(copy)
        partial = folder / f".{name}"
        try:
            with writing(partial, recipients) as stream, tarfile.open(fileobj=stream, mode="w|") as archive:
                fill(archive, copy)
            partial.replace(folder / name)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    return folder / name


def fill(archive: tarfile.TarFile, copy: Path):
    """Everything, and at the end the manifest."""
    digests = {each: added(archive, each, path) for each, path in contents(copy)}
    text = json.dumps(about() | {"files": digests}, ensure_ascii=False, indent=1).encode()
    head = tarfile.TarInfo(MANIFEST)
    head.size = len(text)
    archive.addfile(head, io.BytesIO(text))


def about() -> dict:
    """What made it and for what."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf8"))["project"]
    made = clock.real().isoformat(timespec="seconds")
    return {"format": 1, "made_at": made, "version": project["version"], "engine": connection.vendor, "heads": heads()}


def heads() -> dict[str, list[str]]:
    """The applied migrations of each app that no other of its applied ones follows."""
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    nodes = loader.graph.node_map
    applied = {key for key in loader.applied_migrations if key in nodes}
    before = {parent.key for key in applied for parent in nodes[key].parents if parent.key[0] == key[0]}
    found: dict[str, list[str]] = {}
    for app, name in sorted(applied - before):
        found.setdefault(app, []).append(name)
    return found


def dump(target: Path):
    """The database as of one moment, while the portal goes on."""
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        # Not read-only: a database in WAL cannot even be read without writing beside it.
        source = name if name.startswith("file:") else f"{Path(name).as_uri()}?mode=rw"
        with (
            contextlib.closing(sqlite3.connect(source, uri=True)) as live,
            contextlib.closing(sqlite3.connect(target)) as copy,
        ):
            copied(live, copy)
        return
    tool("pg_dump", "--format", "custom", "--no-owner", "--no-privileges", "--file", str(target))


def copied(source: sqlite3.Connection, target: sqlite3.Connection):
    """All of it; ``TimeoutError`` when somebody else keeps one of them locked for ten seconds."""
    refused = []

    def patient(status, *_):
        refused.extend([status] if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) else [])
        if len(refused) > 40:
            raise TimeoutError("数据库正被占用")

    source.backup(target, progress=patient, sleep=0.25)


def tool(name: str, *words: str, **options):
    """A program of PostgreSQL on our database; the password goes through the environment, not the command line."""
    base = connection.settings_dict
    names = {"PGHOST": base["HOST"], "PGPORT": base["PORT"], "PGUSER": base["USER"], "PGPASSWORD": base["PASSWORD"]}
    names |= {"PGDATABASE": base["NAME"], "PGSSLMODE": base["OPTIONS"].get("sslmode", "")}
    given = {key: str(value) for key, value in names.items() if value}
    return subprocess.run([name, *words], check=True, env=os.environ | given, **options)


def contents(database: Path) -> Iterator[tuple[str, Path]]:
    """What goes into the archive, by its name there."""
    yield DATABASE, database
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file():
            yield f"{UPLOADS}/{path.relative_to(root)}", path


def added(archive: tarfile.TarFile, name: str, path: Path) -> str:
    """The SHA-256 of what was written."""
    with path.open("rb") as source:
        head = archive.gettarinfo(arcname=name, fileobj=source)
        head.mode, head.uid, head.gid, head.uname, head.gname = 0o600, 0, 0, "", ""
        reader = Digesting(source)
        archive.addfile(head, reader)
    return reader.digest.hexdigest()


class Digesting:
    """A file that is read once and known by its digest afterwards."""

    def __init__(self, source):
        self.source, self.digest = source, hashlib.sha256()

    def read(self, size: int) -> bytes:
        block = self.source.read(size)
        self.digest.update(block)
        return block


@contextlib.contextmanager
def writing(path: Path, recipients: list[str]):
    """A stream into a file that only its owner reads, through age where there is anybody to encrypt to; safe on disk after."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        if recipients:
            words = [word for each in recipients for word in ("--recipient", each)]
            with subprocess.Popen(["age", *words], stdin=subprocess.PIPE, stdout=file) as age:
                yield age.stdin
            if age.returncode:
                raise subprocess.CalledProcessError(age.returncode, "age")
        else:
            yield file
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def opened(archive: Path, identity: str) -> Iterator[tuple[Path, dict]]:
    """(folder, manifest) of an archive whose every byte is what was written; ``Unfit`` otherwise."""
    with tempfile.TemporaryDirectory(dir=settings.VAR) as aside:
        folder = Path(aside)
        try:
            with reading(archive, identity) as stream, tarfile.open(fileobj=stream, mode="r|") as content:
                unpack(content, folder)
        except (tarfile.TarError, subprocess.CalledProcessError, OSError, EOFError) as error:
            raise Unfit(f"打不开这个备份（损坏、不完整，或密钥不对）：{error}") from error
        yield folder, examined(folder)


def unpack(content: tarfile.TarFile, folder: Path):
    """Files inside ``folder`` and nothing else; Debian 12's Python 3.11.2 has no filters for that yet."""
    for member in content:
        target = (folder / member.name).resolve()
        if not (member.isreg() and target.is_relative_to(folder.resolve())):
            raise Unfit(f"备份里有不该有的东西：{member.name}")
        target.parent.mkdir(parents=True, exist_ok=True)
        private = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with content.extractfile(member) as source, open(private, "wb") as copy:
            shutil.copyfileobj(source, copy)


@contextlib.contextmanager
def reading(archive: Path, identity: str):
    """The archive in clear; the whole of it was authentic, or ``CalledProcessError`` at the end."""
    if archive.suffix != ".age":
        with archive.open("rb") as file:
            yield file
        return
    if not identity:
        raise Unfit("这个备份是加密的，请用 --identity 或 BACKUP_IDENTITY 指明私钥文件")
    command = ["age", "--decrypt", "--identity", identity, str(archive)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as age:
        yield age.stdout
        age.stdout.read()
    if age.returncode:
        raise subprocess.CalledProcessError(age.returncode, "age")


def examined(folder: Path) -> dict:
    """The manifest, once it and the files say the same."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf8"))
    except (OSError, ValueError) as error:
        raise Unfit("备份里没有完整的清单，写到一半就断了") from error
    there = {
        str(path.relative_to(folder)): digest(path)
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }
    if there != manifest["files"]:
        wrong = sorted(
            name for name in there.keys() | manifest["files"].keys() if there.get(name) != manifest["files"].get(name)
        )
        raise Unfit(f"备份里的文件和清单不一致：{'、'.join(wrong[:5])}")
    return manifest


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def newest(folder: Path) -> Path:
    """The archive in it that was made last; ``Unfit`` when there is none."""
    found = sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name))
    if not found:
        raise Unfit(f"{folder} 里没有备份")
    return found[-1]


def kept(names: list[str], hourly: int, daily: int, weekly: int) -> set[str]:
    """Which archives stay: the newest of each of the last so many hours, days and weeks in which one was made."""
    moments = {name: datetime.strptime(NAME.fullmatch(name)[1], STAMP).replace(tzinfo=UTC) for name in names}
    made = sorted(((moment, name) for name, moment in moments.items()), reverse=True)
    stay = set()
    for form, many in (("%Y%m%d%H", hourly), ("%Y%m%d", daily), ("%GW%V", weekly)):
        periods: dict[str, str] = {}
        for moment, name in made:
            periods.setdefault(f"{moment:{form}}", name)
        stay |= set(list(periods.values())[:many])
    return stay


def thin_out(folder: Path, hourly: int, daily: int, weekly: int) -> list[str]:
    """Remove what need not be kept; returns the names."""
    names = [path.name for path in folder.iterdir() if NAME.fullmatch(path.name)]
    gone = sorted(set(names) - kept(names, hourly, daily, weekly))
    for name in gone:
        (folder / name).unlink()
    return gone
