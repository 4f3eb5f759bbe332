"""PostgreSQL's archive and the way back to an instant, by the very lines of docs/operations.md.

The tests follow each other, on one machine; the whole cluster is lost in the middle.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from tests.deploy.debian import AS_POSTGRES, Debian, pasted
from tests.deploy.machine import ROOT, until

pytestmark = pytest.mark.deploy
ARCHIVE, BACK, RIGHT = pasted("portal-archive.conf"), pasted("recovery.signal"), pasted("rm /etc/postgresql")


@pytest.fixture(scope="module")
def debian():
    """It archives and has a first base backup.  In a folder that the user postgres can reach."""
    folder = Path(tempfile.mkdtemp(prefix="portal-archive-"))
    try:
        it = Debian(folder)
        it.paste(ARCHIVE)
        it.paste("systemctl start portal-basebackup")
        it.sql("CREATE TABLE word (said text)")
        yield it
    finally:
        if (folder / "data/main/postmaster.pid").exists():
            crash(folder)
        print((folder / "log").read_text(encoding="utf8")[-8000:] if (folder / "log").exists() else "no log")
        shutil.rmtree(folder)


def crash(folder):
    """The server ends as it stands."""
    lock = folder / "data/main/postmaster.pid"
    os.kill(int(lock.read_text().split()[0]), signal.SIGQUIT)
    until(lambda: not lock.exists())


def say(debian, word):
    """A commit; the instant after it."""
    debian.sql(f"INSERT INTO word VALUES ('{word}')")
    return debian.sql("SELECT clock_timestamp()")


def switch(debian):
    """The name of a segment that PostgreSQL has ended; there is something in it."""
    return debian.sql("SELECT pg_walfile_name(pg_switch_wal()) FROM pg_logical_emit_message(true, '', '')")


def sent(debian):
    """A segment that PostgreSQL has ended, once it is in the archive."""
    name = switch(debian)
    [file] = until(lambda: debian.archived(name))
    return file


def newest_base(debian):
    return max((debian.archive / "base").iterdir()).name


def back(debian, instant, lines=BACK):
    """What the recipe prints."""
    lines = re.sub(r"(?m)^(base=.*/).*$", rf"\g<1>{newest_base(debian)}", lines)
    return debian.paste(re.sub(r"(?m)^instant=.*$", f"instant='{instant}'", lines))


def test_the_portals_own_role_sees_that_there_is_an_archive(debian):
    """``tests/expertteam/test_checks.py`` has the cluster without one."""
    ask = "from expertteam.checks import postgresql_has_an_archive as ask; print(ask(databases=['default']))"

    assert debian.run(ROOT / ".venv/bin/python", ROOT / "manage.py", "shell", "-v", "0", "-c", ask).strip() == "[]"
    assert debian.sql("SHOW archive_timeout") == "50s"


def test_whoever_has_no_key_reads_nothing(debian):
    """With the key the word is there: the control."""
    say(debian, "confided")
    file = sent(debian)
    debian.run("age-keygen", "-o", debian.folder / "other.key")
    read = f"age --decrypt --identity {{}} {file} | gzip -d | grep -c confided"

    for each in [*(debian.archive / "wal").iterdir(), *(debian.archive / "base").iterdir()]:
        assert each.read_bytes().startswith(b"age-encryption.org/v1")
        assert each.stat().st_mode & 0o077 == 0
    with pytest.raises(subprocess.CalledProcessError) as refused:
        debian.paste(read.format(debian.folder / "other.key"))
    assert "no identity matched" in refused.value.output
    assert int(debian.paste(read.format(debian.key))) > 0


def test_another_file_of_the_same_name_is_refused(debian):
    """The same once more is as good as archived: PostgreSQL asks again after a crash."""
    there = sent(debian)
    name, before = there.name[:24], there.read_bytes()
    segment, other = debian.folder / "data/main/pg_wal" / name, debian.folder / "other"
    other.write_bytes(segment.read_bytes()[:-1] + b"x")
    shutil.chown(other, "postgres") if AS_POSTGRES else None
    keep = [debian.folder / "bin/portal-archive", "keep"]

    with pytest.raises(subprocess.CalledProcessError) as refused:
        debian.as_postgres(*keep, other, name)
    debian.as_postgres(*keep, segment, name)

    assert f"another {name}" in refused.value.output
    assert (debian.archived(name), there.read_bytes()) == ([there], before)


def test_a_file_that_is_handed_over_twice_at_once_lies_there_whole(debian):
    """A server that was killed leaves its ``archive_command`` behind, and the next one begins with the same file."""
    segment, name = debian.folder / "twice", "0000000F0000000F0000000F"
    segment.write_bytes(os.urandom(1 << 24))
    shutil.chown(segment, "postgres") if AS_POSTGRES else None
    command = [*AS_POSTGRES, debian.folder / "bin/portal-archive", "keep", segment, name]

    both = [subprocess.Popen(command, cwd=debian.folder, env=debian.environment) for _ in range(2)]

    assert [each.wait(60) for each in both] == [0, 0]
    [file] = debian.archived(name)
    assert debian.paste(f"age --decrypt --identity {debian.key} {file} | gzip -d | cmp - {segment}") == ""
    file.unlink()


def test_what_cannot_be_archived_is_kept(debian):
    """Nobody to encrypt to; nothing is archived in clear, and once there is somebody nothing is missing."""
    recipients = debian.folder / "portal/recipients"
    kept = recipients.read_text()
    recipients.write_text("")
    name = switch(debian)
    until(lambda: debian.sql("SELECT last_failed_wal FROM pg_stat_archiver") == name)
    debian.sql("CHECKPOINT")

    assert debian.archived(name) == []
    assert (debian.folder / "data/main/pg_wal" / name).exists()
    assert (debian.folder / f"data/main/pg_wal/archive_status/{name}.ready").exists()

    recipients.write_text(kept)
    say(debian, "later")
    last = switch(debian)
    until(lambda: debian.archived(last) and debian.archived(name))


def test_the_cluster_is_lost_and_comes_back_to_an_instant(debian):
    """First to a wrong one, which leaves no trace in the archive; then between two commits."""
    wrong = say(debian, "early")
    instant = say(debian, "before")
    say(debian, "after")
    sent(debian)
    files = sorted(debian.archive.rglob("*.age"))
    crash(debian.folder)
    shutil.rmtree(debian.folder / "data/main")

    back(debian, wrong, BACK.partition("portal migrate")[0])
    assert words(debian) == ["confided", "later", "early"]
    switch(debian)
    said = back(debian, instant)
    assert words(debian) == ["confided", "later", "early", "before"]
    assert sorted(debian.archive.rglob("*.age")) == files
    assert re.findall("portal (migrate|shell|verify)", said) == ["migrate", "shell", "verify"]

    debian.paste(RIGHT)
    say(debian, "since")
    sent(debian)
    assert debian.archived("00000002.history")
    assert not (debian.folder / "portal-backup.key").exists()


def words(debian):
    return debian.sql("SELECT said FROM word ORDER BY ctid").split()


def test_eight_bases_stay_and_all_log_since_the_first_of_them(debian):
    """The one made last before a way back may begin later in the log than those after it: not the oldest one decides."""
    first, second = sorted((debian.archive / "base").iterdir())
    begin = second.name[17:41]
    later = [second.with_name(f"2099010{day}T000000Z-{begin}.tar.gz.age") for day in range(1, 8)]
    for each in later:
        each.touch()
    assert min(logged(debian)) <= first.name[25:41] < begin[8:]

    debian.paste("systemctl start portal-basebackup")

    [third] = set((debian.archive / "base").iterdir()) - set(later)
    assert first.name < second.name < third.name
    assert min(logged(debian)) == begin[8:] < third.name[25:41]
    assert debian.archived("00000002.history")
    for each in later:
        each.unlink()


def logged(debian):
    """Where in the log the archived segments lie, without their timelines."""
    return {path.name[8:24] for path in (debian.archive / "wal").iterdir() if "history" not in path.name}


def test_a_gap_is_not_the_end_of_the_log(debian):
    """1 tells PostgreSQL to open with what it has, 126 not to."""
    sent(debian)
    last = sent(debian).name[:24]
    following = f"{int(last, 16) + 1:024X}"
    [gone] = debian.archived(f"{int(last, 16) - 1:024X}")
    aside = gone.rename(gone.with_suffix(".gone"))

    assert [fetched(debian, name) for name in (gone.name[:24], following, "00000009.history", last)] == [126, 1, 1, 0]
    aside.rename(gone)


def test_an_archive_that_is_not_there_is_not_the_end_of_the_log(debian):
    """The other machine's disk is not mounted, or its files are another user's."""
    wal = debian.archive / "wal"
    aside = wal.rename(debian.archive / "aside")
    found = fetched(debian, "000000090000000000000001")
    aside.rename(wal)

    assert (found, fetched(debian, "000000090000000000000001")) == (126, 1)


def fetched(debian, name):
    fetch = f"runuser -u postgres -- portal-archive fetch {name} {debian.folder}/fetched {debian.key} && exit; echo $?"
    return int(debian.paste(fetch).strip() or 0)


def test_a_damaged_archive_is_not_taken_for_the_end_of_the_log(debian):
    """With everything wanted, PostgreSQL would open without what was committed after the damage."""
    say(debian, "damaged")
    file = sent(debian)
    sent(debian)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)

    with suppress(subprocess.CalledProcessError):  # whether it lives long enough to be called started is chance
        back(debian, "", BACK.partition("until ")[0])

    until(lambda: "FATAL:  could not restore file" in (debian.folder / "log").read_text(encoding="utf8"))
    until(lambda: not (debian.folder / "data/main/postmaster.pid").exists())
