"""What waits for whom in dismissals, step by step, with the day on which it is due (Article 12)."""

from datetime import datetime
from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet

from evaluations import actions
from evaluations.models import Dismissal
from experts.models import Appointment
from expertteam import clock
from expertteam.waiting import Waiting, end_of, open_to

State = Dismissal.State
ARRANGED = [f"strikes__{way}" for way in actions.ARRANGED]
CLOSED_TO = {  # who took part in another way, which the history of moves does not tell
    actions.weigh: ["opened_by", "handler", *ARRANGED],
    actions.confirm: ["opened_by", "handler", "weighed_by", "strikes__found_by", *ARRANGED],
}


def cases(move, user, **narrowed) -> QuerySet:
    """The cases open to this move, those about the person himself left out."""
    found = open_to(move, user).filter(**narrowed).exclude(expert__user=user)
    for who in CLOSED_TO.get(move, []):
        found = found.exclude(**{who: user.pk})
    return found.select_related("expert__user").order_by("pk")


def unseen(user) -> QuerySet:
    """Marked, and not looked at as yet."""
    return cases(actions.inspect_origin, user, origin_seen_by=None).exclude(flag="")


def to_issue(user) -> QuerySet:
    """In the hands of those who handle cases; a marked one waits for the inspector first."""
    return cases(actions.issue_notice, user).exclude(flag__gt="", origin_seen_by=None)


def silent(user) -> QuerySet:
    """Time itself moves them; whoever handles cases sees it where it has not yet."""
    return cases(actions.lapse_defence, user).silent(clock.today())


def to_hear(user) -> QuerySet:
    return cases(actions.record_hearing, user).order_by("hearing_at", "pk")


def to_serve(user) -> QuerySet:
    return cases(actions.serve_decision, user).order_by("decision_due", "pk")


def outlived(user) -> QuerySet:
    """The term ended by itself meanwhile: nothing is left to decide."""
    serving = Appointment.objects.in_force(clock.today())
    its_own, any_ = serving.filter(pk=OuterRef("appointment")), serving.filter(expert=OuterRef("expert"))
    over = ~Exists(any_) | Q(ground__in=Dismissal.COUNTED) & ~Exists(its_own)
    return cases(actions.drop, user).filter(over).exclude(handler=user.pk).exclude(opened_by=user.pk)


def due(case: Dismissal) -> datetime | None:
    if case.state == State.HEARING_SET:
        return case.hearing_at
    return end_of(case.due) if case.due else None


def row(what: str, tip: str, verb: str, case: Dismissal) -> Waiting:
    return Waiting(due(case), what, case.number, f"{case.expert}老师", tip, verb, case.get_absolute_url())


def to_weigh(case: Dismissal) -> Waiting:
    return row("复核申辩", f"{case.get_heard_how_display()}，逐条答复后提出建议", "复核", case)


def to_confirm(case: Dismissal) -> Waiting:
    advice = "本人申请并放弃申辩" if case.waives else case.get_advice_display()
    return row("决定解聘案件", f"{advice}，确认或者不予解聘", "决定", case)


def proposed(case: Dismissal) -> Waiting:
    if case.is_own_request:
        return row("办理辞任申请", "本人没有放弃陈述申辩，立案后先告知", "立案", case)
    return row("处理解聘线索", f"{case.get_ground_display()}，核对后立案；不立案的，由审核岗撤案", "处理", case)


def marked(case: Dismissal) -> Waiting:
    return row("核查来源", f"{case.flag}，看是不是各自独立", "核查", case)


KIND = "解聘"
QUEUES = [
    (KIND, to_serve, partial(row, "送达决定书", "送达当天生效，本人网上签收也算", "送达")),
    (KIND, silent, partial(row, "陈述期满", "没有收到陈述，转入复核", "处理")),
    (KIND, to_hear, partial(row, "当面听取意见", "听取后登记笔录，没来的登记没有到场", "登记")),
    (KIND, partial(cases, actions.confirm), to_confirm),
    (KIND, partial(cases, actions.weigh), to_weigh),
    (KIND, unseen, marked),
    (KIND, partial(cases, actions.set_hearing, state=State.HEARING_ASKED), partial(row, "安排当面听取", "本人要求当面陈述，定时间和地点", "安排")),
    (KIND, partial(cases, actions.serve_notice), partial(row, "送达告知书", "本人还没有网上签收，可以当面或邮寄送达", "送达")),
    (KIND, outlived, partial(row, "撤案", "聘期已满，聘任关系已经自动终止", "撤案")),
    (KIND, to_issue, partial(row, "制发告知书", "事实、证据齐全后告知本人", "制发")),
    (KIND, partial(cases, actions.take_up, waives=False), proposed),
    (KIND, partial(cases, actions.forward, waives=True), partial(row, "转请确认辞任", "本人申请并放弃申辩，核对后转局领导", "转请")),
]  # fmt: skip
