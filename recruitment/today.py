"""What waits for whom in selection (Articles 3 and 11)."""

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from expertteam import clock
from expertteam.regulation import numeral
from expertteam.waiting import Lot, Waiting, end_of, lot, open_to
from expertteam.workflow import may
from recruitment import actions, progress, rules
from recruitment.facts import FAIL, PASS, PERSON, duration
from recruitment.models import Application, Candidate, Document, FormerRow, Notice, Objection, Round, Wish

State = Application.State
RESTS_ON = ["periods", "documents", "success_cases", "judgements", "applicant__consents"]


def queue(user) -> list[Lot]:
    """Everything in selection that this person can move now, by kind, each in the order of its deadline."""
    lots = [
        lot("初审", applications(actions.recommend, user).order_by("round__screening_until", "pk"), to_screen),
        lot("审核", applications(actions.approve, user).order_by("round__review_until", "pk"), to_review),
        lot("公示", rounds_to_announce(user), to_announce),
        lot("公示", drafts(user), to_publish),
        *(lot("异议", objections(move, user), to_examine) for move in OBJECTION_MOVES),
        lot("聘任", ready(user), to_appoint),
        lot("续聘", wishes(user), to_open_a_round),
        lot("原专家团", imports(user), to_take_in),
    ]
    return [each for each in lots if each.total]


def applications(move, user) -> QuerySet:
    """The applications open to this move, with all that their findings rest on."""
    return open_to(move, user).exclude(applicant=user).select_related("round", "applicant").prefetch_related(*RESTS_ON)


def to_screen(application) -> Waiting:
    return Waiting(
        end_of(application.round.screening_until), "报名初审", application.number, presented(application),
        f"{served(application)}；{left_to_settle(application)}", "初审", application.get_absolute_url(),
    )  # fmt: skip


def to_review(application) -> Waiting:
    judged = len(application.judgements.all())
    return Waiting(
        end_of(application.round.review_until), "审核推荐人选", application.number, presented(application),
        f"{served(application)}；{judged}项已人工核实；初审意见：{application.opinion[:20]}", "审核", application.get_absolute_url(),
    )  # fmt: skip


def presented(application) -> str:
    """Whom it is about, as a list says it."""
    return f"{application.applicant.name}，申报第{numeral(application.category)}项"


def served(application) -> str:
    """The years of experience as the rule sees them."""
    facts = progress.facts_of(application)
    months = rules.service_months([(period.first, period.last) for period in facts.periods], facts.on)
    _, verdict, reason = rules.experienced_enough(facts)
    return f"系统算得{duration(months)}，{'符合年限' if verdict is PASS else reason}"


def left_to_settle(application) -> str:
    """What first review still has to look into before it can recommend."""
    judged = {judgement.article: judgement.met for judgement in application.judgements.all()}
    found = progress.findings(application)
    failed = sum(f.verdict is FAIL or (f.verdict is PERSON and judged.get(f.article) is False) for f in found)
    asked = len({f.article for f in found if f.verdict is PERSON} - set(judged))
    unverified = sum(
        document.replaced_at is None and document.state != Document.State.VERIFIED
        for document in application.documents.all()
    )
    parts = [f"{failed}项不符合"] * bool(failed) + [f"{asked}项需人工核实"] * bool(asked)
    parts += [f"{unverified}份材料待核验"] * bool(unverified)
    return "，".join(parts) or "已核实齐全，可以推荐"


def drafts(user) -> QuerySet:
    """The notices that this person may publish: drafts on which everybody is still approved."""
    gone = Candidate.objects.filter(notice=OuterRef("pk")).exclude(application__state=State.APPROVED)
    own = Candidate.objects.filter(notice=OuterRef("pk"), application__applicant=user)
    open_ = open_to(actions.publish, user).filter(~Exists(gone), ~Exists(own))
    return open_.select_related("round").annotate(people=Count("candidates")).order_by("round__review_until", "pk")


def rounds_to_announce(user) -> QuerySet:
    """The rounds with people who are approved and on no notice, not even a drafted one."""
    if not may(user, actions.publish.permission):
        return Round.objects.none()
    drafted = Candidate.objects.filter(application=OuterRef("pk"), notice__state=Notice.State.DRAFT)
    waiting = Application.objects.awaiting_notice().filter(~Exists(drafted)).exclude(applicant=user)
    people = Count("applications", filter=Q(applications__in=waiting))
    return Round.objects.annotate(people=people).filter(people__gt=0).order_by("review_until", "pk")


def to_announce(round) -> Waiting:
    return Waiting(
        end_of(round.review_until), "拟公示", round.name, f"{round.people}人审核通过",
        "还没有列入公示，可以拟公示", "拟公示", f"{reverse('recruitment:draft_notice')}?round={round.pk}",
    )  # fmt: skip


def to_publish(notice) -> Waiting:
    return Waiting(
        end_of(notice.round.review_until), "发布公示", notice.title, f"名单{notice.people}人",
        "公示期从发布后第1个工作日起算", "发布", reverse("recruitment:staff_notice", args=[notice.pk]),
    )  # fmt: skip


OBJECTION_MOVES = [actions.examine, actions.report, actions.decide, actions.answer, actions.file_lead]
ADVICE = {
    Objection.State.RECEIVED: "实名且按时，办结前不能聘任",
    Objection.State.EXAMINING: "核实后提交情况，由局领导认定",
    Objection.State.EXAMINED: "已核实，等认定是否成立",
    Objection.State.DECIDED: "已认定，答复后办结",
    Objection.State.LEAD: "匿名或逾期，不影响聘任",
}


def objections(move, user) -> QuerySet:
    """The objections open to this move; never on a person's own matter, nor decided by who published the notice."""
    own = Q(candidate__application__applicant=user)
    if user.phone_index:
        own |= Q(phone_index=user.phone_index)
    open_ = open_to(move, user).exclude(pk__in=Objection.objects.filter(own).values("pk"))
    if move is actions.decide:
        published = Notice.history.filter(history_user=user, history_change_reason=actions.publish.reason)
        open_ = open_.exclude(notice__in=published.values("id"))
    return open_.select_related("candidate").order_by(F("answer_due").asc(nulls_last=True), "pk")


def to_examine(objection) -> Waiting:
    move = next(move for move in OBJECTION_MOVES if objection.state in move.source)
    return Waiting(
        objection.answer_due and end_of(objection.answer_due), move.label, objection.receipt,
        f"{objection.candidate or '整份公示'}，{objection.get_kind_display()}", ADVICE[objection.state], "处理",
        objection.get_absolute_url(),
    )  # fmt: skip


def over() -> QuerySet:
    """The candidates whose notice has run its time and who are not appointed yet."""
    return Candidate.objects.filter(
        notice__state=Notice.State.PUBLISHED,
        notice__provisional=False,
        notice__ends_at__lt=clock.now(),
        application__state=State.ON_NOTICE,
    ).select_related("notice", "application__applicant")


def ready(user) -> QuerySet:
    """Of them, those whom this person may appoint and nothing blocks."""
    appointable = open_to(actions.appoint, user).exclude(applicant=user)
    free = over().filter(application__in=appointable).exclude(pk__in=Candidate.objects.blocked())
    return free.order_by("notice__ends_at", "position")


def to_appoint(candidate) -> Waiting:
    ended = clock.local(candidate.notice.ends_at)
    return Waiting(
        None, "聘任", candidate.application.number, candidate.name,
        f"公示{ended.month}月{ended.day}日期满，没有未办结的异议", "聘任", candidate.application.get_absolute_url(),
    )  # fmt: skip


def wishes(user) -> QuerySet:
    """Of those who may open a round: the wishes for another term that wait for one, the first to end first."""
    on = clock.today()
    if not may(user, "recruitment.add_round") or Round.objects.for_renewal(on).exists():
        return Wish.objects.none()
    waiting = Wish.objects.waiting(on).exclude(term__expert__user=user)
    return waiting.select_related("term").order_by("term__last_day", "pk")


def to_open_a_round(wish) -> Waiting:
    return Waiting(
        end_of(wish.term.last_day), "安排续聘", wish.term.number, wish.term.name,
        "本人想续聘，没有开放的批次，可以开一批", "看意愿", wish.get_absolute_url(),
    )  # fmt: skip


def imports(user) -> QuerySet:
    """The tables of the former team that this person may take in: read by another, with something new, nothing wrong."""
    rows = FormerRow.objects.filter(source=OuterRef("pk"))
    takeable = Exists(rows.filter(outcome="new")) & ~Exists(rows.filter(outcome="wrong"))
    own = rows.filter(account_key=user.pk)
    open_ = open_to(actions.take_in, user).exclude(read_by=user).filter(takeable, ~Exists(own))
    return open_.annotate(people=Count("rows", filter=Q(rows__outcome="new"))).select_related("read_by").order_by("pk")


def to_take_in(record) -> Waiting:
    return Waiting(
        None, "核对原专家团名单", record.number, f"将新建{record.people}人",
        f"{record.read_by}试读，没有问题；和原聘任文件核对后导入", "核对", record.get_absolute_url(),
    )  # fmt: skip


def blocked(user) -> QuerySet:
    """Of them, those whom an objection still blocks: whoever appoints is told why they are not in his queue."""
    if not may(user, actions.appoint.permission):
        return Candidate.objects.none()
    return over().filter(pk__in=Candidate.objects.blocked()).exclude(application__applicant=user)
