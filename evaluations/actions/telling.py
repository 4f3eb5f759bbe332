"""Told of facts, reasons and basis, with proof; then the expert's own word, or his silence (Article 12¶2)."""

from datetime import date, timedelta
from functools import partial

from evaluations import dismissal_messages as messages
from evaluations import rules, thresholds
from evaluations.actions.proposal import inspect_origin, take_up
from evaluations.models import Delivery, Dismissal, DismissalFile, Plea
from expertteam import calendar, clock
from expertteam.documents import in_chinese
from expertteam.files import examined
from expertteam.models import Policy, User
from expertteam.numbering import issued
from expertteam.regulation import Refused, article
from expertteam.workflow import transition

State, Ground, Heard = Dismissal.State, Dismissal.Ground, Dismissal.Heard
Channel, Paper, Kind = Delivery.Channel, Delivery.Paper, DismissalFile.Kind
POSTED = timedelta(days=30)  # after so long a public notice counts as served (civil procedure, by analogy)


def add_file(dismissal: Dismissal, *, by: User, kind: str, upload, shows="", open_to_expert=False) -> DismissalFile:
    """Keep one file of the case; ``ValidationError`` for one that cannot be taken."""
    return DismissalFile.objects.create(
        dismissal=dismissal, kind=kind, by=by, shows=shows, open_to_expert=open_to_expert, **examined(upload)
    )


@transition(Dismissal, source=[State.EXAMINING], target=None, article="12")
def add_evidence(dismissal, *, by, upload, shows, open_to_expert=False):
    """补充证据"""
    add_file(dismissal, by=by, kind=Kind.EVIDENCE, upload=upload, shows=shows, open_to_expert=open_to_expert)


@transition(
    Dismissal, source=[State.EXAMINING], target=State.NOTICE_ISSUED, article="12¶2", apart_from=[inspect_origin]
)
def issue_notice(dismissal, *, by, facts, reasons, judgment_number=""):
    """制发告知书"""
    if dismissal.flag and not dismissal.origin_seen_by_id:
        raise Refused(f"{dismissal.flag}，先由纪检核查来源", dismissal.ground)
    take_in(dismissal)
    check_facts(dismissal)
    dismissal.facts, dismissal.reasons, dismissal.judgment_number = facts, reasons, judgment_number
    dismissal.handler = by
    dismissal.notice_number = numbered("告")
    dismissal.notice_issued_at = clock.now()
    dismissal.defence_days = Policy.objects.number("defence_days", clock.today())
    return partial(messages.notice_waits, dismissal)


@article("12")
def check_facts(dismissal: Dismissal, *, settled=False):
    """有下列情况之一的: the ground still holds on this day, on what the expert has been or will be told of.

    ``settled``: on what no appeal can take out any more, as a decision needs it.
    """
    ground, term = dismissal.ground, dismissal.appointment
    counted = [
        each for each in dismissal.strikes.counted().order_by("day", "pk")
        if not (settled and each.may_be_appealed(clock.today()))
    ]  # fmt: skip
    enough = {
        Ground.ATTITUDE: rules.attitude_strikes_reached(
            [(each.day, each.service_id) for each in counted], term.first_day, term.last_day
        ),
        Ground.REFUSAL: rules.refusals_reached([each.day for each in counted]),
    }
    evidence = dismissal.files.filter(kind=Kind.EVIDENCE).count()
    upheld = bool(dismissal.report and dismissal.report.upheld)
    if not rules.has_its_facts(ground, counted=enough.get(ground, False), evidence=evidence, report_upheld=upheld):
        lacking = "不能再申诉的有效计次" if settled else "有效计次"
        said = f"{lacking}现在不到三次，不能解聘" if ground in enough else "还没有证据，请先补充"
        raise Refused(said, ground)


def take_in(dismissal: Dismissal):
    """The entries that count on the day of the notice: those and no others the expert is told of."""
    if dismissal.ground in Dismissal.COUNTED:
        standing = thresholds.of(dismissal.expert, clock.today())
        if standing.reached[dismissal.ground]:
            dismissal.strikes.set(standing.entries[dismissal.ground])


def numbered(paper: str) -> str:
    """``并创专解告〔2026〕001号``: the papers of one kind in one year, without gaps or doubles."""
    return issued(f"dismissal-{paper}", clock.today().year, f"解{paper}")


def serve(dismissal: Dismissal, paper: str, *, by: User, channel: str, served_on: date, note="", proof=None) -> date:
    """Enter that a paper reached the expert, with its proof; the day on which it counts as served.

    ``served_on``: of a public notice its first day, from which thirty days run.
    """
    issued = clock.local(dismissal.notice_issued_at if paper == Paper.NOTICE else dismissal.decided_at).date()
    posted_on = served_on if channel == Channel.PUBLIC else None
    if served_on < issued:
        raise Refused("送达日期早于文书制发日期，请核对", "12¶2")
    served_on = served_on + POSTED if posted_on else served_on
    if served_on > clock.today():
        raise Refused("公告还没有满30日" if posted_on else "送达日期还没有到", "12¶2")
    if channel != Channel.ONLINE and proof is None:
        raise Refused("请上传送达回证、邮件签收记录或现场照片", "12¶2")
    kept = proof and add_file(dismissal, by=by, kind=Kind.PROOF, upload=proof)
    Delivery.objects.create(
        dismissal=dismissal, paper=paper, channel=channel, served_on=served_on, posted_on=posted_on, note=note,
        proof=kept, by=by,
    )  # fmt: skip
    return served_on


def told(dismissal: Dismissal, day: date):
    """From the day after, the expert has his days; they run from its entry, where that is later, for only then can he speak."""
    dismissal.told_on = day
    began = max(day, clock.today())
    dismissal.defence_until = calendar.deadline(began, dismissal.defence_days, start_counts=False).day


def last_day(dismissal: Dismissal) -> calendar.Deadline:
    """The last day of his period as the holidays are known by now; never earlier than he was told."""
    days, start, provisional = dismissal.defence_days, dismissal.told_on, False
    for _ in range(2 if dismissal.extension else 1):
        start, guessed = calendar.deadline(start, days, start_counts=False)
        provisional = provisional or guessed
    until = max(start, dismissal.defence_until)
    return calendar.Deadline(until, provisional or calendar.deadline(until, 1, start_counts=True).provisional)


@transition(Dismissal, source=[State.NOTICE_ISSUED], target=State.TOLD, article="12¶2", own=True)
def receive_notice(dismissal, *, by):
    """签收告知书"""
    told(dismissal, serve(dismissal, Paper.NOTICE, by=by, channel=Channel.ONLINE, served_on=clock.today()))


@transition(Dismissal, source=[State.NOTICE_ISSUED], target=State.TOLD, article="12¶2")
def serve_notice(dismissal, *, by, channel, served_on, proof, note=""):
    """登记告知书送达"""
    by_hand(channel)
    told(
        dismissal,
        serve(dismissal, Paper.NOTICE, by=by, channel=channel, served_on=served_on, note=note, proof=proof),
    )
    return partial(messages.told, dismissal)


def by_hand(channel: str):
    if channel == Channel.ONLINE:
        raise Refused("网上签收由本人办理", "12¶2")


def since_told(dismissal: Dismissal, day: date):
    """Not before he was told, nor in days to come."""
    if not dismissal.told_on <= day <= clock.today():
        raise Refused("日期应在告知书送达之后，且不晚于今天", "12¶2")


def said(dismissal: Dismissal, how: str, by: User, points=(), day: date | None = None):
    """Heard, in this way and on this day; what he said stands point by point."""
    day = day or clock.today()
    since_told(dismissal, day)
    dismissal.heard_how, dismissal.heard_on = how, day
    begun = dismissal.pleas.count()
    for place, words in enumerate(points, begun + 1):
        plea = Plea(dismissal=dismissal, place=place, words=words, entered_by=by)
        plea._history_user, plea._change_reason = by, "陈述申辩（第12¶2条）"
        plea.save()


def in_time(dismissal: Dismissal, day: date | None = None):
    """``day``: on which his word came in; today, where he gives it himself."""
    if rules.is_over(last_day(dismissal).day, day or clock.today()):
        raise Refused("陈述申辩期限已过", "12¶2")


@transition(Dismissal, source=[State.TOLD], target=State.HEARD, article="12¶2", own=True)
def defend(dismissal, *, by, points, files=()):
    """提交陈述申辩"""
    in_time(dismissal)
    if not points:
        raise Refused("请写明您的意见；没有意见的，可以放弃陈述申辩", "12¶2")
    said(dismissal, Heard.STATEMENT, by, points)
    for upload in files:
        add_file(dismissal, by=by, kind=Kind.DEFENCE, upload=upload, open_to_expert=True)
    return partial(messages.to_weigh, dismissal)


@transition(Dismissal, source=[State.TOLD], target=State.HEARD, article="12¶2", own=True)
def waive(dismissal, *, by):
    """放弃陈述申辩"""
    in_time(dismissal)
    said(dismissal, Heard.WAIVER, by)
    return partial(messages.to_weigh, dismissal)


@transition(Dismissal, source=[State.TOLD], target=State.HEARD, article="12¶2")
def record_defence(dismissal, *, by, how, day, proof, points=()):
    """登记陈述申辩"""
    if how not in (Heard.STATEMENT, Heard.WAIVER) or (how == Heard.STATEMENT) != bool(points):
        raise Refused("有陈述的逐条录入；本人书面放弃的不录", "12¶2")
    in_time(dismissal, day)
    if proof is None:
        raise Refused("请上传本人签字的陈述材料、笔录或放弃声明", "12¶2")
    said(dismissal, how, by, points, day)
    add_file(dismissal, by=by, kind=Kind.RECORD, upload=proof, open_to_expert=True)
    messages.defence_recorded(dismissal)
    return partial(messages.to_weigh, dismissal)


@transition(Dismissal, source=[State.TOLD], target=State.HEARING_ASKED, article="12¶2")
def record_hearing_request(dismissal, *, by, way, day, proof):
    """登记当面陈述要求"""
    if way not in Dismissal.Way.values:
        raise Refused("请选是来信、到窗口还是来电", "12¶2")
    since_told(dismissal, day)
    in_time(dismissal, day)
    if proof is None:
        raise Refused("请上传来信、签字记录或电话记录", "12¶2")
    shows = f"{Dismissal.Way(way).label}要求当面陈述，{in_chinese(day)}收到"
    add_file(dismissal, by=by, kind=Kind.DEFENCE, upload=proof, shows=shows, open_to_expert=True)
    messages.hearing_request_recorded(dismissal, day)
    return partial(messages.hearing_asked, dismissal)


@transition(Dismissal, source=[State.TOLD], target=None, article="12¶2")
def extend(dismissal, *, by, extension):
    """延长期限"""
    if dismissal.extension:
        raise Refused("期限已经延长过一次", "12¶2")
    in_time(dismissal)
    until = last_day(dismissal).day
    dismissal.extension = extension
    dismissal.defence_until = calendar.deadline(until, dismissal.defence_days, start_counts=False).day
    return partial(messages.extended, dismissal)


@transition(Dismissal, source=[State.TOLD], target=State.HEARD, article="12¶2", automatic=True)
def lapse_defence(dismissal, *, by):
    """逾期没有陈述"""
    until, provisional = last_day(dismissal)
    if not rules.is_over(until, clock.today()):
        raise Refused(f"陈述申辩期限到{in_chinese(until)}为止", "12¶2")
    dismissal.defence_until = until
    if provisional:
        raise Refused("这一年的放假安排还没有录入，期限只是暂定", "12¶2")
    said(dismissal, Heard.LAPSE, None)
    return partial(messages.to_weigh, dismissal)


HANDLING = [take_up, issue_notice, serve_notice, record_defence, record_hearing_request, extend, add_evidence]
