"""过往服务评估情况: what a whole term shows, for whoever recommends or decides on another one (Articles 3 and 12).

Read anew on every page, so that it says what is true today; nothing in it decides anything.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count

from evaluations import rules, workload
from evaluations.models import Assessment, Dismissal, Grade, RatingCase, Refusal, Strike, Talk
from evaluations.rules.assessment import term_mean, well_assessed
from experts.models import Appointment
from expertteam import clock
from services.models import Activity, Service


@dataclass(frozen=True)
class Evidence:
    """One term up to today or its end, ``until`` inclusive.

    ``average`` is None below five ratings, ``levels`` are the grades with how many there are of each, ``activities``
    the kinds of event with how often; ``pending`` what is still open about him, in words, with how many; ``years`` the
    annual evaluations as they were told to him.
    """

    term: Appointment
    until: date
    work: workload.Workload
    average: Decimal | None
    levels: list[tuple[str, int]]
    activities: list[tuple[str, int]]
    strikes: list[Strike]
    talks: int
    pending: list[tuple[str, int]]
    years: list[Assessment]

    @property
    def hours(self) -> Decimal:
        return (Decimal(self.work.minutes) / 60).quantize(Decimal("0.1"))

    @property
    def counted(self) -> int:
        """The strikes that count today."""
        return sum(strike.counts for strike in self.strikes)

    @property
    def graded(self) -> list[tuple[Decimal, str]]:
        """Points and grade of each year of which a grade can be said."""
        return [(each.total, each.grade) for each in self.years if each.grade != Assessment.Grade.UNDETERMINED]

    @property
    def mean(self) -> Decimal | None:
        return term_mean([points for points, _ in self.graded])

    @property
    def suggests(self) -> bool | None:
        """What the years suggest to whoever decides; None where there is none."""
        return well_assessed(self.graded) if self.graded else None


def of(term: Appointment) -> Evidence:
    """What this term shows, in a constant number of queries."""
    until = min(term.last_day, clock.today(), *([term.void_from - timedelta(days=1)] if term.void_from else []))
    work = workload.of(term.expert, term.first_day, until)
    return Evidence(
        term=term,
        until=until,
        work=work,
        average=rules.public_average(work.ratings),
        levels=[(grade.label, work.ratings.get(grade, 0)) for grade in Grade],
        activities=activities(term, until),
        strikes=list(Strike.objects.filter(appointment=term).order_by("day", "pk")),
        talks=Talk.objects.filter(expert=term.expert, held_on__range=(term.first_day, until)).count(),
        pending=pending(term),
        years=list(years(term, until)),
    )


def activities(term: Appointment, until: date) -> list[tuple[str, int]]:
    """The events at which he is on record, lectures and trainings each by itself."""
    ends = clock.instant(until + timedelta(days=1))
    attended = Service.objects.counted().filter(
        expert=term.expert, activity__isnull=False, started_at__gte=clock.instant(term.first_day), started_at__lt=ends
    )
    found = dict(attended.order_by().values_list("activity__kind").annotate(many=Count("pk")))
    return [(kind.label, found[kind]) for kind in Activity.Kind if kind in found]


def years(term: Appointment, until: date):
    """The annual evaluations of the calendar years that the term touches, the earliest first."""
    of_term = Assessment.objects.standing().filter(expert=term.expert, year__range=(term.first_day.year, until.year))
    return of_term.order_by("year")


def pending(term: Appointment) -> list[tuple[str, int]]:
    """What somebody still has to decide about him."""
    expert = term.expert
    cases = {
        "解聘案件": Dismissal.objects.open().filter(expert=expert),
        "差评回访": RatingCase.objects.filter(rating__expert=expert).exclude(state=RatingCase.State.CLOSED),
        "不履职核实": Refusal.objects.filter(expert=expert).exclude(
            state__in=[Refusal.State.JUDGED, Refusal.State.SET_ASIDE]
        ),
        "计次申诉": Strike.objects.filter(expert=expert, state=Strike.State.APPEALED),
    }
    return [(words, many) for words, found in cases.items() if (many := found.count())]
