"""A code by SMS shows that a mobile number is the visitor's own; his session keeps no more than its keyed digest."""

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.utils.crypto import constant_time_compare

from expertteam import clock, limits
from expertteam.fields import blind
from expertteam.models import Policy, User
from expertteam.regulation import Refused
from services import messages

KEPT = "number_code"  # where the session keeps it
LASTS, PROOF_LASTS = timedelta(minutes=10), timedelta(minutes=30)
AGAIN = timedelta(seconds=60)  # not sent again before
TRIES = 5
A_NUMBER, A_NETWORK = "5/d", "10/h"
LATER = "请明天再试，或打电话预约"


def wanted(user: User | AnonymousUser | None, phone: str) -> bool:
    """Whether this number has to be shown to be one's own: as the bureau says, and not twice for an account."""
    known = user is not None and user.is_authenticated and user.phone_verified and user.phone == phone
    return not known and bool(Policy.objects.number("phone_code", clock.today()))


def kept(session, phone: str) -> dict:
    """What this session knows of this number; nothing of another number, and nothing that has run out."""
    entry = session.get(KEPT, {})
    fresh = bool(entry) and datetime.fromisoformat(entry["until"]) > clock.now()
    return entry if fresh and entry["number"] == blind(phone, "mobile") else {}


def is_proved(session, phone: str) -> bool:
    return kept(session, phone).get("proved", False)


def is_waiting(session, phone: str) -> bool:
    """A code is on its way to this number."""
    return bool(kept(session, phone)) and not is_proved(session, phone)


def send(request, phone: str, session=None, who="", often=A_NETWORK):
    """A new code to this number; ``Refused`` when one has just been sent, or too many.

    ``who`` may ask that ``often`` for codes of whatever numbers: the visitor's network, if nothing is said.
    """
    session = request.session if session is None else session
    entry = kept(session, phone)
    if entry and datetime.fromisoformat(entry["sent"]) + AGAIN > clock.now():
        raise Refused("验证码刚发过，请1分钟后再发")
    if limits.refused(request, "number-code-network", often, who or limits.network(request)):
        raise Refused(f"这里要验证码的次数太多了，{LATER}")
    if limits.refused(request, "number-code", A_NUMBER, blind(phone, "mobile")):
        raise Refused(f"这个手机号今天要验证码的次数太多了，{LATER}")
    code = f"{secrets.randbelow(10**6):06d}"
    now = clock.now()
    session[KEPT] = {
        "number": blind(phone, "mobile"),
        "code": blind(code + phone, "number code"),
        "sent": now.isoformat(),
        "until": (now + LASTS).isoformat(),
        "tries": 0,
    }
    messages.number_code(phone, code)


def prove(session, phone: str, typed: str) -> str:
    """Take the code that was typed; what is wrong with it, or nothing."""
    entry = kept(session, phone)
    if not entry:
        return "验证码已过期，请重新发送"
    if not typed:
        return "请填写短信里的6位验证码"
    if entry["tries"] >= TRIES:
        return f"输错{TRIES}次了，请重新发送验证码"
    session[KEPT] = entry | {"tries": entry["tries"] + 1}
    if not constant_time_compare(entry["code"], blind(typed + phone, "number code")):
        return "验证码不对，请核对短信"
    session[KEPT] = entry | {"proved": True, "until": (clock.now() + PROOF_LASTS).isoformat()}
    return ""
