"""The accounts that the demo prints, one per role; in the story they are the officers."""

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
    return {username: account(username, name, place, password) for place, (username, name) in enumerate(NAMES.items())}


def account(username: str, name: str, place: int, password: str) -> User:
    user = User.objects.create_user(
        username,
        password=password,
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
    for user in User.objects.filter(username__in=NAMES):
        user.set_password(password)
        user.save(update_fields=["password"])
