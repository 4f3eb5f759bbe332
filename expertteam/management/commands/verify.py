"""``manage.py verify [--json]``: whether what is in the database keeps to the Measures; exit status 1 where it does not."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from expertteam.regulation import named
from expertteam.verify import INVARIANTS, checked, readable


class Command(BaseCommand):
    help = "Check every invariant in SQL and plain Python over rows, without a rule or a verb of the portal."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print {checked, broken: [{id, article, keys}]}")

    def handle(self, **options):
        sealed = readable()
        if settings.KEYS_GIVEN and not sealed:
            raise CommandError("给出的 FIELD_KEYS 读不出加密的内容，请用门户自己的密钥运行")
        found = {}
        for each, keys in checked(sealed):
            found[each] = keys
            if not options["json"]:
                self.tell(each, keys)
        wrong = {each: keys for each, keys in found.items() if keys}
        rows = [{"id": each.id, "article": each.article, "keys": keys} for each, keys in wrong.items()]
        left_out = "" if sealed else f"；没有给出 FIELD_KEYS，另有{len(INVARIANTS) - len(found)}项没有检查"
        told = json.dumps({"checked": len(found), "broken": rows}, ensure_ascii=False)
        self.stdout.write(told if options["json"] else f"共{len(found)}项，{len(wrong)}项不符合{left_out}")
        if wrong:
            raise SystemExit(1)

    def tell(self, each, keys):
        """A line, and under it what breaks it."""
        state = f"不符合{len(keys)}处" if keys else "符合"
        self.stdout.write(f"{each.name:16} {named(each.article)}  {state}  {each.holds}")
        for key in keys:
            self.stdout.write(f"{'':16} {key}")
