"""Everybody in term with regard to one review: in the pool, or out of it and why (Articles 10(4) and 14)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from experts.models import Appointment, Expert, Topic
from experts.rules import CATEGORY_NAMES
from expertteam import clock
from expertteam.models import Policy
from services.models import (
    Draw,
    Engagement,
    Pairing,
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
from services.rules.pool import Side
from services.suspension import suspended

ANY = "any"
CATEGORY = "category-"
Why = PoolEntry.Why
OFFICER = "在本局有工作账号，不参加评审"
HIMSELF = "是参评项目的相关方"
GUIDED = "指导过参评项目的相关方"
UPHELD = "当事人申请回避，已认定成立"
BUSY = "评审时间已有安排"
NOT_DONE = [Service.State.DRAFT, Service.State.REJECTED]
Asked = ServiceRequest.State
ADVISED = [Asked.ACCEPTED, Asked.ARRANGED, Asked.HELD, Asked.CONFIRMED, Asked.RATED]
COMING = [Seat.State.ACCEPTED, Seat.State.PRESENT, Seat.State.SIGNED]


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


class Ties:
    """What binds these experts to the projects of a review as things stand now, each table read once."""

    def __init__(self, panel: ReviewPanel, experts: QuerySet[Expert]):
        self.today = clock.today()
        whole = experts.select_related("user").defer("user__phone", "user__id_number").order_by("no")
        self.experts = {each.pk: each for each in whole.prefetch_related("disclosures", "specialities")}
        self.parties = {}
        for party in Party.objects.filter(project__panel=panel):
            self.parties.setdefault(party.project_id, []).append(Side(party.name, party.code, party.phone_index))
        self.guided = read_guided(self.experts, [each.phone for sides in self.parties.values() for each in sides])
        upheld = RecusalRequest.objects.filter(panel=panel, state=RecusalRequest.State.UPHELD)
        self.upheld = set(upheld.values_list("expert", "project"))

    def recusal(self, expert: Expert, projects: Iterable[int]) -> tuple[str, str] | None:
        """Why this one of them does not judge these projects: reason and words of the first that holds."""
        parties = [each for project in projects for each in self.parties.get(project, [])]
        own = Side(expert.user.name, phone=expert.user.phone_index)
        if tie := rules.tie_to(expert.interests, parties, self.today):
            return tie
        if any(rules.is_himself(own, party) for party in parties):
            return Why.DECLARED, HIMSELF
        if any(rules.helped(client, party) for client in self.guided.get(expert.pk, []) for party in parties):
            return Why.MENTOR, GUIDED
        if any((expert.pk, project) in self.upheld for project in projects):
            return Why.DECLARED, UPHELD
        return None

    @property
    def projects(self) -> set[int]:
        """Those that anything is known of."""
        return set(self.parties) | {project for _, project in self.upheld}


def read_guided(experts: Iterable[int], phones: Iterable[str | None]) -> dict[int, list[Side]]:
    """Whom each has helped, at any time; private people only where their number is one of ``phones``."""
    near = Q(phone_index__in=[phone for phone in phones if phone])
    done = Service.objects.exclude(state__in=NOT_DONE)
    ran = Q(pairing__state__in=[Pairing.State.ACTIVE, Pairing.State.CLOSED]) | Q(pairing__in=done.values("pairing"))
    found = {}
    for met, expert, code in [
        (done, "expert", "request__enterprise_code"),
        (ServiceRequest.objects.filter(state__in=ADVISED), "expert", "enterprise_code"),
        (PairingMember.objects.filter(ran), "pairing__expert", "enterprise_code"),
    ]:
        of_interest = near | Q(enterprise__gt="") | Q(**{f"{code}__gt": ""})
        rows = met.filter(of_interest, **{f"{expert}__in": experts}).order_by()
        for pk, *client in rows.values_list(expert, "enterprise", code, "phone_index").distinct():
            found.setdefault(pk, []).append(Side(*client))
    return found


def candidates(panel: ReviewPanel) -> list[Candidate]:
    """Every expert in term now, once, in the order of their numbers; the first reason that holds keeps one out."""
    ties, times = Ties(panel, Expert.objects.serving(clock.today())), Times(panel)
    return [judged(panel, each, ties, times) for each in ties.experts.values()]


def judged(panel: ReviewPanel, expert: Expert, ties: Ties, times: "Times") -> Candidate:
    own = (Why.DECLARED, OFFICER) if expert.user.is_staff else None
    why, words = own or ties.recusal(expert, ties.projects) or times.obstacle(expert) or ("", "")
    wanted = {stratum for stratum, _ in panel.need}
    has = {ANY, *expert.topics, *(f"{CATEGORY}{number}" for number in times.categories.get(expert.pk, ()))}
    return Candidate(expert, employer_of(expert), tuple(sorted(str(each) for each in wanted & has)), str(why), words)


def employer_of(expert: Expert) -> str:
    """By its credit code, else by the person, so that the self-employed do not exclude each other."""
    return expert.employer_code or f"person:{expert.no}"


class Times:
    """Who can come on the days of the review, and whose turn it is; for all experts at once."""

    def __init__(self, panel: ReviewPanel):
        self.panel, self.today = panel, clock.today()
        self.days = days_of(panel)
        self.suspended = suspended(self.today)
        self.terms, self.categories = {}, {}
        terms = Appointment.objects.overlapping(self.days[0], self.days[-1])
        for pk, category, *term in terms.values_list("expert", "category", "first_day", "last_day", "void_from"):
            self.terms.setdefault(pk, []).append(tuple(term))
            self.categories.setdefault(pk, []).append(category)
        self.pauses = gathered(Pause.objects.standing(self.days[0]).values_list("expert", "first_day", "last_day"))
        engaged = Engagement.objects.between(panel.starts_at, panel.ends_at).exclude(seat__panel=panel)
        self.busy = gathered(engaged.values_list("expert", "starts_at", "ends_at"))
        called = Q(state=Seat.State.CALLED, panel__in=ReviewPanel.objects.live())
        near = (panel.starts_at - rules.ROTATION, panel.starts_at)
        sat = Seat.objects.filter(Q(state__in=COMING) | called, panel__starts_at__range=near).exclude(panel=panel)
        self.reviews = gathered(sat.values_list("expert", "panel__starts_at"))
        self.cap = Policy.objects.number("panel_cap", self.today)

    def obstacle(self, expert: Expert) -> tuple[str, str] | None:
        """Reason and words of the first that holds."""
        panel, pk = self.panel, expert.pk
        if pk in self.suspended:
            return Why.SUSPENDED, ""  # the reason alone; he himself reads only that he was not in the pool
        if words := rules.away(self.days, self.terms.get(pk, []), self.pauses.get(pk, [])):
            return Why.LEAVE, words
        if count := rules.rotated_out(panel.starts_at, [at for (at,) in self.reviews.get(pk, [])], self.cap):
            return Why.CAP, f"90天内已有{count}次评审"
        if rules.taken(panel.starts_at, panel.ends_at, self.busy.get(pk, [])):
            return Why.BUSY, BUSY
        return None


def days_of(panel: ReviewPanel) -> list[date]:
    """The days on which it sits; one that ends at midnight has ended the day before."""
    first = clock.local(panel.starts_at).date()
    last = clock.local(panel.ends_at - timedelta(microseconds=1)).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def gathered(rows) -> dict[int, list[tuple]]:
    """Rows by their first column."""
    found = {}
    for key, *rest in rows:
        found.setdefault(key, []).append(tuple(rest))
    return found


def conflict_of(expert: Expert, panel: ReviewPanel) -> str:
    """Why this expert has to stay away from some project as things stand now; empty when from none."""
    ties = Ties(panel, Expert.objects.filter(pk=expert.pk))
    _, words = ties.recusal(ties.experts[expert.pk], ties.projects) or ("", "")
    return words


def conflicts_by_project(expert: Expert, panel: ReviewPanel) -> dict[int, str]:
    """The projects from which this expert has to stay away, with why."""
    ties = Ties(panel, Expert.objects.filter(pk=expert.pk))
    found = {project: ties.recusal(ties.experts[expert.pk], [project]) for project in ties.projects}
    return {project: recusal[1] for project, recusal in found.items() if recusal}


def changes(draw: Draw) -> list[str]:
    """What has changed since the freeze, which the pool does not follow; by number, without names."""
    frozen = {each.expert_id: each for each in draw.entries.select_related("expert")}
    now = {each.expert.pk: each for each in candidates(draw.panel)}
    no = {pk: each.expert.no for pk, each in [*frozen.items(), *now.items()]}
    in_order = sorted(no, key=no.get)
    return [f"专家{no[pk]}：{words}" for pk in in_order for words in differences(frozen.get(pk), now.get(pk))]


def differences(before: PoolEntry | None, now: Candidate | None) -> Iterable[str]:
    """In words, between what was frozen of an expert and what holds of him now."""
    if before is None or now is None:
        yield "锁定后入团" if before is None else "锁定后不再在聘"
        return
    if before.why and not now.why:
        yield f"锁定时的“{Why(before.why).label}”已不存在"
    elif not before.why and now.why:
        yield f"锁定后新增“{Why(now.why).label}”"
    elif before.why != now.why:
        yield f"锁定时的“{Why(before.why).label}”变为“{Why(now.why).label}”"
    if before.employer != now.employer:
        yield "锁定后工作单位有变"
    if before.strata != list(now.strata):
        yield "锁定后可任席位有变"


def costs(found: Iterable[Candidate]) -> list[tuple[str, int]]:
    """What keeps people out, the most costly reason first."""
    counted = Counter(each.why for each in found if each.why)
    return [(Why(why).label, count) for why, count in counted.most_common()]
