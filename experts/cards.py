"""An expert as a card of a list shows him."""

from expertteam import search


class Card:
    """The texts of a card as HTML, with the words looked for marked; ``chosen`` are fields that stand out.

    Lists of twenty are built of these, so everything is worked out here once and only printed by the template.
    """

    def __init__(self, expert, words=(), chosen=()):
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

    def field(self, label, words):
        """A field of consulting may have been looked for by its reading."""
        return search.mark(label, words, search.syllables(label) if words else ())
