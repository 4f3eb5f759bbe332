"""Who asks: people of every group of Article 7, drawn from the seed; some have an account, some come again."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.models import Group

from experts.models import District, Topic
from expertteam import clock
from expertteam.models import User
from expertteam.rehearsal import people
from expertteam.rehearsal.founders import TRADES

WORDS = tomllib.loads((Path(__file__).parent / "clientele.toml").read_text(encoding="utf8"))
DISTRICTS = [district for district in District.values if district != District.ELSEWHERE]
AGAIN, REGISTERED, TRADING = 0.3, 0.1, 0.45  # shares of those who ask


@dataclass(frozen=True)
class Client:
    """One who asks; ``phone`` of a range that no carrier has been given, ``user`` where he has an account."""

    name: str
    phone: str
    group: str
    district: str
    enterprise: str
    user: User | None = None


class Clientele:
    """Those who have asked so far, the last one last; the numbers of new ones are counted from ``first`` on."""

    def __init__(self, first: int):
        self.first, self.known = first, []

    def somebody(self, it) -> Client:
        """One who was here some time ago, or a new one; the account that is printed belongs to the first."""
        earlier = self.known[: len(self.known) // 2]
        if not earlier or not it.happens(AGAIN):
            return self.newcomer(it, registered=not self.known or it.happens(REGISTERED))
        client = it.any_of(earlier)
        self.known.remove(client)
        self.known.append(client)
        return client

    def newcomer(self, it, registered: bool = False) -> Client:
        number = self.first + len(self.known)
        user = (it.accounts["client"] if not self.known else enrolled(it, number)) if registered else None
        client = Client(
            name=user.name if user else named(it),
            phone=user.phone if user else phone_of(number),
            group=it.hours.random.choices(list(WORDS["groups"]), list(WORDS["groups"].values()))[0],
            district=it.any_of(DISTRICTS),
            enterprise=shop(it) if it.happens(TRADING) else "",
            user=user,
        )
        self.known.append(client)
        return client


def phone_of(number: int) -> str:
    return f"15400{number:06d}"


def named(it) -> str:
    return it.any_of(people.WORDS["surnames"]) + it.any_of(people.WORDS[it.any_of(["women", "men"])])


def shop(it) -> str:
    return it.any_of(people.WORDS["women"]) + it.any_of(TRADES)


def enrolled(it, number: int) -> User:
    """An account as whoever signs up gets it, with his number verified."""
    user = User.objects.create_user(
        f"client{number}", name=named(it), phone=phone_of(number), phone_verified=True, date_joined=clock.now()
    )
    user.groups.add(Group.objects.get(name="client"))
    return user


def matter(it) -> dict:
    """What it is about: one topic, sometimes a second, and the question."""
    topics = it.hours.random.sample(Topic.values, 2 if it.happens(0.3) else 1)
    return {"topics": topics, "question": it.any_of(WORDS["questions"][topics[0]])}
