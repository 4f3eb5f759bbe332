"""``manage.py backup DIR``: the database and the uploads as one file, and old ones thinned out."""

import subprocess
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from expertteam.backups import backup, thin_out


class Command(BaseCommand):
    help = "把数据库和上传的文件备份成一个文件（BACKUP_RECIPIENTS 有公钥时加密），并清理旧的备份"

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="备份放在哪个目录")
        for name, many, what in (("hourly", 24, "小时"), ("daily", 14, "天"), ("weekly", 8, "周")):
            parser.add_argument(f"--{name}", type=int, default=many, help=f"最近多少个{what}各留一份，默认{many}")

    def handle(self, *, folder, hourly, daily, weekly, **options):
        if not folder.is_dir():
            raise CommandError(f"没有这个目录：{folder}")
        try:
            made = backup(folder, settings.BACKUP_RECIPIENTS)
        except (subprocess.CalledProcessError, OSError) as error:
            raise CommandError(f"没有备份成：{error}") from error
        self.stdout.write(f"{made}　{made.stat().st_size}字节")
        if not settings.BACKUP_RECIPIENTS:
            self.stderr.write("没有设置 BACKUP_RECIPIENTS，这个备份没有加密")
        for name in thin_out(folder, max(1, hourly), daily, weekly):
            self.stdout.write(f"已清理 {name}")
