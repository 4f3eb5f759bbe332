"""What selection adds to the floors below: counts of the side menu, and the end of a term on the desk."""

from experts.desk import SECTIONS
from expertteam.context import COUNTS
from expertteam.waiting import open_to
from recruitment import actions
from recruitment.desk import ending
from recruitment.today import OBJECTION_MOVES, drafts, imports, objections, wishes


def applications_waiting(user) -> int:
    """Applications to screen, to approve."""
    return sum(open_to(move, user).exclude(applicant=user).count() for move in (actions.recommend, actions.approve))


def notices_waiting(user) -> int:
    """Drafts to publish, objections and leads to move."""
    return drafts(user).count() + sum(objections(move, user).count() for move in OBJECTION_MOVES)


def wishes_waiting(user) -> int:
    """Wishes for another term that wait for a round."""
    return wishes(user).count()


COUNTS["recruitment:applications"] = applications_waiting
COUNTS["recruitment:staff_notices"] = notices_waiting


def imports_waiting(user) -> int:
    """Tables of the former team to be checked by a second person."""
    return imports(user).count()


COUNTS["recruitment:former_imports"] = imports_waiting
COUNTS["recruitment:renewals"] = wishes_waiting
SECTIONS.append(ending)
