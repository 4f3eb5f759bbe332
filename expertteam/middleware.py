"""What is asked at the door of every request, and what every answer carries."""

from allauth.core.exceptions import RateLimited
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.sites.requests import RequestSite
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control

from expertteam import problems, sessions

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), display-capture=()"
WAIT = "60"  # seconds


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
    """Staff without one may only set it up.  No setting but ``DEMO`` opens this door."""
    if settings.DEMO or not request.user.is_staff or request.path.startswith(reverse("account")):
        return False
    return not Authenticator.objects.filter(user=request.user, type__in=FACTORS).exists()
