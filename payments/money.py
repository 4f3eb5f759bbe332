"""Sums of money by the database, to the fen: SQLite adds them as floating point (Article 13)."""

from decimal import Decimal

from django.db.models import Sum
from django.utils.functional import cached_property

from payments.rules.tax import FEN

ZERO = Decimal("0.00")


class Total(Sum):
    """``SUM`` in yuan with two places, None of nothing."""

    @cached_property
    def convert_value(self):
        return lambda value, expression, connection: None if value is None else Decimal(value).quantize(FEN)
