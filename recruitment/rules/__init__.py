"""Who may be selected, and when (Articles 3, 5, 6, 11 and 12): facts in, findings out."""

from recruitment.rules.application import may_recommend, may_submit, supplement_in_time
from recruitment.rules.category import (
    belongs_to_a_category,
    known_founder,
    lecturer_or_above,
    manager_or_intermediate_title,
    outstanding_contribution,
    practised_finance,
    practised_policy,
    practised_running_carriers,
    practised_training,
)
from recruitment.rules.former import why_no_former_term
from recruitment.rules.notice import notice_passed, objection_blocks, objection_counts
from recruitment.rules.person import (
    assess,
    devoted_and_supervised,
    experienced_enough,
    has_a_speciality,
    has_coached,
    has_run_an_enterprise,
    sound_character,
    well_versed,
    willing,
)
from recruitment.rules.renewal import (
    reapply_open,
    renewal_begins,
    renewal_open,
    renewal_reasoned,
    years_later,
)
from recruitment.rules.service import MIN_MONTHS, service_months

__all__ = [
    "MIN_MONTHS",
    "assess",
    "belongs_to_a_category",
    "devoted_and_supervised",
    "experienced_enough",
    "has_a_speciality",
    "has_coached",
    "has_run_an_enterprise",
    "known_founder",
    "lecturer_or_above",
    "manager_or_intermediate_title",
    "may_recommend",
    "may_submit",
    "notice_passed",
    "objection_blocks",
    "objection_counts",
    "outstanding_contribution",
    "practised_finance",
    "practised_policy",
    "practised_running_carriers",
    "practised_training",
    "reapply_open",
    "renewal_begins",
    "renewal_open",
    "renewal_reasoned",
    "service_months",
    "sound_character",
    "supplement_in_time",
    "well_versed",
    "why_no_former_term",
    "willing",
    "years_later",
]
