"""What the portal costs, as ratios against a plain equivalent of the same run: ``make bench``.

Everything happens in a scratch database; importing this package points the settings there.
"""

import os
import tempfile

import django

SCRATCH = tempfile.mkdtemp(prefix="bench-")
os.environ["DJANGO_SETTINGS_MODULE"] = "expertteam.settings"
os.environ["VAR_DIR"] = SCRATCH
os.environ["LOG_LEVEL"] = "ERROR"
os.environ.setdefault("DATABASE_URL", f"sqlite:////{SCRATCH}/bench.sqlite3")
django.setup()
