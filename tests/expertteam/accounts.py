"""People with a password of their own, in front of their browsers."""

from allauth.mfa.models import Authenticator
from django.test import Client

SECRET = "山西老陈醋配刀削面46度"


def browser(user):
    """Signed in with a second factor."""
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {}})
    client = Client()
    client.force_login(user)
    return client


def at_home(user):
    """Signed in by himself, a moment ago."""
    client = Client()
    client.post("/accounts/login/", {"login": user.username, "password": SECRET})
    return client
