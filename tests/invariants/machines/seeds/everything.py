"""A little of all of it."""

from datetime import date

from tests import make
from tests.invariants.machines.seeds.office import he
from tests.invariants.machines.seeds.service import service
from tests.services import panels


def everything():
    """A little of all of it."""
    service()
    round = make.make_round(
        closes_on=date(2026, 5, 31), screening_until=date(2026, 6, 15), review_until=date(2026, 7, 1)
    )
    make.course(round=round, intake=he("intake"), reviewer=he("reviewer"))
    panels.drafted()
    make.make_dismissal("weighed", expert=make.make_expert())
