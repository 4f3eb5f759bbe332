"""Who reads what a client has confided, and the record of every reading (Article 4)."""

from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from guardian.shortcuts import assign_perm

from experts.models import Appointment, Expert
from expertteam import clock
from expertteam.models import User
from expertteam.regulation import article
from services.models import Offer, Reading, ServiceRequest, ServiceRequestGrant
from services.rules.request import matter_is_open

READ = "services.read_servicerequest"
State = ServiceRequest.State
MATCHED = [State.ACCEPTED, State.ARRANGED, State.HELD]  # from the match to the close
TAKEN_ON = [Offer.State.ACCEPTED, Offer.State.DONE]
MATCHING = [State.SUBMITTED, State.OFFERED]  # while somebody still has to be found for it


class Matter(NamedTuple):
    """What a client has confided; ``address`` is empty unless the expert comes to the door."""

    name: str
    question: str
    address: str


@article("4")
def grant(request: ServiceRequest, expert: Expert):
    """承担保密义务: from the match on, this expert alone reads the matter."""
    assign_perm("read_servicerequest", expert.user, request)


@article("4")
def revoke(request: ServiceRequest):
    """At the close of the matter nobody but the client keeps access; the record of readings stays."""
    ServiceRequestGrant.objects.filter(content_object=request).delete()


@article("4")
def withdraw(expert: Expert) -> int:
    """承担保密义务: nothing that was confided is open to whoever leaves the team; how many grants that were."""
    count, _ = ServiceRequestGrant.objects.filter(user=expert.user_id).delete()
    return count


def standing(request: ServiceRequest, user: User) -> str:
    """As what this person may read the matter now: ``client``, ``expert``, ``matcher``, or empty.

    The matched expert from the match to the close, in term; whoever matches only until somebody is matched.
    """
    if request.client_id == user.pk:
        return "client"
    granted = ServiceRequestGrant.objects.filter(content_object=request, user=user).exists()
    taken_on = Offer.objects.filter(request=request, expert__user=user, state__in=TAKEN_ON).exists()
    serving = Appointment.objects.in_force(clock.today()).filter(expert__user=user).exists()
    if matter_is_open(granted and taken_on and request.state in MATCHED, serving):
        return "expert"
    return "matcher" if request.state in MATCHING and user.has_perm(READ) and not request.concerns(user) else ""


@article("4")
def matter(request: ServiceRequest, by: User, why: str) -> Matter:
    """对服务过程中知悉的……商业秘密承担保密义务: the matter for this reader, who is entered in the record of readings.

    ``PermissionDenied`` for anybody whose matter it is not, or not any more.  The address at which an
    expert is to call is for him alone; whoever matches goes by the district.
    """
    reads_as = standing(request, by)
    if not reads_as:
        raise PermissionDenied(READ)
    if reads_as != "client":
        Reading.objects.create(request=request, reader=by, why=why)
    return Matter(request.name, request.question, "" if reads_as == "matcher" else request.address)
