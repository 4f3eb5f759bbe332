"""What a claim is worth: by the rate in force on its day, within what the caps leave its expert (Article 13)."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from expertteam import clock
from expertteam.calendar import ONE_DAY, Kind, Schedule, UnknownDay, period
from payments import rules
from payments.models import Claim, Line, Payee, Rate, RateSchedule, Tier
from payments.money import ZERO

WhyNot = Claim.WhyNot
Earned = list[tuple[date, Decimal]]


class Work(NamedTuple):
    """What is priced: as the source says it, or as a correction does."""

    minutes: int
    outcome: str
    extended: bool = False
    agreed: Decimal | None = None  # for a unit, within a range; without it, what was agreed upon for the claim


class Price(NamedTuple):
    """A price in yuan, with all that it was worked out from."""

    rate: Rate
    amount: Decimal
    trace: str
    inputs: dict

    def line(self, claim: Claim, **more) -> Line:
        """The line that freezes it."""
        return Line(
            claim=claim, amount=self.amount, net=self.rate.net, schedule=self.rate.schedule, rate=self.rate,
            inputs=self.inputs, trace=self.trace[:200], priced_at=clock.now(), **more,
        )  # fmt: skip


class Unpayable(Exception):
    """There is no price; ``why`` is one of ``Claim.WhyNot``."""

    def __init__(self, why: str):
        super().__init__(WhyNot(why).label)
        self.why = why


class Pricing:
    """Rates, holidays, title levels and what was earned so far, each read once for a lot of claims."""

    def __init__(self, claims: list[Claim], schedules: Iterable[RateSchedule] | None = None):
        experts = {claim.expert_id for claim in claims}
        self.schedules = standing() if schedules is None else list(schedules)
        self.days = Schedule()
        self.tiers = dict(Payee.objects.filter(expert__in=experts).values_list("expert", "tier"))
        self.asked = experts, self.looked_at(claims)

    @cached_property
    def had(self) -> dict[tuple[int, str], Earned]:
        """What counts towards their caps; not read where nothing has a rate."""
        return earned(*self.asked)

    def without(self, line: Line) -> "Pricing":
        """As if this line had never been priced."""
        for day, amount in line.inputs["parts"]:
            self.had[line.claim.expert_id, line.claim.activity].remove((date.fromisoformat(day), Decimal(amount)))
        return self

    def looked_at(self, claims: list[Claim]) -> tuple[date, date]:
        """Between which days earnings may count towards a cap; work may reach into the next day."""
        first, last = (choose((claim.day for claim in claims), default=clock.today()) for choose in (min, max))
        long = any(rate.month_cap or rate.year_cap for each in self.schedules for rate in each.rates.all())
        whole = period(first.year)[0], period(last.year)[1]
        return (whole[0] - ONE_DAY, whole[1]) if long else (first - ONE_DAY, last + ONE_DAY)

    def rate(self, claim: Claim, work: Work) -> Rate:
        """The rate to price it by: within a range, only once a sum has been agreed."""
        rate, agreed = self.standard(claim), work.agreed or claim.agreed
        if rate.most is not None and not (agreed and rate.amount <= agreed <= rate.most):
            raise Unpayable(WhyNot.RANGE)
        return rate

    def standard(self, claim: Claim) -> Rate:
        """The rate of its kind in the schedule in force on its day; ``Unpayable`` where there is none."""
        found = next((each for each in self.schedules if covers(each, claim)), None)
        if found is None:
            raise Unpayable(WhyNot.NO_SCHEDULE)
        rates = {rate.tier: rate for rate in found.rates.all() if rate.kind == claim.activity}
        rate = rates.get(self.tiers.get(claim.expert_id, Tier.OTHER)) or rates.get("")
        if rate is None or rate.amount is None:
            raise Unpayable(WhyNot.UNPRICED)
        return rate

    def price(self, claim: Claim, work: Work) -> Price:
        """Day by day, each within what the caps leave; ``Unpayable`` says why there is none."""
        rate = self.rate(claim, work)
        had = self.had[claim.expert_id, claim.activity]
        fees: list[tuple[date, rules.Fee]] = []
        for number, (day, minutes) in enumerate(self.parts(claim, work), 1):
            before = had + [(each, fee.amount) for each, fee in fees]
            fees.append((day, self.fee(claim, rate, work, day, minutes, number, before)))
        had += [(day, fee.amount) for day, fee in fees]
        told = [f"{day:%-m月%-d日}{fee.trace}" for day, fee in fees] if len(fees) > 1 else [fees[0][1].trace]
        trace = "；".join(told)
        inputs = work._asdict() | {"parts": [[day.isoformat(), str(fee.amount)] for day, fee in fees]}
        inputs["agreed"] = work.agreed and str(work.agreed)
        inputs |= {"capped": "封顶" in trace, "holiday": "法定节假日" in trace}
        return Price(rate, sum((fee.amount for _, fee in fees), ZERO), trace, inputs)

    def parts(self, claim: Claim, work: Work) -> list[tuple[date, int]]:
        return rules.by_day(clock.local(claim.started_at), work.minutes)

    def fee(self, claim: Claim, rate: Rate, work: Work, day: date, minutes: int, number: int, had: Earned) -> rules.Fee:
        try:
            holiday = rate.holiday_factor > 1 and self.days.kind(day) == Kind.HOLIDAY
            due = rules.fee(
                rate.tariff, minutes, outcome=work.outcome, holiday=holiday, extended=work.extended, day_no=number,
                agreed=None if rate.most is None else work.agreed or claim.agreed,
            )  # fmt: skip
        except UnknownDay as unknown:
            raise Unpayable(WhyNot.CALENDAR) from unknown
        except rules.Unpriced as unpriced:  # of this outcome the schedule says nothing
            raise Unpayable(WhyNot.UNPRICED) from unpriced
        return rules.within_caps(
            due, rate.tariff, holiday=holiday, extended=work.extended,
            day=total(had, day, day), month=total(had, *month(day)), year=total(had, *period(day.year)),
        )  # fmt: skip


def work_of(line: Line) -> Work:
    """What it was priced from."""
    known = {name: line.inputs[name] for name in ("minutes", "outcome", "extended")}
    agreed = line.inputs.get("agreed")
    return Work(**known, agreed=Decimal(agreed) if agreed else line.claim.agreed)


def standing() -> list[RateSchedule]:
    """The schedules by which is paid, the latest first."""
    valid = RateSchedule.objects.valid().order_by("-effective_from")
    return list(valid.prefetch_related("rates__schedule"))


def covers(schedule: RateSchedule, claim: Claim) -> bool:
    return schedule.effective_from <= claim.day and claim.activity in rules.SCOPES[schedule.scope]


def earned(experts: set[int], days: tuple[date, date]) -> dict[tuple[int, str], Earned]:
    """What these experts have for work begun between these days, by kind of activity: day and sum."""
    had = defaultdict(list)
    lines = Line.objects.live().filter(claim__expert__in=experts, claim__day__range=days).order_by()
    for expert, activity, inputs in lines.values_list("claim__expert", "claim__activity", "inputs"):
        had[expert, activity] += [(date.fromisoformat(day), Decimal(sum_)) for day, sum_ in inputs["parts"]]
    return had


def total(had: Earned, first: date, last: date) -> Decimal:
    """What was earned from the first day to the last, both counted."""
    return sum((amount for day, amount in had if first <= day <= last), ZERO)


def month(day: date) -> tuple[date, date]:
    """The first and the last day of its month: what was priced sooner for a later day counts as well."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
