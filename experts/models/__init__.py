"""Experts, their terms, and what they declared (Articles 3, 4, 10 and 14)."""

from experts.models.appointment import Appointment, new_token
from experts.models.disclosure import Disclosure
from experts.models.expert import District, Expert, PublicField, Speciality, Topic
from experts.models.partner import DirectoryEntry, Partner, PartnerKey
from experts.rules import CATEGORY_NAMES

__all__ = [
    "CATEGORY_NAMES",
    "Appointment",
    "DirectoryEntry",
    "Disclosure",
    "District",
    "Expert",
    "Partner",
    "PartnerKey",
    "PublicField",
    "Speciality",
    "Topic",
    "new_token",
]
