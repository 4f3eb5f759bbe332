"""Run them all."""

import shutil

from django.core.management import call_command
from django.test.utils import setup_test_environment

from benchmarks import SCRATCH, kernel, pages, papers, startup

try:
    setup_test_environment()
    call_command("migrate", verbosity=0)
    for part in (startup, kernel, papers, pages):
        part.run()
finally:
    shutil.rmtree(SCRATCH, ignore_errors=True)
