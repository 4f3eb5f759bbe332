"""Requests that another site sends in for its visitors, as 太原市云孵化平台 does (Article 10(3))."""

import hashlib
import json

from django.core.cache import cache

from experts.models import Expert, Partner
from expertteam import clock, consents
from expertteam.fields import blind
from expertteam.once import once, repeated
from expertteam.programs import Problem
from services import actions, booking, codes
from services.actions.request import TEXTS
from services.forms.booking import BookingForm
from services.models import ServiceRequest

OTHERS = {"place": "centre", "agree": "on"}  # what the form asks for and a program need not say


class Kept(dict):
    """What a session is to a visitor with a browser: what is known of this number, kept for this partner."""

    def __init__(self, partner: Partner, phone: str):
        self.key = f"code:{partner.pk}:{blind(phone, 'mobile')}"
        super().__init__(cache.get(self.key) or {})

    def __setitem__(self, name, value):
        super().__setitem__(name, value)
        cache.set(self.key, dict(self), codes.PROOF_LASTS.total_seconds())


def key_for(partner: Partner, said: str) -> str:
    """The key of ``once``: a partner's keys are his own, whichever of his keys to the door he uses."""
    return f"api:{partner.pk}:{hashlib.sha256(said.encode()).hexdigest()[:32]}"


def channel_of(partner: Partner) -> str:
    """Article 10(3) names one platform; whoever asks on any other site has asked on the web."""
    channel = ServiceRequest.Channel
    return channel.CLOUD if partner.name == channel.CLOUD.label else channel.WEB


def texts() -> list[dict]:
    """What the client has to be shown and has to agree to, in the versions that stand."""
    return [consents.TEXTS[kind]._asdict() for kind in TEXTS]


def told(request: ServiceRequest) -> dict:
    """Where a request stands, and nothing of what was confided."""
    return {
        "number": request.number,
        "state": request.state,
        "state_name": request.get_state_display(),
        "submitted_at": clock.local(request.submitted_at).isoformat(),
        "answer_due": clock.local(request.answer_due).isoformat(),
    }


def send_in(partner: Partner, idempotency_key: str, said: dict) -> str:
    """Ask once for this key; returns the answer as JSON, for a repeat the first one.

    ``Problem`` where the words are wrong, ``Reused`` for a key that came with others, ``Refused`` as ``actions.ask``.
    """
    key = key_for(partner, idempotency_key)
    earlier = repeated(key, said)
    if earlier:
        return earlier
    wanted, form = filled_in(said)
    prove(partner, form)

    def ask() -> str:
        slot = said.get("slot", "")
        times = booking.open_time(wanted, slot) if slot else {}
        request = actions.ask(
            by=None, channel=channel_of(partner), partner=partner, wanted=wanted, **times, **form.said()
        )
        return json.dumps(told(request), ensure_ascii=False)

    return once(key, said, ask)


def filled_in(said: dict) -> tuple[Expert | None, BookingForm]:
    """Whom he wants, and the form of the web filled in with the same words; ``Problem`` names what is wrong."""
    errors, no = outdated(said["consents"]), said.get("expert", "")
    wanted = Expert.objects.listed(clock.today()).filter(no=no).first() if no else None
    if no and wanted is None:
        errors["expert"] = "没有这位专家，或已不在公开名录中"
    if said.get("slot") and not no:
        errors["slot"] = "约时间要同时写expert"
    form = BookingForm(OTHERS | said, wanted=wanted)
    if not form.is_valid():
        errors |= {name.replace("__all__", "detail"): "".join(words) for name, words in form.errors.items()}
    if errors:
        raise Problem(422, "内容有误，没有提交", errors=errors)
    return wanted, form


def outdated(agreed: dict) -> dict[str, str]:
    """What he agreed to on the partner's page has to be the version that stands."""
    old = [consents.TEXTS[kind] for kind in TEXTS if agreed[kind] != consents.TEXTS[kind].version]
    words = "、".join(f"“{text.title}”现在是{text.version}版" for text in old)
    return {"consents": f"{words}，请重新出示并由本人同意"} if old else {}


def prove(partner: Partner, form: BookingForm):
    """That the number is the client's own, as far as the bureau asks for it."""
    phone = form.cleaned_data["phone"]
    kept = Kept(partner, phone)
    if not codes.wanted(None, phone) or codes.is_proved(kept, phone):
        return
    if wrong := codes.prove(kept, phone, form.cleaned_data["code"].strip()):
        raise Problem(422, "手机号还没有核实，没有提交", errors={"code": wrong})
