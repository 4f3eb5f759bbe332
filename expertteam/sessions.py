"""A signed-in session from sign-in to its end, and the log of what happens around it.

Times are the machine's own: to move the demo's clock signs nobody out.  The log never holds what
was typed: a name is there as a fingerprint, so that attempts on one account can be told together.
"""

import logging

from allauth.account.signals import authentication_step_completed, login_code_rejected, password_changed, password_set
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.dispatch import receiver

from expertteam import clock
from expertteam.fields import blind
from expertteam.limits import network

log = logging.getLogger(__name__)
IDLE_STAFF, IDLE, WHOLE = 15 * 60, 30 * 60, 8 * 3600  # seconds
REFRESH = 60  # the session is written at most this often
RECENT = 10 * 60  # how long a code that was just entered lets the password be set anew
STARTED, SEEN, BY_CODE = "started", "seen", "by_code"


def now() -> int:
    return int(clock.real().timestamp())


def has_run_out(request) -> bool:
    """Whether nobody was here for too long, or the session as a whole is too old."""
    session, idle = request.session, IDLE_STAFF if request.user.is_staff else IDLE
    return now() - session.get(SEEN, 0) > idle or now() - session.get(STARTED, 0) > WHOLE


def touch(request):
    """Remember that somebody is here."""
    if now() - request.session[SEEN] >= REFRESH:
        request.session[SEEN] = now()
        UserSession.objects.create_from_request(request)


def run_out(request):
    """End the session; the request goes on as a visitor's."""
    write("timed out", request, request.user)
    logout(request)


def end_all(user, but: str = ""):
    """End this person's sessions at once, all but the one of this key."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=but):
        session.end()


def entered_code_lately(request) -> bool:
    """Whether this session was opened minutes ago by a code sent to the person's own number."""
    return now() - request.session.get(BY_CODE, 0) <= RECENT


def fingerprint(credentials: dict) -> str:
    """Stands for the login that was typed, and cannot be turned back into it."""
    login = credentials.get("phone") or credentials.get("username") or ""
    return blind(login.casefold(), "login")[:12]


def write(event: str, request, user=None, **facts):
    """One line: the event, then its facts as ``name=value``."""
    facts = {"user": user.pk if user else "-", "network": network(request) if request else "-"} | facts
    log.info("%s %s", event, " ".join(f"{name}={value}" for name, value in facts.items()))


@receiver(user_logged_in)
def begin(sender, request, user, **_):
    request.session[STARTED] = request.session[SEEN] = now()
    write("signed in", request, user)


@receiver(user_logged_out)
def close(sender, request, user, **_):
    write("signed out", request, user)


@receiver(user_login_failed)
def fail(sender, credentials, request=None, **_):
    write("sign-in failed", request, login=fingerprint(credentials))


@receiver(authentication_step_completed)
def stamp(sender, request, method, **_):
    if method == "code":
        request.session[BY_CODE] = now()


@receiver(login_code_rejected)
def refuse_code(sender, request, user, **_):
    write("code refused", request, user)


@receiver(authentication_failed)
def refuse_factor(sender, request, user, authenticator, **_):
    write("second factor failed", request, user, type=authenticator.type)


@receiver([authenticator_added, authenticator_removed])
def change_factor(sender, request, user, authenticator, signal, **_):
    """Sessions opened without the new factor, or with the lost one, end; the one that changes it stays."""
    write("second factor added" if signal is authenticator_added else "second factor removed", request, user)
    end_all(user, but=request.session.session_key)


@receiver([password_changed, password_set])
def change_password(sender, request, user, **_):
    write("password changed", request, user)


def forget():
    """Sessions that have ended are gone, and with them from which address and browser they were."""
    call_command("clearsessions")
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
