"""The verbs of selection (Article 11): 自愿报名、初审推荐、审核、公示、聘任."""

from recruitment.actions.application import (
    announce,
    appoint,
    approve,
    decline,
    judge,
    lapse,
    recall,
    recommend,
    send_back,
    start,
    submit,
    turn_down,
    withdraw,
)
from recruitment.actions.document import attach, reject, verify
from recruitment.actions.filling import enter, fill_in, hand_in, hold, pledge, strike
from recruitment.actions.former import READ, hand_sheet, put_aside, read_former, take_in, undo
from recruitment.actions.notice import annul, discard, draft_notice, publish, settle
from recruitment.actions.objection import answer, decide, examine, file_lead, lodge, report
from recruitment.actions.renewal import carry, renew, take_back_wish, wish

__all__ = [
    "READ", "announce", "annul", "answer", "appoint", "approve", "attach", "carry", "decide", "decline", "discard",
    "draft_notice", "enter", "examine", "file_lead", "fill_in", "hand_in", "hand_sheet", "hold", "judge", "lapse", "lodge",
    "pledge", "publish", "put_aside", "read_former", "recall", "recommend", "reject", "renew", "report", "send_back", "settle", "start", "strike",
    "submit", "take_back_wish", "take_in", "turn_down", "undo", "verify", "wish", "withdraw",
]  # fmt: skip
