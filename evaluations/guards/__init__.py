"""What the database itself refuses about evaluation, by subject."""

from evaluations.guards import assessments, dismissals, feedback, honours, ledger

__all__ = ["assessments", "dismissals", "feedback", "honours", "ledger"]
