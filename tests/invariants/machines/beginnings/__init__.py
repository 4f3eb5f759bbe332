"""Everything that begins, adds or tells something without being a move of a record with a state, by subject."""

from tests.invariants.machines.beginnings.exits import EXIT
from tests.invariants.machines.beginnings.pay import PAY
from tests.invariants.machines.beginnings.reviews import REVIEWS
from tests.invariants.machines.beginnings.selection import SELECTION
from tests.invariants.machines.beginnings.service import SERVICE

EVERYTHING = list(dict.fromkeys([*SELECTION, *SERVICE, *REVIEWS, *EXIT, *PAY]))
__all__ = ["EVERYTHING", "EXIT", "PAY", "REVIEWS", "SELECTION", "SERVICE"]
