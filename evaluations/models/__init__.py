from evaluations.models.case import RatingCase
from evaluations.models.rating import Grade, Praise, Rating, Trouble
from evaluations.models.report import Report, ReportFile

__all__ = ["Grade", "Praise", "Rating", "RatingCase", "Report", "ReportFile", "Trouble"]
