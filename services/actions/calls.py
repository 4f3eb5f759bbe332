"""What is done at the telephone or the counter: each act enters a call beside the move it brought about (Article 10(3))."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from expertteam import clock
from expertteam.models import User
from expertteam.regulation import Refused, article
from expertteam.workflow import may
from services.actions.request import ask, spoke
from services.actions.service import query, verify
from services.actions.sign_up import sign_up
from services.models import Activity, Call, Offer, Service, ServiceRequest, SignUp

NUMBERS_AN_HOUR = 20
AN_HOUR = timedelta(hours=1)
SHOWN = timedelta(minutes=10)  # a number that was looked up stays on the page so long
CALLED_BACK = "回访"
SEE = "services.see_number_call"


def matter_of(record) -> dict:
    """Under what a call about this record is entered."""
    if isinstance(record, Offer):
        return {"request": record.request}
    return {{ServiceRequest: "request", Service: "service", SignUp: "sign_up"}[type(record)]: record}


@article("10(3)")
@transaction.atomic
def by_phone(act, record, *, by: User, call_note="", what="", **said):
    """可通过电话……预约: the act that a client makes himself on the web, made for him by whoever has him on the line."""
    act(record, by=by, **said)
    return spoke(by, what or act.label, note=call_note, **matter_of(record))


@article("10(3)")
@transaction.atomic
def ask_by_phone(*, by: User, channel: str, note="", **said) -> ServiceRequest:
    """可通过电话、线上平台预约: a request as a clerk takes it, with the call in which it was made."""
    if not may(by, "services.ask_servicerequest"):
        raise PermissionDenied("services.ask_servicerequest")
    request = ask(by=by, channel=channel, **said)
    spoke(by, "预约", request=request, note=note)
    return request


@article("8(3)")
@transaction.atomic
def sign_up_by_phone(activity: Activity, *, by: User, note="", **said) -> SignUp:
    """参与创业就业专题活动: a seat for whoever calls, with the call."""
    entry = sign_up(activity, by=by, **said)
    spoke(by, "报名活动", sign_up=entry, note=note)
    return entry


@transaction.atomic
def talk(record, *, by: User, note: str, reached=True, what="通话") -> Call:
    """登记通话: nothing moves, what was said is kept."""
    if not may(by, "services.ask_servicerequest"):
        raise PermissionDenied("services.ask_servicerequest")
    return spoke(by, what, note=note, reached=reached, **matter_of(record))


@article("10(1)")
@transaction.atomic
def not_reached(service: Service, *, by: User, note="") -> Call:
    """根据……服务对象满意度: a client who did not answer the telephone either is rung up again; his silence is no word."""
    service.refresh_from_db(from_queryset=Service.objects.select_for_update(of=["self"]))
    if not verify.permits(service, by):
        raise PermissionDenied(verify.permission)
    verify.check_state(service)
    return spoke(by, CALLED_BACK, service=service, note=note, reached=False)


@article("10(1)")
@transaction.atomic
def call_back(service: Service, *, by: User, outcome: str, note="", claimed_minutes=None):
    """根据……服务对象满意度: what the client said when he was rung up (``true``, ``other``), or that he was ``away``."""
    if outcome == "away":
        return not_reached(service, by=by, note=note)
    if outcome == "other":
        said = {"claimed_minutes": claimed_minutes, "client_note": note}
        return by_phone(query, service, by=by, call_note=note, what=CALLED_BACK, **said)
    return by_phone(verify, service, by=by, call_note=note, what=CALLED_BACK, ruling=note)


@transaction.atomic
def show_number(record, *, by: User) -> Call:
    """查看号码: on record, and no more than a person needs who makes calls."""
    if not may(by, SEE):
        raise PermissionDenied(SEE)
    User.objects.select_for_update().get(pk=by.pk)  # of two at once the second counts the first
    if not is_shown(record, by):
        if Call.objects.lookups(by, clock.now() - AN_HOUR).count() >= NUMBERS_AN_HOUR:
            raise Refused(f"1小时内已查看{NUMBERS_AN_HOUR}个号码，请过一会儿再看")
        return spoke(by, Call.NUMBER_SEEN, reached=False, **matter_of(record))
    return None


def is_shown(record, user: User) -> bool:
    """Whether this person has just looked this number up."""
    return Call.objects.lookups(user, clock.now() - SHOWN).filter(**matter_of(record)).exists()
