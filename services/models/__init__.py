from services.models.activity import Activity, ActivityRole, SignUp
from services.models.availability import DayException, Diary, Engagement, Pause, WeeklyHours
from services.models.link import Call, Link
from services.models.offer import Offer
from services.models.pairing import Pairing, PairingMember
from services.models.request import (
    Acknowledgement,
    ClientGroup,
    Kind,
    Place,
    Reading,
    ServiceRequest,
    ServiceRequestGrant,
    Wish,
)
from services.models.service import Service

__all__ = [
    "Acknowledgement",
    "Activity",
    "ActivityRole",
    "Call",
    "ClientGroup",
    "DayException",
    "Diary",
    "Engagement",
    "Kind",
    "Link",
    "Offer",
    "Pairing",
    "PairingMember",
    "Pause",
    "Place",
    "Reading",
    "Service",
    "ServiceRequest",
    "ServiceRequestGrant",
    "SignUp",
    "WeeklyHours",
    "Wish",
]
