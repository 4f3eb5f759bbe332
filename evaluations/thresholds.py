"""Where experts stand with regard to Article 12(2) and (3): worked out from the ledger whenever somebody asks.

The database chooses coarsely whoever has entries enough; the rules decide.  For all experts it takes as many
queries as for one.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Max, Min, QuerySet

from evaluations import rules
from evaluations.models import Dismissal, Strike, Talk
from experts.models import Appointment, Expert
from expertteam import clock

Ground = Strike.Ground
NOTHING, NEITHER, NEVER = (dict.fromkeys(Ground, empty) for empty in ((), False, None))
TALK_AT = 2  # entries on one ground; ours, the Measures name only the third


@dataclass(frozen=True)
class Standing:
    """One expert on one day: his term (None outside), and for each ground the entries that count together.

    ``reached``: whether they are enough to open a case; ``talks``: the day on which somebody last talked with him;
    ``mark``: what the inspector should look at first, empty where nothing is reached or nothing catches the eye.
    """

    expert: Expert
    term: Appointment | None
    entries: dict[str, Sequence[Strike]]
    reached: dict[str, bool]
    talks: dict[str, date | None]
    mark: str = ""

    def reaching(self) -> list[Strike]:
        """The entries that are enough for a case."""
        return [entry for ground in Ground if self.reached[ground] for entry in self.entries[ground]]

    def is_near(self, ground: str) -> bool:
        """One entry short of a case."""
        return len(self.entries[ground]) >= TALK_AT and not self.reached[ground]

    def talk_due(self, ground: str) -> bool:
        """Near, and nobody has talked with the expert since the latest of them was found."""
        if not self.is_near(ground):
            return False
        found_on = max(clock.local(each.found_at).date() for each in self.entries[ground])
        return self.talks[ground] is None or self.talks[ground] < found_on


def of(expert: Expert, on: date) -> Standing:
    """Of this expert."""
    return standings(on, [expert.pk]).get(expert.pk) or Standing(expert, None, NOTHING, NEITHER, NEVER)


def reached(on: date) -> list[Standing]:
    """Of everybody for whom a case is to be opened, or has been."""
    return [each for each in standings(on, having(rules.LIMIT, on)).values() if any(each.reached.values())]


def near(on: date) -> list[Standing]:
    """Of everybody who is one entry short of that on some ground."""
    found = standings(on, having(TALK_AT, on)).values()
    return [each for each in found if any(each.is_near(ground) for ground in Ground)]


def pressing(on: date) -> list[Standing]:
    """Of everybody who is due a talk, or has reached a case with an entry that stands in none yet."""
    found = standings(on, having(TALK_AT, on)).values()
    entries = [entry.pk for each in found for entry in each.reaching()]
    known = set(Dismissal.strikes.through.objects.filter(strike__in=entries).values_list("strike", flat=True))
    return [
        each
        for each in found
        if any(map(each.talk_due, Ground)) or any(entry.pk not in known for entry in each.reaching())
    ]


def having(times: int, on: date) -> set[int]:
    """The keys of the experts who may have so many entries on one ground; read in the order of an index alone.

    Left out are those whose refusals, just so many, do not lie in one year.
    """
    counted = Strike.objects.counted().filter(day__lte=on).order_by().values_list("expert", "ground")
    several = counted.annotate(times=Count("pk"), first=Min("day"), last=Max("day")).filter(times__gte=times)
    return {
        expert
        for expert, ground, many, first, last in several
        if ground == Ground.ATTITUDE or many > times or rules.of_one_year(first, last)
    }


def standings(on: date, experts: Iterable[int]) -> dict[int, Standing]:
    """Of those of these who are in term on that day and have entries, by their keys."""
    serving = Appointment.objects.in_force(on).filter(expert__in=experts).select_related("expert")
    terms = {each.expert_id: each for each in serving}
    counted = Strike.objects.counted().filter(expert__in=terms, day__lte=on).defer("appeal_words", "answer")
    sources = {
        "client": "service__phone_index",
        "network": "case__rating__network",
        "device": "case__rating__device",
        "rated_at": "case__rating__given_at",
    }
    entries: dict[int, list[Strike]] = {}
    for each in counted.annotate(**{name: F(path) for name, path in sources.items()}).order_by("day", "pk"):
        entries.setdefault(each.expert_id, []).append(each)
    talks: dict[int, dict[str, date]] = {}
    for expert, ground, held_on in held(on, entries):
        talks.setdefault(expert, {})[ground] = held_on
    return {pk: standing(terms[pk], found, talks.get(pk, {}), on) for pk, found in sorted(entries.items())}


def held(on: date, experts: Iterable[int]) -> QuerySet:
    """Talks with these experts, the latest last."""
    talks = Talk.objects.filter(expert__in=experts, held_on__lte=on).order_by("held_on", "pk")
    return talks.values_list("expert", "ground", "held_on")


def standing(term: Appointment, counted: list[Strike], talks: dict[str, date], on: date) -> Standing:
    """What these entries of one expert amount to."""
    attitude = in_term([each for each in counted if each.ground == Ground.ATTITUDE], term)
    refusals, enough = of_a_year([each for each in counted if each.ground == Ground.REFUSAL], term, on)
    said = [(each.day, each.service_id) for each in attitude]
    reached = {
        Ground.ATTITUDE: rules.attitude_strikes_reached(said, term.first_day, term.last_day),
        Ground.REFUSAL: enough,
    }
    entries = {Ground.ATTITUDE: attitude, Ground.REFUSAL: refusals}
    marks = [mark(entries[ground]) for ground in Ground if reached[ground]]
    return Standing(term.expert, term, entries, reached, NEVER | talks, "；".join(filter(None, marks)))


def in_term(attitude: list[Strike], term: Appointment) -> list[Strike]:
    """The entries of Article 12(2) that fall in this term; earlier ones ended with theirs."""
    return [each for each in attitude if each.appointment_id == term.pk and term.first_day <= each.day <= term.last_day]


def of_a_year(refusals: list[Strike], term: Appointment, on: date) -> tuple[list[Strike], bool]:
    """The entries of Article 12(3) that lie in one year, and whether they are enough.

    Any year counts, also one that began in an earlier term; but its last entry falls in this one: what was complete
    before was known when he was appointed again.  Where they are not enough: those of the year that ends with the
    latest, as long as a further one could join it.
    """
    threes = [refusals[n : n + rules.LIMIT] for n in range(len(refusals) - rules.LIMIT + 1)]
    full = [three for three in threes if three[-1].day >= term.first_day and is_enough(three)]
    if full:
        return sorted({each for three in full for each in three}, key=lambda each: (each.day, each.pk)), True
    latest = refusals[-1].day if refusals else on
    current = rules.of_one_year(latest, on)
    return [each for each in refusals if current and rules.of_one_year(each.day, latest)], False


def is_enough(refusals: Iterable[Strike]) -> bool:
    return rules.refusals_reached([each.day for each in refusals])


def mark(entries: list[Strike]) -> str:
    """What may be one hand behind several entries: one client, one network, one device, one day; all of them count."""
    clients = {each.client for each in entries if each.client}
    few = f"{len(entries)}次计次来自{len(clients)}位服务对象" if 0 < len(clients) < rules.LIMIT else ""
    same = {
        "{}条差评来自同一网络": most(each.network for each in entries),
        "{}条差评来自同一设备": most(each.device for each in entries),
        "同一天有{}次": most(clock.local(each.rated_at).date() if each.rated_at else each.day for each in entries),
    }
    return "；".join(
        filter(None, [few, *(words.format(many) for words, many in same.items() if rules.is_cluster(many))])
    )


def most(values: Iterable) -> int:
    """How often the most frequent of them occurs, nothing left aside."""
    return max(Counter(filter(None, values)).values(), default=0)
