"""The link of a sign-up and the code of the day: both are worked out, none is kept."""

from datetime import date, timedelta

from django.utils.crypto import constant_time_compare, salted_hmac

from expertteam import clock
from services.models import Activity, SignUp

LENGTH = 32  # hexadecimal digits: 128 bits
LASTS = timedelta(days=30)  # after the end


def token(sign_up: SignUp) -> str:
    """What the address of a sign-up ends with; only this one record opens with it."""
    return f"{sign_up.pk}-{mark('services.sign_up', str(sign_up.pk))[:LENGTH]}"


def find(activity_pk: int, given: str) -> SignUp | None:
    """The sign-up behind an address, until a month after the end; ``None`` for anything else."""
    number = given.partition("-")[0]
    if not number.isdecimal() or len(number) > 18:
        return None
    lasting = SignUp.objects.filter(pk=number, activity=activity_pk, activity__ends_at__gte=clock.now() - LASTS)
    sign_up = lasting.select_related("activity").first()
    return sign_up if sign_up and constant_time_compare(token(sign_up), given) else None


def code(activity: Activity, day: date) -> str:
    """Six digits for one activity and one day, as the organiser shows them at the door."""
    return f"{int(mark('services.check_in', f'{activity.pk} {day}'), 16) % 10**6:06d}"


def is_code(activity: Activity, given: str) -> bool:
    return constant_time_compare(code(activity, clock.today()), given)


def mark(purpose: str, what: str) -> str:
    return salted_hmac(purpose, what, algorithm="sha256").hexdigest()
