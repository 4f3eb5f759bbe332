"""What was looked for (``words`` of the page's context), marked where it stands; without words the text itself."""

from django import template

from expertteam import search

register = template.Library()


@register.simple_tag(takes_context=True)
def marked(context, text):
    words = context.get("words")
    return search.mark(text, words) if words else text


@register.simple_tag(takes_context=True)
def marked_name(context, name):
    """A name may have been looked for by its reading."""
    words = context.get("words")
    return search.mark(name, words, search.name_syllables(name)) if words else name


@register.simple_tag(takes_context=True)
def marked_field(context, label):
    """So may a field of consulting."""
    words = context.get("words")
    return search.mark(label, words, search.syllables(label)) if words else label


@register.simple_tag(takes_context=True)
def marked_part(context, text):
    """The part of a long text in which the first of the words stands; empty where none does."""
    words = context.get("words")
    return search.mark(search.excerpt(text, words), words) if words else ""
