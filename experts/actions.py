"""Entering a person on the team, and what he says of himself (Articles 3, 10, 11 and 14)."""

from collections.abc import Callable
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from experts import rules
from experts.models import Appointment, Disclosure, Expert, Speciality
from expertteam import clock, consents
from expertteam.models import Counter, User
from expertteam.numbering import issued
from expertteam.regulation import Refused, article

DECLARED: list[Callable[[Disclosure], None]] = []  # told of every new declaration; the floors above enter theirs


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
    else:
        keep_employer(expert, profile)
    for field, value in profile.items():
        setattr(expert, field, value)
    expert.save()
    expert.specialities.exclude(topic__in=topics).delete()
    for topic in topics:
        Speciality.objects.get_or_create(expert=expert, topic=topic)
    expert.index()
    return expert


def keep_employer(expert: Expert, profile: dict):
    """Whoever comes back from another employer has left the former one: that counts for a while."""
    former = expert.employer
    if former and rules.plain_firm(profile.get("employer", former)) != rules.plain_firm(former):
        left = {"name": former, "code": expert.employer_code, "detail": expert.position, "ends_on": clock.today()}
        declare(Disclosure(expert=expert, kind=Disclosure.Kind.EMPLOYER, **left), None, "原工作单位转入（第14条）")


def next_number(year: int) -> str:
    """``并创专〔2026〕001号``: the certificates of a year are numbered without gaps or doubles."""
    return issued("certificate", year)


def change_profile(expert: Expert, *, by: User, **profile):
    """What an expert may change of his public entry by himself: fields of ``Expert`` by name (Article 10)."""
    check_own(expert, by)
    for field, value in profile.items():
        setattr(expert, field, value)
    expert._history_user, expert._change_reason = by, "修改公开资料（第10条）"
    expert.save()


@article("14")
@transaction.atomic
def disclose(expert: Expert, *, by: User, begins_on: date | None = None, **declared) -> Disclosure:
    """专家对其辅导对象进行直接或间接投资……: declared by the expert himself, as fields of ``Disclosure``.

    Nothing is forbidden by it; whoever is served by him and concerned is told.
    """
    check_own(expert, by)
    if begins_on and begins_on > clock.today():
        raise Refused("开始日期还没到，到了那天再申报", "14")
    return declare(Disclosure(expert=expert, begins_on=begins_on, **declared), by, "申报利益（第14条）")


def declare(disclosure: Disclosure, by: User | None, reason: str) -> Disclosure:
    disclosure._history_user, disclosure._change_reason = by, reason
    disclosure.save()
    for told in DECLARED:
        told(disclosure)
    return disclosure


@article("14")
@transaction.atomic
def end_disclosure(disclosure: Disclosure, *, by: User, ends_on: date):
    """专家对其辅导对象进行直接或间接投资……: the tie has ended; it stays on record with its last day."""
    disclosure = Disclosure.objects.select_for_update().get(pk=disclosure.pk)
    check_own(disclosure.expert, by)
    if disclosure.kind == Disclosure.Kind.KIN:
        raise Refused("亲属关系一直有效，不用结束", "14")
    if disclosure.ends_on:
        raise Refused("这一条已经结束，不能再改", "14")
    if ends_on > clock.today():
        raise Refused("结束日期还没到，到了那天再来填", "14")
    if disclosure.begins_on and ends_on < disclosure.begins_on:
        raise Refused("结束日期早于开始日期，请核对", "14")
    disclosure.ends_on = ends_on
    disclosure._history_user, disclosure._change_reason = by, "结束申报（第14条）"
    disclosure.save(update_fields=["ends_on"])  # the rest would be encrypted anew, and the database refuses that


@article("12")
def end_early(term: Appointment, *, by: User, on: date):
    """予以解聘: this term holds no more from that day; part of carrying out a served decision, which the database asks for.

    A term that is over, or already void, stays as it is; one still to come never begins.
    """
    if term.void_from or term.last_day < on:
        return
    term.void_from = on
    term._history_user, term._change_reason = by, "解聘，聘书失效（第12条）"
    term.save(update_fields=["void_from"])


def check_own(expert: Expert, by: User):
    """What somebody says of himself nobody else says for him."""
    if expert.user_id != by.pk:
        raise PermissionDenied("only the expert himself")
