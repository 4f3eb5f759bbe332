"""先看这几处: what somebody has to look at before these lines are paid, in as many queries for one as for all (Article 13)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Subquery

from experts.models import Appointment
from expertteam import clock
from expertteam.calendar import ONE_DAY, Kind
from expertteam.models import CalendarDay
from payments import rules
from payments.models import (
    ActivityKind,
    BankAccount,
    BankResult,
    Claim,
    Correction,
    Line,
    Payee,
    Payout,
    ReturnRow,
)
from services.models import Service

OFFICIALS = 5  # of Article 5: people of offices and institutions
MATTERS = dict(ActivityKind.choices)
SIGNED = [Service.Via.ATTENDANCE, Service.Via.REVIEW]


@dataclass
class Looked:
    """A line, what is doubtful about it, and whether it cannot be paid as it is."""

    line: Line
    account: BankAccount | None
    doubts: list[rules.Doubt] = field(default_factory=list)

    @property
    def hard(self) -> bool:
        return any(doubt.hard for doubt in self.doubts)


def look(lines: list[Line]) -> list[Looked]:
    """Each line with its doubts, in the order given."""
    known = Known(lines)
    return [Looked(line, known.accounts.get(line.claim.expert_id), rules.doubts(known.facts(line))) for line in lines]


class Known:
    """All that is asked about these lines, read at once."""

    def __init__(self, lines: list[Line]):
        experts = {line.claim.expert_id for line in lines}
        days = {line.claim.day for line in lines}
        mine = {"expert__in": experts}
        self.now = clock.now()
        last = BankResult.objects.filter(payout__account=OuterRef("pk")).order_by("-at", "-pk").values("paid")[:1]
        standing = BankAccount.objects.standing().filter(**mine).annotate(arrived=Subquery(last))
        self.accounts = {each.expert_id: each for each in standing}
        self.paid = set(Payout.objects.received().filter(**mine).values_list("account", flat=True).order_by())
        self.payees = {each.expert_id: each for each in Payee.objects.filter(**mine)}
        self.officials = set(
            Appointment.objects.filter(category=OFFICIALS, **mine).values_list("expert", flat=True).order_by()
        )
        self.days = {each.date: each for each in CalendarDay.objects.filter(date__in=days)}
        self.claims = defaultdict(list)
        near = {each for day in days for each in around(day)}
        for claim in Claim.objects.filter(day__in=near, **mine).order_by("started_at", "pk"):
            self.claims[claim.expert_id, claim.day].append(claim)
        replaced = {line.replaces_id for line in lines if line.replaces_id}
        signed = Correction.objects.filter(line__in=replaced, state=Correction.State.SIGNED)
        self.returned = replaced - set(signed.values_list("line", flat=True).order_by())
        self.contradicted = contradicted(replaced)
        self.via = dict(Service.objects.filter(claim__lines__in=lines).values_list("pk", "confirmed_via"))

    def facts(self, line: Line) -> rules.Facts:
        claim, payee = line.claim, self.payees.get(line.claim.expert_id)
        day = self.days.get(claim.day)
        official = bool(payee and payee.official) or claim.expert_id in self.officials
        return rules.Facts(
            whom=claim.expert.user.name,
            matter=MATTERS[claim.activity],
            day=claim.day,
            minutes=line.inputs["minutes"],
            capped=line.inputs["capped"],
            extended=line.inputs["extended"],
            amount=line.amount,
            holiday=line.inputs["holiday"],
            near_holiday=day.name if day and day.kind == Kind.REST else "",
            overlaps=self.overlap(claim),
            signed_in=self.signed_in(claim),
            account=self.standing_of(claim),
            returned=line.replaces_id in self.returned,
            contradicted=line.replaces_id in self.contradicted,
            official=official,
            consented=bool(payee and payee.consent_basis),
            expired_on=line.schedule.valid_until if line.schedule.expired(claim.day) else None,
            confirmed=line.schedule.state == line.schedule.State.CONFIRMED,
        )

    def standing_of(self, claim: Claim) -> str:
        account = self.accounts.get(claim.expert_id)
        if account is None:
            return "none"
        if not account.is_usable(self.now):
            return "cooling"
        if account.arrived is False:
            return "failed"
        return "ok" if account.pk in self.paid else "new"

    def overlap(self, claim: Claim) -> str:
        """What else the same expert did at the same time."""
        ends = claim.started_at + timedelta(minutes=claim.minutes)
        for other in (each for day in around(claim.day) for each in self.claims[claim.expert_id, day]):
            over = other.started_at + timedelta(minutes=other.minutes)
            if other.pk != claim.pk and other.started_at < ends and claim.started_at < over:
                return MATTERS[other.activity]
        return ""

    def signed_in(self, claim: Claim) -> bool:
        """Of gatherings there is a list; elsewhere the client has said so."""
        if claim.service_id is None or claim.activity not in rules.GATHERINGS:
            return True
        return self.via.get(claim.service_id) in SIGNED


def contradicted(lines: set[int]) -> set[int]:
    """Of these lines, each sent back by the bank, those of which it later said that they had arrived; not cleared up."""
    if not lines:
        return set()
    rows = ReturnRow.objects.suspended().filter(paid=True, payout__result__paid=False)
    sent = {"batch": OuterRef("batch"), "expert": OuterRef("claim__expert"), "income": OuterRef("claim__income")}
    again = Payout.objects.filter(pk__in=rows.values("payout"), **sent)
    return set(Line.objects.filter(Exists(again), pk__in=lines).values_list("pk", flat=True).order_by())


def around(day: date) -> list[date]:
    """The day with its neighbours: work goes on past midnight."""
    return [day - ONE_DAY, day, day + ONE_DAY]
