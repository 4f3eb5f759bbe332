"""Draws: what everybody can check, and the page on which one is made under the inspector's eyes."""

urlpatterns = []
