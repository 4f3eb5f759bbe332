"""The accounts that the demo prints, one per role; in the story they are the officers."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from experts.actions import issue_key
from experts.models import Partner, PartnerKey
from expertteam import actions, clock
from expertteam.models import STAFF_ROLES, User

NAMES = {
    "admin": "陈思源",
    "inspector": "郑明远",
    "intake": "孙晓梅",
    "reviewer": "李国栋",
    "leader": "周正平",
    "matcher": "吴静",
    "cashier": "王丽华",
    "auditor": "冯志坚",
    "expert": "韩砚秋",
    "client": "刘小满",
}


def enter(password: str | None) -> dict[str, User]:
    """Create the ten accounts; the first two are installed, the other officers proposed and confirmed by them.

    Without a password nobody can sign in to them yet.
    """
    for place, username in enumerate(NAMES):
        arrive(username, password)
        user = User.objects.get(username=username)
        user.phone, user.phone_verified, user.date_joined = f"1540000900{place}", True, clock.now()
        user.save()
    return {user.username: user for user in User.objects.filter(username__in=NAMES)}


def arrive(username: str, password: str | None):
    """One account with the role of its user name."""
    if username in ("admin", "inspector"):
        actions.install(username, name=NAMES[username], password=password, role=username)
        return
    user = User.objects.create_user(username, name=NAMES[username], password=password)
    if username in STAFF_ROLES:
        grant = actions.propose(user, by=User.objects.get(username="admin"), role=username)
        actions.confirm(grant, by=User.objects.get(username="inspector"))
    else:
        user.groups.add(Group.objects.get(name=username))


def befriend(admin: User):
    """The platform of Article 10(3) shows the directory, and has a key of its own to read it."""
    site = Partner(name="太原市云孵化平台", contact="技术部", origins=["https://yun.example.cn"])
    site._history_user = admin
    site.save()
    issue_key(site, by=admin, scope=PartnerKey.Scope.READ, last_day=clock.today() + timedelta(days=365))


def renew(password: str):
    """Give the ten accounts this password."""
    User.objects.filter(username__in=NAMES).update(password=make_password(password))
