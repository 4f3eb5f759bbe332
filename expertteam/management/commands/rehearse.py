"""``manage.py rehearse --experts N --years Y --seed S``: live a bureau's life into an empty database, and report it."""

import gc
import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from experts.models import Expert
from expertteam import clock
from expertteam.models import User
from expertteam.rehearsal.life import MOST_YEARS, Rehearsal, last_day, rehearse, stand_still
from expertteam.rehearsal.report import report
from services.models import Service

WIDTH = 20  # of the progress bar


class Command(BaseCommand):
    help = "在一个空数据库里按真实流程演练若干年（只用于演示、培训和检验）"

    def add_arguments(self, parser):
        parser.add_argument("--experts", type=int, required=True, help="在聘专家大约多少位")
        parser.add_argument("--years", type=int, required=True, choices=range(1, MOST_YEARS + 1), help="演练几年")
        parser.add_argument("--seed", type=int, default=2026, help="同一个种子，同一段经历")
        parser.add_argument("--speed", type=float, default=0, help="每分钟最多演练几天；不填则尽快")
        parser.add_argument("--report", type=Path, help="报告另存为这个文件（Markdown）")

    def handle(self, *, experts, years, seed, speed, **options):
        if experts < 1:
            raise CommandError("专家至少1位")
        call_command("migrate", verbosity=0)
        if User.objects.exists():
            raise CommandError("这个数据库里已有数据。演练只在空数据库里进行，请用 DATABASE_URL 另指定一个")
        settings.DEMO = True  # a rehearsal is a demo of its own
        careless()
        self.began, self.speed, self.month = time.monotonic(), speed, ""
        it = rehearse(experts=experts, last=last_day(years), seed=seed, told=self.evening)
        stand_still(it)
        text = report(it)
        self.stdout.write(f"\n{text}")
        if options["report"]:
            options["report"].write_text(text, encoding="utf8")

    def evening(self, it: Rehearsal):
        """After each day: a line a month, or the pace that was asked for."""
        today = clock.today()
        lived, whole = (today - it.first).days + 1, (it.last - it.first).days + 1
        if self.speed:
            time.sleep(max(0.0, self.began + lived * 60 / self.speed - time.monotonic()))
        if f"{today:%Y-%m}" != self.month or today == it.last:
            self.month = f"{today:%Y-%m}"
            bar = "█" * (WIDTH * lived // whole)
            team, services = Expert.objects.serving(today).count(), Service.objects.counted().count()
            took = time.monotonic() - self.began
            self.stdout.write(
                f"{self.month} {bar:░<{WIDTH}} {lived / whole:4.0%}　在聘{team}位　服务{services}次　用时{took:.0f}秒"
            )
            self.stdout.flush()


def careless():
    """A rehearsal that is broken off is begun anew, so nothing waits for the disk; nor is garbage looked for so often."""
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for pragma in ("synchronous = OFF", "cache_size = -262144", "temp_store = MEMORY"):
                cursor.execute(f"PRAGMA {pragma}")
