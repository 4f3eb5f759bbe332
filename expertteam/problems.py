"""What is shown when something goes wrong; knows no app, so that anything may show it."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import get_template


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    """Says which permission is missing only in the words of the page, never its code name."""
    return render(request, "403.html", status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def too_many(request, exception=None):
    return render(request, "429.html", status=429)


def server_error(request):
    """Touches neither the database nor a context processor, which may be what broke."""
    return HttpResponse(get_template("500.html").render({"site": settings.SITE}), status=500)


def unavailable(request):
    """Shown while the portal is being worked on; as independent as ``server_error``."""
    return HttpResponse(
        get_template("503.html").render({"site": settings.SITE}), status=503, headers={"Retry-After": "600"}
    )
