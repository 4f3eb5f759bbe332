"""年度评价: worked out for all, told by the leader, looked at again when the expert asks (Article 10(1))."""

from decimal import Decimal
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction

from evaluations import assessing
from evaluations import assessment_messages as messages
from evaluations.models import Assessment, Scheme
from evaluations.rules.assessment import Standing
from experts.models import Expert
from expertteam import calendar, clock
from expertteam.models import Policy, User
from expertteam.regulation import Refused, article
from expertteam.workflow import may, transition

State = Assessment.State
ASSESS = "evaluations.assess_assessment"
COMPUTED = "计算年度评价（第10(1)条）"


@article("10(1)")
@transaction.atomic
def assess(year: int, *, by: User) -> int:
    """根据创业就业服务工作量，根据服务对象满意度等……进行动态评估: work the year out for all who were in office in it.

    What is already released stays as it is, and the officer's own is left to another.  Returns how many sheets are
    new or differ from before.
    """
    if not may(by, ASSESS):
        raise PermissionDenied(ASSESS)
    if year > clock.today().year:
        raise Refused(f"{year}年还没有开始", "10(1)")
    scheme = scheme_of(year)
    Scheme.objects.select_for_update().get(pk=scheme.pk)  # of two at the same moment the second sees the first's sheets
    standing = Assessment.objects.current().filter(year=year).select_for_update(of=["self"])
    there = {each.expert_id: each for each in standing}
    own = set(Expert.objects.filter(user=by).values_list("pk", flat=True))
    changed = 0
    for pk, inputs in assessing.inputs_of_all(year, scheme).items():
        sheet = there.get(pk) or Assessment(expert_id=pk, year=year)
        if sheet.state == State.COMPUTED and pk not in own:
            changed += write(sheet, scheme, inputs, by)
    return changed


def scheme_of(year: int) -> Scheme:
    scheme = Scheme.objects.of_year(year)
    if scheme is None:
        raise Refused(f"{year}年还没有评价办法", "10(1)")
    return scheme


def write(sheet: Assessment, scheme: Scheme, inputs: dict, by: User, reason: str = COMPUTED) -> bool:
    """Put the result on the sheet; one that says the same already is left alone."""
    if sheet.pk and (sheet.scheme_id, sheet.inputs) == (scheme.pk, inputs):
        return False
    for field, value in assessing.worked_out(inputs, scheme).items():
        setattr(sheet, field, value)
    sheet.scheme, sheet.computed_by, sheet.computed_at = scheme, by, clock.now()
    sheet._history_user, sheet._change_reason = by, reason
    sheet.save()
    return True


@transition(Assessment, source=[State.COMPUTED], target=State.RELEASED, article="10(1)")
def release(assessment, *, by, reason="", current=None):
    """公布"""
    if assessment.year >= clock.today().year:
        raise Refused(f"{assessment.year}年还没有结束，不能公布", "10(1)")
    if assessment.computed_by_id == by.pk:
        raise Refused("计算的人不能公布，请由他人办理", "10(1)")
    current = current or Current(assessment.year)
    if words := current.obstacle(assessment):
        raise Refused(words, "10(1)")
    if assessment.grade == Standing.EXCELLENT and current.warning and not reason:
        raise Refused(f"{current.warning}，公布优秀要写明理由", "10(1)")
    assessment.release_reason = reason if assessment.grade == Standing.EXCELLENT and current.warning else ""
    assessment.released_by, assessment.released_at = by, clock.now()
    days = Policy.objects.number("assessment_contest_days", clock.today())
    assessment.contest_until = calendar.deadline(clock.today(), days, start_counts=False).day
    return partial(messages.released, assessment)


class Current:
    """How things stand now with a year that is to be released: read once for all its sheets."""

    def __init__(self, year: int):
        self.scheme = scheme_of(year)
        self.inputs = assessing.inputs_of_all(year, self.scheme)
        self.pending = assessing.pending(year)
        self.warning = assessing.quota_warning(year)

    def obstacle(self, assessment: Assessment) -> str:
        """Why this sheet cannot be told as it is: somebody still looks into it, or it is no longer true."""
        if words := self.pending.get(assessment.expert_id):
            return f"{words}，办完以后再公布"
        same = (assessment.scheme_id, assessment.inputs) == (self.scheme.pk, self.inputs.get(assessment.expert_id))
        return "" if same else "计算以后数据有变化，请重新计算后再公布"


@article("10(1)")
@transaction.atomic
def release_year(year: int, *, by: User, reason: str = "") -> tuple[int, list[str]]:
    """进行动态评估: release every sheet of the year that can be; how many that were, and what keeps the others."""
    if not may(by, release.permission):
        raise PermissionDenied(release.permission)
    sheets = Assessment.objects.current().filter(year=year, state=State.COMPUTED).select_related("expert__user")
    current, kept, told = Current(year), [], 0
    for sheet in sheets.exclude(expert__user=by):
        try:
            release(sheet, by=by, reason=reason, current=current)
            told += 1
        except Refused as refusal:
            kept.append(f"{sheet.expert}：{refusal.reason}")
    return told, kept


@transition(Assessment, source=[State.RELEASED], target=State.CONTESTED, article="10(1)", own=True)
def contest(assessment, *, by, plea):
    """申请复核"""
    if not assessment.may_be_contested(clock.today()):
        raise Refused("申请复核的期限已过", "10(1)")
    assessment.plea, assessment.contested_at = plea, clock.now()
    return partial(messages.contested, assessment)


@transition(Assessment, source=[State.CONTESTED], target=State.SETTLED, article="10(1)", apart_from=[release])
def confirm_result(assessment, *, by, reasons):
    """维持结果"""
    decide(assessment, by, reasons)
    return partial(messages.settled, assessment)


@transition(Assessment, source=[State.CONTESTED], target=State.SETTLED, article="10(1)", apart_from=[release])
def amend_result(assessment, *, by, reasons, points=Decimal(0)):
    """更正结果"""
    decide(assessment, by, reasons)
    scheme = assessment.scheme
    inputs = assessing.inputs_of_all(assessment.year, scheme).get(assessment.expert_id, assessment.inputs)
    inputs = inputs | {"adjustment": str(points)}
    result = assessing.worked_out(inputs, scheme)
    if result["lines"] == assessment.lines and result["grade"] == assessment.grade:
        raise Refused(
            "按现在的数据计算，结果没有变化。请先由经办人更正评价事项，或填写调整分；不需要更正的，维持结果", "10(1)"
        )
    if not 0 <= result["total"] <= most(scheme):
        raise Refused(f"调整后是{result['total']}分，应在0到{most(scheme)}分之间", "10(1)")
    return partial(replace, assessment, inputs, by, reasons)


def decide(assessment, by, reasons):
    if assessment.computed_by_id == by.pk:
        raise Refused("计算的人不能复核，请由他人办理", "10(1)")
    assessment.decided_by, assessment.decided_at, assessment.decision = by, clock.now(), reasons


def most(scheme: Scheme) -> Decimal:
    """All points that the scheme has, bonus included."""
    return sum(Decimal(dimension["most"]) for dimension in scheme.data["dimensions"])


def replace(assessment: Assessment, inputs: dict, by: User, reasons: str):
    """A revision of its own takes the place of the one that was contested, which stays as it was told."""
    amended = Assessment(expert=assessment.expert, year=assessment.year, revision=assessment.revision + 1)
    write(amended, assessment.scheme, inputs, by, reason="复核更正，重新计算（第10(1)条）")
    put_in_place(amended, by=by, reasons=reasons)


@transition(Assessment, source=[State.COMPUTED], target=State.SETTLED, article="10(1)", follows=True)
def put_in_place(assessment, *, by, reasons):
    """按复核更正"""
    assessment.decided_by, assessment.decided_at, assessment.decision = by, clock.now(), reasons
    return partial(messages.settled, assessment)
