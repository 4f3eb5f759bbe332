"""Weighed point by point, confirmed by the bureau, served; and what ends with it, in the same minute (Article 12)."""

from functools import partial

from django.db.models import Q

from evaluations import dismissal_messages as messages
from evaluations import rules
from evaluations.actions.hearing import record_hearing, set_hearing
from evaluations.actions.proposal import forward, look_again
from evaluations.actions.telling import HANDLING, Channel, Paper, by_hand, check_facts, numbered, serve
from evaluations.models import Dismissal
from experts import actions as experts
from expertteam import calendar, clock
from expertteam.models import Policy, User
from expertteam.regulation import Refused, article
from expertteam.workflow import transition
from services.actions.handover import hand_over

State, Heard = Dismissal.State, Dismissal.Heard
HANDLED = [*HANDLING, set_hearing, forward]
ARRANGED = [  # who brought about what an entry of the ledger is about
    "service__request__offers__offered_by",
    "service__pairing__proposed_by",
    "refusal__offer__offered_by",
]


@transition(Dismissal, source=[State.HEARD], target=State.WEIGHED, article="12¶2", apart_from=HANDLED)
def weigh(dismissal, *, by, answers, opinion, advice):
    """复核申辩"""
    if dismissal.opened_by_id == by.pk:
        raise Refused("提出线索的人不能复核", "12¶2")
    if dismissal.handler_id == by.pk:  # also who took the case over and has done nothing in it as yet
        raise Refused("承办的人不能复核", "12¶2")
    check_uninvolved(dismissal, by)
    check_heard(dismissal)
    pleas = list(dismissal.pleas.order_by("place"))
    if {plea.pk for plea in pleas} != set(answers) or not all(words for _, words in answers.values()):
        raise Refused("请逐条答复专家的每一点意见", "12¶2")
    for plea in pleas:
        plea.accepted, plea.answer = answers[plea.pk]
        plea._history_user, plea._change_reason = by, "逐条复核（第12¶2条）"
        plea.save(update_fields=["answer", "accepted"])  # his words, encrypted anew, would be refused
    dismissal.opinion, dismissal.advice = opinion, advice
    dismissal.weighed_by, dismissal.weighed_at = by, clock.now()
    return partial(messages.to_decide, dismissal)


@article("12¶2")
def check_heard(dismissal: Dismissal):
    """在作出解聘决定前，应告知专家相关事实、理由和依据，并听取其陈述和申辩: nothing goes on before that."""
    answered_on = None if dismissal.heard_how == Heard.LAPSE else dismissal.heard_on
    if not rules.was_heard(dismissal.told_on, answered_on, dismissal.defence_until, clock.today()):
        raise Refused("还没有告知本人并听取陈述申辩", "12¶2")


@transition(Dismissal, source=[State.WEIGHED], target=State.HEARD, article="12")
def reconsider(dismissal, *, by, decision):
    """退回重新复核"""
    if dismissal.waives:
        raise Refused("本人申请并放弃申辩的，直接确认或不予确认", "12(1)")
    dismissal.decision = decision
    return partial(messages.to_weigh, dismissal)


def check_decider(dismissal: Dismissal, by: User):
    """The bureau confirms by a person who took no part."""
    if by.pk in (dismissal.handler_id, dismissal.weighed_by_id, dismissal.opened_by_id):
        raise Refused("提出、承办或复核的人不能决定", "12")
    if dismissal.strikes.filter(found_by=by).exists():
        raise Refused("认定计次的人不能决定", "12")
    check_uninvolved(dismissal, by)


def check_uninvolved(dismissal: Dismissal, by: User):
    """Whoever arranged what the case is about neither weighs nor decides it."""
    if arranged(dismissal, by):
        raise Refused("匹配过所涉服务的人不能复核和决定", "12")


def arranged(dismissal: Dismissal, user: User) -> bool:
    """Whether this person did so for one of the entries."""
    return dismissal.strikes.filter(Q(*((way, user.pk) for way in ARRANGED), _connector=Q.OR)).exists()


@article("3", "12(2)", "12(3)")
def check_term(dismissal: Dismissal):
    """聘期届满后聘任关系自动终止: nobody is dismissed from a term that is over, nor on its count from the next one."""
    if not dismissal.is_running:
        raise Refused("聘期已满，聘任关系已经自动终止，请撤案", "3")


@transition(
    Dismissal, source=[State.WEIGHED], target=State.CONFIRMED, article="12",
    apart_from=[*HANDLED, record_hearing, weigh],
)  # fmt: skip
def confirm(dismissal, *, by, decision):
    """确认解聘"""
    check_decider(dismissal, by)
    check_heard(dismissal)
    check_term(dismissal)
    check_facts(dismissal, settled=True)
    dismissal.decision, dismissal.decided_by, dismissal.decided_at = decision, by, clock.now()
    dismissal.decision_number = numbered("决")
    days = Policy.objects.number("decision_service_days", clock.today())
    dismissal.decision_due = calendar.deadline(clock.today(), days, start_counts=False).day
    return partial(messages.decision_waits, dismissal)


@transition(
    Dismissal, source=[State.WEIGHED], target=State.KEPT, article="12", apart_from=[*HANDLED, record_hearing, weigh]
)
def keep(dismissal, *, by, decision, warned=False):
    """决定不予解聘"""
    check_decider(dismissal, by)
    dismissal.decision, dismissal.warned = decision, warned
    dismissal.decided_by, dismissal.decided_at = by, clock.now()
    return partial(ended, dismissal)


def ended(dismissal: Dismissal):
    messages.kept(dismissal)
    look_again(dismissal)


@transition(Dismissal, source=[State.CONFIRMED], target=State.DISMISSED, article="12", own=True)
def receive_decision(dismissal, *, by):
    """签收决定书"""
    return take_effect(dismissal, by, channel=Channel.ONLINE, served_on=clock.today())


@transition(Dismissal, source=[State.CONFIRMED], target=State.DISMISSED, article="12")
def serve_decision(dismissal, *, by, channel, served_on, proof, note=""):
    """登记决定书送达"""
    by_hand(channel)
    return take_effect(dismissal, by, channel=channel, served_on=served_on, note=note, proof=proof)


def take_effect(dismissal: Dismissal, by: User, **service):
    """Served, however that came about, it holds from this day."""
    check_term(dismissal)
    serve(dismissal, Paper.DECISION, by=by, **service)
    dismissal.effective_on = clock.today()
    return partial(carry_out, dismissal, by)


@article("12")
def carry_out(dismissal: Dismissal, by: User):
    """予以解聘: from this minute the certificate is void, the entry gone, and what was open is others' work."""
    went = hand_over(dismissal.expert, by=by)  # first, as it locks what others lock before the expert
    for term in dismissal.expert.appointments.order_by("pk"):
        experts.end_early(term, by=by, on=dismissal.effective_on)
    messages.dismissed(dismissal, went.said)
