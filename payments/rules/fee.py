"""What one day of an activity pays, by a tariff, and in words how it came about (Article 13)."""

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from expertteam.regulation import article
from payments.rules.tariff import REVIEW_24, UNITS, Tariff, Unpriced, describe, percent, plain, span
from payments.rules.tax import FEN

MINUTES = {"hour": 60, "class_hour": 45}  # of the units that have part units
HALF_DAY = 240  # minutes; a day has two halves, however long it is
WHOLE = {"session", "piece", "event"}  # paid once, however long it took
WORDS = {"completed": "", "void_after_review": "评审后废标，", "void_before_review": "评审前废标"}


class Fee(NamedTuple):
    """What is due, in yuan with two places before tax, and in words how it came about."""

    amount: Decimal
    trace: str


@article("13")
def review_fee(minutes: int, *, outcome: str = "completed", holiday: bool = False, extended: bool = False) -> Fee:
    """补贴标准按照山西省《关于印发政府采购评审专家劳务报酬支付标准暂行规定的通知》（晋财购〔2021〕24号）

    For one calendar day, ``minutes`` without the breaks; a longer review is the sum of its days.
    The circular is silent on part hours: below 30 minutes we count none, from 30 on a whole one.
    ``extended``: the work could not end within the eight hours, and those beyond them are paid,
    too.  ``holiday``: a day that is a holiday by law, on which the capped fee is doubled.

    ``ValueError`` for an unknown ``outcome``, negative minutes, or a completed review of none.
    """
    return fee(REVIEW_24, minutes, outcome=outcome, holiday=holiday, extended=extended)


@article("13")
def fee(
    tariff: Tariff,
    minutes: int,
    *,
    outcome: str = "completed",
    holiday: bool = False,
    extended: bool = False,
    day_no: int = 1,
    agreed: Decimal | None = None,
) -> Fee:
    """如有新的政策出台按新政策执行

    For one calendar day, ``day_no`` of those it took, by the tariff in force on it; otherwise as
    ``review_fee``.  What is paid once, however long it took, is paid on its first day.  ``agreed``: the amount of a unit where the tariff leaves a range.

    ``Unpriced`` where the tariff names no amount for this; ``ValueError`` for what cannot be.
    """
    _check(tariff, minutes, outcome, day_no)
    rate = _rate(tariff, agreed)
    if tariff.unit in WHOLE and day_no > 1:
        return Fee(Decimal("0.00"), f"前面已计1{UNITS[tariff.unit]}")
    if outcome == "void_before_review":
        cap, (amount, trace) = tariff.day_cap, _called_off(tariff)
    else:
        units = _units(tariff, minutes)
        beyond = extended and outcome == "completed" and units > (tariff.full_units or 0)
        cap = _cap(tariff, outcome, beyond)
        counted = _counted(tariff, rate, units, cap, beyond)
        amount, trace = _shared(tariff, counted, minutes, day_no)
        trace = f"{_length(tariff, minutes, units)}：{trace}"
    if holiday and tariff.holiday_factor != 1:
        amount, trace = amount * tariff.holiday_factor, f"{trace}；法定节假日×{plain(tariff.holiday_factor)}"
        if not tariff.holiday_lifts_cap:
            amount, trace = _capped(Fee(amount, trace), cap)
    return Fee(amount.quantize(FEN, ROUND_HALF_UP), WORDS[outcome] + trace + _noted(tariff, agreed))


@article("13")
def within_caps(
    due: Fee,
    tariff: Tariff,
    *,
    day: Decimal,
    month: Decimal,
    year: Decimal,
    holiday: bool = False,
    extended: bool = False,
) -> Fee:
    """给予一定的补贴

    What the caps leave of ``due``, given what the same expert has already got for the same kind that
    ``day``, ``month`` and ``year``.  A day's first fee is within the day's cap by itself.
    """
    day_cap = tariff.extended_cap if extended and tariff.extended_cap is not None else tariff.day_cap
    if day_cap is not None and holiday and tariff.holiday_lifts_cap:
        day_cap *= tariff.holiday_factor
    caps = [("当天", day, day_cap if day else None), ("本月", month, tariff.month_cap), ("本年", year, tariff.year_cap)]
    left = [(max(cap - had, Decimal(0)), words, had, cap) for words, had, cap in caps if cap is not None]
    least, words, had, cap = min(left, key=lambda each: each[0], default=(due.amount, "", None, None))
    if least >= due.amount:
        return due
    return Fee(least.quantize(FEN), f"{due.trace}；{words}已计{plain(had)}，封顶{plain(cap)}")


@article("13")
def by_day(start: datetime, minutes: int) -> list[tuple[date, int]]:
    """补贴标准按照山西省《关于印发政府采购评审专家劳务报酬支付标准暂行规定的通知》（晋财购〔2021〕24号）

    The circular names amounts a day, so work across midnight is cut there.  ``start`` is local time,
    its seconds are dropped.
    """
    if minutes < 0:
        raise ValueError(f"{minutes} minutes are no work")
    midnight = datetime.combine(start.date() + timedelta(days=1), time(), start.tzinfo)
    today = min(minutes, (midnight - start.replace(second=0, microsecond=0)) // timedelta(minutes=1))
    rest = by_day(midnight, minutes - today) if minutes > today else []
    return [(start.date(), today), *rest]


def _check(tariff: Tariff, minutes: int, outcome: str, day_no: int):
    if outcome not in WORDS:
        raise ValueError(f"unknown outcome {outcome!r}")
    if minutes < 0 or (minutes == 0 and outcome == "completed" and tariff.unit not in WHOLE):
        raise ValueError(f"{minutes} minutes are no review and no other work")
    if day_no < 1:
        raise ValueError(f"there is no day {day_no}")


def _rate(tariff: Tariff, agreed: Decimal | None) -> Decimal:
    if tariff.amount is None:
        raise Unpriced(describe(tariff))
    if tariff.most is None:
        if agreed is not None:
            raise ValueError(f"标准固定为{span(tariff)}元，不能另行约定")
        return tariff.amount
    if agreed is None:
        raise Unpriced(f"标准为{span(tariff)}元，还没有约定金额")
    if not tariff.amount <= agreed <= tariff.most:
        raise ValueError(f"约定的{plain(agreed)}元不在{span(tariff)}元以内")
    return agreed


def _called_off(tariff: Tariff) -> Fee:
    if tariff.called_off is None:
        raise Unpriced("评审前废标的标准待局里录入")
    return Fee(tariff.called_off, f"：{plain(tariff.called_off)}")


def _units(tariff: Tariff, minutes: int) -> Decimal:
    """How many are paid, parts as the tariff counts them."""
    if tariff.unit == "half_day":
        return Decimal(2 if minutes > HALF_DAY else 1)
    if tariff.unit not in MINUTES:
        return Decimal(1)
    whole, rest = divmod(minutes, MINUTES[tariff.unit])
    half = rest * 2 >= MINUTES[tariff.unit]
    step = half if half or not rest else Decimal("0.5")
    part = {"half_up": half, "floor": 0, "ceil": rest > 0, "half_step": step}[tariff.part]
    return whole + Decimal(part)


def _cap(tariff: Tariff, outcome: str, beyond: bool) -> Decimal | None:
    if outcome == "void_after_review" and tariff.void_cap is not None:
        return tariff.void_cap
    return tariff.extended_cap if beyond and tariff.extended_cap is not None else tariff.day_cap


def _counted(tariff: Tariff, rate: Decimal, units: Decimal, cap: Decimal | None, beyond: bool) -> Fee:
    """For so many units, capped; where the cap binds within the full ones, those beyond need no word."""
    full = units if tariff.full_units is None else min(units, Decimal(tariff.full_units))
    if units == full:
        return _capped(_priced(tariff, rate, units), cap)
    word, more = UNITS[tariff.unit], plain(units - full)
    within = _capped(_priced(tariff, rate, full), tariff.day_cap if beyond else cap)
    if beyond:
        trace = f"{within.trace}；延长{more}{word}＋{more}×{plain(rate)}"
        return _capped(Fee(within.amount + (units - full) * rate, trace), cap)
    if within.amount == cap:
        return _capped(_priced(tariff, rate, units), cap)
    return Fee(within.amount, f"{within.trace}，{plain(full)}{word}以外不计")


def _priced(tariff: Tariff, rate: Decimal, units: Decimal) -> Fee:
    if tariff.included_amount is None:
        return Fee(units * rate, plain(rate) if units == 1 else f"{plain(units)}×{plain(rate)}")
    further = max(units - tariff.included_units, Decimal(0))
    trace = plain(tariff.included_amount) + (f"＋{plain(further)}×{plain(rate)}" if further else "")
    return Fee(tariff.included_amount + further * rate, trace)


def _capped(due: Fee, cap: Decimal | None) -> Fee:
    return due if cap is None or due.amount <= cap else Fee(cap, f"{due.trace}，封顶{plain(cap)}")


def _shared(tariff: Tariff, due: Fee, minutes: int, day_no: int) -> Fee:
    """A half day and a late one pay a share of the day."""
    amount, trace = due
    if tariff.unit == "day" and tariff.half_day_share is not None and minutes <= HALF_DAY:
        amount, trace = amount * tariff.half_day_share, f"{trace}；半天×{percent(tariff.half_day_share)}"
    if tariff.later_share is not None and tariff.later_from and day_no >= tariff.later_from:
        amount, trace = amount * tariff.later_share, f"{trace}；第{day_no}天×{percent(tariff.later_share)}"
    return Fee(amount, trace)


def _length(tariff: Tariff, minutes: int, units: Decimal) -> str:
    """The time as it was, and as it counts where a part unit may change the fee."""
    if tariff.unit in WHOLE:
        return f"1{UNITS[tariff.unit]}"
    whole, rest = divmod(minutes, 60)
    said = (f"{whole}小时" if whole else "") + (f"{rest}分钟" if rest or not whole else "")
    first = tariff.included_units if tariff.included_amount is not None else 0
    if tariff.unit == "day" or (tariff.unit == "hour" and (not rest or whole < first)):
        return said
    return f"{said}，计{plain(units)}{'个' if tariff.unit == 'half_day' else ''}{UNITS[tariff.unit]}"


def _noted(tariff: Tariff, agreed: Decimal | None) -> str:
    notes = ([f"标准{span(tariff)}"] if agreed is not None else []) + (["税后"] if tariff.net else [])
    return f"（{'，'.join(notes)}）" if notes else ""
