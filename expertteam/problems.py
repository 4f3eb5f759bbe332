"""What is shown when something goes wrong; knows no app, so that anything may show it."""

import functools

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from expertteam.programs import API, Problem


def told_programs(status, detail):
    """Under the API's address a program asks, which is told the same in its own format."""

    def decorate(page):
        @functools.wraps(page)
        def shown(request, *args, **kwargs):
            if request.path_info.startswith(API):
                return Problem(status, detail).answer()
            return page(request, *args, **kwargs)

        return shown

    return decorate


@told_programs(400, "请求没看懂")
def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


@told_programs(403, "没有这项权限")
def forbidden(request, exception=None):
    """Says which permission is missing only in the words of the page, never its code name."""
    return render(request, "403.html", status=403)


@told_programs(404, "没有这个地址")
def not_found(request, exception=None):
    return render(request, "404.html", status=404)


@told_programs(429, "请1分钟后再试")
def too_many(request, exception=None):
    return render(request, "429.html", status=429)


@told_programs(500, "请稍后再试")
def server_error(request):
    """Touches neither the database nor a context processor, which may be what broke."""
    return HttpResponse(get_template("500.html").render({"site": settings.SITE}), status=500)


def unavailable(request):
    """Shown while the portal is being worked on; as independent as ``server_error``."""
    return HttpResponse(
        get_template("503.html").render({"site": settings.SITE}), status=503, headers={"Retry-After": "600"}
    )
