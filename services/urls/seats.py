"""A member's own pages of a review."""

from django.urls import path

from services.views import seats, sheets

SEAT, PROJECT = "desk/reviews/<int:pk>/", "desk/reviews/<int:pk>/projects/<int:project>/"

urlpatterns = [
    path("desk/draws/", seats.OwnDraws.as_view(), name="own_draws"),
    path(SEAT, seats.SeatPage.as_view(), name="seat"),
    path(SEAT + "accept/", seats.Accept.as_view(), name="accept_seat"),
    path(SEAT + "decline/", seats.Decline.as_view(), name="decline_seat"),
    path(SEAT + "object_to/", seats.ObjectTo.as_view(), name="object_to_seat"),
    path(SEAT + "sign_in/", seats.SignIn.as_view(), name="sign_in_seat"),
    path(SEAT + "declare/", seats.Declare.as_view(), name="declare_seat"),
    path(SEAT + "vote/", seats.Vote.as_view(), name="vote_seat"),
    path(SEAT + "sign/", seats.Sign.as_view(), name="sign_seat"),
    path(SEAT + "papers/<int:paper>/", seats.Paper.as_view(), name="seat_paper"),
    path(PROJECT, sheets.Sheet.as_view(), name="sheet"),
    path(PROJECT + "draft/", sheets.Draft.as_view(), name="sheet_draft"),
    path(PROJECT + "take_back/", sheets.TakeBack.as_view(), name="take_back_sheet"),
    path(PROJECT + "explain/", sheets.Explain.as_view(), name="explain_sheet"),
    path(PROJECT + "recuse/", seats.Recuse.as_view(), name="recuse_project"),
]
