"""The value-added tax of a day and what is charged on it (Article 13); asked only once the bureau switches it on."""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from expertteam.regulation import article
from payments.rules.tax import FEN, money

# 财政部 税务总局公告2026年第10号, to 2027-12-31: by the day, the small-scale rate of 3 % reduced
THRESHOLD = Decimal(1000)  # without the tax; from here on the whole is taxed
RATE = Decimal("0.01")
# 城市维护建设税, 教育费附加, 地方教育附加, halved by 财政部 税务总局公告2023年第12号
SURCHARGES = (Decimal("0.07"), Decimal("0.03"), Decimal("0.02"))
REDUCED_TO = Decimal("0.5")


class Vat(NamedTuple):
    """To withhold now, in yuan with two places: the tax, and the surcharges on it."""

    tax: Decimal
    surcharges: Decimal


@article("13")
def vat(amounts: list[Decimal], *, before: Decimal = Decimal(0), withheld: Decimal = Decimal(0)) -> Vat:
    """给予一定的补贴

    A person who is paid sells a service: all ``amounts`` of one service day, payer and expert are added
    up, tax included; below the threshold nothing is due, from it on the whole.  ``before`` is what was
    paid of the same day earlier, ``withheld`` the value-added tax of that: due now is the rest.
    Each tax is rounded once, half up, to the fen.  Errors as for ``withholding``.
    """
    total = sum(map(money, amounts), money(before))
    withheld = money(withheld)
    tax = max(_tax(total), withheld)
    return Vat(tax - withheld, _surcharges(tax) - _surcharges(withheld))


def _tax(total: Decimal) -> Decimal:
    net = (total / (1 + RATE)).quantize(FEN, ROUND_HALF_UP)
    return total - net if net >= THRESHOLD else Decimal("0.00")


def _surcharges(tax: Decimal) -> Decimal:
    each = ((tax * rate * REDUCED_TO).quantize(FEN, ROUND_HALF_UP) for rate in SURCHARGES)
    return sum(each, Decimal("0.00"))
