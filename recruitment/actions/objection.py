"""Objections to a notice, and leads (Article 11)."""

import json
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac

from expertteam import calendar, clock
from expertteam.files import MAX_FILES, examined
from expertteam.models import Policy
from expertteam.notify import notify_role, text
from expertteam.regulation import Refused
from expertteam.workflow import transition
from recruitment import rules
from recruitment.actions.application import approve, decline, recommend
from recruitment.actions.notice import publish
from recruitment.models import Application, Candidate, Evidence, Notice, Objection

State = Objection.State


@transaction.atomic
def lodge(
    notice: Notice, *, candidate: Candidate | None, kind: str, facts: str, name="", phone="", files=(), key=""
) -> Objection:
    """反映情况: take in what somebody says about a person on the list, the list or the procedure.

    Real name and in time: an objection, which blocks until decided.  Anonymous or late: a lead
    for the inspector, which does not.  ``ValidationError`` for a file that cannot be taken.  The
    same words with the same ``key`` count once, however often they are sent.
    """
    hold(notice, candidate)
    now = clock.now()
    said = [notice.pk, candidate and candidate.pk, kind, facts, name, phone, [(f.name, f.size) for f in files]]
    receipt = receipt_for(key or secrets.token_hex(), said)
    earlier = Objection.objects.filter(receipt=receipt).first()
    if earlier:
        return earlier
    if notice.state != Notice.State.PUBLISHED or now < notice.begins_at:
        raise Refused("公示还没有开始，或已撤销", "11")
    in_time_until = now if notice.provisional else notice.ends_at
    counts = rules.objection_counts(bool(name), now, in_time_until)
    objection = Objection(
        notice=notice, candidate=candidate, kind=kind, facts=facts, name=name, phone=phone if name else "",
        counts=counts, late=now > in_time_until, receipt=receipt, received_at=now,
        state=State.RECEIVED if counts else State.LEAD,
    )  # fmt: skip
    if counts:
        days = Policy.objects.number("objection_days", clock.today())
        objection.answer_due = calendar.deadline(clock.today(), days, start_counts=False).day
    objection._change_reason = "反映情况（第11条）"
    objection.save()
    keep(files, objection)
    notify_role(
        f"objection:{objection.receipt}", "recruitment.examine_objection", "收到新的异议或线索",
        f"{objection.receipt}：{objection.get_state_display()}，请核实。", objection.get_absolute_url(),
    )  # fmt: skip
    return objection


def receipt_for(key: str, said: list) -> str:
    """``YC`` and twelve digits that nobody can guess, the same for the same words with the same key."""
    mark = salted_hmac("recruitment.receipt", json.dumps([key, said]), algorithm="sha256").hexdigest()
    return f"YC{int(mark, 16) % 10**12:012d}"


def hold(notice: Notice, candidate: Candidate | None):
    """Lock the notice, then the applications that are objected to, so that none is annulled or appointed in between."""
    notice.refresh_from_db(from_queryset=Notice.objects.select_for_update())
    about = notice.candidates.filter(pk=candidate.pk) if candidate else notice.candidates.all()
    list(Application.objects.select_for_update().filter(pk__in=about.values("application")).order_by("pk"))
    if candidate and candidate.notice_id != notice.pk:
        raise Refused("名单里没有这个人", "11")


def keep(files, objection: Objection):
    """Store the evidence; ``ValidationError`` for too many files or one that cannot be taken."""
    if len(files) > MAX_FILES:
        raise ValidationError(f"一次最多{MAX_FILES}个文件")
    for upload in files:
        Evidence.objects.create(objection=objection, **examined(upload))


@transition(Objection, source=[State.RECEIVED], target=State.EXAMINING, article="11")
def examine(objection, *, by):
    """开始核实"""


@transition(Objection, source=[State.EXAMINING], target=State.EXAMINED, article="11")
def report(objection, *, by, report):
    """提交核实情况"""
    objection.report = report
    notify_role(
        f"examined:{objection.pk}", "recruitment.decide_objection", "有异议待认定",
        f"{objection.receipt}已核实，请认定是否成立。", objection.get_absolute_url(),
    )  # fmt: skip


@transition(Objection, source=[State.EXAMINED], target=State.DECIDED, article="11", apart_from=[examine, report])
def decide(objection, *, by, upheld: bool, decision):
    """认定异议"""
    if objection.notice.history.filter(history_user=by, history_change_reason=publish.reason).exists():
        raise Refused("发布这份公示的人不能认定对它的异议", "11")
    application = objection.candidate and objection.candidate.application
    done = application and application.history.filter(history_user=by)
    if done and done.filter(history_change_reason__in=[recommend.reason, approve.reason]).exists():
        raise Refused("初审或审核过这个人的人不能认定对他的异议", "11")
    objection.upheld, objection.decision = upheld, decision
    if upheld and application and application.state in (Application.State.ON_NOTICE, Application.State.APPROVED):
        decline(application, by=by, reason="公示期间的异议成立")
    notify_role(
        f"decided:{objection.pk}", "recruitment.answer_objection", "异议已认定，请答复",
        f"{objection.receipt}已认定，请答复反映人。", objection.get_absolute_url(),
    )  # fmt: skip


@transition(Objection, source=[State.DECIDED], target=State.ANSWERED, article="11")
def answer(objection, *, by, answer):
    """答复反映人"""
    objection.answer = answer
    if objection.phone:
        text(
            f"answered:{objection.pk}",
            objection.phone,
            "异议答复",
            f"您反映的{objection.receipt}已有答复，请凭编号和手机号在网上查看。",
        )


@transition(Objection, source=[State.LEAD], target=State.FILED, article="11")
def file_lead(objection, *, by, report):
    """办结线索"""
    objection.report = report
