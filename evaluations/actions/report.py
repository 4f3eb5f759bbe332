"""What anybody reports of an expert, and what the inspector makes of it (Article 12(2), (4), (5) and (6))."""

import secrets

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from evaluations import messages
from evaluations.models import Report, ReportFile
from experts.models import Expert
from expertteam import calendar, clock
from expertteam.files import MAX_FILES, examined
from expertteam.models import Policy, User
from expertteam.once import once
from expertteam.regulation import Refused, article
from expertteam.workflow import may, transition

State = Report.State
TAKE = "evaluations.take_report"


@article("12(2)", "12(4)", "12(5)", "12(6)")
@transaction.atomic
def lodge(*, kind: str, about: str, facts: str, name="", phone="", files=(), key="", by: User | None = None) -> str:
    """服务态度恶劣……谋取私利……泄露商业秘密……违法违规: take in what somebody reports; returns its receipt.

    ``by`` the clerk who takes it by telephone or at the counter.  The same form counts once, however
    often it is sent.  ``ValidationError`` for a file that cannot be taken.
    """
    if by is not None and not may(by, TAKE):
        raise PermissionDenied(TAKE)
    said = [kind, about, facts, name, phone, [(file.name, file.size) for file in files]]
    return once(
        f"report:{key or secrets.token_hex(16)}", said, lambda: enter(kind, about, facts, name, phone, files, by)
    )


def enter(kind, about, facts, name, phone, files, by) -> str:
    days = Policy.objects.number("report_days", clock.today())
    report = Report(
        receipt=f"JB{secrets.randbelow(10**12):012d}", kind=kind, about=about, expert=named(about), facts=facts,
        name=name, phone=phone if name else "", channel=Report.Channel.PHONE if by else Report.Channel.WEB,
        taken_by=by, received_at=clock.now(),
        answer_due=calendar.deadline(clock.today(), days, start_counts=False).day,
    )  # fmt: skip
    if by is not None and report.expert and report.expert.user_id == by.pk:
        raise Refused("这是对您本人的反映，应由他人登记", "12(2)")
    report._change_reason, report._history_user = "收到举报（第12条）", by
    report.save()
    keep(files, report)
    messages.reported(report)
    return report.receipt


def named(about: str) -> Expert | None:
    """The expert whom this number or name means; nobody while several bear the name."""
    found = Expert.objects.named(about)[:2]
    return found[0] if len(found) == 1 else None


def keep(files, report: Report):
    if len(files) > MAX_FILES:
        raise ValidationError(f"一次最多{MAX_FILES}个文件")
    for upload in files:
        ReportFile.objects.create(report=report, **examined(upload))


@transition(Report, source=[State.RECEIVED], target=State.EXAMINING, article="12(4)")
def examine(report, *, by):
    """开始核实"""


@transition(Report, source=[State.RECEIVED, State.EXAMINING], target=None, article="12(4)")
def identify(report, *, by, expert: Expert):
    """写明是哪位专家"""
    if report.expert_id is not None:
        raise Refused("已写明反映的是哪位专家", "12(4)")
    if expert.user_id == by.pk:
        raise Refused("这是对您本人的反映，应由他人办理", "12(4)")
    report.expert = expert


@transition(Report, source=[State.EXAMINING], target=None, article="12(4)")
def ask_expert(report, *, by, question):
    """请专家说明"""
    if report.expert_id is None:
        raise Refused("先写明反映的是哪位专家", "12(4)")
    if report.asked_at is not None:
        raise Refused("已请专家说明过", "12(4)")
    days = Policy.objects.number("statement_days", clock.today())
    report.question, report.asked_at = question, clock.now()
    report.statement_due = calendar.deadline(clock.today(), days, start_counts=False).day
    messages.asked_about_report(report)


@transition(Report, source=[State.EXAMINING], target=None, article="12(4)", own=True)
def respond(report, *, by, statement):
    """提交情况说明"""
    if report.expert is None or report.expert.user_id != by.pk:
        raise PermissionDenied
    if report.asked_at is None or report.responded_at is not None:
        raise Refused("没有要说明的，或已经说明过", "12(4)")
    report.statement, report.responded_at = statement, clock.now()
    messages.report_responded(report)


@transition(Report, source=[State.EXAMINING], target=State.FOUND, article="12(4)")
def uphold(report, *, by, findings):
    """认定属实"""
    if report.expert_id is None:
        raise Refused("先写明反映的是哪位专家", "12(4)")
    if report.is_awaited(clock.today()):
        raise Refused("专家的说明期限还没有到", "12(4)")
    report.report, report.upheld = findings, True
    messages.no_longer_asked(report)


@transition(Report, source=[State.EXAMINING], target=State.DISMISSED, article="12(4)")
def dismiss(report, *, by, findings):
    """认定不属实"""
    report.report, report.upheld = findings, False
    messages.no_longer_asked(report)


@transition(Report, source=[State.RECEIVED, State.EXAMINING], target=State.SHELVED, article="12(4)")
def shelve(report, *, by, why, findings):
    """终止核实"""
    report.why, report.report = why, findings
    messages.no_longer_asked(report)


@transition(Report, source=[State.FOUND, State.DISMISSED, State.SHELVED], target=State.ANSWERED, article="12(4)")
def answer(report, *, by, answer):
    """答复反映人"""
    report.answer = answer
    messages.report_answered(report)
