from evaluations.models.assessment import Assessment, Scheme
from evaluations.models.case import RatingCase
from evaluations.models.dismissal import Dismissal
from evaluations.models.honour import Honour
from evaluations.models.merit import Merit, MeritFile
from evaluations.models.procedure import Delivery, DismissalFile, Plea
from evaluations.models.rating import Grade, Praise, Rating, Trouble
from evaluations.models.refusal import Refusal
from evaluations.models.report import Report, ReportFile
from evaluations.models.strike import Strike, Talk

__all__ = [
    "Assessment",
    "Delivery",
    "Dismissal",
    "DismissalFile",
    "Grade",
    "Honour",
    "Merit",
    "MeritFile",
    "Plea",
    "Praise",
    "Rating",
    "RatingCase",
    "Refusal",
    "Report",
    "ReportFile",
    "Scheme",
    "Strike",
    "Talk",
    "Trouble",
]
