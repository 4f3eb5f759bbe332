"""One case as a dossier: its gates in order, what each took, what may be done now and why not more (Article 12)."""

from typing import NamedTuple

from evaluations import actions
from evaluations.models import Delivery, Dismissal
from expertteam import clock
from expertteam.templatetags.terrace import day, moment
from expertteam.workflow import Transition

State, Paper = Dismissal.State, Delivery.Paper
FORMAL = ["立案", "告知", "送达告知书", "陈述申辩", "复核", "决定", "送达决定书"]
SHORT = ["本人申请", "放弃陈述申辩", "决定", "送达决定书"]
STANDS = {  # at which gate of the formal way each state stands
    State.PROPOSED: 0, State.EXAMINING: 1, State.NOTICE_ISSUED: 2, State.TOLD: 3, State.HEARING_ASKED: 3,
    State.HEARING_SET: 3, State.HEARD: 4, State.WEIGHED: 5, State.CONFIRMED: 6, State.KEPT: 6, State.DISMISSED: 7,
}  # fmt: skip
STANDS_SHORT = {State.PROPOSED: 1, State.WEIGHED: 2, State.CONFIRMED: 3, State.KEPT: 3, State.DISMISSED: 4}
WAITS = {
    State.PROPOSED: "告知本人并听取陈述申辩以后，才能决定",
    State.EXAMINING: "告知本人并听取陈述申辩以后，才能决定",
    State.NOTICE_ISSUED: "告知书送达并听取陈述申辩以后，才能决定",
    State.HEARING_ASKED: "当面听取意见，并复核以后，才能决定",
    State.HEARD: "逐条复核以后，才能决定",
}
FIRST = [  # the buttons in their order
    "inspect_origin", "take_up", "forward", "issue_notice", "serve_notice", "record_defence",
    "record_hearing_request", "lapse_defence", "set_hearing", "record_hearing", "miss_hearing", "weigh", "confirm",
    "keep", "reconsider", "serve_decision", "add_evidence", "extend", "hand_on", "drop",
]  # fmt: skip


class Button(NamedTuple):
    """A move as it is offered."""

    verb: str
    label: str


class Gate(NamedTuple):
    """One step: ``mark`` is done, now, or empty for what lies ahead or is left out."""

    name: str
    mark: str
    said: list[str]


def gates(dismissal: Dismissal) -> list[Gate]:
    """The way of this case, with days and people; its deliveries and history are read, nothing else."""
    short = dismissal.waives
    names = SHORT if short else FORMAL
    said = short_words(dismissal) if short else formal_words(dismissal)
    stands = stand(dismissal)
    found = []
    for place, (name, lines) in enumerate(zip(names, said, strict=True)):
        now = place == stands and dismissal.is_open
        found.append(Gate(name, "now" if now else "done" if place < stands else "", [line for line in lines if line]))
    return found[:-1] if dismissal.state == State.KEPT else found  # of a case that ends so there is nothing to serve


def stand(dismissal: Dismissal) -> int:
    """How many gates lie behind; of a dropped case those it went through."""
    state = dismissal.state
    if state == State.DROPPED:
        return sum(map(bool, (dismissal.handler_id, dismissal.notice_number, dismissal.told_on, dismissal.heard_how)))
    return (STANDS_SHORT if dismissal.waives else STANDS)[state]


def formal_words(dismissal: Dismissal) -> list[list[str]]:
    d, issued = dismissal, dismissal.notice_issued_at
    weighed = d.weighed_at and d.state != State.HEARD
    return [
        [f"{day(d.opened_at)}，{d.opened_by or '计次台账'}提出", d.handler and f"{d.handler}承办"],
        [issued and f"{day(issued)}制发，{d.notice_number}"],
        [served(d, Paper.NOTICE)],
        hearing_words(d),
        [weighed and f"{day(d.weighed_at)}，{d.weighed_by}，{d.get_advice_display()}"],
        decided(d),
        [served(d, Paper.DECISION), due_words(d)],
    ]


def short_words(dismissal: Dismissal) -> list[list[str]]:
    d = dismissal
    return [
        [f"{day(d.opened_at)}，本人提出"],
        ["本人在申请时书面放弃", d.handler and f"{d.handler}转请确认"],
        decided(d),
        [served(d, Paper.DECISION), due_words(d)],
    ]


def hearing_words(d: Dismissal) -> list[str]:
    """How he was heard, or until when he may speak."""
    if d.heard_how:
        return [f"{day(d.heard_on)}，{d.get_heard_how_display()}"]
    if d.hearing_at:
        return [f"本人要求当面陈述，{moment(d.hearing_at)}在{d.hearing_place}听取"]
    if d.state == State.HEARING_ASKED:
        return ["本人要求当面陈述，等安排时间"]
    longer = "，已延长一次" if d.extension else ""
    return [f"{day(d.defence_until)}为止{longer}"] if d.defence_until else []


def decided(d: Dismissal) -> list[str]:
    if not d.decided_at:
        return [why_not_yet(d)]
    kept = f"不予解聘{'，书面提醒' if d.warned else ''}" if d.state == State.KEPT else d.decision_number
    return [f"{day(d.decided_at)}，{d.decided_by}，{kept}"]


def served(d: Dismissal, paper: str) -> str:
    found = next((each for each in d.deliveries.all() if each.paper == paper), None)
    return f"{day(found.served_on)}，{found.get_channel_display()}" if found else ""


def due_words(d: Dismissal) -> str:
    return f"{day(d.decision_due)}前送达" if d.state == State.CONFIRMED else ""


def why_not_yet(d: Dismissal) -> str:
    """What has to happen before anybody may decide; empty where he may."""
    if d.state == State.TOLD:
        return f"{day(d.defence_until)}期满或收到陈述，并复核以后，才能决定"
    if d.state == State.HEARING_SET:
        return f"{moment(d.hearing_at)}听取意见，并复核以后，才能决定"
    if d.waives and d.state == State.PROPOSED:
        return "经办人转请确认以后，才能决定"
    return WAITS.get(d.state, "")


def offered(dismissal: Dismissal, user, moves: list[Transition]) -> list[Transition]:
    """Of the moves open to this person those that the record allows now, the next step first."""
    barred = not_now(dismissal) | not_his(dismissal, user)
    order = FIRST if dismissal.advice in ("", Dismissal.Advice.DISMISS) else ["keep", *FIRST]
    return sorted((move for move in moves if move not in barred), key=lambda move: order.index(move.verb))


def label(dismissal: Dismissal, move: Transition) -> str:
    """What a button and its page call the move; a hearing that is set is moved by the same one."""
    moved = move is actions.set_hearing and dismissal.state == State.HEARING_SET
    return "更改听取安排" if moved else move.label


def not_now(d: Dismissal) -> set[Transition]:
    """What waits for something else, or was done already."""
    over = bool(d.defence_until) and clock.today() > d.defence_until
    begun = bool(d.hearing_at) and d.hearing_at <= clock.now()
    unseen = bool(d.flag) and not d.origin_seen_by_id
    barred = {
        actions.inspect_origin: not unseen,
        actions.take_up: d.waives,
        actions.forward: not d.waives,
        actions.issue_notice: unseen or lacks_evidence(d),
        actions.lapse_defence: not over,
        actions.extend: over or bool(d.extension),
        actions.set_hearing: begun,
        actions.record_hearing: not begun,
        actions.miss_hearing: not begun,
        actions.reconsider: d.waives,
        actions.confirm: not d.is_running,
        actions.drop: d.state not in (State.PROPOSED, State.EXAMINING) and d.is_running,
    }
    return {move for move, is_barred in barred.items() if is_barred}


def not_his(d: Dismissal, user) -> set[Transition]:
    """What another has to do, because this person did something else of the case."""
    arranged = actions.arranged(d, user)
    took_part = arranged or user.pk in (d.handler_id, d.weighed_by_id, d.opened_by_id)
    barred = {
        actions.drop: user.pk in (d.handler_id, d.opened_by_id),
        actions.hand_on: user.pk == d.handler_id,  # a colleague takes it over
        actions.weigh: arranged or user.pk in (d.handler_id, d.opened_by_id),
        actions.confirm: took_part,
        actions.keep: took_part,
    }
    return {move for move, is_barred in barred.items() if is_barred}


def lacks_evidence(d: Dismissal) -> bool:
    """On a ground that rests on evidence, without any."""
    if d.is_own_request or d.ground in Dismissal.COUNTED or (d.report and d.report.upheld):
        return False
    return not any(each.kind == each.Kind.EVIDENCE for each in d.files.all())


def hints(dismissal: Dismissal) -> list[str]:
    """What the office should know before the next step; each a sentence."""
    d, said = dismissal, []
    if d.flag and not d.origin_seen_by_id and d.is_open:
        said.append(f"{d.flag}。先由纪检核查来源，才能制发告知书。")
    if d.state == State.EXAMINING and lacks_evidence(d):
        said.append("还没有证据。补充证据以后，才能制发告知书。")
    if d.state == State.HEARING_SET and d.hearing_at > clock.now():
        said.append(f"{moment(d.hearing_at)}听取以后，才能登记笔录。")
    if d.is_open and not d.is_running:
        said.append("聘期已满，聘任关系已经自动终止，请撤案。")
    return said
