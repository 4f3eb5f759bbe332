"""How a case comes about: at the expert's request, by the ledger, by what was reported (Article 12)."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction

from evaluations import dismissal_messages as messages
from evaluations import thresholds
from evaluations.models import Dismissal, Report
from evaluations.thresholds import Standing
from experts.models import Expert
from expertteam import clock
from expertteam.models import User
from expertteam.numbering import monthly
from expertteam.regulation import Refused, article
from expertteam.workflow import may, refuse_own, transition

State, Ground = Dismissal.State, Dismissal.Ground
PROPOSE = "evaluations.propose_dismissal"
UNTIL_DECIDED = [
    State.PROPOSED, State.EXAMINING, State.NOTICE_ISSUED, State.TOLD, State.HEARING_ASKED, State.HEARING_SET,
    State.HEARD, State.WEIGHED,
]  # fmt: skip


@article("12(1)")
@transaction.atomic
def resign(*, by: User, words: str, waives: bool = False) -> Dismissal:
    """本人主动提出不再担任专家的: asked for by the expert himself, who may waive being heard on what he asks for."""
    expert = Expert.objects.filter(user=by).first()
    if expert is None:
        raise PermissionDenied("only an expert resigns")
    expert.hold()
    if Dismissal.objects.open().filter(expert=expert).exists():
        raise Refused("现在不能在网上提出，请打电话联系我们", Ground.OWN_REQUEST)  # of what he is not told yet, no word
    return begin(expert, Ground.OWN_REQUEST, by, clue=words, waives=waives)


@article("12(2)", "12(3)", "12(4)", "12(5)", "12(6)")
@transaction.atomic
def propose(expert: Expert, *, by: User, ground: str, clue: str, report: Report | None = None) -> Dismissal:
    """有下列情况之一的: what points to one of the grounds is put forward; whether it is so is found out afterwards.

    The ledger opens cases of (2) and (3) by itself, and the expert alone asks for (1).
    """
    if not may(by, PROPOSE):
        raise PermissionDenied(PROPOSE)
    refuse_own(expert.user_id == by.pk, ground)
    if ground in (Ground.OWN_REQUEST, *Dismissal.COUNTED):
        raise Refused("这一项由专家本人提出，或由计次台账达到三次后立案", ground)
    if report and (report.expert_id != expert.pk or not report.upheld):
        raise Refused("只能引用已认定属实、反映这位专家的举报", ground)
    expert.hold()
    return begin(expert, ground, by, clue=clue, report=report)


@article("12(2)", "12(3)")
def open_reached(expert: Expert, ground: str, standing: Standing) -> Dismissal | None:
    """累计3次及以上的: the ledger opens a case with all its entries, once; a person has to take it up."""
    entries = standing.entries[ground]
    if Dismissal.objects.open().filter(expert=expert).exists():
        return None
    settled = Dismissal.objects.filter(expert=expert, ground=ground, strikes__in=[each.pk for each in entries])
    known = set(settled.values_list("strikes", flat=True))
    if all(each.pk in known for each in entries):
        return None  # decided upon already; another entry opens it anew
    dismissal = begin(expert, ground, None, flag=standing.mark)
    dismissal.strikes.set(entries)
    return dismissal


def open_what_is_reached(expert: Expert) -> Standing:
    """Where the expert stands now, each ground that is reached with its case; inside a transaction."""
    expert.hold()  # of two at once the second counts the first
    standing = thresholds.of(expert, clock.today())
    for ground, reached in standing.reached.items():
        if reached:
            open_reached(expert, ground, standing)
    return standing


def may_be_begun(expert: Expert) -> bool:
    """Whether a case of this expert could be entered now: in term, and without another."""
    serving = expert.appointments.in_force(clock.today()).exists()
    return serving and not Dismissal.objects.open().filter(expert=expert).exists()


def begin(expert: Expert, ground: str, by: User | None, **given) -> Dismissal:
    """Enter the case of an expert in term who has no other."""
    term = expert.appointments.in_force(clock.today()).first()
    if term is None:
        raise Refused("现在不在聘期内，聘任关系已经终止", "3")
    if Dismissal.objects.open().filter(expert=expert).exists():
        raise Refused("这位专家已有一件在办的解聘案件", ground)
    number = monthly("JP", "dismissal")
    dismissal = Dismissal(expert=expert, appointment=term, ground=ground, number=number, opened_by=by, **given)
    dismissal._history_user, dismissal._change_reason = by, f"提出（第{ground}条）"
    dismissal.save()
    messages.proposed(dismissal)
    return dismissal


@transition(Dismissal, source=[State.PROPOSED, State.EXAMINING], target=None, article="12")
def inspect_origin(dismissal, *, by, origin):
    """核查来源"""
    if not dismissal.flag:
        raise Refused("这件案件没有需要核查的来源提示", dismissal.ground)
    dismissal.origin, dismissal.origin_seen_by = origin, by


@transition(Dismissal, source=[State.PROPOSED], target=State.EXAMINING, article="12", apart_from=[inspect_origin])
def take_up(dismissal, *, by):
    """立案"""
    dismissal.handler = by


HANDLED_STATES = [each for each in [*UNTIL_DECIDED, State.CONFIRMED] if each != State.PROPOSED]


def bar_to_handle(dismissal: Dismissal, user: User) -> str:
    """Why this colleague cannot go on with the case, in words; empty if he can."""
    if not (user.is_active and may(user, take_up.permission)):
        return "没有承办解聘案件的岗位"
    if dismissal.handler_id == user.pk:
        return "已经是承办人"
    if dismissal.concerns(user):
        return "这件事与他本人有关"
    if user.pk in (dismissal.weighed_by_id, dismissal.decided_by_id):
        return "复核或决定过这件案件"
    return "核查过这件案件的来源" if take_up.is_barred(dismissal, user) else ""


@transition(Dismissal, source=HANDLED_STATES, target=None, article="12")
def hand_on(dismissal, *, by, to):
    """移交承办"""
    if dismissal.handler is None:
        raise Refused("还没有人承办", "12")
    if bar := bar_to_handle(dismissal, to):
        raise Refused(f"不能移交给{to}：{bar}", "12")
    former, dismissal.handler = dismissal.handler, to  # what the former did stays with his name in the history
    messages.handed_on(dismissal, former)


@transition(Dismissal, source=[State.PROPOSED], target=State.WEIGHED, article="12(1)")
def forward(dismissal, *, by):
    """转请确认"""
    if not dismissal.waives:
        raise Refused("本人没有放弃陈述申辩，请立案后先告知", "12¶2")
    dismissal.handler = by
    dismissal.heard_how, dismissal.heard_on = Dismissal.Heard.WAIVER, clock.local(dismissal.opened_at).date()
    dismissal.told_on = dismissal.heard_on
    messages.to_decide(dismissal)


@transition(Dismissal, source=UNTIL_DECIDED, target=State.DROPPED, article="12(1)", own=True)
def take_back(dismissal, *, by, drop_reason=""):
    """撤回辞任申请"""
    if not dismissal.is_own_request:
        raise Refused("只有本人提出的申请可以撤回", "12(1)")
    dismissal.drop_reason = drop_reason
    return partial(look_again, dismissal)


@transition(
    Dismissal, source=[*UNTIL_DECIDED, State.CONFIRMED], target=State.DROPPED, article="12", apart_from=[take_up]
)
def drop(dismissal, *, by, drop_reason):
    """撤案"""
    if dismissal.is_running and dismissal.state not in (State.PROPOSED, State.EXAMINING):
        raise Refused("已经告知本人的，由局领导决定解聘或不予解聘", "12¶2")
    if dismissal.handler_id == by.pk or dismissal.opened_by_id == by.pk:
        raise Refused("提出或承办的人不能撤案", "12")
    dismissal.drop_reason = drop_reason
    messages.dropped(dismissal)
    return partial(look_again, dismissal)


def look_again(dismissal: Dismissal):
    """What the ledger reached while another case stood in its way opens its own when that is closed."""
    open_what_is_reached(dismissal.expert)
