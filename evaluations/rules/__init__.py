"""The articles about evaluation and dismissal as pure functions, by subject."""

from evaluations.rules.dismissal import (
    LIMIT,
    attitude_strikes_reached,
    counts_until,
    has_its_facts,
    is_early_enough,
    is_over,
    of_one_year,
    reached_him,
    refusals_reached,
    was_heard,
)
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
    "reached_him",
    "is_over",
    "is_early_enough",
    "has_its_facts",
    "CALLS",
    "FEWEST",
    "LIMIT",
    "POOR",
    "attitude_strikes_reached",
    "counts_until",
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
