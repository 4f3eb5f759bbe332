"""收款人资料: what tax and office ask of an expert before he is paid, and his employer's consent (Article 13)."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from experts.models import Appointment, Expert
from expertteam import clock
from expertteam.models import User
from expertteam.regulation import Refused, article
from expertteam.workflow import may, refuse_own
from payments.checking import OFFICIALS
from payments.models import Payee

CHANGE = "payments.change_payee"
CONSENT = "payments.consent_payee"
CONSENTED = "登记单位同意（第13条）"  # as the history says it


@article("13")
@transaction.atomic
def record_facts(expert: Expert, *, by: User, resident: bool, tier: str, official: bool | None) -> Payee:
    """记录收款人资料: what he is for the tax office, his title, and whether he holds a public office.

    ``official``: None while nobody has asked; whoever is appointed under 5(5) holds one.  Whoever keeps the facts
    writes down that he does; that he does not any more, only who may consent.
    """
    payee = his(expert, by, CHANGE)
    if official is False and of_an_office(expert):
        raise Refused("第五条第五项聘任的专家按公职人员办理，不能改为不是", "13")
    if payee.official and not official and not may(by, CONSENT):
        raise Refused("已记为公职人员，改为不是要由局领导办理", "13")
    payee.resident, payee.tier, payee.official = resident, tier, official
    return keep(payee, by, "记录收款人资料（第13条）")


@article("13")
@transaction.atomic
def record_consent(expert: Expert, *, by: User, basis: str) -> Payee:
    """登记单位同意: a holder of a public office is paid once his employer has agreed, on the basis that is named."""
    payee = his(expert, by, CONSENT)
    if not payee.official and not of_an_office(expert):
        raise Refused("这位专家没有记为公职人员，不用登记单位同意", "13")
    if not basis.strip():
        raise Refused("请写明单位同意的文件和依据", "13")
    payee.consent_basis, payee.consented_by, payee.consented_at = basis.strip(), by, clock.now()
    return keep(payee, by, CONSENTED)


@article("13")
@transaction.atomic
def withdraw_consent(expert: Expert, *, by: User) -> Payee:
    """撤回单位同意: nothing more is paid; what was released stays."""
    payee = his(expert, by, CONSENT)
    if not payee.consent_basis:
        raise Refused("没有登记过单位同意", "13")
    payee.consent_basis, payee.consented_by, payee.consented_at = "", None, None
    return keep(payee, by, "撤回单位同意（第13条）")


def his(expert: Expert, by: User, permission: str) -> Payee:
    """The facts of this expert, held for this act, which is never about the officer himself."""
    if not may(by, permission):
        raise PermissionDenied(permission)
    refuse_own(expert.user_id == by.pk, "13")
    expert.hold()
    return Payee.objects.filter(expert=expert).first() or Payee(expert=expert)


def keep(payee: Payee, by: User, reason: str) -> Payee:
    payee._history_user, payee._change_reason = by, reason
    payee.save()
    return payee


def of_an_office(expert: Expert) -> bool:
    """Whether he is or was appointed from an office or an institution."""
    return Appointment.objects.filter(expert=expert, category=OFFICIALS).exists()
