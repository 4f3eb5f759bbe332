"""A cluster of PostgreSQL laid out as Debian's, in a folder of its own, and a shell that is given lines of docs/operations.md.

systemd's part is played here as in ``machine``; everything else is the committed files, with other places.
"""

import os
import re
import subprocess
from pathlib import Path

from tests.deploy.machine import ROOT, unit

BIN = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=Path("/absent"))
AS_POSTGRES = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
CONF = """
data_directory = '{folder}/data/main'
hba_file = '{folder}/data/main/pg_hba.conf'
listen_addresses = ''
unix_socket_directories = '{folder}'
include_dir = 'conf.d'
"""
SYSTEMCTL = """#!/bin/sh
for unit; do :; done
case $unit in
postgresql)
  [ "$1" != stop ] || [ -e {folder}/data/main/postmaster.pid ] || exit 0
  exec {user} {bin}/pg_ctl -s -w -D {folder}/data/main -l {folder}/log -o "-c config_file={folder}/settings/postgresql.conf" $1 ;;
portal-basebackup) exec {user} {base} ;;
esac
"""


def pasted(words: str) -> str:
    """The one block of docs/operations.md in which these words stand."""
    blocks = (ROOT / "docs/operations.md").read_text(encoding="utf8").split("\n```\n")[1::2]
    [block] = [block for block in blocks if words in block]
    return block


class Debian:
    """The machine before the archive's lines are pasted: a running cluster with the portal's empty database, and keys."""

    def __init__(self, folder: Path):
        self.folder, self.archive, self.key = folder, folder / "archive", folder / "key/portal-backup.key"
        self.places = {
            "/var/backups/postgresql": self.archive,
            "/etc/postgresql/15/main": folder / "settings",
            "/var/lib/postgresql/15": folder / "data",
            "/usr/lib/postgresql/15/bin": BIN,
            "/var/log/postgresql/postgresql-15-main.log": folder / "log",
            "/usr/local/bin": folder / "bin",
            "/srv/portal/current": folder / "release",
            "/etc/portal": folder / "portal",
            "/media/KEY": folder / "key",
            "/run": folder,
        }
        passed = {name: value for name, value in os.environ.items() if name in ("LANG", "HOME", "TZ")}
        self.environment = passed | {"PATH": f"{folder}/bin:{os.environ['PATH']}", "PGHOST": str(folder)}
        self.environment |= {"PGUSER": "postgres", "DATABASE_URL": f"postgres://portal@/portal?host={folder}"}
        for name in ("bin", "portal", "key", "release/deploy/postgresql", "settings/conf.d", "data"):
            (folder / name).mkdir(parents=True)
        self.lay_ready()
        self.as_postgres(BIN / "initdb", "-A", "trust", "--no-sync", "-D", folder / "data/main", "-U", "postgres")
        self.paste("systemctl start postgresql")
        self.sql("CREATE ROLE portal LOGIN", "postgres")
        self.sql("CREATE DATABASE portal OWNER portal", "postgres")

    def lay_ready(self):
        """Keys, settings, the release's files, and commands of which the portal's only says what it is told."""
        self.run("age-keygen", "-o", self.key)
        recipient = re.search(r"age1\w+", self.key.read_text(encoding="utf8"))[0]
        release = self.folder / "release/deploy/postgresql"
        for file in (ROOT / "deploy/postgresql").iterdir():
            (release / file.name).write_text(self.here(file.read_text(encoding="utf8")))
        places = {"user": " ".join(AS_POSTGRES), "bin": BIN, "folder": self.folder}
        places["base"] = self.here(unit("portal-basebackup.service")["Service"]["ExecStart"])
        (self.folder / "settings/postgresql.conf").write_text(CONF.format(**places))
        (self.folder / "portal/portal.env").write_text(f"VAR_DIR=\nBACKUP_RECIPIENTS={recipient}\n")
        commands = {"systemctl": SYSTEMCTL.format(**places), "portal": '#!/bin/sh\necho "portal $*"'}
        commands |= {} if AS_POSTGRES else {"runuser": '#!/bin/sh\nshift 3\nexec "$@"'}
        for name, text in commands.items():
            (self.folder / "bin" / name).write_text(text)
            (self.folder / "bin" / name).chmod(0o755)
        if AS_POSTGRES:
            self.run("chown", "-R", "postgres", self.folder)

    def here(self, text: str) -> str:
        """A line of the recipe, with this machine's places; without a second user where none can be taken on."""
        for place, ours in self.places.items():
            text = text.replace(place, str(ours))
        return text if AS_POSTGRES else text.replace("-o postgres -g postgres ", "")

    def run(self, *command) -> str:
        """What it prints; ``CalledProcessError`` when it fails."""
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        done = subprocess.run(command, check=True, cwd=self.folder, env=self.environment, text=True, **streams)
        return done.stdout

    def as_postgres(self, *command) -> str:
        return self.run(*AS_POSTGRES, *command)

    def paste(self, text: str) -> str:
        """What a shell prints that is given these lines; it ends at the first that fails."""
        return self.run("bash", "-euo", "pipefail", "-c", self.here(text))

    def sql(self, statement: str, database="portal") -> str:
        return self.as_postgres("psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement).strip()

    def archived(self, name: str) -> list[Path]:
        """Where this file of PostgreSQL's lies in the archive."""
        return list((self.archive / "wal").glob(f"{name}-*.age"))
