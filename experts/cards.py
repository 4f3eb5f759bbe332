"""An expert as a card of a list shows him."""

from urllib.parse import urlencode

from django.conf import settings
from django.template.loader import get_template

from experts import openings, standing_figures
from expertteam import clock, search


class Card:
    """The texts of a card as HTML, with the words looked for marked; ``chosen`` are fields that stand out.

    Lists of twenty are built of these, so everything is worked out here once and only printed by the template.
    """

    def __init__(self, expert, words=(), chosen=(), opening: openings.Opening | None = None, figures=None):
        self.url, self.plain_name = expert.get_absolute_url(), expert.user.name
        self.name = search.mark(self.plain_name, words, search.name_syllables(self.plain_name) if words else ())
        self.title_line = search.mark(expert.title_line, words)
        self.line = search.mark(expert.line, words)
        told = search.excerpt(expert.biography, words) if words and expert.shows("biography") else ""
        self.told = search.mark(told, words)
        self.tags = [(self.field(label, words), label in chosen) for label in expert.topic_labels]
        if expert.district and expert.shows("district"):
            self.tags.append((search.mark(expert.district_name, words), False))
        if expert.visits:
            self.tags.append(("可上门", False))
        self.opening, self.figures = opening, figures
        if opening:
            self.lead_on(expert, opening)

    def field(self, label, words):
        """A field of consulting may have been looked for by its reading."""
        return search.mark(label, words, search.syllables(label) if words else ())

    def lead_on(self, expert, opening):
        """Where the card's button leads, by when the expert can be met."""
        self.times = f"{self.url}#slots"
        if opening.state == "asked":
            self.booking = openings.booking(expert.no)
        elif opening.state == "full":
            self.times = f"{self.url}?from={clock.local(opening.next):%Y-%m-%d}#slots"
        elif opening.state == "paused":
            self.others = alike(expert)


def alike(expert) -> str:
    """What to ask the directory for those who advise in the same fields."""
    return urlencode([("topic", str(topic)) for topic in expert.topics])


def with_openings(experts: list) -> list:
    """These experts, each with a card that says when he can be met."""
    keys = [expert.pk for expert in experts]
    found, rated = openings.told(keys), standing_figures.told(keys)
    for expert in experts:
        expert.card = Card(expert, opening=found.get(expert.pk), figures=rated.get(expert.pk))
    return experts


def printed(expert) -> str:
    """The card as a list shows it."""
    return get_template("ui/expert-card.html").render({"expert": expert, "site": settings.SITE})
