"""The verbs of the service: 预约、匹配、约定、服务、记录、确认."""

from services.actions import (
    activity,
    activity_role,
    choice,
    conclusion,
    draw,
    handover,
    pairing,
    panel,
    scoring,
    seat,
    sign_up,
    supervision,
)
from services.actions.availability import occupy, release
from services.actions.calls import ask_by_phone, by_phone, call_back, not_reached, show_number, sign_up_by_phone, talk
from services.actions.following import mark_rated
from services.actions.offer import (
    accept,
    decline,
    lapse,
    offer,
    replace,
    report_absence,
    report_client_absent,
    stand_down,
    take_back,
)
from services.actions.request import (
    allow_visit,
    arrange,
    ask,
    cancel,
    change_time,
    reschedule,
    spoke,
    turn_away,
)
from services.actions.service import (
    confirm,
    keep_draft,
    leave_unanswered,
    log,
    query,
    reject,
    retract,
    rule,
    start_log,
    verify,
)

__all__ = [
    "accept", "activity", "activity_role", "allow_visit", "arrange", "ask", "ask_by_phone", "by_phone", "call_back",
    "cancel", "change_time", "choice", "conclusion", "confirm", "decline", "draw", "handover", "keep_draft", "lapse", "leave_unanswered", "log",
    "mark_rated", "not_reached", "occupy", "offer", "pairing", "panel", "query", "reject", "release", "replace", "report_absence",
    "report_client_absent", "reschedule", "retract", "rule", "scoring", "seat", "show_number", "sign_up", "sign_up_by_phone", "spoke", "stand_down",
    "start_log", "supervision", "take_back", "talk", "turn_away", "verify",
]  # fmt: skip
