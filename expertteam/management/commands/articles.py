"""``manage.py articles [12]``: where each provision of the Measures is enforced."""

import re
from inspect import getsourcefile, getsourcelines, unwrap
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from expertteam.guards import GUARDS
from expertteam.regulation import ENFORCED


class Command(BaseCommand):
    help = "Print where each provision of the Measures is enforced."

    def add_arguments(self, parser):
        parser.add_argument("article", nargs="?", default="", help="an article, 12, or a provision, 12(2)")

    def handle(self, article, **options):
        for number, place, name in sorted(places(), key=lambda row: in_order(row[0])):
            if not article or re.match(rf"{re.escape(article)}(?!\d)", number):
                self.stdout.write(f"{number:8} {place}  {name}")


def places():
    """Every rule, act and database guard: provision, file and line, name."""
    for number, functions in ENFORCED.items():
        for function in map(unwrap, functions):
            yield number, f"{relative(getsourcefile(function))}:{getsourcelines(function)[1]}", function.__name__
    for guard in GUARDS:
        if cited := re.match(r"art(\d+)_", guard.name):
            file, line = guard.where
            yield cited[1], f"{relative(file)}:{line}", guard.name


def relative(file: str) -> Path:
    return Path(file).relative_to(settings.BASE_DIR)


def in_order(number: str) -> tuple:
    """``5(2)`` before ``5(10)``, ``12(6)`` before ``12¶2``."""
    base, kind, part = re.fullmatch(r"(\d+)([(¶]?)(\d*)\)?", number).groups()
    return int(base), kind, int(part or 0)
