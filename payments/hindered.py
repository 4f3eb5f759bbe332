"""还不能付款的专家: who cannot be paid as things stand, and why (Article 13)."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from experts.models import Appointment, Expert
from expertteam import clock
from expertteam.templatetags.terrace import moment
from payments.checking import OFFICIALS
from payments.models import BankAccount, Batch, Line, Payee


def unpayable() -> QuerySet:
    """Whoever has no usable account, or needs a consent that is not there; those to whom something is owed first."""
    his = {"expert": OuterRef("pk")}
    standing = BankAccount.objects.standing().filter(**his)
    consented = Payee.objects.filter(**his).exclude(consent_basis="")
    official = Exists(Appointment.objects.filter(category=OFFICIALS, **his)) | Q(payee__official=True)
    lines = Line.objects.filter(claim__expert=OuterRef("pk"))
    on_its_way = lines.live().filter(batch__isnull=False).exclude(batch__state__in=Batch.PAID)
    usable = standing.filter(usable_from__lte=clock.now())
    found = Expert.objects.annotate(
        owed=Exists(lines.waiting()) | Exists(on_its_way), usable=Exists(usable),
        cools_until=Subquery(standing.values("usable_from")[:1]),
        waits=Exists(BankAccount.objects.waiting().filter(**his)), lacks_consent=official & ~Exists(consented),
    )  # fmt: skip
    return found.filter(Q(usable=False) | Q(lacks_consent=True)).select_related("user").order_by("-owed", "no")


def hindered(user) -> QuerySet:
    """Of those in term, or to whom something is owed, whoever cannot be paid, this reader himself left out."""
    serving = Expert.objects.serving(clock.today()).values("pk")
    return unpayable().filter(Q(owed=True) | Q(pk__in=serving)).exclude(user=user)


def reasons_of(expert: Expert) -> list[str]:
    """The same of one expert; none where he can be paid."""
    found = unpayable().filter(pk=expert.pk).first()
    return reasons(found) if found else []


def reasons(expert: Expert) -> list[str]:
    """Why, in words: of an expert as ``hindered`` finds him."""
    found = []
    if expert.cools_until and not expert.usable:
        found.append(f"收款账户在观察期，{moment(expert.cools_until)}起可用")
    elif not expert.usable:
        found.append("收款账户待核实" if expert.waits else "没有收款账户")
    if expert.lacks_consent:
        found.append("公职人员，没有登记单位同意")
    return found
