"""What stands of pay on the expert's desk: what he is owed, what he has got, and what keeps it from him (Article 13)."""

from experts.desk import Section
from experts.models import Expert
from payments import statement
from payments.models import BankAccount, Claim

NAMED = [BankAccount.State.CONFIRMED, BankAccount.State.ENTERED]


def section(expert: Expert) -> Section | None:
    """待发放 and 今年到账, in term and after it; nothing for whoever never had anything to be paid."""
    if not Claim.objects.filter(expert=expert).exists():
        return None
    sums, back = statement.figures(expert), statement.returned(expert)
    lacking = sums.owed > 0 and not BankAccount.objects.filter(expert=expert, state__in=NAMED).exists()
    said = "有报酬被银行退回，请核对收款账户" if back else "还没有收款账户，报酬发不出" if lacking else ""
    context = {"figures": sums, "said": said}
    return Section("payments/desk/section.html", context, said=said, aside=True)
