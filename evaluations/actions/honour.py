"""表彰推荐: nominated by one person, decided by another, taken back with reasons (Article 10(1))."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction

from evaluations import honour_messages as messages
from evaluations import year as years
from evaluations.models import Honour
from evaluations.rules.honour import has_approval, may_be_looked_back_on
from experts.models import Expert
from expertteam import clock
from expertteam.models import User
from expertteam.numbering import monthly
from expertteam.regulation import Refused, article
from expertteam.workflow import may, transition

State = Honour.State
NOMINATE = "evaluations.nominate_honour"


@article("10(1)")
@transaction.atomic
def nominate(expert: Expert, *, by: User, kind: str, year: int, criteria: str, deeds: str) -> Honour:
    """优秀的给予表彰，并推荐评省级创业就业专家: propose one for his work of that year, by the published criteria.

    What the year shows now is kept with the nomination.
    """
    if not may(by, NOMINATE):
        raise PermissionDenied(NOMINATE)
    expert.hold()
    if expert.user_id == by.pk:
        raise Refused("不能提名自己", "10(1)")
    if not may_be_looked_back_on(year, clock.today()):
        raise Refused("这一年还没有到，不能提名", "10(1)")
    check_year(expert, year)
    if Honour.objects.filter(
        expert=expert, year=year, kind=kind, state__in=[State.NOMINATED, State.CONFERRED]
    ).exists():
        raise Refused(f"{year}年已提名过{Honour.Kind(kind).label}", "10(1)")
    honour = Honour(
        number=monthly("BZ", "honour"), expert=expert, kind=kind, year=year,
        criteria=criteria, deeds=deeds, evidence=years.figures(expert, year), nominated_by=by, nominated_at=clock.now(),
    )  # fmt: skip
    honour._history_user, honour._change_reason = by, "提名（第10(1)条）"
    honour.save()
    messages.nominated(honour)
    return honour


def check_year(expert: Expert, year: int):
    if words := years.why_not(expert, year):
        raise Refused(words, "10(1)")


@transition(Honour, source=[State.NOMINATED], target=State.CONFERRED, article="10(1)")
def confer(honour, *, by, decision, approval=""):
    """决定授予或推荐"""
    apart(honour, by)
    check_year(honour.expert, honour.year)
    if not has_approval(honour.kind, approval):
        raise Refused("对外表彰要先经批准，请填批准文号；没有批准的可以通报表扬", "10(1)")
    honour.approval = approval
    decide(honour, by, decision)
    return partial(messages.conferred, honour)


@transition(Honour, source=[State.NOMINATED], target=State.REFUSED, article="10(1)")
def refuse(honour, *, by, decision):
    """决定不通过"""
    apart(honour, by)
    decide(honour, by, decision)
    return partial(messages.refused, honour)


@transition(Honour, source=[State.CONFERRED], target=State.REVOKED, article="10(1)")
def revoke(honour, *, by, revocation):
    """撤销"""
    honour.revocation, honour.revoked_by, honour.revoked_at = revocation, by, clock.now()
    messages.revoked(honour)


def apart(honour: Honour, by: User):
    if by.pk == honour.nominated_by_id:
        raise Refused("提名的人不能自己决定", "10(1)")


def decide(honour: Honour, by: User, decision: str):
    honour.decision, honour.decided_by, honour.decided_at = decision, by, clock.now()
