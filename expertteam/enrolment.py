"""开通码: without it nobody sets up a second factor for an account of the office.

Whoever keeps the accounts could else sign in first as somebody who has none yet.  The inspector gives the code to the
officer who stands before him; it is of no use without that person's password or mobile number.
"""

import secrets
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed
from django.db import transaction
from django.dispatch import receiver

from expertteam import clock, sessions
from expertteam.fields import blind
from expertteam.models import User

LASTS, TRIES, DIGITS = timedelta(minutes=30), 5, 8
ENROLS = "enrols"  # session key: until when this browser may set up the second factor, in seconds
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def has_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def digest(user: User, code: str) -> str:
    return blind(f"{user.pk}:{code}", "enrolment")


def issue(user_id: int, lasts: timedelta = LASTS) -> str:
    """A code for this person, in clear this once; the one before it is void.  Inside a transaction."""
    user, code = User.objects.select_for_update().get(pk=user_id), f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    user.enrol_code, user.enrol_until, user.enrol_tries = digest(user, code), clock.now() + lasts, 0
    keep(user)
    return code


def clear(user_id: int):
    """No code of this person opens anything any more."""
    user = User.objects.select_for_update().get(pk=user_id)
    user.enrol_code, user.enrol_until, user.enrol_tries = "", None, 0
    keep(user)


def keep(user: User):
    """A code is no fact about the person: his history has nothing of it."""
    User.objects.filter(pk=user.pk).update(
        enrol_code=user.enrol_code, enrol_until=user.enrol_until, enrol_tries=user.enrol_tries
    )


@transaction.atomic
def redeem(user_id: int, code: str) -> bool:
    """Whether this is the code of this person; it counts once, and five wrong ones end it."""
    user = User.objects.select_for_update().get(pk=user_id)
    live = user.enrol_code and clock.now() < user.enrol_until and user.enrol_tries < TRIES
    right = bool(live) and secrets.compare_digest(user.enrol_code, digest(user, code))
    user.enrol_tries += 1
    if right:
        user.enrol_code, user.enrol_until, user.enrol_tries = "", None, 0
    keep(user)
    return right


def open_for(request):
    """This browser may set up the second factor, for as long as a code lasts."""
    request.session[ENROLS] = sessions.now() + int(LASTS.total_seconds())
    sessions.write("enrolment opened", request, request.user)


def may_enrol(request) -> bool:
    """Whether this browser has shown the code lately, or its owner has a factor and adds another."""
    return sessions.now() < request.session.get(ENROLS, 0) or has_factor(request.user)


@receiver(authenticator_removed)
def go_on(sender, request, user, **_):
    """Who has just shown his factor and takes it off may set up another: a new phone needs nobody else."""
    open_for(request)


def take_factors(user: User):
    """Second factor and recovery codes are gone; whoever came in with them is out."""
    Authenticator.objects.filter(user=user).delete()
    sessions.end_all(user)
    sessions.write("second factor taken", None, user)
