"""``manage.py annual_report 2026 report.xlsx``: the whole annual report as a workbook, as the leader takes it."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from expertteam import clock
from expertteam.annual import PARTS, content
from expertteam.tally import Year


class Command(BaseCommand):
    help = "Write the annual report of a year into an .xlsx file."

    def add_arguments(self, parser):
        parser.add_argument("year", type=int)
        parser.add_argument("file", type=Path)

    def handle(self, *, year, file, **options):
        if year > clock.today().year:
            raise CommandError(f"{year}年还没有到")
        it = Year(year)
        file.write_bytes(content(it, PARTS))
        self.stdout.write(f"{year}年度报告（截至{it.day}）已写入{file}")
