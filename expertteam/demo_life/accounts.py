"""The accounts that the demo prints, one per role; in the story they are the officers."""

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from expertteam import clock
from expertteam.models import STAFF_ROLES, User

NAMES = {
    "intake": "孙晓梅",
    "reviewer": "李国栋",
    "leader": "周正平",
    "matcher": "吴静",
    "inspector": "郑明远",
    "cashier": "王丽华",
    "auditor": "冯志坚",
    "admin": "陈思源",
    "expert": "韩砚秋",
    "client": "刘小满",
}


def enter(password: str) -> dict[str, User]:
    """Create the ten accounts, each with the role of its user name."""
    hashed = make_password(password)
    return {username: account(username, name, place, hashed) for place, (username, name) in enumerate(NAMES.items())}


def account(username: str, name: str, place: int, hashed: str) -> User:
    user = User.objects.create(
        username=username,
        password=hashed,
        name=name,
        phone=f"1540000900{place}",
        phone_verified=True,
        is_staff=username in STAFF_ROLES,
        date_joined=clock.now(),
    )
    user.groups.add(Group.objects.get(name=username))
    return user


def renew(password: str):
    """Give the ten accounts this password."""
    User.objects.filter(username__in=NAMES).update(password=make_password(password))
