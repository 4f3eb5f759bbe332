"""The expert's desk, as the floors above add to it."""

from collections.abc import Callable
from typing import NamedTuple

from django.template.loader import render_to_string

from experts.models import Expert


class Section(NamedTuple):
    """A part of the desk's first page: its template and what it prints, beside what every page knows.

    ``said``: what the greeting says of it; ``aside``: it stands at the side; ``shows``: the addresses that it leads
    to, so that no message says the same once more.
    """

    template: str
    context: dict
    said: str = ""
    aside: bool = False
    shows: tuple[str, ...] = ()


class Part(NamedTuple):
    """A section as HTML."""

    html: str
    said: str
    aside: bool
    shows: tuple[str, ...]


class Entry(NamedTuple):
    """A way from every page of the desk: url name, label, icon."""

    url: str
    label: str
    icon: str


# What stands on the first page before the expert's own papers, in this order; None is left out.
SECTIONS: list[Callable[[Expert], Section | None]] = []
# The desk's navigation; four of them fit the bar of a phone.  Apps put theirs between these two.
NAV: list[Entry] = [Entry("experts:desk", "今天", "i-home"), Entry("experts:profile", "我的资料", "i-me")]


def sections(expert: Expert, request) -> list[Part]:
    """What the floors above have for this expert today."""
    made = (make(expert) for make in SECTIONS)
    return [
        Part(render_to_string(each.template, each.context, request), each.said, each.aside, each.shows)
        for each in made
        if each
    ]
