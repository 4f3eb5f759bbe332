"""One line for the page of one verb."""

from django.urls import path

from expertteam.views import Act


def act(where: str, move, form):
    """The page of one verb, under its name."""
    return path(f"{where}{move.verb}/", Act.as_view(action=move, form_class=form), name=move.verb)
