"""The desk's own navigation, for its templates."""

from django import template
from django.urls import reverse

from experts import desk

register = template.Library()
ON_A_PHONE = 4


@register.simple_tag(takes_context=True)
def desk_nav(context, phone=False):
    """Address, label, icon, and whether the reader is there: the one entry under which the page lies closest.

    A phone's bar has room for four: the first three, and the expert's own papers, which are last.
    """
    entries = [(reverse(entry.url), entry.label, entry.icon) for entry in desk.NAV]
    path = context["request"].path
    here = max((url for url, *_ in entries if path.startswith(url)), key=len, default="")
    if phone and len(entries) > ON_A_PHONE:
        entries = [*entries[: ON_A_PHONE - 1], entries[-1]]
    return [(*entry, entry[0] == here) for entry in entries]
