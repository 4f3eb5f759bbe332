"""From the call-back to the finding and its mending (Articles 10(1) and 12(2))."""

from datetime import timedelta
from functools import partial

from django.core.exceptions import PermissionDenied

from evaluations import messages, rules
from evaluations.actions.rating import not_the_expert, note_satisfaction
from evaluations.actions.strike import count_case
from evaluations.models import Rating, RatingCase
from evaluations.models.rating import UNCOUNTED
from expertteam import calendar, clock
from expertteam.models import Policy, User
from expertteam.regulation import Refused, article
from expertteam.workflow import SYSTEM, transition
from services.actions.request import spoke
from services.models import Service

State = RatingCase.State


@transition(RatingCase, source=[State.AWAITING_CALL], target=State.AWAITING_CALL, article="12(2)")
def miss_call(case, *, by, note):
    """登记未接通"""
    case.missed_calls += 1
    case.missed_days += case.missed_on != clock.today()
    case.missed_on = clock.today()
    called(case, by, note, reached=False)


@transition(RatingCase, source=[State.AWAITING_CALL], target=State.AWAITING_STATEMENT, article="12(2)")
def give_up_call(case, *, by, note, points=""):
    """打不通，转专家说明"""
    if not rules.may_go_without_a_call(case.missed_calls, case.missed_days):
        raise Refused(f"至少打{rules.CALLS}次，不在同一天，都没有接通再转", "12(2)")
    called(case, by, note, reached=False)
    ask_expert(case, points)


@transition(RatingCase, source=[State.AWAITING_CALL], target=State.AWAITING_STATEMENT, article="12(2)")
def call_back(case, *, by, note, points=""):
    """登记回访"""
    called(case, by, note, reached=True)
    ask_expert(case, points)


def called(case, by, note, reached):
    """Who rang up, and what he heard; the record of calls has that it took place, not what was said."""
    if case.flag_seen_by_id == by.pk:
        raise Refused("查看集中差评的人不能回访", "12(2)")
    case.called_by, case.call_note = by, note
    spoke(by, "差评回访", service=case.rating.service, reached=reached)


def ask_expert(case, points):
    """The expert has his say before anything is found; ``points`` is what he is asked about, and never by whom."""
    case.points = points
    days = Policy.objects.number("statement_days", clock.today())
    case.statement_due = calendar.deadline(clock.today(), days, start_counts=False).day
    messages.statement_asked(case)


@transition(RatingCase, source=[State.AWAITING_STATEMENT], target=State.AWAITING_FINDING, article="12(2)", own=True)
def explain(case, *, by, statement):
    """提交说明"""
    if case.rating.expert.user_id != by.pk:
        raise PermissionDenied
    case.statement = statement
    messages.to_be_found(case)


@transition(
    RatingCase, source=[State.AWAITING_STATEMENT], target=State.AWAITING_FINDING, article="12(2)", automatic=True
)
def lapse_statement(case, *, by):
    """逾期未说明"""
    if by is SYSTEM and case.statement_due >= clock.today():
        raise Refused("说明期限还没有到", "12(2)")
    messages.to_be_found(case)


@transition(
    RatingCase, source=[State.AWAITING_CALL, State.AWAITING_STATEMENT, State.AWAITING_FINDING], target=None,
    article="12(2)", apart_from=[miss_call, give_up_call, call_back, lapse_statement],
)  # fmt: skip
def inspect_cluster(case, *, by, genuine: bool, report):
    """查看集中差评"""
    if not case.flag or case.flag_seen_at:
        raise Refused("不是集中差评，或纪检已经看过", "12(2)")
    if matched_by(case.rating.service, by):
        raise Refused("匹配这位专家的人不能查看对他的差评", "12(2)")
    case.flag_genuine, case.flag_report = genuine, report
    case.flag_seen_by, case.flag_seen_at = by, clock.now()
    messages.cluster_seen(case)


@transition(
    RatingCase, source=[State.AWAITING_FINDING], target=State.FOUND, article="12(2)",
    apart_from=[miss_call, give_up_call, call_back, lapse_statement, inspect_cluster],
)  # fmt: skip
def find(case, *, by, finding, reasons):
    """认定"""
    if matched_by(case.rating.service, by):
        raise Refused("匹配这位专家的人不能认定对他的差评", "12(2)")
    grade = Rating.objects.select_for_update().get(pk=case.rating_id).grade  # which stays from now on
    if words := rules.why_not_found(finding, flagged=bool(case.flag), genuine=case.flag_genuine, grade=grade):
        raise Refused(words, "12(2)")
    case.finding, case.reasons = finding, reasons
    case.found_by, case.found_at = by, clock.now()
    if finding in UNCOUNTED:
        leave_out(case.rating)
    messages.found(case)
    return partial(count_case, case)


@article("12(2)")
def matched_by(service: Service, user: User) -> bool:
    """Whoever chose the expert for this client, by an offer or a pairing."""
    offered = service.request and service.request.offers.filter(offered_by=user).exists()
    return bool(offered or (service.pairing and service.pairing.proposed_by_id == user.pk))


def leave_out(rating):
    """A rating that is nobody's word says nothing of the expert, nor is it read in public."""
    note_satisfaction(rating.service, None)


@transition(RatingCase, source=[State.FOUND], target=State.RECTIFYING, article="10(2)")
def rectify(case, *, by, order):
    """要求整改"""
    if not case.is_upheld:
        raise Refused("认定不成立的，直接办结", "12(2)")
    case.order = order
    days = Policy.objects.number("rectify_days", clock.today())
    case.rectify_due = calendar.deadline(clock.local(case.found_at).date(), days, start_counts=False).day
    messages.rectification_asked(case)


@transition(RatingCase, source=[State.FOUND, State.RECTIFYING], target=State.CLOSED, article="10(1)")
def close(case, *, by, outcome):
    """办结"""
    if case.state == State.FOUND and case.is_upheld:
        raise Refused("认定成立的，先要求整改，整改后再办结", "10(2)")
    case.outcome = outcome
    if case.state == State.RECTIFYING:
        days = Policy.objects.number("rating_days", clock.today())
        case.follow_up_until = clock.now() + timedelta(days=days)
    messages.closed(case)


@transition(RatingCase, source=[State.CLOSED], target=State.CLOSED, article="10(1)", guest=True)
def follow_up(case, *, by, grade, text="", reader: User | None = None):
    """追评"""
    not_the_expert(case.rating, reader)
    if case.follow_up_until is None or case.follow_up_grade is not None:
        raise Refused("没有要追评的整改，或已经追评过", "10(1)")
    if not rules.may_rate(case.follow_up_until, clock.now()):
        raise Refused("追评时间已过，有话请打电话告诉我们", "10(1)")
    case.follow_up_grade, case.follow_up_text = grade, text
    if grade in rules.POOR:
        messages.still_poor(case)


def open_follow_up(rating: Rating) -> RatingCase | None:
    """The case whose mending this client is asked about now."""
    case = getattr(rating, "case", None)
    asked = case and case.follow_up_until and case.follow_up_grade is None
    return case if asked and rules.may_rate(case.follow_up_until, clock.now()) else None
