"""Run them all."""

import shutil

from django.core.management import call_command

from benchmarks import SCRATCH, kernel, ledger, matching, pages, papers, pay, search, startup

try:
    call_command("migrate", verbosity=0)
    for part in (startup, kernel, papers):
        part.run()
    pay.run()
    each = matching.small()
    took = pages.small()
    search.run(2000)
    matching.large(each)
    pages.large(took)
    search.run(20_000)
    ledger.run()
finally:
    shutil.rmtree(SCRATCH, ignore_errors=True)
