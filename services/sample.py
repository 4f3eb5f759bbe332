"""Which of the services that clients left unconfirmed are asked about by telephone (Article 10(1))."""

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from expertteam import clock
from expertteam.models import Policy
from services.models import Service
from services.rules.service import is_drawn


def ticket(pk: int) -> int:
    """A number that follows from the service's key and that nobody outside can foretell."""
    return int(salted_hmac("services.call_back", str(pk), algorithm="sha256").hexdigest()[:12], 16)


def to_call() -> QuerySet:
    """The services to call back about, the oldest first."""
    waiting = Service.objects.filter(state=Service.State.UNANSWERED).order_by("call_due", "pk")
    percent = Policy.objects.number("callback_percent", clock.today())
    if percent >= 100:
        return waiting
    return waiting.filter(pk__in=[pk for pk in waiting.values_list("pk", flat=True) if is_drawn(ticket(pk), percent)])
