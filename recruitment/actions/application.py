"""The course of an application (Article 11)."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from experts import actions as experts
from experts.models import Appointment
from expertteam import clock
from expertteam.documents import in_chinese
from expertteam.models import Counter, Policy, User
from expertteam.notify import notify, notify_role
from expertteam.regulation import Refused, in_force
from expertteam.workflow import may, refuse_own, transition
from recruitment import bars, progress, rules
from recruitment.facts import FAIL
from recruitment.models import Application, Candidate, Judgement, Notice, Objection, Round

State = Application.State


@transaction.atomic
def start(user: User, *, round: Round) -> Application:
    """自愿报名: the person's application in this round, begun now or found again.

    ``Refused`` outside the dates of the round, and while another application of his is being decided.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # a double click begins one application
    return begin(user, round=round, by=user)


def begin(user: User, *, round: Round, by: User | None, renews: Appointment | None = None) -> Application:
    """The person's application in this round, for another term where ``renews`` is given; his account is locked."""
    found = Application.objects.filter(round=round, applicant=user).first()
    if found and renews in (None, found.renews):
        return found
    if found and found.state != State.DRAFT:
        raise Refused("您在这一批已经有一份报名", "11")
    if round.phase(clock.today()) != Round.Phase.OPEN:
        raise Refused("现在不在报名时间内", "11")
    if round.purpose == Round.Purpose.RENEWAL and renews is None:
        raise Refused("这一批只办理续聘，请从专家工作台提出", "3")
    if Application.objects.live().exclude(state=State.DRAFT).filter(applicant=user).exists():
        raise Refused("您已有一份报名在办理，办结后才能再报", "11")
    bars.check_reapply(user, round.closes_on)
    application = found or Application(round=round, applicant=user, number=next_number())
    application.renews = renews
    application._history_user = by
    application._change_reason = "续聘报名（第3条）" if renews else "自愿报名（第11条）"
    application.save()
    return application


def next_number() -> str:
    year = clock.today().year
    return f"SQ{year}{Counter.take(f'application-{year}'):04d}"


@transition(Application, source=[State.DRAFT, State.RETURNED], target=State.SUBMITTED, article="11", own=True)
def submit(application, *, by):
    """提交报名"""
    if application.state == State.DRAFT and application.round.phase(clock.today()) != Round.Phase.OPEN:
        raise Refused("报名已经截止", "11")
    if application.state == State.RETURNED and not progress.supplement_open(application):
        raise Refused("补正期限已过", "11")
    bars.check_reapply(application.applicant, clock.today())
    bars.check_renewed(application)
    lacking = progress.tasks(application)[-1].lacks
    if lacking:
        raise Refused(f"还没有填完：{'、'.join(lacking)}", "11")
    found = progress.findings(application)
    if not rules.may_submit(found):
        failed = next(finding for finding in found if finding.verdict is FAIL)
        raise Refused(failed.reason, failed.article)
    for judgement in application.judgements.all():  # what was returned is looked at anew
        judgement.delete()
    application.submitted_at = application.submitted_at or clock.now()
    application.return_items = []
    notify_role(
        f"submitted:{application.pk}:{application.returns}", "recruitment.recommend_application",
        "有新的报名待初审", f"{application.number}已提交，请初审。", application.get_absolute_url(),
    )  # fmt: skip


@transition(
    Application,
    source=[State.DRAFT, State.SUBMITTED, State.RETURNED, State.RECOMMENDED, State.APPROVED, State.ON_NOTICE],
    target=State.WITHDRAWN,
    article="11",
    own=True,
)
def withdraw(application, *, by, reason=""):
    """撤回报名"""
    application.opinion = reason


@transition(Application, source=[State.SUBMITTED], target=State.RETURNED, article="11")
def send_back(application, *, by, items, note):
    """退回补充"""
    if application.returns >= Policy.objects.number("supplement_rounds", clock.today()):
        raise Refused("退回次数已用完，请作出推荐或不予推荐的决定", "11")
    application.return_items, application.return_note = items, note
    application.returns += 1
    application.returned_on = clock.today()
    application.supplement_days = Policy.objects.number("supplement_days", clock.today())
    due = application.supplement_due
    notify(
        f"returned:{application.pk}:{application.returns}", application.applicant, "报名材料需要补充",
        f"{application.number}需要补充：{note}。最晚{in_chinese(due.day)}{'（暂定）' if due.provisional else ''}补充，再提交一次。",
        reverse("recruitment:apply"),
    )  # fmt: skip


@transition(Application, source=[State.RETURNED], target=State.DECLINED, article="11", automatic=True)
def lapse(application, *, by):
    """逾期未补充"""
    if progress.supplement_open(application):
        raise Refused("补正期限未到", "11")
    application.opinion = "逾期没有补充材料"
    tell_outcome(application, "报名未通过", f"{application.number}逾期没有补充材料，本次报名结束。")


@transaction.atomic
def judge(application, *, by: User, article: str, met: bool, note: str) -> Judgement:
    """人工核实: enter what a person found on a condition that no rule can measure.

    By whoever first-reviews, while the application is under first review; never on his own.
    """
    application.refresh_from_db(from_queryset=Application._base_manager.select_for_update())
    if not may(by, "recruitment.recommend_application"):
        raise PermissionDenied("recruitment.recommend_application")
    refuse_own(application.concerns(by), "11")
    if application.state != State.SUBMITTED:
        raise Refused("只有待初审的报名可以核实", "11")
    judgement = application.judgements.filter(article=article).first() or Judgement(
        application=application, article=article
    )
    judgement.met, judgement.note, judgement.by, judgement.at = met, note, by, clock.now()
    judgement.save()
    return judgement


@transition(Application, source=[State.SUBMITTED], target=State.RECOMMENDED, article="11")
def recommend(application, *, by, opinion):
    """初审推荐"""
    held = application.documents.current().select_for_update()  # no document is judged while this is decided
    unverified = [document.label for document in held if document.state != "verified"]
    if unverified:
        raise Refused(f"还有材料没有核验：{'、'.join(unverified)}", "11")
    settled = set(application.judgements.filter(met=True).values_list("article", flat=True))
    found = progress.findings(application)
    if not rules.may_recommend(found, settled):
        open_items = [f for f in found if f.verdict == "fail" or (f.verdict == "person" and f.article not in settled)]
        raise Refused(f"“{open_items[0].statement}”还没有核实为符合", open_items[0].article)
    if application.renews_id and not rules.renewal_reasoned(opinion):
        raise Refused("推荐续聘要写明理由", "3")
    application.opinion = opinion
    notify_role(
        f"recommended:{application.pk}:{application.returns}", "recruitment.approve_application",
        "有推荐人选待审核", f"{application.number}已初审推荐，请审核。", application.get_absolute_url(),
    )  # fmt: skip


@transition(Application, source=[State.SUBMITTED], target=State.DECLINED, article="11")
def turn_down(application, *, by, reason):
    """初审不予推荐"""
    application.opinion = reason
    tell_outcome(application, "报名未通过", f"{application.number}初审未获推荐。原因：{reason}")


@transition(Application, source=[State.RECOMMENDED], target=State.APPROVED, article="11", apart_from=[recommend])
def approve(application, *, by, opinion):
    """审核通过"""
    application.opinion = opinion


@transition(
    Application,
    source=[State.RECOMMENDED, State.APPROVED, State.ON_NOTICE],
    target=State.DECLINED,
    article="11",
    apart_from=[recommend],
)
def decline(application, *, by, reason):
    """不予聘任"""
    application.opinion = reason
    tell_outcome(application, "未予聘任", f"{application.number}未予聘任。原因：{reason}")


@transition(Application, source=[State.APPROVED], target=State.ON_NOTICE, article="11", inner=True)
def announce(application, *, by, notice):
    """列入公示"""
    notify(
        f"announced:{application.pk}:{notice.pk}", application.applicant, "您已列入公示",
        f"您的报名{application.number}已通过审核，列入“{notice.title}”。", notice.get_absolute_url(),
    )  # fmt: skip


@transition(Application, source=[State.ON_NOTICE], target=State.APPROVED, article="11", inner=True)
def recall(application, *, by, reason):
    """撤下公示"""
    application.opinion = reason


@transition(
    Application,
    source=[State.ON_NOTICE],
    target=State.APPOINTED,
    article="11",
    apart_from=[recommend, approve, announce],
)
def appoint(application, *, by, first_day: date | None = None):
    """聘任"""
    candidate = on_the_notice(application)
    if hindrance := why_not_yet(candidate):
        raise Refused(hindrance, "11")
    bars.check_appointment(application)
    first_day = first_day or bars.first_day(application)
    if first_day < clock.today():
        raise Refused("聘期不能从过去的日子开始", "3")
    if not in_force(first_day):
        raise Refused("聘期首日不在办法有效期内", "15")
    application.appointment = experts.appoint(
        application.applicant, by=by, name=candidate.name, category=application.category, first_day=first_day,
        topics=application.topics,
        **{name: getattr(application, name) for name in PROFILE},
    )  # fmt: skip
    tell_outcome(
        application, "您已受聘",
        f"您已受聘为创业就业指导专家团专家，聘期自{in_chinese(first_day)}起三年，聘书编号{application.appointment.number}。",
    )  # fmt: skip


PROFILE = ["employer", "employer_code", "position", "title", "line", "biography", "district", "visits", "public_fields"]


def on_the_notice(application) -> Candidate:
    """The application as it stands on its published notice."""
    return application.candidacies.filter(notice__state=Notice.State.PUBLISHED).select_related("notice").get()


def why_not_yet(candidate: Candidate) -> str:
    """What still stands between the notice and the appointment, in words; empty when nothing does."""
    blocking = [o for o in Objection.objects.against(candidate) if rules.objection_blocks(o.counts, o.upheld)]
    if rules.notice_passed(candidate.notice.ends_at, candidate.notice.provisional, len(blocking), clock.now()):
        return ""
    if blocking:
        upheld = any(objection.upheld for objection in blocking)
        return "公示期间的异议成立，不能聘任" if upheld else "公示期间的异议还没有办结"
    if candidate.notice.provisional:
        return "公示截止日仍是暂定，需先录入该年度放假安排"
    return f"公示未满，要到{calendar_moment(candidate.notice.ends_at)}以后"


def calendar_moment(moment) -> str:
    """``11月27日 18:00`` in Shanghai."""
    local = clock.local(moment)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def tell_outcome(application, subject, body):
    """Tell the applicant how it ended."""
    notify(f"outcome:{application.pk}:{subject}", application.applicant, subject, body, reverse("recruitment:apply"))
