"""Everybody in term with regard to one review: in the pool, or out of it and why (Articles 10(4) and 14)."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from experts.models import Appointment, Disclosure, Expert, Topic
from experts.rules import CATEGORY_NAMES, Interest, Tie, plain, plain_firm
from expertteam import clock
from expertteam.models import Policy
from services.models import (
    Draw,
    Engagement,
    PairingMember,
    Party,
    Pause,
    PoolEntry,
    RecusalRequest,
    ReviewPanel,
    Seat,
    Service,
    ServiceRequest,
)
from services.rules import pool as rules

ANY = "any"
CATEGORY = "category-"
Why = PoolEntry.Why
SUSPENDED: list[Callable[[date], dict[int, str]]] = []  # floors above: experts by key who get nothing new, and why
GUIDED = "指导过参评项目的相关方"
ADVISED = [ServiceRequest.State.ACCEPTED, ServiceRequest.State.ARRANGED, ServiceRequest.State.HELD]


class Candidate(NamedTuple):
    """One expert: how his employer is named, which seats he can fill, and if he is out, why."""

    expert: Expert
    employer: str
    strata: tuple[str, ...]
    why: str = ""
    words: str = ""


def stratum_choices() -> list[tuple[str, str]]:
    """What a seat can ask for."""
    categories = [(f"{CATEGORY}{number}", name) for number, name in CATEGORY_NAMES.items()]
    return [(ANY, "不限"), *Topic.choices, *categories]


def stratum_label(code: str) -> str:
    return dict(stratum_choices()).get(code, code)


class Known:
    """What decides about these experts and this review, each table read once."""

    def __init__(self, panel: ReviewPanel, experts: Iterable[Expert]):
        self.panel, self.today = panel, clock.today()
        self.experts = {each.pk: each for each in experts}
        self.parties = list(Party.objects.filter(project__panel=panel))
        self.interests = self.read_interests()
        self.guided = self.read_guided()

    def read_interests(self) -> dict[int, list[Interest]]:
        found = {
            pk: [Interest(Tie.EMPLOYER, each.employer, each.employer_code)]
            for pk, each in self.experts.items()
            if each.employer or each.employer_code
        }
        for disclosure in Disclosure.objects.filter(expert__in=self.experts).order_by("pk"):
            found.setdefault(disclosure.expert_id, []).append(disclosure.interest)
        return found

    def read_guided(self) -> dict[int, list[tuple[str, str, str]]]:
        """Whom each has helped: phone index, firm, credit code."""
        done = Service.objects.exclude(state__in=[Service.State.DRAFT, Service.State.REJECTED])
        asked = ServiceRequest.objects.filter(state__in=ADVISED)
        paired = PairingMember.objects.exclude(pairing__state__in=["proposed", "declined"])
        rows = [
            *done.filter(expert__in=self.experts).values_list(
                "expert", "phone_index", "enterprise", "request__enterprise_code"
            ),
            *asked.filter(expert__in=self.experts).values_list(
                "expert", "phone_index", "enterprise", "enterprise_code"
            ),
            *paired.filter(pairing__expert__in=self.experts).values_list(
                "pairing__expert", "phone_index", "enterprise", "enterprise_code"
            ),
        ]
        found = {}
        for expert, *client in rows:
            found.setdefault(expert, []).append(tuple(client))
        return found

    def recusal(self, expert: Expert, parties: Iterable[Party]) -> tuple[str, str] | None:
        """Why this expert may not judge what belongs to these parties: reason and words of the first that holds."""
        parties = list(parties)
        ties = [
            tie
            for party in parties
            if (tie := rules.tie_to(self.interests.get(expert.pk, []), name=party.name, code=party.code, on=self.today))
        ]
        for why in rules.WHY.values():
            if tie := next((each for each in ties if each[0] == why), None):
                return tie
        if any(is_himself(expert, party) for party in parties):
            return Why.DECLARED, "是参评项目的相关方"
        if any(helped(client, party) for client in self.guided.get(expert.pk, []) for party in parties):
            return Why.MENTOR, GUIDED
        return None


def is_himself(expert: Expert, party: Party) -> bool:
    """Whether the party is this very person: the same number, or the same name without a number to tell them apart."""
    if party.phone_index and expert.user.phone_index:
        return party.phone_index == expert.user.phone_index
    return not party.code and plain(party.name) == plain(expert.user.name)


def helped(client: tuple[str | None, str | None, str | None], party: Party) -> bool:
    """Whether somebody who was helped is this party: by number, by credit code, else by the firm's name."""
    phone, firm, code = client
    if phone and phone == party.phone_index:
        return True
    if code and party.code:
        return code == party.code
    return bool(firm) and plain_firm(firm) == plain_firm(party.name)


def candidates(panel: ReviewPanel) -> list[Candidate]:
    """Every expert in term now, once, in the order of their numbers; the first reason that holds keeps one out."""
    serving = (
        Expert.objects.serving(clock.today()).select_related("user").prefetch_related("specialities").order_by("no")
    )
    known, lists = Known(panel, serving), Lists(panel)
    return [judged(panel, each, known, lists) for each in known.experts.values()]


def judged(panel: ReviewPanel, expert: Expert, known: Known, lists: "Lists") -> Candidate:
    why, words = known.recusal(expert, known.parties) or lists.obstacle(expert) or ("", "")
    wanted = {stratum for stratum, _ in panel.need}
    has = {ANY, *expert.topics, *(f"{CATEGORY}{number}" for number in lists.categories.get(expert.pk, ()))}
    return Candidate(expert, employer_of(expert), tuple(sorted(str(each) for each in wanted & has)), str(why), words)


def employer_of(expert: Expert) -> str:
    """By its credit code, else by the person, so that the self-employed do not exclude each other."""
    return expert.employer_code or f"person:{expert.no}"


class Lists:
    """What else keeps people away on that day, for all of them at once."""

    def __init__(self, panel: ReviewPanel):
        self.panel, self.today = panel, clock.today()
        self.day = clock.local(panel.starts_at).date()
        upheld = RecusalRequest.objects.filter(panel=panel, state=RecusalRequest.State.UPHELD)
        self.refused = set(upheld.values_list("expert", flat=True))
        self.suspended = {pk: words for provider in SUSPENDED for pk, words in provider(self.today).items()}
        self.terms, self.categories = {}, {}
        terms = Appointment.objects.overlapping(min(self.today, self.day), max(self.today, self.day))
        for pk, first, last, void, category in terms.values_list(
            "expert", "first_day", "last_day", "void_from", "category"
        ):
            self.terms.setdefault(pk, []).append((first, last, void))
            self.categories.setdefault(pk, []).append(category)
        self.pauses = gathered(Pause.objects.standing(self.today).values_list("expert", "first_day", "last_day"))
        engaged = Engagement.objects.between(panel.starts_at, panel.ends_at)
        self.busy = gathered(engaged.values_list("expert", "starts_at", "ends_at"))
        sat = Seat.objects.live().exclude(state=Seat.State.DECLINED).exclude(panel=panel)
        sat = sat.filter(panel__starts_at__gt=panel.starts_at - rules.ROTATION, panel__starts_at__lte=panel.starts_at)
        self.reviews = gathered(sat.values_list("expert", "panel__starts_at"))
        self.cap = Policy.objects.number("panel_cap", self.today)

    def obstacle(self, expert: Expert) -> tuple[str, str] | None:
        """Reason and words of the first that holds."""
        if expert.pk in self.refused:
            return Why.DECLARED, "当事人申请回避，已认定成立"
        if expert.pk in self.suspended:
            return Why.SUSPENDED, self.suspended[expert.pk]
        if words := rules.away(self.day, self.terms.get(expert.pk, []), self.pauses.get(expert.pk, [])):
            return Why.LEAVE, words
        reviews = [at for (at,) in self.reviews.get(expert.pk, [])]
        if rules.rotated_out(self.panel.starts_at, reviews, self.cap):
            return Why.CAP, f"90天内已参加{len(reviews)}次评审"
        if rules.taken(self.panel.starts_at, self.panel.ends_at, self.busy.get(expert.pk, [])):
            return Why.BUSY, "评审时间已有安排"
        return None


def gathered(rows) -> dict[int, list[tuple]]:
    """Rows by their first column."""
    found = {}
    for key, *rest in rows:
        found.setdefault(key, []).append(tuple(rest))
    return found


def conflict_of(expert: Expert, panel: ReviewPanel) -> str:
    """Why this expert has to stay away from some project as things stand now; empty when from none."""
    found = Known(panel, [expert])
    recusal = found.recusal(expert, found.parties)
    if recusal is None and RecusalRequest.objects.filter(panel=panel, expert=expert, state="upheld").exists():
        return "当事人申请回避，已认定成立"
    return recusal[1] if recusal else ""


def conflicts_by_project(expert: Expert, panel: ReviewPanel) -> dict[int, str]:
    """The projects from which this expert has to stay away, with why."""
    found = Known(panel, [expert])
    by_project = {}
    for party in found.parties:
        by_project.setdefault(party.project_id, []).append(party)
    recusals = {pk: found.recusal(expert, parties) for pk, parties in by_project.items()}
    return {pk: recusal[1] for pk, recusal in recusals.items() if recusal}


def changes(draw: Draw) -> list[str]:
    """What has changed since the freeze, which the pool does not follow; by number, without names."""
    frozen = {each.expert_id: each.why for each in draw.entries.all()}
    found = []
    for each in candidates(draw.panel):
        before = frozen.get(each.expert.pk)
        if before is None:
            found.append(f"专家{each.expert.no}：锁定后入团")
        elif each.why != before and each.why not in ("", Why.BUSY):
            found.append(f"专家{each.expert.no}：锁定后新增“{Why(each.why).label}”")
        elif before and not each.why:
            found.append(f"专家{each.expert.no}：锁定时的“{Why(before).label}”已不存在")
    gone = set(frozen) - {each.pk for each in Expert.objects.serving(clock.today())}
    left = Expert.objects.filter(pk__in=gone).order_by("no").values_list("no", flat=True)
    return found + [f"专家{no}：锁定后聘期结束" for no in left]


def costs(found: Iterable[Candidate]) -> list[tuple[str, int]]:
    """What keeps people out, the most costly reason first."""
    counted = Counter(each.why for each in found if each.why)
    return [(Why(why).label, count) for why, count in counted.most_common()]
