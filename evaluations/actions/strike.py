"""The ledger: an entry by a finding, taken out by an appeal; three open a case, and nothing more (Article 12)."""

from datetime import date
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction

from evaluations import ledger_messages as messages
from evaluations import rules
from evaluations.actions.proposal import open_what_is_reached
from evaluations.models import RatingCase, Strike, Talk
from experts.models import Appointment, Expert
from expertteam import calendar, clock
from expertteam.models import Policy, User
from expertteam.numbering import monthly
from expertteam.regulation import Refused, article
from expertteam.workflow import may, refuse_own, transition

State = Strike.State
TALK = "evaluations.record_talk"


@article("12(2)", "12(3)")
def count(expert: Expert, ground: str, day: date, **found) -> Strike:
    """累计3次及以上: enter a finding into the ledger; part of finding it.

    ``found``: its source, by whom and when.  The third opens a case, in the same transaction.
    """
    expert.hold()
    days = Policy.objects.number("strike_appeal_days", clock.today())
    strike = Strike(
        number=monthly("JC", "strike"), expert=expert, ground=ground, day=day,
        appointment=term_of(expert, day),
        appeal_until=calendar.deadline(clock.today(), days, start_counts=False).day, **found,
    )  # fmt: skip
    strike._history_user, strike._change_reason = found["found_by"], f"记入计次（第{ground}条）"
    strike.save()
    messages.counted(strike)
    weigh_up(expert)
    return strike


def term_of(expert: Expert, day: date) -> Appointment:
    """The term of that day, also the one that has ended early since."""
    terms = expert.appointments
    return terms.in_force(day).first() or terms.filter(first_day__lte=day, last_day__gte=day).latest("void_from")


def count_case(case: RatingCase):
    """A poor rating found right, and found to be about attitude, enters the ledger; no other does."""
    if case.finding != RatingCase.Finding.UPHELD_ATTITUDE:
        return
    service = case.rating.service
    count(
        case.rating.expert, Strike.Ground.ATTITUDE, clock.local(service.started_at).date(), case=case,
        service=service, found_by=case.found_by, found_at=case.found_at,
    )  # fmt: skip


@transaction.atomic
def weigh_up(expert: Expert):
    """At two a talk is proposed, at three a case is opened; nobody's standing changes by either."""
    standing = open_what_is_reached(expert)
    for ground in Strike.Ground:
        if standing.talk_due(ground):
            messages.talk_proposed(expert, ground, standing)


@transition(Strike, source=[State.STANDING], target=State.APPEALED, article="12¶2", own=True)
def appeal(strike, *, by, words):
    """申诉"""
    if rules.is_over(strike.appeal_until, clock.today()):
        raise Refused("申诉期限已过", "12¶2")
    strike.appeal_words, strike.appealed_at = words, clock.now()
    return partial(messages.appealed, strike)


@transition(Strike, source=[State.APPEALED], target=State.MAINTAINED, article="12¶2")
def maintain(strike, *, by, answer):
    """维持计次"""
    decide(strike, by, answer)
    return partial(after_appeal, strike)


@transition(Strike, source=[State.APPEALED], target=State.REVERSED, article="12¶2")
def reverse(strike, *, by, answer):
    """撤销计次"""
    decide(strike, by, answer)
    return partial(after_appeal, strike)


def decide(strike: Strike, by: User, answer: str):
    """By a person who has not found it."""
    if strike.found_by_id == by.pk:
        raise Refused("作出认定的人不能复核申诉", "12¶2")
    strike.answer, strike.reviewed_by, strike.reviewed_at = answer, by, clock.now()


def after_appeal(strike: Strike):
    messages.appeal_answered(strike)
    weigh_up(strike.expert)


@article("12(2)", "12(3)")
@transaction.atomic
def record_talk(expert: Expert, *, by: User, ground: str, held_on: date, note: str) -> Talk:
    """累计3次及以上: before the third, somebody talks with the expert; what was said is kept."""
    if not may(by, TALK):
        raise PermissionDenied(TALK)
    refuse_own(expert.user_id == by.pk, ground)
    if held_on > clock.today():
        raise Refused("约谈日期还没有到", ground)
    if not expert.appointments.in_force(held_on).exists():
        raise Refused("那天不在这位专家的聘期内", ground)
    messages.talked(expert, ground)
    return Talk.objects.create(expert=expert, ground=ground, held_on=held_on, note=note, by=by)
