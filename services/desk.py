"""What an expert's desk knows of his services: what waits for him, and what he has done (Articles 4, 9 and 10(3))."""

from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from experts.desk import Section
from experts.models import Expert
from expertteam import calendar, clock
from expertteam.models import Policy
from expertteam.waiting import end_of
from services.models import Offer, Service, ServiceRequest
from services.rules.service import UNDO

SECRETS = ["name", "phone", "question", "address", "asked_by"]  # of a request: not even read for a list


class ToLog(NamedTuple):
    """What has taken place and is not on record: until when it is to be, and the request it came from."""

    due: datetime
    offer: Offer


class Work:
    """Everything of an expert in term that waits for him or that he may still take back."""

    def __init__(self, expert: Expert):
        self.expert, self.now = expert, clock.now()
        hidden = [f"request__{name}" for name in SECRETS]
        live = Offer.objects.live().filter(expert=expert).select_related("request").defer(*hidden)
        self.offers = list(live.order_by(F("starts_at").asc(nulls_last=True), "pk"))
        fresh = Q(state=Service.State.LOGGED, logged_at__gte=self.now - UNDO)
        begun = Q(state=Service.State.DRAFT, request=None)
        self.services = list(Service.objects.filter(fresh | begun, expert=expert).order_by("pk"))

    @property
    def taken_on(self) -> list[Offer]:
        return [offer for offer in self.offers if offer.state == Offer.State.ACCEPTED]

    @property
    def to_answer(self) -> list[Offer]:
        """The most urgent first."""
        return sorted((each for each in self.offers if each.state == Offer.State.OFFERED), key=lambda o: o.answer_due)

    @cached_property
    def to_log(self) -> list[ToLog]:
        """What was appointed and is over, with the last day for its record."""
        over = [offer for offer in self.taken_on if offer.starts_at and offer.ends_at <= self.now]
        days, schedule = Policy.objects.number("log_days", clock.today()) if over else 0, calendar.Schedule()
        return [ToLog(end_of(log_due(offer.ends_at, days, schedule)), offer) for offer in over]

    @property
    def coming(self) -> list[Offer]:
        return [offer for offer in self.taken_on if not offer.starts_at or offer.ends_at > self.now]

    @property
    def drafts(self) -> list[Service]:
        """Begun without a booking; one in which nothing stands yet is none."""
        return [each for each in self.services if each.state == Service.State.DRAFT and (each.name or each.summary)]

    @property
    def undoable(self) -> list[tuple[datetime, Offer | Service]]:
        """What was just accepted or logged, and until when it can be taken back."""
        accepted = [(each.answered_at + UNDO, each) for each in self.taken_on if each.answered_at]
        logged = [(each.logged_at + UNDO, each) for each in self.services if each.state == Service.State.LOGGED]
        return [(until, each) for until, each in accepted + logged if until >= self.now]

    @property
    def said(self) -> str:
        """What the greeting says."""
        counts = {"件事等您答复": len(self.to_answer), "条服务还没记": len(self.to_log)}
        return "，".join(f"{count}{words}" for words, count in counts.items() if count)


def log_due(ended_at: datetime, days: int, schedule: calendar.Schedule):
    """The last day on which the entry is not late."""
    return calendar.deadline(clock.local(ended_at).date(), days, start_counts=False, schedule=schedule).day


def is_late(service: Service) -> bool:
    """Whether an entry made now comes after its last day."""
    if not service.started_at or not service.minutes:
        return False
    days = Policy.objects.number("log_days", clock.today())
    ended_at = service.started_at + service.minutes * clock.ONE_MINUTE
    return log_due(ended_at, days, calendar.Schedule()) < clock.today()


def in_term(expert: Expert) -> bool:
    return expert.appointments.in_force(clock.today()).exists()


def work(expert: Expert) -> Section | None:
    """等您答复、等您记录、接下来; after the term nothing can be read any more, and the desk says so."""
    if not in_term(expert):
        known = expert.offers.exists() or expert.services.exists()
        return Section("services/desk/ended_note.html", {}) if known else None
    waiting = Work(expert)
    if not waiting.offers and not waiting.services:
        return None
    shown = tuple(offer.get_absolute_url() for offer in waiting.offers)
    return Section("services/desk/work.html", {"work": waiting}, said=waiting.said, shows=shown)


def year(expert: Expert) -> Section | None:
    """本年度: what counts so far, and what still waits for the client's word."""
    if not in_term(expert):
        return None
    begun = Service.objects.filter(expert=expert, started_at__year=clock.today().year)
    sums = begun.aggregate(
        times=Count("pk", filter=Q(state__in=Service.COUNTED)),
        minutes=Coalesce(Sum(LENGTH, filter=Q(state__in=Service.COUNTED)), 0),
        waiting=Count("pk", filter=Q(state__in=OPEN)),
    )
    return Section("services/desk/year.html", sums | {"hours": round(sums["minutes"] / 60, 1)}, aside=True)


LENGTH = Coalesce("ruled_minutes", "minutes")
OPEN = [Service.State.LOGGED, Service.State.UNANSWERED, Service.State.QUERIED]


def records(expert: Expert) -> QuerySet[Service]:
    """His services, without what was begun for a meeting that is not his any more."""
    theirs = Q(request__state=ServiceRequest.State.ARRANGED, request__expert=F("expert"))
    kept = ~Q(state=Service.State.DRAFT) | Q(request=None, phone_index__isnull=False) | theirs
    return Service.objects.filter(kept, expert=expert).select_related("pairing", "activity")


def counted(services: QuerySet[Service]) -> dict:
    """How many of them count, and how long they were together."""
    return services.counted().aggregate(times=Count("pk"), minutes=Coalesce(Sum(LENGTH), 0))
