"""One row of a schedule of rates as plain values, and how a page says it (Article 13)."""

from dataclasses import dataclass
from decimal import Decimal

UNITS = {
    "session": "次",
    "hour": "小时",
    "class_hour": "学时",
    "half_day": "半天",
    "day": "天",
    "piece": "件",
    "event": "场",
}
PARTS = {"half_up", "floor", "ceil", "half_step"}


class Unpriced(ValueError):
    """The bureau has not said what this pays, so it cannot be paid."""


@dataclass(frozen=True)
class Tariff:
    """One row of a schedule of rates; ``None`` is what its document does not say.

    ``amount`` is for each unit, or with ``most`` the least of a range, within which the fee is agreed;
    the first ``included_units`` together pay ``included_amount``.  A ``part`` of a unit is none below
    a half and one from it on (``half_up``), or none, or one, or a half below a half and one from it on
    (``half_step``).  Units beyond ``full_units`` count only when the day was extended.
    """

    unit: str
    amount: Decimal | None = None
    most: Decimal | None = None
    included_units: int = 0
    included_amount: Decimal | None = None
    part: str = "half_up"
    full_units: int | None = None
    day_cap: Decimal | None = None
    extended_cap: Decimal | None = None
    month_cap: Decimal | None = None
    year_cap: Decimal | None = None
    half_day_share: Decimal | None = None
    later_from: int | None = None
    later_share: Decimal | None = None
    void_cap: Decimal | None = None
    called_off: Decimal | None = None
    holiday_factor: Decimal = Decimal(1)
    holiday_lifts_cap: bool = True
    net: bool = False

    def __post_init__(self):
        if self.unit not in UNITS or self.part not in PARTS:
            raise ValueError(f"unknown unit {self.unit!r} or part {self.part!r}")


REVIEW_24 = Tariff(  # 晋财购〔2021〕24号
    unit="hour",
    amount=Decimal(100),
    included_units=2,
    included_amount=Decimal(300),
    full_units=8,
    day_cap=Decimal(800),
    extended_cap=Decimal(1000),
    void_cap=Decimal(400),
    called_off=Decimal(100),
    holiday_factor=Decimal(2),
)


def describe(tariff: Tariff) -> str:
    """The usual case in one line, for pages."""
    if tariff.amount is None:
        return "待局里录入标准"
    word, price = UNITS[tariff.unit], span(tariff)
    if tariff.included_amount is None:
        said = [f"每{word}{price}元"]
    else:
        said = [f"{tariff.included_units}{word}以内{plain(tariff.included_amount)}元", f"之后每{word}{price}元"]
    if tariff.half_day_share is not None:
        said.append(f"半天按{percent(tariff.half_day_share)}")
    if tariff.later_from and tariff.later_share is not None:
        said.append(f"第{tariff.later_from}天起按{percent(tariff.later_share)}")
    for period, cap in (("天", tariff.day_cap), ("月", tariff.month_cap), ("年", tariff.year_cap)):
        if cap is not None:
            said.append(f"每{period}不超过{plain(cap)}元")
    line = "，".join(said) + ("（税后）" if tariff.net else "")
    if tariff.holiday_factor == 1:
        return line
    factor = plain(tariff.holiday_factor)
    return f"{line}；法定节假日" + ("加倍" if factor == "2" else f"按{factor}倍")


def span(tariff: Tariff) -> str:
    """The amount of a unit, or from where to where it goes."""
    return plain(tariff.amount) + (f"～{plain(tariff.most)}" if tariff.most is not None else "")


def percent(share: Decimal) -> str:
    """0.6 → 60%."""
    return f"{plain(share * 100)}%"


def plain(number: Decimal) -> str:
    """Without the zeros that say nothing: 300.00 → 300, 62.50 → 62.5."""
    return f"{Decimal(number).normalize():f}"
