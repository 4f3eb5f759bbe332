from recruitment.models.application import Application, Document, Judgement, SuccessCase, WorkPeriod
from recruitment.models.former import FormerImport, FormerRow
from recruitment.models.notice import Candidate, Evidence, Notice, Objection
from recruitment.models.round import Round
from recruitment.models.wish import Wish

__all__ = [
    "Application",
    "Candidate",
    "Document",
    "Evidence",
    "FormerImport",
    "FormerRow",
    "Judgement",
    "Notice",
    "Objection",
    "Round",
    "SuccessCase",
    "Wish",
    "WorkPeriod",
]
