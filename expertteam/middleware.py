"""What is asked at the door of every request, and what every answer carries."""

import re
import secrets

from allauth.core.exceptions import RateLimited
from django.conf import settings
from django.contrib import messages
from django.contrib.sites.requests import RequestSite
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control

from expertteam import enrolment, logs, problems, sessions
from expertteam.limits import network

SET_UP = ["mfa_activate_totp", "mfa_add_webauthn"]  # where a second factor begins
POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), display-capture=()"
WAIT = "60"  # seconds
NUMBER = re.compile(r"[0-9A-Za-z-]{8,64}")  # what a proxy may call a request


def numbered(get_response):
    """Each request has a number, the proxy's where one is trusted; its answer, lines and tasks carry the same.

    The number stays until the next request of this thread: Django and gunicorn write about the answer afterwards.
    """

    def answer(request):
        given = request.headers.get("X-Request-ID", "") if settings.ALLAUTH_TRUSTED_PROXY_COUNT else ""
        number = given if NUMBER.fullmatch(given) else secrets.token_hex(16)
        logs.request_id.set(number)
        response = get_response(request)
        response.headers["X-Request-ID"] = number
        user = getattr(request, "_cached_user", None)  # only if somebody has asked already
        told = {"route": logs.where(request), "network": network(request), "user": user and user.pk}
        request.environ["portal.told"] = told
        return response

    return answer


def label_answers(get_response):
    """Every answer forbids what the portal never asks of a browser; a refusal for haste says how long to wait."""

    def answer(request):
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", WAIT)
        return response

    return answer


class Doorkeeper:
    """Ends sessions that ran out, asks staff for a second factor, keeps signed-in pages out of caches."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return problems.bad_request(request)
        known = is_signed_in(request)
        if known and sessions.has_run_out(request):
            sessions.run_out(request)
            messages.info(request, "太久没有操作，已自动退出，请重新登录")
        elif known:
            sessions.touch(request)
            if needs_second_factor(request):
                return redirect("mfa_index")
            if needs_code(request):
                return redirect("enrol")
        response = self.get_response(request)
        if known:
            patch_cache_control(response, private=True, no_store=True)
        return response

    def process_template_response(self, request, response):
        """allauth calls its host ``site``; on our pages that is the bureau."""
        if isinstance((response.context_data or {}).get("site"), RequestSite):
            del response.context_data["site"]
        return response

    def process_exception(self, request, exception):
        """Haste and NUL, wherever they come to light; forms name the field before a NUL gets to PostgreSQL."""
        if isinstance(exception, RateLimited):
            return problems.too_many(request)
        if isinstance(exception, ValueError) and "NUL (0x00)" in str(exception):
            return problems.bad_request(request)
        return None


def is_signed_in(request) -> bool:
    """Without a session cookie nothing is looked up."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


def needs_second_factor(request) -> bool:
    """Staff without one may only set it up, and change no number at once.  No setting but ``DEMO`` opens this door."""
    inside = request.path.startswith(reverse("account")) and request.path != reverse("account_change_phone")
    if settings.DEMO or not request.user.is_staff or inside:
        return False
    return not enrolment.has_factor(request.user)


def needs_code(request) -> bool:
    """The first factor of somebody in the office is set up by whoever was given the code in person."""
    if settings.DEMO or not request.user.is_staff or request.path not in map(reverse, SET_UP):
        return False
    return not enrolment.may_enrol(request)
