from services.models.activity import Activity, ActivityRole, SignUp
from services.models.availability import DayException, Diary, Engagement, Pause, WeeklyHours
from services.models.draw import Draw, DrawParty, PoolEntry
from services.models.link import Call, Link
from services.models.offer import Offer
from services.models.pairing import Pairing, PairingMember
from services.models.panel import Party, ProjectPaper, ReviewPanel, ReviewProject
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
from services.models.scoring import Method, Recusal, ScoreSheet, ScoreTemplate, Vote
from services.models.seat import Attempt, Choice, ChosenExpert, PanelReading, Seat
from services.models.service import Service
from services.models.supervision import Halt, RecusalRequest

__all__ = [
    "Acknowledgement",
    "Activity",
    "ActivityRole",
    "Attempt",
    "Call",
    "Choice",
    "ChosenExpert",
    "ClientGroup",
    "DayException",
    "Diary",
    "Draw",
    "DrawParty",
    "Engagement",
    "Halt",
    "Kind",
    "Link",
    "Method",
    "Offer",
    "Pairing",
    "PairingMember",
    "PanelReading",
    "Party",
    "Pause",
    "Place",
    "PoolEntry",
    "ProjectPaper",
    "Reading",
    "Recusal",
    "RecusalRequest",
    "ReviewPanel",
    "ReviewProject",
    "ScoreSheet",
    "ScoreTemplate",
    "Seat",
    "Service",
    "ServiceRequest",
    "ServiceRequestGrant",
    "SignUp",
    "Vote",
    "WeeklyHours",
    "Wish",
]
