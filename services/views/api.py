"""Bookings from another site's program (Articles 4, 10(3) and 14)."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse

from experts.door import booking_partner, hasty
from expertteam import limits
from expertteam.clock import today
from expertteam.identifiers import mobile
from expertteam.models import Policy
from expertteam.once import Reused
from expertteam.programs import Problem, body, misfits, public, written
from expertteam.regulation import Refused
from services import codes, openapi, sent_in
from services.models import ServiceRequest

A_MINUTE, A_DAY, CODES = "30/m", "1000/d", "100/h"  # of one partner
KEY_LENGTH = 128


def typed(request, schema: dict) -> dict:
    """What was sent, if it is of the shape described."""
    said = body(request)
    if wrong := misfits(said, schema):
        raise Problem(422, "内容有误，没有提交", errors=wrong)
    return said


def refused(refusal: Refused) -> Problem:
    return Problem(409, refusal.reason, **({"article": refusal.article} if refusal.article else {}))


def send_in(request):
    """A new request; the same one again where the key is the same."""
    partner, key = booking_partner(request), request.headers.get("Idempotency-Key", "")
    if not (key.isascii() and key.isprintable() and 0 < len(key) <= KEY_LENGTH):
        raise Problem(400, f"要有Idempotency-Key：每次预约一个，不超过{KEY_LENGTH}个字符，重发时不变")
    for name, often in (("api-book", A_MINUTE), ("api-book-day", A_DAY)):
        if limits.refused(request, name, often, f"partner-{partner.pk}"):
            raise hasty()
    said = typed(request, openapi.REQUEST)
    try:
        answer = sent_in.send_in(partner, key, said)
    except Reused as reused:
        raise Problem(422, "这个Idempotency-Key已经用于别的内容") from reused
    except Refused as refusal:
        raise refused(refusal) from refusal
    return HttpResponse(answer, status=201, content_type="application/json")


def progress(request, number):
    """Where one of the partner's own requests stands; of others nothing is said."""
    own = ServiceRequest.objects.filter(partner=booking_partner(request), number=number).first()
    if own is None:
        raise Problem(404, "没有这个预约")
    return written(sent_in.told(own))


def send_code(request):
    """A code to the client's number, where the bureau wants it proved."""
    partner = booking_partner(request)
    said = typed(request, openapi.PHONE)
    try:
        phone = mobile(said["phone"])
    except ValidationError as wrong:
        raise Problem(422, "内容有误", errors={"phone": "".join(wrong.messages)}) from wrong
    needed = bool(Policy.objects.number("phone_code", today()))
    if needed:
        try:
            codes.send(request, phone, sent_in.Kept(partner, phone), f"partner-{partner.pk}", CODES)
        except Refused as refusal:
            raise refused(refusal) from refusal
    return written({"needed": needed})


def texts(request):
    """What the client has to be shown before he asks."""
    return public(request, {"texts": sent_in.texts()})
