"""Another term: who wishes one, takes the wish back, applies for it, and is or is not appointed again (Article 3)."""

from dataclasses import replace
from datetime import date, timedelta

from experts.models import Appointment
from expertteam import clock
from expertteam.demo_life.agenda import Story
from expertteam.demo_life.applicant import decided
from expertteam.rehearsal.people import WORDS, Crowd
from recruitment import actions, progress
from recruitment.actions.renewal import is_renewable
from recruitment.models import Application, Round, Wish
from recruitment.rules import years_later

EARLIER = timedelta(days=75)  # before the anniversary of a round's opening one opens for those whose terms end
WINDOW = timedelta(days=180)
MONTH, FIVE_WEEKS = timedelta(days=30), timedelta(weeks=5)
WISHING = 0.82  # of those whose term ends
TAKEN_BACK = 0.04
FATES = {"candidate": 93, "declined": 4, "turned_down": 3}  # of those who submit


def opens_after(opened: date) -> date:
    """When the round opens that renews the terms which began with another."""
    return years_later(opened, 3) - EARLIER


def wishes(it, crowd: Crowd) -> Story:
    """Every thirty days: whoever comes into the last half year of his term makes up his mind."""
    day = it.first
    while True:
        yield clock.instant(day, 7, 30)
        until = day + WINDOW
        ending = Appointment.objects.filter(last_day__gt=until - MONTH, last_day__lte=until, void_from=None)
        for term in ending.select_related("expert__user").order_by("pk"):
            if it.happens(WISHING):
                it.agenda.tell(wishing(it, crowd, term))
        day += MONTH


def wishing(it, crowd: Crowd, term: Appointment) -> Story:
    """The wish, which waits for a round unless one is open; then the application."""
    user = term.expert.user
    yield it.hours.evening(it.hours.day(clock.today(), clock.today() + FIVE_WEEKS))
    term.refresh_from_db()
    if not is_renewable(term):
        return
    said = {"words": it.any_of(WORDS["wishes"]["words"]), "changes": it.any_of(WORDS["wishes"]["changes"])}
    round = Round.objects.for_renewal(clock.today()).first()
    if round:
        actions.renew(user, round=round, agreed=progress.PLEDGES, **said)
    else:
        wish = actions.wish(user, agreed=progress.PLEDGES, **said)
        if it.happens(TAKEN_BACK):
            yield from regretted(it, wish)
            return
    yield from applied(it, crowd, term)


def regretted(it, wish: Wish) -> Story:
    """A wish that is taken back while it waits, or, where a round has opened meanwhile, with its draft."""
    user = wish.term.expert.user
    yield it.hours.evening(clock.today() + timedelta(days=it.hours.random.randint(2, 9)))
    if application := drafted(wish.term):
        actions.withdraw(application, by=user, reason="家里事多，这一届不续了")
    elif Wish.objects.waiting(clock.today()).filter(pk=wish.pk).exists():
        actions.take_back_wish(wish, by=user)


def applied(it, crowd: Crowd, term: Appointment) -> Story:
    """As soon as a round is open, the draft is looked through and submitted; then as everybody else's."""
    while clock.today() <= term.last_day and term.void_from is None:
        yield it.hours.evening(clock.today() + timedelta(days=it.hours.random.randint(1, 3)))
        term.refresh_from_db()
        application = drafted(term)
        if application and not term.void_from:
            actions.submit(application, by=term.expert.user)
            yield from decided(it, again(it, crowd, application), application)
            return


def drafted(term: Appointment) -> Application | None:
    """The draft of a further term, in a round that is open."""
    open_ = Round.objects.open_on(clock.today())
    return Application.objects.filter(renews=term, state=Application.State.DRAFT, round__in=open_).first()


def again(it, crowd: Crowd, application: Application):
    """The person as he was known, with a fate drawn anew."""
    fate = it.hours.random.choices(list(FATES), FATES.values())[0]
    number = next(number for number, round in it.rounds.items() if round == application.round)
    reason = it.any_of(WORDS["reasons"]["renewal_declined"])
    known = crowd.known[application.applicant.username]
    return replace(known, round=number, fate=fate, reason=reason, mended="", sent_back="")
