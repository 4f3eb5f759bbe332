"""The articles about evaluation and dismissal as pure functions, by subject."""

from evaluations.rules.dismissal import LIMIT, attitude_strikes_reached, of_one_year, refusals_reached, was_heard
from evaluations.rules.feedback import (
    CALLS,
    FEWEST,
    POOR,
    is_cluster,
    is_satisfied,
    may_go_without_a_call,
    may_rate,
    may_revise,
    public_average,
    why_not_found,
)

__all__ = [
    "CALLS",
    "FEWEST",
    "LIMIT",
    "POOR",
    "attitude_strikes_reached",
    "is_cluster",
    "is_satisfied",
    "may_go_without_a_call",
    "may_rate",
    "may_revise",
    "of_one_year",
    "public_average",
    "refusals_reached",
    "was_heard",
    "why_not_found",
]
