"""Heard in person, where the expert asks for it: by somebody who does not handle the case (Article 12¶2)."""

from datetime import datetime
from functools import partial

from evaluations import dismissal_messages as messages
from evaluations import rules
from evaluations.actions.telling import HANDLING, Heard, Kind, add_file, in_time, said
from evaluations.models import Dismissal
from expertteam import calendar, clock
from expertteam.documents import in_chinese
from expertteam.models import Policy
from expertteam.regulation import Refused
from expertteam.workflow import transition

State = Dismissal.State


@transition(Dismissal, source=[State.TOLD], target=State.HEARING_ASKED, article="12¶2", own=True)
def ask_hearing(dismissal, *, by):
    """要求当面陈述"""
    in_time(dismissal)
    return partial(messages.hearing_asked, dismissal)


def check_hour(at: datetime):
    """``Refused`` outside 8:00 to 18:00 of a working day; in a year without published schedule by its weekday."""
    if not calendar.Schedule().presumably_works(at.date()):
        raise Refused(f"{in_chinese(at.date())}不是工作日，请换一天", "12¶2")
    if not rules.is_office_hour(at.time()):
        raise Refused("听取时间要在8:00到18:00之间", "12¶2")


@transition(Dismissal, source=[State.HEARING_ASKED, State.HEARING_SET], target=State.HEARING_SET, article="12¶2")
def set_hearing(dismissal, *, by, at, place):
    """安排当面听取"""
    if dismissal.state == State.HEARING_SET and dismissal.hearing_at <= clock.now():
        raise Refused("听取时间已到，请登记笔录或没有到场", "12¶2")
    check_hour(clock.local(at))
    days = Policy.objects.number("hearing_notice_days", clock.today())
    earliest = calendar.deadline(clock.today(), days, start_counts=False).day
    if not rules.is_early_enough(clock.today(), earliest, clock.local(at).date()):
        raise Refused(f"要提前{days}个工作日通知，最早{in_chinese(earliest)}", "12¶2")
    dismissal.hearing_at, dismissal.hearing_place = at, place
    return partial(messages.hearing_set, dismissal)


def begun(dismissal: Dismissal):
    if dismissal.hearing_at > clock.now():
        raise Refused("还没有到听取时间", "12¶2")


@transition(
    Dismissal, source=[State.HEARING_SET], target=State.HEARD, article="12¶2", apart_from=[*HANDLING, set_hearing]
)
def record_hearing(dismissal, *, by, points, hearing_record, proof):
    """登记听取笔录"""
    begun(dismissal)
    if not points:
        raise Refused("请把专家当面说的逐条录入；没有意见的也录入一条", "12¶2")
    if proof is None:
        raise Refused("请上传双方签字的笔录", "12¶2")
    dismissal.hearing_record = hearing_record
    said(dismissal, Heard.HEARING, by, points)
    add_file(dismissal, by=by, kind=Kind.RECORD, upload=proof, open_to_expert=True)
    return partial(messages.to_weigh, dismissal)


@transition(
    Dismissal, source=[State.HEARING_SET], target=State.HEARD, article="12¶2", apart_from=[*HANDLING, set_hearing]
)
def miss_hearing(dismissal, *, by, hearing_record):
    """登记没有到场"""
    begun(dismissal)
    dismissal.hearing_record = hearing_record
    said(dismissal, Heard.MISSED, by)
    return partial(messages.to_weigh, dismissal)
