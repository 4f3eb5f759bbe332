"""``manage.py check`` cold against an empty Django project with the same third-party apps."""

import resource
import subprocess
import sys

from django.conf import settings

from benchmarks.measure import report

OWN = {"expertteam", "experts", "services", "evaluations", "recruitment", "payments"}
EMPTY = """
import django
from django.conf import settings
from django.core.management import call_command
settings.configure(
    INSTALLED_APPS={apps!r}, ROOT_URLCONF="empty", SECRET_KEY="x", ANONYMOUS_USER_NAME=None,
    MIDDLEWARE={middleware!r},
    DATABASES={{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}}},
    TEMPLATES=[{{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {{
        "context_processors": ["django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages"]}}}}],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.ModelBackend", "guardian.backends.ObjectPermissionBackend"],
)
import sys, types
sys.modules["empty"] = types.SimpleNamespace(urlpatterns=[])
django.setup()
call_command("check")
"""


def cpu_of(*command) -> float:
    """CPU milliseconds of a command, the least of five."""
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)
    return min(times)


def run():
    apps = [name for name in settings.INSTALLED_APPS if name not in OWN]
    middleware = [name for name in settings.MIDDLEWARE if not name.startswith("expertteam")]
    ours = cpu_of(sys.executable, "manage.py", "check")
    empty = cpu_of(sys.executable, "-c", EMPTY.format(apps=apps, middleware=middleware))
    report("manage.py check, cold, against an empty project", ours, empty, 2.5)
