"""Entering a person on the team, and what he says of himself (Articles 3, 10, 11 and 14)."""

from collections.abc import Callable
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from experts import rules
from experts.models import Appointment, Disclosure, Expert, Partner, PartnerKey, Speciality
from experts.models.partner import digest
from expertteam import clock, consents
from expertteam.models import Counter, User
from expertteam.numbering import issued
from expertteam.regulation import Refused, article
from expertteam.workflow import may, transition

Scope, KeyState = PartnerKey.Scope, PartnerKey.State
KEY_LASTS, LIVE_KEYS = timedelta(days=365), 2  # at the most; two, so that one can be put in place of the other
SECRECY = "confidentiality"  # the undertaking of Article 4
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
    **profile,
) -> Appointment:
    """正式聘任为专家团成员，并统一颁发聘书: one new term of three years, with its numbered certificate.

    Part of the act of appointing, which has asked who may and whether the notice is over; the
    database asks once more.  ``profile`` are the fields of ``Expert``.  ``Refused`` when the
    confidentiality undertaking (Article 4) is missing or a term of this person overlaps.
    """
    if SECRECY not in consents.signed(user):
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
        decided_by=by,
        decided_at=clock.now(),
    )


@article("15")
def take_over(expert: Expert, *, by: User, reason: str, **term) -> Appointment:
    """原……（并人社发〔2020〕30号）废止: a term that began under it goes on as it was, with the certificate it has.

    Part of taking the former team in, which has asked who may and looked at the days; the database asks once more,
    and lets no other term be of this basis.  ``by`` is who confirmed it.  ``term`` are fields of ``Appointment``.
    """
    taken = Appointment(expert=expert, basis=Appointment.Basis.FORMER, decided_by=by, decided_at=clock.now(), **term)
    taken._history_user, taken._change_reason = by, reason
    taken.save()
    return taken


@article("4")
@transaction.atomic
def pledge(expert: Expert, *, by: User, public=False):
    """对服务过程中知悉的……商业秘密承担保密义务: by whoever came with a term and has not signed yet.

    ``public``: with it, the consent to the directory.
    """
    check_own(expert, by)
    consents.sign(by, SECRECY)
    if public:
        consents.sign(by, "public_directory")


@article("4")
def check_pledged(expert: Expert):
    """对服务过程中知悉的……商业秘密承担保密义务: nothing is confided to whoever has not undertaken it; ``Refused``."""
    if SECRECY not in consents.signed(expert.user):
        raise Refused("请先在专家工作台签署保密承诺，再接受", "4")


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


@article("10")
@transaction.atomic
def issue_key(partner: Partner, *, by: User, scope: str, last_day: date, networks=()) -> tuple[PartnerKey, str]:
    """专家团成员信息通过……网站公布: a key for the program of such a site; its text is told this once.

    One to read opens at once, one to book (Article 10(3)) after a second person has confirmed it.
    """
    if not may(by, "experts.issue_partnerkey"):
        raise PermissionDenied("experts.issue_partnerkey")
    partner = Partner.objects.select_for_update().get(pk=partner.pk)
    today = clock.today()
    if not partner.active:
        raise Refused("和这个网站的合作已停止", "10")
    if not today <= last_day <= today + KEY_LASTS:
        raise Refused("有效期从今天起，最长一年", "10")
    if partner.keys.live(today).filter(scope=scope).count() >= LIVE_KEYS:
        raise Refused(f"这种密钥最多同时有{LIVE_KEYS}把，请先作废一把", "10")
    text = PartnerKey.new()
    key = PartnerKey(
        partner=partner, scope=scope, last_day=last_day, networks=list(networks), digest=digest(text), hint=text[:8],
        proposed_by=by, state=KeyState.ACTIVE if scope == Scope.READ else KeyState.PROPOSED,
    )  # fmt: skip
    key._history_user, key._change_reason = by, "生成密钥（第10条）"
    key.save()
    return key, text


@transition(PartnerKey, source=[KeyState.PROPOSED], target=KeyState.ACTIVE, article="10(3)")
def confirm_key(key, *, by):
    """确认密钥"""
    if by.pk == key.proposed_by_id:
        raise Refused("生成密钥的人不能再确认", "10(3)")
    if not key.partner.active or key.is_over(clock.today()):
        raise Refused("合作已停止或密钥已过期", "10(3)")
    key.confirmed_by = by


@transition(PartnerKey, source=[KeyState.PROPOSED, KeyState.ACTIVE], target=KeyState.REVOKED, article="10")
def revoke_key(key, *, by):
    """作废密钥"""
