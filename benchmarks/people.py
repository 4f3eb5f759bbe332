"""Experts by the thousand, written in bulk: only the benchmark may do that."""

from datetime import date

from experts.models import Appointment, District, Expert, Speciality, Topic
from expertteam import clock, consents
from expertteam.models import Consent, User

TERM = {"first_day": date(2026, 3, 1), "last_day": date(2029, 2, 28), "basis": Appointment.Basis.FORMER}


def fill(count: int):
    """That many experts in term, with consent, one to three fields each; more are added to what is there."""
    start = Expert.objects.count()
    numbers = range(start, start + count)
    people = User.objects.bulk_create(
        [User(username=f"bench{n}", name=f"测试{n}", password="!") for n in numbers], 1000
    )
    districts, topics = list(District), list(Topic)
    experts = Expert.objects.bulk_create(
        [
            Expert(user=user, no=f"TY-{n:06d}", employer="太原某公司", line="帮小店看懂账", district=districts[n % 12])
            for n, user in zip(numbers, people, strict=True)
        ],
        1000,
    )
    Speciality.objects.bulk_create(
        [Speciality(expert=e, topic=topics[(i + k) % 8]) for i, e in enumerate(experts) for k in range(1 + i % 3)], 2000
    )
    Appointment.objects.bulk_create(
        [
            Appointment(
                expert=e, name=e.user.name, category=1 + i % 8, number=f"测〔2026〕{e.no}号",
                decided_by=people[0], decided_at=clock.now(), **TERM,
            )
            for i, e in enumerate(experts)
        ],
        1000,
    )  # fmt: skip
    text = consents.TEXTS["public_directory"]
    Consent.objects.bulk_create(
        [Consent(user=u, kind=text.kind, version=text.version, digest=text.digest) for u in people], 2000
    )
