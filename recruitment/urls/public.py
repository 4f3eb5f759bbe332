"""What everybody can read and say about a notice."""

from django.urls import path

from expertteam.freshness import public_page
from recruitment.views import notices, papers

urlpatterns = [
    path("", public_page(notices.Notices.as_view()), name="notices"),
    path("objection/", notices.Receipt.as_view(), name="receipt"),
    path("objection/lodged/", notices.Lodged.as_view(), name="lodged"),
    path("<int:pk>/", notices.NoticePage.as_view(), name="notice"),
    path("<int:pk>/list.pdf", papers.NoticeList.as_view(), name="notice_list"),
    path("<int:pk>/objection/", notices.Object.as_view(), name="object"),
]
