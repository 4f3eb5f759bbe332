"""Who is told when an expert declares that he is bound to a firm (Article 14)."""

from itertools import chain

from experts.models import Disclosure
from experts.rules import related
from expertteam import clock
from services import messages
from services.models import Service, ServiceRequest

COMING = [ServiceRequest.State.ACCEPTED, ServiceRequest.State.ARRANGED]


def tell(disclosure: Disclosure):
    """The firms that he has advised or is about to advise, each number once; and whoever matched what is to come."""
    if disclosure.kind == Disclosure.Kind.KIN:
        tell_of_kin(disclosure)
        return
    if disclosure.ends_on:
        return
    coming = [each for each in requests(disclosure) if concerned(disclosure, each.enterprise, each.enterprise_code)]
    served = [each for each in services(disclosure) if concerned(disclosure, each.enterprise, code_of(each))]
    clients = {each.phone_index: each for each in chain(served, coming) if each.phone}
    for client in clients.values():
        messages.told_of_tie(disclosure, client)
    for request in coming:
        messages.tie_to_come(disclosure, request)


def tell_of_kin(disclosure: Disclosure):
    """A relative knows it himself; whoever has matched him does not."""
    for request in requests(disclosure):
        if related([disclosure.interest], name=request.name, on=clock.today()):
            messages.tie_to_come(disclosure, request)


def requests(disclosure: Disclosure):
    return ServiceRequest.objects.filter(expert=disclosure.expert_id, state__in=COMING)


def services(disclosure: Disclosure):
    kept = Service.objects.filter(expert=disclosure.expert_id).exclude(state=Service.State.DRAFT)
    return kept.exclude(state=Service.State.REJECTED).select_related("request").order_by("pk")


def concerned(disclosure: Disclosure, enterprise: str, code: str) -> bool:
    return related([disclosure.interest], enterprise=enterprise, code=code, on=clock.today()) is not None


def code_of(service: Service) -> str:
    return service.request.enterprise_code if service.request else ""
