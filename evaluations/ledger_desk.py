"""What of the ledger stands on the expert's desk: what he is to explain, and how many entries there are."""

from django.db.models import QuerySet
from django.urls import reverse

from evaluations.models import Refusal, Strike
from experts.desk import Section
from experts.models import Expert
from expertteam import clock
from expertteam.models import User


def asked_of(user: User) -> QuerySet[Refusal]:
    """His own, once he is asked; whatever office he holds besides."""
    return Refusal.objects.filter(expert__user_id=user.pk, asked_at__isnull=False).told().select_related("strike")


def entries_of(user: User) -> QuerySet[Strike]:
    """His own, whatever office he holds besides."""
    return Strike.objects.filter(expert__user_id=user.pk)


def to_give_reason(expert: Expert) -> Section | None:
    """What he is asked to explain, the nearest day first."""
    waiting = Refusal.objects.filter(expert=expert, state=Refusal.State.AWAITING_REASON).order_by("reason_due", "pk")
    refusals = list(waiting)
    if not refusals:
        return None
    shows = tuple(reverse("evaluations:own_refusal", args=[each.pk]) for each in refusals)
    said = f"有{len(refusals)}件事请您说明原因"
    return Section("evaluations/ledger/desk_to_explain.html", {"refusals": refusals}, said=said, shows=shows)


def counted(expert: Expert) -> Section | None:
    """How many entries stand; the greeting speaks of them as long as he may appeal against one."""
    strikes = list(Strike.objects.filter(expert=expert).exclude(state=Strike.State.REVERSED).order_by("day", "pk"))
    if not strikes:
        return None
    open_ = [each for each in strikes if each.may_be_appealed(clock.today())]
    said = f"有{len(open_)}次计次可以申诉" if open_ else ""
    appealed = sum(each.state == Strike.State.APPEALED for each in strikes)
    context = {"count": sum(each.counts for each in strikes), "open": open_, "appealed": appealed}
    return Section("evaluations/ledger/desk_counted.html", context, said=said, aside=not open_)
