"""What of a person's past terms stands in the way of an application or an appointment (Articles 3 and 12)."""

from datetime import date

from evaluations.models import Dismissal
from expertteam import clock
from expertteam.documents import in_chinese
from expertteam.models import Policy, User
from expertteam.regulation import Refused
from recruitment import rules
from recruitment.models import Application


def check_reapply(user: User, on: date):
    """``Refused`` where he was dismissed and has to wait beyond that day before he may apply again."""
    dismissed = Dismissal.objects.filter(expert__user=user, state=Dismissal.State.DISMISSED)
    years = Policy.objects.number("reapply_years", clock.today())
    for ground, day in dismissed.order_by("-effective_on").values_list("ground", "effective_on"):
        if not rules.reapply_open(ground, day, on, years):
            free = in_chinese(rules.years_later(day, years))
            raise Refused(f"解聘未满{years}年，从{free}起才能再报名", ground)


def check_renewed(application: Application):
    """``Refused`` where the term that is to be followed by another was ended early: there is nothing to renew."""
    if application.renews and application.renews.void_from:
        raise Refused("这一届聘任已经提前结束，不能续聘", "3")


def check_appointment(application: Application):
    """``Refused`` while a case of dismissal is open, and for whoever could not even apply."""
    open_ = Dismissal.objects.open().filter(expert__user=application.applicant_id).first()
    if open_:
        raise Refused("解聘案件还没有办结，不能聘任", open_.ground)
    check_reapply(application.applicant, clock.today())
    check_renewed(application)


def first_day(application: Application) -> date:
    """When the term begins unless another day is named: today, or the day after the one that it follows."""
    renews = application.renews
    return rules.renewal_begins(renews.last_day, clock.today()) if renews else clock.today()
