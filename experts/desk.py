"""The expert's desk, as the floors above add to it."""

from collections.abc import Callable
from typing import NamedTuple

from experts.models import Expert


class Section(NamedTuple):
    """A part of the desk's first page: its template and what it prints."""

    template: str
    context: dict


class Entry(NamedTuple):
    """A way from every page of the desk: url name, label, icon."""

    url: str
    label: str
    icon: str


# What stands on the first page before the expert's own papers, in this order; None is left out.
SECTIONS: list[Callable[[Expert], Section | None]] = []
# The desk's navigation; four of them fit the bar of a phone.  Apps put theirs between these two.
NAV: list[Entry] = [Entry("experts:desk", "今天", "i-home"), Entry("experts:profile", "我的资料", "i-me")]


def sections(expert: Expert) -> list[Section]:
    """What the floors above have for this expert today."""
    return [section for make in SECTIONS if (section := make(expert))]
