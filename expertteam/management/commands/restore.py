"""``manage.py restore FILE``: put a backup back, and ask whether what is there now keeps to the Measures."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection

from experts import changes
from expertteam.backups import Unfit, newest
from expertteam.environment import database
from expertteam.restoring import restore, same_database


class Command(BaseCommand):
    help = "从备份恢复数据库和上传的文件，最后运行 verify；--drill 只在另一个数据库里试一遍"

    def add_arguments(self, parser):
        parser.add_argument("archive", type=Path, help="备份文件；给目录则取其中最新的一份")
        parser.add_argument("--identity", default=settings.BACKUP_IDENTITY, help="私钥文件（备份加密时）")
        parser.add_argument("--overwrite", action="store_true", help="这里已有的数据整个换掉")
        parser.add_argument("--drill", action="store_true", help="恢复到 DRILL_DATABASE_URL，这里的数据不动")

    def handle(self, *, archive, identity, overwrite, drill, **options):
        try:
            archive = newest(archive) if archive.is_dir() else archive
            if drill:
                self.try_out(archive, identity)
                return
            manifest = restore(archive, identity, overwrite)
        except (Unfit, OSError, subprocess.CalledProcessError, Error, sqlite3.Error) as error:
            raise CommandError(f"没有恢复：{error}") from error
        self.stdout.write(f"已恢复 {archive.name}（{manifest['made_at']}，版本{manifest['version']}）")
        call_command("migrate", verbosity=0)
        changes.begin_anew()
        call_command("verify", stdout=self.stdout)

    def try_out(self, archive: Path, identity: str):
        """By the same command in a process of its own, with another database and other files."""
        scratch = settings.DRILL_DATABASE_URL
        if connection.vendor != "sqlite" and not scratch:
            raise Unfit("请在 DRILL_DATABASE_URL 里给出一个可以清空的数据库")
        with tempfile.TemporaryDirectory(dir=settings.VAR) as aside:
            place = {"DATABASE_URL": scratch or f"sqlite:///{aside}/drill.sqlite3", "VAR_DIR": aside}
            if same_database(database(place["DATABASE_URL"], settings.BASE_DIR), connection.settings_dict):
                raise Unfit("DRILL_DATABASE_URL 就是门户自己的数据库")
            words = ["restore", str(archive.absolute()), "--identity", identity, "--overwrite"]
            command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]
            tried = subprocess.run(command, env=os.environ | place, check=False, text=True, capture_output=True)
            self.stdout.write(tried.stdout)
            if tried.returncode:
                raise Unfit(f"试着恢复没有成功：{tried.stderr.strip()[-2000:]}")
        self.stdout.write("试着恢复成功，内容符合办法")
