"""The recipe of deploy/ carried out with real processes: what goes on behind the site is never seen from outside it.

The tests follow each other as a day of operation does, on one machine.
"""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from cryptography.fernet import Fernet
from django.conf import settings

from tests.deploy.machine import HOST, ROOT, Machine, free_port, unit, until
from tests.deploy.visitors import Visitors

pytestmark = [pytest.mark.deploy, pytest.mark.postgres, pytest.mark.redis]
MESSAGES = 60
PHONE = "13812345678"
DEBIANS = Path("/usr/bin/python3.11")


class Redis:
    """A Redis that keeps nothing."""

    def __init__(self):
        self.port = free_port()

    def start(self):
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(["redis-server", *words], stdout=subprocess.DEVNULL)
        until(lambda: socket.create_connection(("127.0.0.1", self.port), 1).close() is None)

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def connect(name):
    base = settings.DATABASES["default"]
    names = {"user": base["USER"], "password": base["PASSWORD"], "host": base["HOST"], "port": base["PORT"] or None}
    connection = psycopg2.connect(dbname=name, **names)
    connection.autocommit = True
    return connection


def url(name):
    base = settings.DATABASES["default"]
    return f"postgres://{base['USER']}:{base['PASSWORD']}@{base['HOST']}:{base['PORT'] or 5432}/{name}"


@pytest.fixture(scope="module")
def databases():
    """The portal's own, and one for trials of its backups."""
    names = [f"portal_deploy_{os.getpid()}", f"portal_drill_{os.getpid()}"]
    with closing(connect(settings.DATABASES["default"]["NAME"])) as maker, maker.cursor() as cursor:
        for name in names:
            cursor.execute(f"CREATE DATABASE {name}")
        yield names
        for name in names:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def redis():
    server = Redis()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def identity(tmp_path_factory):
    """A key pair for backups: (file of the private one, the public one)."""
    file = tmp_path_factory.mktemp("identity") / "key.txt"
    subprocess.run(["age-keygen", "-o", file], check=True, capture_output=True)
    return file, re.search(r"age1\w+", file.read_text())[0]


def previous(folder: Path) -> Path:
    """The portal as it was before its newest migration, else as it was a commit ago, else as it is.

    A checkout that knows no past, and a past without a recipe, leave only the last.
    """
    newest = ["git", "log", "-1", "--format=%H", "--", ":(glob)*/migrations/*.py"]
    migrated = subprocess.run(newest, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    for commit in (f"{migrated}~1", "HEAD~1"):
        asked = ["git", "cat-file", "-e", f"{commit}:deploy/gunicorn.py"]
        if subprocess.run(asked, cwd=ROOT, capture_output=True, check=False).returncode == 0:
            packed = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
            subprocess.run(["tar", "--extract", "--directory", folder], input=packed, check=True)
            return folder
    return ROOT


@pytest.fixture(scope="module")
def machine(tmp_path_factory, databases, redis, identity):
    """One web process, one worker and beat of the previous release, behind the site."""
    folder, outside = tmp_path_factory.mktemp("machine"), tmp_path_factory.mktemp("outside")
    shutil.copy(ROOT / "tests/deploy/bureau_gateway.py", outside)
    (outside / "bureau.toml").write_text('phone = "0351-4000000"\nsupervise_phone = ""\n')
    it = Machine(folder, ports=[free_port(), free_port()], environment={
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": Fernet.generate_key().decode(),
        "DATABASE_URL": url(databases[0]),
        "DRILL_DATABASE_URL": url(databases[1]),
        "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0",
        "SITE_URL": f"https://{HOST}",
        "ALLOWED_HOSTS": HOST,
        "TRUSTED_PROXIES": "1",
        "EMAIL_HOST": "127.0.0.1",
        "BUREAU_FILE": str(outside / "bureau.toml"),
        "SMS_BACKEND": "bureau_gateway.Slow",
        "PYTHONPATH": str(outside),
        "SENT": str(outside / "sent"),
        "PYTHONWARNINGS": "ignore",  # Celery's about root
        "BACKUP_RECIPIENTS": identity[1],
        "BACKUP_IDENTITY": str(identity[0]),
    })  # fmt: skip
    try:
        it.release("old", previous(tmp_path_factory.mktemp("previous")))
        it.release("new", ROOT)
        it.switch("old")
        it.manage("migrate", "--verbosity", "0")
        it.manage("collectstatic", "--no-input", "--verbosity", "0")
        it.listen(it.ports[0])
        for name in (f"portal-web@{it.ports[0]}.service", "portal-worker@1.service", "portal-beat.service"):
            it.start(name)
        it.serve()
        until(lambda: it.ready(it.ports[0]))
        yield it
    finally:
        it.off()
        sys.stdout.write((it.logs / "portal.log").read_text(encoding="utf8")[-20_000:])


@pytest.fixture
def rows(databases):
    """What a statement finds in the portal's database."""
    with closing(connect(databases[0])) as connection, connection.cursor() as cursor:

        def ask(statement):
            cursor.execute(statement)
            return cursor.fetchall()

        yield ask


def update(machine, name):
    """Another release under running processes, as docs/operations.md has it."""
    machine.manage("migrate", "--verbosity", "0", release=name)
    change(machine, name)


def change(machine, name):
    """Static files, then one process after another; alone it is the way back, which leaves the database as it is."""
    machine.manage("collectstatic", "--no-input", "--verbosity", "0", release=name)
    machine.switch(name)
    for running in [each for each in machine.processes if each.startswith("portal-")]:
        machine.restart(running)
        if port := machine.port_of(running):
            until(lambda port=port: machine.ready(port))


def test_an_update_is_not_noticed(machine, rows):
    with Visitors(machine) as visitors:
        update(machine, "new")

    assert visitors.lost == []
    assert rows("SELECT COUNT(*) FROM evaluations_report") == [(visitors.receipts,)]
    assert visitors.receipts > 3
    assert len(visitors.answers) > 50


def test_production_settings_are_beyond_reproach(machine):
    """The calendar of the days ahead is what a bureau has to enter itself; ``test_archive`` has a cluster with an archive."""
    machine.manage("shell", "-c", YEARS)

    said = machine.manage("check", "--deploy", "--database", "default")

    found = re.findall(r"^\?: \((\S+)\)", said, re.M)
    assert set(found) <= {"expertteam.W006"}
    assert f"identified {len(found) or 'no'} issue" in said


YEARS = """
from datetime import date
from expertteam.models import CalendarYear
for year in (date.today().year, date.today().year + 1):
    CalendarYear.objects.get_or_create(year=year, defaults={"source": "国办发明电"})
"""


def test_twice_as_many_are_one_command_each(machine):
    second = machine.ports[1]
    with Visitors(machine) as visitors:
        machine.listen(second)
        machine.start(f"portal-web@{second}.service")
        machine.start("portal-worker@2.service")
        until(lambda: machine.ready(second))
        begun = len(visitors.answers)
        until(lambda: len(visitors.answers) > begun + 30)

    assert visitors.lost == []


def test_a_process_that_is_told_to_stop_finishes_what_it_has_begun(machine, rows, databases):
    """Four forms hang on a locked table, two in each process; one process is stopped meanwhile."""
    second = f"portal-web@{machine.ports[1]}.service"
    before = rows("SELECT COUNT(*) FROM evaluations_report")[0][0]
    visitors = Visitors(machine)
    taken_in = []
    people = [threading.Thread(target=lambda n=n: taken_in.append(visitors.report(n))) for n in range(210, 214)]
    with closing(connect(databases[0])) as locking, locking.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE evaluations_report IN ACCESS EXCLUSIVE MODE")
        for each in people:
            each.start()
        hanging = "SELECT 1 FROM pg_locks l JOIN pg_class c ON c.oid = relation WHERE NOT granted AND relname = 'evaluations_report'"
        until(lambda: len(rows(hanging)) == len(people))
        stopping = threading.Thread(target=lambda: machine.restart(second))
        stopping.start()
        time.sleep(1)
        cursor.execute("COMMIT")
    for each in [*people, stopping]:
        each.join()

    assert taken_in == [True] * len(people)
    assert rows("SELECT COUNT(*) FROM evaluations_report") == [(before + len(people),)]
    until(lambda: machine.ready(machine.ports[1]))


def test_a_worker_that_is_killed_costs_no_message(machine):
    """It dies with messages in hand and others waiting; ``test_every_message_went_out`` sees where they are."""
    words = ("shell", "-c", PUT.format(count=MESSAGES, phone=PHONE))
    putting = threading.Thread(target=machine.manage, args=words)
    putting.start()
    until(lambda: len(sent(machine)) > 3)
    machine.kill("portal-worker@1.service")
    by_then = len(sent(machine))
    putting.join()

    machine.start("portal-worker@1.service")

    assert by_then < MESSAGES


PUT = """
from django.db import transaction
from expertteam import notify
with transaction.atomic():
  for number in range({count}):
    notify.text(f"deploy-{{number}}", "{phone}", "通知", "内容")
"""


def sent(machine):
    kept = Path(machine.environment["SENT"])
    return kept.read_text(encoding="utf8").split() if kept.exists() else []


def test_redis_may_go_away_and_come_back(machine, redis):
    with Visitors(machine) as visitors:
        redis.stop()
        begun = len(visitors.answers)
        until(lambda: len(visitors.answers) > begun + 20)
        redis.start()
        begun = len(visitors.answers)
        until(lambda: len(visitors.answers) > begun + 20)

    assert visitors.lost == []


def test_the_last_release_serves_on_the_database_of_this_one(machine):
    with Visitors(machine) as visitors:
        change(machine, "old")

    assert visitors.lost == []
    assert visitors.receipts > 3
    assert os.readlink(machine.current).endswith("/old")


def test_a_backup_is_tried_out(machine, databases):
    """By the very commands of the timers; the portal goes on meanwhile.  Whoever has no key gets nothing."""
    machine.switch("new")
    before = reports(databases[0])
    with Visitors(machine) as visitors:
        said = machine.manage(*command_of("portal-backup.service", machine))
    [archive] = machine.backups.iterdir()

    assert visitors.lost == []
    assert str(archive) in said
    assert archive.stat().st_mode & 0o077 == 0
    assert archive.read_bytes().startswith(b"age-encryption.org/v1")
    assert "0项不符合" in machine.manage(*command_of("portal-drill.service", machine))
    assert 0 < before <= reports(databases[1]) <= reports(databases[0])

    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    archive.write_bytes(content)
    with pytest.raises(subprocess.CalledProcessError) as failed:
        machine.manage(*command_of("portal-drill.service", machine))
    assert "打不开" in failed.value.output


@pytest.mark.skipif(not DEBIANS.exists(), reason="the Python of Debian 12 is not here")
def test_the_python_of_the_recipe_restores_it(machine):
    """docs/operations.md installs 3.11.2, older than the image's and most developers', and libraries that fit it."""
    machine.release("debian", ROOT)
    place = machine.folder / "releases/debian"
    (place / ".venv").unlink()
    subprocess.run(["make", "-C", place, f"PYTHON={DEBIANS}", ".venv/.runtime"], check=True)

    machine.manage(*command_of("portal-backup.service", machine), release="debian")
    said = machine.manage(*command_of("portal-drill.service", machine), release="debian")

    assert said.splitlines()[-1] == "试着恢复成功，内容符合办法"


def reports(database):
    with closing(connect(database)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM evaluations_report")
        return cursor.fetchone()[0]


def command_of(name, machine):
    """What ``manage.py`` is told in this unit."""
    return machine.here(unit(name)["Service"]["ExecStart"].partition("manage.py ")[2]).split()


def test_every_line_is_json_and_names_no_person(machine):
    """The number that the answer carries finds its lines; the visitor's own does not count, nginx gives another."""
    _, headers, _ = machine.ask(f"/experts/?q={PHONE}", headers={"X-Request-ID": "visitor-made-this-up"})
    _, again, _ = machine.ask(f"/verify/{'x' * 22}/")
    number = headers["X-Request-ID"]
    until(lambda: again["X-Request-ID"] in (machine.logs / "portal.log").read_text(encoding="utf8"))
    text = (machine.logs / "portal.log").read_text(encoding="utf8")
    lines = [json.loads(line) for line in text.splitlines() if line not in ("", "worker: Warm shutdown (MainProcess)")]

    [answer] = [line for line in lines if line["request_id"] == number]
    told = {name: answer[name] for name in ("logger", "method", "route", "status", "network", "user")}
    expected = {"logger": "gunicorn.access", "method": "GET", "route": "/experts/", "status": 200}
    assert told == expected | {"network": "127.0.1.0/24", "user": None}
    for each in [*machine.logs.iterdir()]:
        assert PHONE not in each.read_text(encoding="utf8")
        assert "x" * 22 not in each.read_text(encoding="utf8")


def test_static_files_come_from_the_disk_for_a_year(machine):
    _, _, page = machine.ask("/")
    style = re.search(rb'href="(/static/[^"]+\.css)"', page)[1].decode()

    status, headers, _ = machine.ask(style, headers={"Accept-Encoding": "gzip"})

    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert machine.ask("/static/../uploads/")[0] in (400, 404)


def test_fewer_are_as_many_commands(machine):
    """Out of nginx first, then stopped."""
    site = machine.folder / "nginx/upstream.conf"
    second = machine.ports[1]
    with Visitors(machine) as visitors:
        site.write_text(site.read_text().replace(f"127.0.0.1:{second} max_fails=0", f"127.0.0.1:{second} down"))
        machine.processes["nginx"].send_signal(1)
        time.sleep(1)
        machine.sockets.pop(second).close()
        machine.stop(f"portal-web@{second}.service")
        machine.stop("portal-worker@2.service")
        begun = len(visitors.answers)
        until(lambda: len(visitors.answers) > begun + 20)

    assert visitors.lost == []


def test_every_message_went_out(machine, rows):
    """Beat and the workers, killed, restarted and rolled back, have left nothing; what the killed one held came twice."""
    unsent = "SELECT key FROM expertteam_notification WHERE key LIKE 'deploy-%' AND sent_at IS NULL"
    until(lambda: rows(unsent) == [], 200)

    keys = sent(machine)
    repeated = {key for key in keys if keys.count(key) > 1}
    assert set(keys) == {f"deploy-{number}:sms" for number in range(MESSAGES)}
    assert len(repeated) <= 2  # the processes of one worker


def test_visitors_do_notice_what_is_lost(machine):
    """The control: the last web process dies, and nobody keeps its socket."""
    first = machine.ports[0]
    with Visitors(machine) as visitors:
        until(lambda: len(visitors.answers) > 5)
        machine.sockets.pop(first).close()
        machine.kill(f"portal-web@{first}.service")
        until(lambda: visitors.lost)

    assert visitors.lost[-1][2] == 502
