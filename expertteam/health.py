"""Is the process up, and can it work?"""

from datetime import timedelta

from django.core.cache import caches
from django.db import Error, connection
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from expertteam import clock
from expertteam.models import Notification

PATIENCE = timedelta(minutes=15)  # how long a message may wait before the queue counts as stuck


@require_safe
def healthz(request):
    """The process is up; touches nothing."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request):
    """Database, page cache and queue: 200 when the portal can work, else 503 with what is wrong.

    The page cache fails open, so its absence is told and does not count.
    """
    found = {"database": database_answers(), "cache": cache_answers()}
    found["queue"] = found["database"] and queue_moves()
    ready = found["database"] and found["queue"]
    return JsonResponse({"ready": ready} | found, status=200 if ready else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def cache_answers() -> bool:
    caches["pages"].set("readyz", 1, 10)
    return caches["pages"].get("readyz") == 1


def queue_moves() -> bool:
    """No message has been waiting for longer than a broken worker would explain."""
    waiting = Notification.objects.pending(clock.now() - PATIENCE)
    return not waiting.filter(attempts=0).exists()
