"""Every verb of evaluation under one name."""

from evaluations.actions.case import (
    call_back,
    close,
    explain,
    find,
    follow_up,
    give_up_call,
    lapse_statement,
    matched_by,
    miss_call,
    open_follow_up,
    rectify,
)
from evaluations.actions.rating import (
    await_rating,
    enter_by_phone,
    give,
    may_be_revised,
    resend,
    revise,
    show_quote,
    withhold_quote,
)
from evaluations.actions.report import TAKE, answer, dismiss, examine, lodge, uphold

__all__ = [
    "TAKE",
    "answer",
    "await_rating",
    "call_back",
    "close",
    "dismiss",
    "examine",
    "explain",
    "find",
    "follow_up",
    "give",
    "enter_by_phone",
    "give_up_call",
    "lapse_statement",
    "lodge",
    "matched_by",
    "may_be_revised",
    "miss_call",
    "open_follow_up",
    "rectify",
    "resend",
    "revise",
    "show_quote",
    "uphold",
    "withhold_quote",
]
