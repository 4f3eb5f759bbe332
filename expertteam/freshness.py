"""Public pages from the cache, and none older than a minute.

Every public fact leaves a history row when it changes, and history only grows; so the newest row of
each history table says whether anything changed, and no act can forget to say so.  What time itself
changes (a term ends at midnight, a notice at its hour) changes on a whole minute, so the minute
belongs to the version too.  It also bounds what is committed late, behind a newer row of its table:
a page may then be that minute old.
"""

import hashlib
from functools import cache, wraps

from django.apps import apps
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag
from django.views.decorators.http import condition

from expertteam import clock

SECONDS = 60
PUBLIC = [  # the models whose rows public pages show
    "experts.Expert",
    "experts.Appointment",
    "expertteam.Consent",
    "expertteam.User",
    "expertteam.CalendarYear",
    "expertteam.CalendarDay",
    "expertteam.Policy",
    "recruitment.Round",
    "recruitment.Notice",
    "recruitment.Objection",
    "services.Activity",
    "services.Draw",
    "services.DrawParty",
    "services.ReviewPanel",
    "services.Seat",
    "services.Diary",
    "services.WeeklyHours",
    "services.DayException",
    "services.Pause",
    "services.Engagement",
    "evaluations.Rating",
    "evaluations.RatingCase",
    "evaluations.Honour",
]


@cache
def newest() -> str:
    """The query for the newest history row of each table; to ask a model for its history takes a millisecond."""
    tables = [apps.get_model(name).history.model._meta.db_table for name in PUBLIC]
    return "SELECT " + ", ".join(f"(SELECT MAX(history_id) FROM {table})" for table in tables)


def revision() -> str:
    """The number of the newest history row behind the public pages, table by table, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(newest())
        return "-".join(str(number or 0) for number in cursor.fetchone())


def version(request, *args, **kwargs) -> str | None:
    """The ETag of a public page as this visitor would see it now; None where it is not for everybody.

    A message that still has to be shown (``已退出``) waits in a cookie of its own once the session is gone.
    """
    own = {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name}
    if request.method not in ("GET", "HEAD") or own & request.COOKIES.keys():
        return None
    if not hasattr(request, "page_version"):
        parts = [
            revision(),
            clock.now().strftime("%Y%m%d%H%M"),
            request.get_full_path(),
            request.COOKIES.get("size", ""),
            request.headers.get("HX-Request", ""),
        ]
        request.page_version = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
    return quote_etag(request.page_version)


def finished(response) -> HttpResponse:
    """A response that can be kept: one that still knew its template could not be given out twice."""
    if not hasattr(response, "render"):
        return response
    response.render()
    return HttpResponse(response.content, status=response.status_code, headers=dict(response.headers))


def public_page(view):
    """Serve signed-out visitors from the cache, with an ETag; everybody else the page itself."""

    @wraps(view)
    @condition(etag_func=version)
    def page(request, *args, **kwargs):
        if version(request) is None:
            return view(request, *args, **kwargs)
        pages, key = caches["pages"], f"page:{request.page_version}:{request.method}"
        kept = pages.get(key)
        if kept is not None:
            return kept
        response = finished(view(request, *args, **kwargs))
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        if response.status_code == 200 and not response.cookies:
            pages.set(key, response, SECONDS)
        return response

    return page
