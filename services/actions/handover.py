"""What of an expert's work others go on with, once he is no longer one (Articles 10(3) and 12)."""

from experts.models import Expert
from expertteam.models import User


def hand_over(expert: Expert, *, by: User):
    """Part of carrying out a dismissal."""
