"""Services, ratings, secrecy, and what is over when a term is over (Articles 3, 4, 8, 10, 12 and 14)."""

from datetime import date, timedelta

from django.contrib.auth.models import Permission
from guardian.models import UserObjectPermission

from expertteam import clock
from services.models import Acknowledgement, Reading, ServiceRequestGrant
from tests import make
from tests.invariants import past
from tests.invariants.lawless import Case, added, copied, forged, forgotten, put, taken

FORMER = date(2026, 3, 2)


def own(request):
    return request.offers.get()


def granted(request):
    return ServiceRequestGrant.objects.get(content_object=request)


def end(expert, last=FORMER):
    put(expert.appointments.get(), last_day=last, first_day=date(2023, 3, 3))


def begun_later(record):
    put(record.expert.appointments.get(), first_day=clock.today())


def read(request):
    with clock.at(past.MONDAY):
        return added(Reading, request=request, reader=request.expert.user, why="准备见面")


def dismissed():
    """A term that ended early, by a served decision."""
    dismissal = make.make_dismissal("dismissed")
    dismissal.appointment.void_from = dismissal.effective_on
    dismissal.appointment.save()
    return dismissal


def by_hand(request):
    """A grant in the table that the portal does not use."""
    permission = Permission.objects.get(codename="read_servicerequest")
    keys = {"content_type": permission.content_type, "object_pk": str(request.pk)}
    UserObjectPermission.objects.create(permission=permission, user=make.make_user(), **keys)


def staff_rating(rating):
    put(rating, channel="link")
    forged(rating, since="given", history_user_id=past.officer("intake").pk, channel="link")


def dictated():
    """A rating taken down by telephone."""
    with clock.at(past.MONDAY):
        rating = make.make_rating("open", service=make.make_service("confirmed"))
    with clock.at(date(2026, 3, 6)):
        return past.evaluations.give(rating, by=past.officer("intake"), reader=past.officer("intake"), grade=4)


CASES = [
    Case("I5.after", make.make_offer, begun_later),
    Case("I5.after", make.make_seat, lambda it: put(it, called_at=clock.instant(date(2026, 1, 30), 9))),
    Case("I5.after", make.make_activity_role, lambda it: forged(it, history_date=clock.instant(date(2026, 1, 30), 9))),
    Case("I5.after", make.make_pairing, lambda it: put(it.expert.appointments.get(), void_from=FORMER)),
    Case("I5.after", make.make_service, lambda it: put(it, started_at=clock.instant(date(2026, 1, 30), 23))),
    Case("I5.grants", past.arranged, lambda it: end(it.expert)),
    Case("I5.grants", past.arranged, lambda it: put(granted(it), user_id=make.make_user().pk)),
    Case("I5.open", make.make_offer, lambda it: end(it.expert)),
    Case("I5.open", make.make_pairing, lambda it: end(it.expert)),
    Case("I5.open", lambda: make.make_seat("accepted"), lambda it: end(it.expert, date(2026, 3, 25))),
    Case("I5.open", lambda: make.make_activity_role(activity=make.make_activity(
        starts_at=clock.instant(date(2026, 4, 20), 14), ends_at=clock.instant(date(2026, 4, 20), 16))),
        lambda it: put(it.expert.appointments.get(), void_from=date(2026, 3, 20))),
    Case("I5.void", make.make_appointment, lambda it: put(it, void_from=date(2026, 4, 1))),
    Case("I5.void", dismissed, lambda it: put(it.appointment, void_from=date(2026, 3, 5))),
    Case("I7.time", lambda: make.make_engagement(make.make_expert(), clock.now()), copied),
    Case("I7.time", lambda: make.make_engagement(make.make_expert(), clock.now()), lambda it: copied(
        it, starts_at=it.starts_at + timedelta(minutes=30), ends_at=it.ends_at + timedelta(minutes=30))),
    Case("I7.held", past.arranged, lambda it: put(it.engagements.get(), live=False)),
    Case("I7.held", past.arranged, lambda it: put(own(it), starts_at=it.starts_at + timedelta(hours=1))),
    Case("I8.voluntary", lambda: make.make_request("submitted"), lambda it: put(
        it, state="rated", expert_id=make.make_expert().pk)),
    Case("I8.voluntary", past.arranged, lambda it: forgotten(own(it), state="accepted")),
    Case("I8.voluntary", past.arranged, lambda it: forged(
        own(it), since="accepted", history_user_id=past.officer("matcher").pk)),
    Case("I8.voluntary", past.arranged, lambda it: put(it, expert_id=make.make_expert().pk)),
    Case("I8.asked", past.arranged, lambda it: [taken(each) for each in Acknowledgement.objects.filter(request=it)]),
    Case("I8.asked", past.arranged, lambda it: copied(it, number="YY26990001")),
    Case("I8.place", past.arranged, lambda it: put(it, room="")),
    Case("I8.place", past.arranged, lambda it: put(it, starts_at=None)),
    Case("I8.place", past.arranged, lambda it: put(it, expert_id=None)),
    Case("I9.rating", past.rated, copied),
    Case("I9.rating", past.rated, lambda it: put(it, grade=None)),
    Case("I9.rating", past.rated, lambda it: put(it, given_at=it.until + timedelta(minutes=1))),
    Case("I9.channel", past.rated, staff_rating),
    Case("I9.channel", dictated, lambda it: forged(it, since="given", history_user_id=None)),
    Case("I9.case", past.poorly_rated, lambda it: taken(it.case)),
    Case("I9.case", past.rated, lambda it: put(it, grade=1)),
    Case("I9.case", past.rated, lambda it: put(it.service, state="rejected")),
    Case("I10.grants", past.arranged, lambda it: put(it, state="cancelled")),
    Case("I10.grants", past.arranged, lambda it: put(own(it), state="stood_down")),
    Case("I10.grants", past.arranged, lambda it: put(granted(it), user_id=make.make_expert().user_id)),
    Case("I10.grants", past.arranged, by_hand),
    Case("I10.readings", lambda: read(past.arranged()), lambda it: put(it, reader_id=make.make_expert().user_id)),
    Case("I10.readings", lambda: read(past.arranged()), lambda it: put(it, read_at=clock.instant(date(2026, 3, 1), 9))),
]  # fmt: skip
