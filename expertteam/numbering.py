"""Numbers of records and papers: each series runs without gaps or doubles."""

from django.conf import settings

from expertteam import clock
from expertteam.models import Counter


def monthly(letters: str, series: str) -> str:
    """``JC26030001``: the next number of this series, which begins anew each month."""
    month = f"{clock.today():%y%m}"
    return f"{letters}{month}{Counter.take(f'{series}-{month}'):04d}"


def issued(series: str, year: int, mark="") -> str:
    """``并创专〔2026〕001号``: the next paper of this series in that year; ``mark`` says what kind it is."""
    return f"{settings.SITE['certificate_mark']}{mark}〔{year}〕{Counter.take(f'{series}-{year}'):03d}号"
