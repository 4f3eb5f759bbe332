"""What a machine can lay hands on: the people of the bureau, what lies there, and chance, which decides alone."""

from datetime import datetime, timedelta
from random import Random

from django.contrib.auth.models import Group
from django.db import models

from experts.models import Expert
from expertteam import clock
from expertteam.models import STAFF_ROLES, User
from expertteam.roles import PERMISSIONS
from services.models import Engagement
from tests.conftest import person

WORDS = ["核对过，情况属实", "材料和说法一致", "双方都问过了", "按办法办理"]
TWO_HATS = [("intake", "reviewer"), ("reviewer", "leader"), ("cashier", "auditor"), ("inspector", "matcher")]


class Nothing(Exception):
    """There is nothing here to which this could be done."""


def staff():
    """Two people of every role, some with two, one with all of them."""
    for role in sorted(STAFF_ROLES):
        person(role, role)
        person(f"{role}2", role)
    for roles in TWO_HATS:
        person("-".join(roles), *roles)
    person("everything", *STAFF_ROLES)


def give(user: User, *roles):
    """This person, an expert or an applicant, works in the office as well."""
    user.groups.add(*Group.objects.filter(name__in=roles))
    user.is_staff = True
    user.save(update_fields=["is_staff"])


class World:
    """The state of one life; whatever is asked of it and is not there ends the attempt with ``Nothing``."""

    def __init__(self):
        self.chance = Random(0)
        roles = User.groups.through.objects.values_list("user", "group__name")
        self.holders: dict[str, set[int]] = {}
        for user, role in roles.order_by("user", "group__name"):
            for permission in PERMISSIONS[role]:
                self.holders.setdefault(permission, set()).add(user)

    def happens(self, odds: float) -> bool:
        return self.chance.random() < odds

    def words(self) -> str:
        return self.chance.choice(WORDS)

    def any_of(self, things, weights=None):
        """One of these."""
        found = list(things)
        if not found:
            raise Nothing
        return self.chance.choices(found, weights)[0]

    def some_of(self, things) -> list:
        """None of these, some or all, in any order."""
        found = list(things)
        return self.chance.sample(found, self.chance.randint(0, len(found)))

    def one(self, model: type[models.Model], **where) -> models.Model:
        """Any record of the model, as another request would read it."""
        keys = model._base_manager.filter(**where).order_by("pk").values_list("pk", flat=True)
        return model._base_manager.get(pk=self.any_of(keys))

    def anybody(self) -> User:
        return self.one(User)

    def officer(self, permission: str) -> User:
        """Somebody who may do this by his role, or now and then anybody."""
        if self.happens(0.1):
            return self.anybody()
        return User.objects.get(pk=self.any_of(sorted(self.holders.get(permission, ()))))

    def expert(self) -> Expert:
        return self.one(Expert)

    def himself(self, expert: Expert) -> User:
        """The expert, or now and then somebody who is not."""
        return self.anybody() if self.happens(0.1) else User.objects.get(pk=expert.user_id)

    def soon(self, days: int = 20) -> datetime:
        """A full hour of a day to come; now and then one at which somebody is engaged already."""
        if self.happens(0.2) and (taken := self.taken(days)):
            return self.any_of(taken)
        day = clock.today() + timedelta(days=self.chance.randint(1, days))
        return clock.instant(day, self.chance.randint(9, 17))

    def taken(self, days: int) -> list[datetime]:
        """When engagements of the next days begin."""
        until = clock.now() + timedelta(days=days)
        times = Engagement.objects.live().filter(starts_at__range=(clock.now(), until)).order_by("pk")
        return [clock.local(each) for each in times.values_list("starts_at", flat=True)]

    def day(self, back: int = 10):
        """Today, or a day not long ago."""
        return clock.today() - timedelta(days=self.chance.randint(0, back))

    def phone(self) -> str:
        """One of a handful of numbers, so that people come back."""
        return f"1390000{self.chance.randint(1, 30):04d}"
