"""Entering a person on the team (Articles 3 and 11)."""

from datetime import date

from django.conf import settings
from django.db import transaction

from experts import rules
from experts.models import Appointment, Expert, Speciality
from expertteam import clock, consents
from expertteam.models import Counter, User
from expertteam.regulation import Refused, article


@article("11")
@transaction.atomic
def appoint(
    user: User,
    *,
    by: User,
    name: str,
    category: int,
    first_day: date,
    topics: list[str],
    basis=Appointment.Basis.MEASURES,
    **profile,
) -> Appointment:
    """正式聘任为专家团成员，并统一颁发聘书: one new term of three years, with its numbered certificate.

    Part of the act of appointing, which has asked who may and whether the notice is over; the
    database asks once more.  ``profile`` are the fields of ``Expert``.  ``Refused`` when the
    confidentiality undertaking (Article 4) is missing or a term of this person overlaps.
    """
    if "confidentiality" not in consents.signed(user):
        raise Refused("还没有签署保密承诺", "4")
    expert = enter(user, topics, profile)
    last_day = rules.last_day(first_day)
    if expert.appointments.overlapping(first_day, last_day).exists():
        raise Refused("与已有的聘期重叠", "3")
    return Appointment.objects.create(
        expert=expert,
        name=name,
        category=category,
        number=next_number(first_day.year),
        first_day=first_day,
        last_day=last_day,
        basis=basis,
        decided_by=by,
        decided_at=clock.now(),
    )


def enter(user: User, topics: list[str], profile: dict) -> Expert:
    """The person's entry on the team, new or brought up to date; the account's row is locked, so it is made once."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    expert = Expert.objects.select_for_update().filter(user=user).first()
    if expert is None:
        expert = Expert(user=user, no=f"TY-{Counter.take('expert'):04d}")
    for field, value in profile.items():
        setattr(expert, field, value)
    expert.save()
    expert.specialities.exclude(topic__in=topics).delete()
    for topic in topics:
        Speciality.objects.get_or_create(expert=expert, topic=topic)
    expert.index()
    return expert


def next_number(year: int) -> str:
    """``并创专〔2026〕001号``: the certificates of a year are numbered without gaps or doubles."""
    return f"{settings.SITE['certificate_mark']}〔{year}〕{Counter.take(f'certificate-{year}'):03d}号"
