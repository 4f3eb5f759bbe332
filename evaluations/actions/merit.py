"""评价事项: entered with evidence, taken back by a counter-entry, while the year is open to it (Article 10(1))."""

from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from evaluations.models import Assessment, Merit, MeritFile
from experts.models import Appointment, Expert
from expertteam import clock
from expertteam.calendar import period
from expertteam.files import MAX_FILES, examined
from expertteam.models import User
from expertteam.regulation import Refused, article
from expertteam.workflow import may, refuse_own

ENTER, REVOKE = "evaluations.enter_merit", "evaluations.revoke_merit"
CLOSED = [Assessment.State.RELEASED, Assessment.State.SETTLED]


@article("10(1)")
@transaction.atomic
def enter_merit(
    *, expert: Expert, year: int, kind: str, evidence: str, points: Decimal | None = None, files=(), by: User
) -> Merit:
    """对专家的工作实绩进行动态评估: one thing that no record says by itself, with its evidence.

    ``points`` of a sampled record alone.  ``ValidationError`` for a file that cannot be taken.
    """
    office(by, ENTER, expert)
    year_is_open(expert, year)
    sampled = kind == Merit.Kind.QUALITY
    if sampled and (points is None or not 0 <= points <= Merit.MOST):
        raise Refused(f"抽查记录要打分，0到{Merit.MOST}分", "10(1)")
    if len(files) > MAX_FILES:
        raise ValidationError(f"一次最多{MAX_FILES}个文件")
    merit = Merit.objects.create(
        expert=expert,
        year=year,
        kind=kind,
        evidence=evidence,
        points=points if sampled else None,
        by=by,
        at=clock.now(),
    )
    for upload in files:
        MeritFile.objects.create(merit=merit, **examined(upload))
    return merit


@article("10(1)")
@transaction.atomic
def revoke_merit(merit: Merit, *, by: User, reason: str) -> Merit:
    """对专家的工作实绩进行动态评估: an entry that was wrong is answered by another one, and both stay readable."""
    office(by, REVOKE, merit.expert)
    merit = Merit.objects.select_for_update(of=["self"]).get(pk=merit.pk)
    year_is_open(merit.expert, merit.year)
    if merit.revokes_id or Merit.objects.filter(revokes=merit).exists():
        raise Refused("这一条已经冲销，或者本身就是冲销", "10(1)")
    return Merit.objects.create(
        expert=merit.expert, year=merit.year, kind=merit.kind, points=merit.points, evidence=reason, revokes=merit,
        by=by, at=clock.now(),
    )  # fmt: skip


def office(by: User, permission: str, expert: Expert):
    """In the role for it, and not about himself."""
    if not may(by, permission):
        raise PermissionDenied(permission)
    refuse_own(expert.user_id == by.pk, "10(1)")


def year_is_open(expert: Expert, year: int):
    """A year in which he was in office, and whose result he has not been told; or asks to have looked at again."""
    if not Appointment.objects.overlapping(*period(year)).filter(expert=expert).exists():
        raise Refused(f"{expert}{year}年不在聘期内", "3")
    if Assessment.objects.current().filter(expert=expert, year=year, state__in=CLOSED).exists():
        raise Refused(f"{year}年度评价已经公布，不能再登记；专家申请复核期间可以更正", "10(1)")
