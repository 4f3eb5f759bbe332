"""What waits for whom in evaluation (Articles 10(1) and 12)."""

from functools import partial

from django.db.models import F, Q, QuerySet

from evaluations import actions, assessment_rows, dismissal_rows, honour_rows, ledger_rows
from evaluations.models import Rating, RatingCase, Report
from expertteam import clock
from expertteam.templatetags.terrace import short_day
from expertteam.waiting import Lot, Waiting, end_of, lot, open_to

State = RatingCase.State
REPORT_MOVES = [actions.examine, actions.uphold, actions.answer]
ADVICE = {
    Report.State.RECEIVED: "先开始核实，再认定",
    Report.State.EXAMINING: "核实后认定是否属实，写明理由",
    Report.State.FOUND: "已认定属实，答复后办结",
    Report.State.DISMISSED: "已认定不属实，答复后办结",
    Report.State.SHELVED: "已终止核实，答复后办结",
}


def cases(move, user, *states) -> QuerySet:
    """The cases open to this move, those about the person himself left out."""
    service = "rating__service__"
    own = Q(rating__expert__user=user) | Q(**{f"{service}request__client": user})
    if user.phone_index:
        own |= Q(**{f"{service}phone_index": user.phone_index})
    about_him = RatingCase.objects.filter(own).values("pk")
    open_ = open_to(move, user).filter(state__in=states or list(move.source)).exclude(pk__in=about_him)
    return open_.select_related("rating__expert__user", "rating__service")


def unmatched(move, user) -> QuerySet:
    """Nor those whose expert he has chosen for the client."""
    service = "rating__service__"
    matched = Q(**{f"{service}request__offers__offered_by": user}) | Q(**{f"{service}pairing__proposed_by": user})
    chosen = RatingCase.objects.filter(matched).values("pk")
    return cases(move, user).exclude(pk__in=chosen)


def to_find_of(user) -> QuerySet:
    return unmatched(actions.find, user).order_by("statement_due", "pk")


def to_inspect_of(user) -> QuerySet:
    """Several together, which nobody has looked at as yet."""
    flagged = unmatched(actions.inspect_cluster, user).exclude(flag="")
    return flagged.filter(flag_seen_at=None).order_by("pk")


def to_call_of(user) -> QuerySet:
    return cases(actions.call_back, user).order_by("call_due", "pk")


def to_settle_of(user) -> QuerySet:
    """Found, and now either to be mended or to be closed: for whoever orders the mending."""
    return cases(actions.rectify, user).order_by("found_at", "pk")


def to_close_of(user) -> QuerySet:
    return cases(actions.close, user, State.RECTIFYING).order_by("rectify_due", "pk")


def row(case, due, what, tip, verb) -> Waiting:
    return Waiting(
        due and end_of(due), what, case.number, f"{case.rating.expert}老师", tip, verb, case.get_absolute_url()
    )


def to_call(case) -> Waiting:
    tried = f"，已打{case.missed_calls}次没有接通，换一天再打" if case.missed_calls else ""
    reasons = "、".join(case.rating.reasons)
    return row(case, case.call_due, "回访差评", f"{case.rating.get_grade_display()}：{reasons}{tried}", "回访")


def to_find(case) -> Waiting:
    tip = "专家已说明，可以认定" if case.statement else "专家逾期没有说明，按已有情况认定"
    if case.awaits_inspector:
        tip = "集中差评，等纪检查看；服务态度以外的可以先认定"
    return row(case, None, "认定差评", tip, "认定")


def to_inspect(case) -> Waiting:
    return row(case, None, "查看集中差评", case.flag, "查看")


def to_settle(case) -> Waiting:
    tip = f"{case.get_finding_display()}，{'提出整改要求' if case.is_upheld else '办结并告诉对方'}"
    return row(case, case.rectify_due, "要求整改" if case.is_upheld else "办结差评", tip, "处理")


def to_close(case) -> Waiting:
    return row(case, case.rectify_due, "办结整改", "整改后办结，请对方再评一次", "办结")


def quotes(user) -> QuerySet:
    """Texts that their writers let everybody read, to be looked at."""
    waiting = open_to(actions.show_quote, user).filter(quote=Rating.Quote.WAITING).exclude(expert__user=user)
    return waiting.select_related("expert__user").order_by("given_at", "pk")


def to_screen(rating) -> Waiting:
    return Waiting(
        None, "审看评价文字", rating.get_grade_display(), f"{rating.expert}老师", "看有没有姓名、企业、电话，再决定公开不公开", "审看",
        rating.get_absolute_url(),
    )  # fmt: skip


def reports(move, user) -> QuerySet:
    """The reports open to this move; never on a person's own matter."""
    own = Q(expert__user=user)
    if user.phone_index:
        own |= Q(phone_index=user.phone_index)
    open_ = open_to(move, user).exclude(pk__in=Report.objects.filter(own).values("pk"))
    return open_.select_related("expert__user").order_by(F("answer_due").asc(), "pk")


def to_examine(report) -> Waiting:
    move = next(move for move in REPORT_MOVES if report.state in move.source)
    what = "认定举报" if move is actions.uphold else move.label
    return Waiting(
        end_of(report.answer_due), what, report.receipt, f"{report.expert or report.about}，{report.get_kind_display()}",
        advice(report), "处理", report.get_absolute_url(),
    )  # fmt: skip


def advice(report) -> str:
    if report.is_awaited(clock.today()):
        return f"已请专家在{short_day(report.statement_due)}前说明"
    return ADVICE[report.state]


FEEDBACK = [  # kind, what is open to this person, how it is told
    ("差评回访", to_call_of, to_call),
    ("集中差评", to_inspect_of, to_inspect),
    ("差评认定", to_find_of, to_find),
    ("差评整改", to_settle_of, to_settle),
    ("差评整改", to_close_of, to_close),
    ("评价文字", quotes, to_screen),
    *(("举报", partial(reports, move), to_examine) for move in REPORT_MOVES),
]
QUEUES = [
    *FEEDBACK,
    *assessment_rows.QUEUES,
    *ledger_rows.QUEUES,
    *dismissal_rows.QUEUES,
    *honour_rows.QUEUES,
]


def queue(user) -> list[Lot]:
    """Everything in evaluation that this person can move now, by kind."""
    lots = [lot(kind, open_(user), row) for kind, open_, row in QUEUES]
    return [each for each in lots if each.total]


def waiting(user, queues) -> int:
    """How many of these that are."""
    return sum(open_(user).count() for _, open_, _ in queues)
