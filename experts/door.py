"""The door of the API: who asks (nobody in particular, or a partner by his key), how often, and from which site.

No session and no cookie is looked at here, so nothing that a browser adds by itself opens anything.
"""

import functools
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from experts.models import Partner, PartnerKey
from expertteam import clock, limits
from expertteam.programs import Problem, by_method
from expertteam.regulation import article

ANYBODY, WITH_KEY, WRONG_KEYS = 60, 600, 20  # a minute: of a network, of a key, of a network again
SEEN_EVERY = timedelta(minutes=1)
SHARED = {
    "Access-Control-Allow-Methods": "GET",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Retry-After",
    "Access-Control-Max-Age": "600",
}


def door(*, private=False, **views: Callable) -> Callable:
    """An address of the API: a view for each method; ``request.key`` is the partner's key, or None.

    What is ``private`` is kept by nobody, and no script of another site reads it.
    """
    view = by_method(**views)

    @functools.wraps(view)
    def entered(request, *args, **kwargs):
        try:
            refuse_open_lines(request)
            request.key = key_of(request)
            limit(request)
            response = view(request, *args, **kwargs)
        except Problem as problem:
            response = problem.answer()
        if private:
            response["Cache-Control"] = "no-store"
            return response
        return share(request, response)

    return csrf_exempt(entered)


def refuse_open_lines(request):
    """Not redirected to https, which would hide that every key it shows is read on the way."""
    if settings.SECURE and not request.is_secure():
        raise Problem(403, "接口只能用https访问；这次带了密钥的，请马上换一把")


def key_of(request) -> PartnerKey | None:
    """The key that was shown; ``Problem`` for one that opens nothing, whatever the reason."""
    shown = request.headers.get("Authorization", "")
    if not shown:
        return None
    kind, _, text = shown.partition(" ")
    key = PartnerKey.objects.opening(text.strip(), clock.today()).first() if kind.lower() == "bearer" else None
    if key is None or not key.admits(limits.address(request)):
        if limits.refused(request, "api-wrong", f"{WRONG_KEYS}/m", limits.network(request)):
            raise hasty()
        raise Problem(401, "密钥不存在、已作废、已过期，或不能从这个地址使用", headers={"WWW-Authenticate": "Bearer"})
    used(key)
    return key


def used(key: PartnerKey):
    """Note when a key was last used, to the minute."""
    now = clock.now()
    if key.last_used_at is None or key.last_used_at < now - SEEN_EVERY:
        PartnerKey.objects.filter(pk=key.pk).update(last_used_at=now)


def limit(request):
    key = request.key
    who, often = (f"key-{key.pk}", WITH_KEY) if key else (limits.network(request), ANYBODY)
    if limits.refused(request, "api", f"{often}/m", who):
        raise hasty()


def hasty() -> Problem:
    return Problem(429, "请1分钟后再试", headers={"Retry-After": "60"})


@article("10(3)")
def booking_partner(request) -> Partner:
    """可通过电话、线上平台预约: who sends bookings for his visitors; ``Problem`` without a key for it."""
    if request.key is None:
        raise Problem(401, "需要预约权限的密钥", headers={"WWW-Authenticate": "Bearer"})
    if request.key.scope != PartnerKey.Scope.BOOK:
        raise Problem(403, "这把密钥只能读取名录")
    return request.key.partner


def share(request, response: HttpResponse) -> HttpResponse:
    """Let scripts of the partners' own sites read it, and no others'."""
    patch_vary_headers(response, ["Origin"])
    origin = request.headers.get("Origin", "")
    if origin and origin in Partner.objects.origins():
        response["Access-Control-Allow-Origin"] = origin
        for name, value in SHARED.items():
            response.headers.setdefault(name, value)
    return response
