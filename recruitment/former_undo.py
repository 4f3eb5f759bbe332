"""Taking away again what an import brought in, whole, and only while nothing was built on it (Article 15)."""

from collections.abc import Iterable

from django.db import models
from django.db.models import ProtectedError, Q
from django.db.models.deletion import Collector

from experts.models import Appointment, Expert, Speciality
from expertteam.models import User
from expertteam.regulation import Refused
from recruitment import former_file
from recruitment.models import FormerImport, FormerRow

REASON = "撤销导入（第15条）"


def take_away(record: FormerImport, by: User):
    """Terms, entries and accounts that came with it, what it wrote into others, and nothing else; ``Refused``, or all is gone.

    Every other record of the house that refers to one of them protects it, so what was built on them is found here
    whatever it is; work of an entry that was there before counts as built on the term, whenever it was done.  What is gone stays in the histories, and the rows of the import say where it came from.
    """
    rows = list(record.rows.filter(outcome=FormerRow.Outcome.NEW))
    terms = list(Appointment.objects.filter(number__in=[row.number for row in rows]).select_related("expert__user"))
    experts = list(of(Expert, "expert", rows))
    accounts = list(of(User, "account", rows))
    others = {each.pk: each for each in known(rows)}
    for each in accounts:
        if each.last_login or each.phone_verified or each.has_usable_password():
            raise Refused(f"{each}已经登录过，不能撤销", "15")
    since = Q(last_login__gt=record.taken_at) | Q(consents__given_at__gt=record.taken_at)
    if each := User.objects.filter(since, pk__in=others).first():
        raise Refused(f"{each}在导入以后登录过或者签过，不能撤销", "15")
    entered = Expert.objects.filter(pk__in=[row.expert_key for row in rows if not row.new_expert])
    refuse_built_on(each for each in protected(list(entered)) if not isinstance(each, Appointment | Speciality))
    for each in experts:
        if Expert.history.filter(id=each.pk).exclude(history_type="+").exists():
            raise Refused(f"{each}的资料已经改过，不能撤销", "15")
    specialities = list(Speciality.objects.filter(expert__in=experts))
    for group in (terms, specialities, experts, accounts):
        delete(group, by)
    for row in rows:
        if row.filled:
            blank(others[row.account_key], row, by)


def known(rows: Iterable[FormerRow]) -> models.QuerySet:
    """The accounts that were there before; they stay."""
    keys = [row.account_key for row in rows if not row.new_account]
    return User.objects.select_for_update().filter(pk__in=keys)


def blank(account: User, row: FormerRow, by: User):
    """What the import wrote into an account that lacked it goes again, where it is still what the import wrote."""
    values = former_file.read(row.place, row.said).values
    wrong = [name for name in row.filled.split() if getattr(account, name) == values[name]]
    for name in wrong:
        setattr(account, name, "")
    if "phone" in wrong:
        account.phone_verified = False
    if wrong:
        account._history_user, account._change_reason = by, REASON
        account.save()


def of(model: type[models.Model], what: str, rows: Iterable[FormerRow]) -> models.QuerySet:
    """The records of this kind that the rows brought in."""
    keys = [getattr(row, f"{what}_key") for row in rows if getattr(row, f"new_{what}")]
    return model._base_manager.select_for_update().filter(pk__in=keys)


def protected(records: list[models.Model]) -> set[models.Model]:
    """What refers to these and keeps them from being deleted."""
    try:
        Collector(using="default").collect(records)
    except ProtectedError as built:
        return built.protected_objects
    return set()


def refuse_built_on(found: Iterable[models.Model]):
    if kinds := sorted({str(each._meta.verbose_name) for each in found}):
        raise Refused(f"导入以后已经有了{'、'.join(kinds[:3])}，不能撤销", "15")


def delete(records: list[models.Model], by: User):
    """All of these, each with its last history row, by whom and why."""
    refuse_built_on(protected(records))
    for each in records:
        each._history_user, each._change_reason = by, REASON
    collector = Collector(using="default")
    collector.collect(records)
    collector.delete()
