"""A backup that was not restored does not count; one that was tampered with is not restored."""

import errno
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from expertteam import backups
from expertteam.environment import database
from expertteam.restoring import same_database

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
PHONE = "13800001234"


@pytest.fixture
def elsewhere(tmp_path):
    """``manage.py`` on an empty database of the same kind and other files, with the keys of this test."""
    name, var = f"restored_{uuid.uuid4().hex[:12]}", tmp_path / "elsewhere"
    var.mkdir()
    base = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{var}/portal.sqlite3"
    else:
        url = f"postgres://{base['USER']}:{base['PASSWORD']}@{base['HOST']}:{base['PORT'] or 5432}/{name}"
        backups.tool("createdb", name)
    given = {"DATABASE_URL": url, "VAR_DIR": str(var), "SECRET_KEY": configured.SECRET_KEY}
    environment = os.environ | given | {"FIELD_KEYS": ",".join(configured.FIELD_KEYS), "PYTHONPATH": str(ROOT)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)

    def run(*words):
        command = [sys.executable, str(ROOT / "manage.py"), *map(str, words)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    yield run, var
    if connection.vendor != "sqlite":
        backups.tool("dropdb", "--force", name)


@pytest.fixture
def stored(settings, tmp_path):
    """A folder for backups; two files lie among the uploads."""
    settings.VAR = tmp_path / "var"
    settings.MEDIA_ROOT = settings.VAR / "uploads"
    upload(settings.VAR)
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def made_once(django_db_setup, django_db_blocker, tmp_path_factory):
    """An archive of the test database and two files, made outside of any transaction."""
    folder = tmp_path_factory.mktemp("made")
    upload(folder)
    with outside(django_db_blocker, folder):
        yield backups.backup(folder, [])


@pytest.fixture(scope="module")
def broke_off(django_db_setup, django_db_blocker, tmp_path_factory):
    """What lay in the folder while the disk was full at the second file, and what afterwards."""
    folder, put, seen = tmp_path_factory.mktemp("full"), tarfile.TarFile.addfile, []
    upload(folder)
    (folder / "backups").mkdir()

    def full(archive, head, content):
        if head.name.endswith("ab12"):
            seen.extend(path.name for path in (folder / "backups").iterdir())
            raise OSError(errno.ENOSPC, "No space left on device")
        put(archive, head, content)

    with outside(django_db_blocker, folder), pytest.MonkeyPatch.context() as patch:
        patch.setattr(tarfile.TarFile, "addfile", full)
        with pytest.raises(OSError, match="No space left"):
            backups.backup(folder / "backups", [])
    return seen, list((folder / "backups").iterdir())


@contextmanager
def outside(blocker, var):
    """Outside of any transaction: a database in memory can be copied only then."""
    with blocker.unblock(), override_settings(VAR=var, MEDIA_ROOT=var / "uploads"):
        yield
        connection.close()


def upload(var):
    (var / "uploads/202603").mkdir(parents=True)
    (var / "uploads/202603/ab12").write_bytes(b"%PDF-1.7 proof")
    (var / "uploads/202603/cd34").write_bytes(b"")


@pytest.fixture
def archive(stored, made_once):
    """In a folder of its own, to be changed at will."""
    return Path(shutil.copy2(made_once, stored))


def broken(archive):
    """Half of the database, as an archive that is otherwise in order."""
    half = {}

    def change(name, content):
        if name == "database":
            half[name] = hashlib.sha256(content[: len(content) // 2]).hexdigest()
            return content[: len(content) // 2]
        if name == "manifest.json":
            manifest = json.loads(content)
            return json.dumps(manifest | {"files": manifest["files"] | half}).encode()
        return content

    rewritten(archive, change)
    return archive


def rewritten(archive, change):
    """The same archive with ``change(name, content)`` for each of its files; None leaves one out."""
    with tarfile.open(archive) as source:
        files = {each.name: source.extractfile(each).read() for each in source}
    with tarfile.open(archive, "w") as target:
        for name, content in files.items():
            if (new := change(name, content)) is not None:
                head = tarfile.TarInfo(name)
                head.size = len(new)
                target.addfile(head, io.BytesIO(new))


def test_a_backup_is_restored_whole_and_verify_has_the_last_word(made_once, elsewhere, tmp_path):
    """Into an empty database; then with somebody in it; then with a number in clear, which is no success."""
    run, var = elsewhere

    status, said = run("restore", made_once)

    assert (status, "0项不符合" in said) == (0, True), said
    assert (var / "uploads/202603/ab12").read_bytes() == b"%PDF-1.7 proof"
    status, said = run("shell", "-c", THERE_AND_BACK.format(folder=tmp_path, phone=PHONE, name="刘小满"))
    assert (status, f"here is 刘小满 {PHONE}" in said) == (0, True), said
    assert len(list(var.glob("uploads.before-*Z/202603/ab12"))) == 1
    status, said = run("shell", "-c", THERE_AND_BACK.format(folder=tmp_path, phone=PHONE, name=f"电话 {PHONE}"))
    assert (status, "expertteam_user.name" in said) == (1, True), said
    assert len(list(var.glob("uploads.before-*Z/202603/ab12"))) == 2


def test_a_copy_that_cannot_be_put_back_leaves_what_is_there(made_once, archive, elsewhere):
    run, var = elsewhere
    status, said = run("restore", made_once)
    assert status == 0, said
    run("shell", "-c", "from expertteam.models import User; User.objects.create(username='stays')")

    status, said = run("restore", broken(archive), "--overwrite")

    assert (status, "没有恢复" in said) == (1, True), said
    status, said = run("shell", "-c", "from expertteam.models import User; print(User.objects.get().username)")
    assert (status, said.split()[-1:]) == (0, ["stays"]), said
    assert (var / "uploads/202603/ab12").exists()
    assert not list(var.glob("uploads.before*"))


THERE_AND_BACK = """
from django.core.management import call_command
from experts import changes
from expertteam.models import User
User.objects.update_or_create(username="u1", defaults={{"name": "{name}", "phone": "{phone}"}})
cursor = changes.since("", 1).next
assert changes.since(cursor, 1).next == cursor
call_command("backup", "{folder}")
User.objects.update(name="")
call_command("restore", "{folder}", "--overwrite")
try:
    changes.since(cursor, 1)
except ValueError:
    pass
else:
    raise AssertionError("a cursor from before the restore is taken")
print("here is", *User.objects.values_list("name", "phone").get(username="u1"))
"""


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda name, content: content, None),  # the control: written anew as it was
        (lambda name, content: b"%PDF-1.7 other" if name.endswith("ab12") else content, "不一致：uploads/202603/ab12"),
        (lambda name, content: None if name.endswith("cd34") else content, "不一致：uploads/202603/cd34"),
        (lambda name, content: content[:-1] if name == "database" else content, "不一致：database"),
        (lambda name, content: None if name == "manifest.json" else content, "写到一半"),
        (lambda name, content: content[:-3] if name == "manifest.json" else content, "写到一半"),
    ],
)
def test_a_changed_archive_is_not_opened(archive, change, why):
    rewritten(archive, change)

    if why is None:
        with backups.opened(archive, "") as (_, manifest):
            assert set(manifest["files"]) == {"database", "uploads/202603/ab12", "uploads/202603/cd34"}
    else:
        with pytest.raises(backups.Unfit, match=why), backups.opened(archive, ""):
            pass


def test_an_archive_that_broke_off_is_not_opened(archive):
    content = archive.read_bytes()
    for length in (0, 100, len(content) // 2, len(content) - 11_000):
        archive.write_bytes(content[:length])
        with pytest.raises(backups.Unfit), backups.opened(archive, ""):
            pass


@pytest.mark.parametrize(
    ("name", "kind", "where"),
    [
        ("../../escaped", tarfile.REGTYPE, ""),
        ("/proc/self/escaped", tarfile.REGTYPE, ""),
        ("uploads/link", tarfile.SYMTYPE, "/etc"),
        ("uploads/link", tarfile.LNKTYPE, "../../outside"),
        ("uploads/pipe", tarfile.FIFOTYPE, ""),
        ("database", tarfile.REGTYPE, ""),  # a second of the name
    ],
)
def test_nothing_but_files_is_unpacked_and_nothing_leaves_the_folder(archive, tmp_path, name, kind, where):
    with tarfile.open(archive, "a") as target:
        head = tarfile.TarInfo(name)
        head.type, head.linkname, head.size = kind, where, 1 if kind == tarfile.REGTYPE else 0
        target.addfile(head, io.BytesIO(b"x"))

    with pytest.raises(backups.Unfit, match="不该有|File exists"), backups.opened(archive, ""):
        pass
    assert not list(tmp_path.rglob("escaped"))


def test_what_breaks_off_does_not_stay(broke_off):
    before, after = broke_off
    assert [name.startswith(".portal-") for name in before] == [True]  # the control: it was begun
    assert after == []


def test_only_its_owner_reads_it(made_once):
    assert made_once.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in made_once.parent.iterdir()) == [made_once.name, "uploads"]


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("engine", "oracle", "出自 oracle"),
        ("heads", {"experts": ["0999_of_tomorrow"]}, "更新的版本（9.9：experts 0999_of_tomorrow）"),
    ],
)
def test_what_does_not_fit_is_not_put_here(archive, field, value, why):
    made = {field: value, "version": "9.9"}
    rewritten(
        archive, lambda name, text: json.dumps(json.loads(text) | made).encode() if name == "manifest.json" else text
    )

    with pytest.raises(CommandError, match=why):
        call_command("restore", archive, "--overwrite")


def test_here_is_something_already(archive, stored):
    with pytest.raises(CommandError, match="已有数据"):
        call_command("restore", stored)


def test_an_empty_folder_has_nothing_to_restore(stored):
    with pytest.raises(CommandError, match="没有备份"):
        call_command("restore", stored)


def test_the_manifest_says_what_made_it(archive):
    with backups.opened(archive, "") as (_, manifest):
        assert manifest["engine"] == connection.vendor
        assert manifest["version"] == "0.1.0"
        assert all(len(names) == 1 for names in manifest["heads"].values())
        assert {"expertteam", "experts", "payments", "auth"} <= set(manifest["heads"])


def named(*moments):
    return [f"portal-{moment:%Y%m%dT%H%M%S}Z.tar" for moment in moments]


def test_the_newest_of_each_hour_day_and_week_is_kept():
    """Every half hour for a hundred days: 24 hours, then 14 days, then 8 weeks, each once."""
    last = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
    every = named(*(last - timedelta(minutes=30) * step for step in range(4800)))

    stay = sorted(backups.kept(every, hourly=24, daily=14, weekly=8))

    assert len(stay) == 24 + 13 + 5
    assert stay[0] == "portal-20260215T233000Z.tar"  # the Sunday seven weeks back
    assert stay[-2:] == ["portal-20260331T223000Z.tar", "portal-20260331T233000Z.tar"]


def test_standstill_removes_nothing():
    """What counts is in how many hours something was made, not how long ago."""
    old = named(datetime(2024, 1, 1, 5, tzinfo=UTC), datetime(2025, 1, 1, 5, tzinfo=UTC))

    assert backups.kept(old, hourly=24, daily=14, weekly=8) == set(old)


def test_other_files_are_left_alone(stored):
    (stored / "portal-notes.txt").write_text("x")
    for name in named(
        datetime(2026, 1, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 2, tzinfo=UTC), datetime(2026, 1, 1, 3, tzinfo=UTC)
    ):
        (stored / name).write_bytes(b"")

    assert backups.thin_out(stored, hourly=1, daily=1, weekly=1) == named(
        datetime(2026, 1, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, 2, tzinfo=UTC),
    )
    assert (stored / "portal-notes.txt").exists()


def test_a_drill_needs_a_database_of_its_own(archive, stored, settings, monkeypatch):
    name = "portal" if connection.vendor == "postgresql" else f"{stored}/portal.sqlite3"
    scheme = "postgres://u@h" if connection.vendor == "postgresql" else "sqlite://"
    settings.DRILL_DATABASE_URL = f"{scheme}/{name}"
    monkeypatch.setitem(connection.settings_dict, "NAME", name)

    with pytest.raises(CommandError, match="门户自己的数据库"):
        call_command("restore", stored, "--drill")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("postgres://p:x@localhost:5432/portal", "postgres://q:y@127.0.0.1/portal?sslmode=require", True),
        ("postgres://p@h/portal", "postgres://p@h/%70ortal", True),
        ("postgres://p@h/portal", "postgres://p@h/portal_drill", False),
        ("sqlite:///var/portal.sqlite3", "sqlite:///{here}/var/portal.sqlite3", True),
        ("sqlite:///var/portal.sqlite3", "sqlite:///var/../linked/portal.sqlite3?x=y", True),
        ("sqlite:///var/portal.sqlite3", "sqlite:///var/drill.sqlite3", False),
        ("sqlite:///var/portal.sqlite3", "postgres://p@h/portal", False),
    ],
)
def test_one_database_has_many_names(tmp_path, one, other, same):
    (tmp_path / "var").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "var")
    first, second = (database(url.format(here=tmp_path), tmp_path) for url in (one, other))

    assert (same_database(first, second), same_database(second, first)) == (same, same)
