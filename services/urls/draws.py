"""Draws: what everybody can check, and the page on which one is made under the inspector's eyes."""

from django.urls import path

from expertteam.freshness import public_page
from services.actions import draw
from services.forms import draws as forms
from services.views import draws as views
from services.views import public_draws as public

DRAW, OPEN = "admin/draws/<str:draw_id>/", "draws/<str:draw_id>/"
ACTS = {
    draw.fix: forms.ActForm,
    draw.reveal: forms.RevealForm,
    draw.enter_value: forms.ValueForm,
    draw.sign: forms.ActForm,
    draw.ask_abort: forms.AbortForm,
    draw.abort: forms.ActForm,
}

urlpatterns = [
    path("draws/", public_page(public.Draws.as_view()), name="draws"),
    path("draws/verify_draw.py", public.verifier, name="verifier"),
    path("w/<str:token>/", public.Witness.as_view(), name="witness"),
    path(OPEN, public_page(public.PublicDraw.as_view()), name="public_draw"),
    path(OPEN + "transcript.json", public_page(public.transcript), name="transcript"),
    path(OPEN + "directory.json", public_page(public.directory), name="draw_directory"),
    path(DRAW, views.DrawDetail.as_view(), name="draw"),
    path(DRAW + "state/", views.state, name="draw_state"),
    path(DRAW + "pool/", views.Pool.as_view(), name="pool"),
    path(DRAW + "witness/", views.invite_witness, name="invite_witness"),
    path(DRAW + "commit/", views.Commit.as_view(action=draw.commit), name="commit_draw"),
    *[
        path(f"{DRAW}{move.verb}/", views.DrawAct.as_view(action=move, form_class=form), name=f"{move.verb}_draw")
        for move, form in ACTS.items()
    ],
]
