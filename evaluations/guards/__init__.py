"""What the database itself refuses about evaluation, by subject."""

from evaluations.guards import assessments, dismissals, feedback, ledger

__all__ = ["assessments", "dismissals", "feedback", "ledger"]
