"""How far each claim has come, worked out in the database from its lines, batches and corrections (Article 13)."""

from django.db.models import Case, Exists, OuterRef, Prefetch, QuerySet, Value, When

from payments.models import Batch, Claim, Correction, Line, Payout

WORDS = {  # in this order: the first that holds
    "correcting": "更正中",
    "paid": "已发放",
    "batch": "批次中",
    "returned": "银行退回",
    "waiting": "待发放",
    "unpriced": "没有价格",
}


def with_standing(claims: QuerySet) -> QuerySet:
    """Each claim with ``standing``, one of ``WORDS``."""
    live = Line.objects.live().filter(claim=OuterRef("pk"))
    found = {
        "correcting": Correction.objects.filter(line__claim=OuterRef("pk"), state=Correction.State.PROPOSED),
        "paid": live.filter(batch__state__in=Batch.PAID),
        "batch": live.filter(batch__isnull=False),
        "returned": live.filter(Exists(Payout.objects.sent_back("replaces__batch"))),
        "waiting": live,
    }
    cases = [When(Exists(lines), then=Value(standing)) for standing, lines in found.items()]
    return claims.annotate(standing=Case(*cases, default=Value("unpriced")))


def with_line(claims: QuerySet) -> QuerySet:
    """Each claim with the line that stands, as the only one in ``standing_lines``."""
    live = Line.objects.live().select_related("batch", "schedule")
    return claims.select_related("expert__user").prefetch_related(Prefetch("lines", live, to_attr="standing_lines"))


def words(claim: Claim) -> str:
    return WORDS[claim.standing]
