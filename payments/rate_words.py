"""Schedules of rates in words: from when to when, what each kind of activity pays, what is still open (Article 13)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from expertteam.templatetags.terrace import long_day
from payments import rules
from payments.models import Rate, RateSchedule
from payments.rules.tariff import plain

State = RateSchedule.State
COUNTED = {Rate.Unit.HOUR, Rate.Unit.CLASS_HOUR}  # of these a part can remain


class Row(NamedTuple):
    """One rate: the usual case, and what else the circular says of it."""

    title: str
    words: str
    rest: list[str]
    priced: bool


class Told:
    """One schedule as a page prints it."""

    def __init__(self, schedule: RateSchedule, on: date):
        self.schedule, self.on = schedule, on
        self.rows = [row(rate) for rate in schedule.rates.all()]
        self.files = schedule.files.all()

    @property
    def period(self) -> str:
        """2024年1月1日至2026年5月31日."""
        first, last = self.schedule.effective_from, self.schedule.last_day
        return f"{long_day(first)}{f'至{long_day(last)}' if last else '起'}"

    @property
    def when(self) -> str:
        """Whether it is the one of this day."""
        schedule = self.schedule
        if schedule.state not in (State.PROVISIONAL, State.CONFIRMED):
            return ""
        if schedule.effective_from > self.on:
            return "还没有到执行日期"
        return "执行中" if schedule.last_day is None or self.on <= schedule.last_day else "已被替代"

    @property
    def expired(self) -> bool:
        """Still applied though the document says that it no longer holds."""
        return self.when == "执行中" and self.schedule.expired(self.on)

    @property
    def priced(self) -> list[Row]:
        return [each for each in self.rows if each.priced]

    @property
    def open(self) -> str:
        """The kinds that cannot be paid yet."""
        return "、".join(each.title for each in self.rows if not each.priced)

    @property
    def unconfirmed(self) -> bool:
        return self.schedule.state == State.PROVISIONAL


def by_scope(schedules: Iterable[RateSchedule], on: date) -> list[tuple]:
    """Each scope, its schedules, and whether a new one can be typed."""
    told = [Told(each, on) for each in schedules]
    found = []
    for scope in RateSchedule.Scope:
        mine = [each for each in told if each.schedule.scope == scope]
        drafted = any(each.schedule.state == State.DRAFT for each in mine)
        found.append((scope, mine, not drafted))
    return found


def row(rate: Rate) -> Row:
    tier = f"（{rate.get_tier_display()}）" if rate.tier else ""
    priced = rate.amount is not None
    return Row(
        f"{rate.get_kind_display()}{tier}", rules.describe(rate.tariff), list(rest(rate)) if priced else [], priced
    )


def rest(rate: Rate):
    """What the one line of the usual case leaves out."""
    unit = rate.get_unit_display()
    if rate.unit in COUNTED:
        yield f"零头：{rate.get_part_display()}"
    if rate.full_units is not None:
        yield f"超过{rate.full_units}{unit}的，批准延时才计"
    if rate.extended_cap is not None:
        yield f"延时的每天不超过{plain(rate.extended_cap)}元"
    if rate.void_cap is not None:
        yield f"评审后废标不超过{plain(rate.void_cap)}元"
    if rate.called_off is not None:
        yield f"评审前取消{plain(rate.called_off)}元"
    if rate.holiday_factor != 1:
        yield f"节假日{'封顶也同倍提高' if rate.holiday_lifts_cap else '封顶不提高'}"
