"""The expert's desk, as the floors above add to it."""

from collections.abc import Callable
from typing import NamedTuple

from django.template.loader import render_to_string

from experts.models import Expert


class Section(NamedTuple):
    """A part of the desk's first page: its template and what it prints, beside what every page knows."""

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


def sections(expert: Expert, request) -> list[str]:
    """What the floors above have for this expert today, as HTML."""
    made = (make(expert) for make in SECTIONS)
    return [render_to_string(section.template, section.context, request) for section in made if section]
