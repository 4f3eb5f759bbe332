"""The table of doors."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from expertteam import departure_pages, feeds, health, letters, pages, problems, stats, today
from expertteam.annual import pages as annual
from expertteam.freshness import public_page

urlpatterns = [
    path("", public_page(pages.home), name="home"),
    path("rules/", public_page(pages.rules), name="rules"),
    path("rules/cite/<slug:anchor>/", pages.cite, name="cite"),
    path("size/", pages.size, name="size"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("stats/", public_page(stats.stats), name="stats"),
    path("stats/<int:year>.csv", public_page(stats.download), name="stats_file"),
    path("stats/method/", public_page(stats.method), name="stats_method"),
    path("notices/feed/", public_page(feeds.feed), name="feed"),
    path("sitemap.xml", public_page(feeds.sitemap), name="sitemap"),
    path("robots.txt", feeds.robots, name="robots"),
    path("", include("services.urls")),
    path("", include("evaluations.urls")),
    path("", include("experts.urls")),
    path("", include("recruitment.urls")),
    path("", include("payments.urls")),
    path("accounts/", include("expertteam.account_urls")),
    path("after-sign-in/", today.after_sign_in, name="after_sign_in"),
    path("admin/", today.today),
    path("admin/records/", today.records, name="records"),
    path("admin/annual/", annual.annual, name="this_year"),
    path("admin/annual/<int:year>/", annual.annual, name="annual"),
    path("admin/annual/<int:year>.xlsx", annual.annual_file, name="annual_file"),
    path("admin/letters/", admin.site.admin_view(letters.Letters.as_view()), name="letters"),
    path("admin/letters/<int:pk>/send/", letters.send_again, name="send_again"),
    path("admin/help/", include("expertteam.manual")),
    path("admin/", include("expertteam.role_urls")),
    path("admin/people/<int:pk>/leave/", departure_pages.Leave.as_view(), name="leave"),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("expertteam.demo")))
handler400, handler403, handler404 = problems.bad_request, problems.forbidden, problems.not_found
handler429, handler500 = problems.too_many, problems.server_error
