"""What programs read: the feed of notices, the map of the site, what search engines should leave alone."""

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.views.decorators.http import require_safe

from experts.models import Expert
from expertteam import clock
from expertteam.templatetags.terrace import long_day
from recruitment.models import Notice

NEWEST = 30  # notices in the feed
PAGES = [
    "home",
    "experts:directory",
    "recruitment:notices",
    "services:events",
    "services:draws",
    "rules",
    "stats",
    "stats_method",
    "experts:verify",
    "recruitment:apply",
    "accessibility",
    "privacy",
    "experts:api",
]
OPEN = ["/apply/$", "/verify/$"]  # their first pages are for everybody
SHUT = [
    "/embed/",
    "/admin/",
    "/accounts/",
    "/desk/",
    "/apply/",
    "/verify/",
    "/notices/objection/",
    "/notices/*/objection/",
    "/events/*/signed-up/",
    "/events/*/check-in/",
]


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def notices():
    """Every public notice, the newest first, with the moment it last changed for the public."""
    rows = Notice.history.model.objects.filter(id=OuterRef("pk")).order_by("-history_id")
    public = Notice.objects.public(clock.now()).annotate(changed_at=Subquery(rows.values("history_date")[:1]))
    for notice in public.order_by("-begins_at", "-pk"):
        notice.updated_at = max(notice.begins_at, notice.changed_at)
        yield notice


@require_safe
def feed(request):
    """Atom: notices by themselves, for whoever does not want to look every day."""
    atom = Atom1Feed(
        title=f"{settings.SITE['team']}公示公告",
        link=absolute(reverse("recruitment:notices")),
        description="拟聘任专家的公示",
        language="zh-CN",
        author_name=settings.SITE["org"],
        feed_url=absolute(reverse("feed")),
        feed_guid=absolute(reverse("feed")),
    )
    for _, notice in zip(range(NEWEST), notices(), strict=False):
        url = absolute(notice.get_absolute_url())
        atom.add_item(
            title=f"【已撤销】{notice.title}" if notice.state == Notice.State.ANNULLED else notice.title,
            link=url,
            unique_id=url,
            description=f"{escape(notice.statement)}公示期{long_day(notice.begins_at)}至{long_day(notice.ends_at)}"
            f"{'（暂定）' if notice.provisional else ''}。",
            pubdate=notice.begins_at,
            updateddate=notice.updated_at,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)


@require_safe
def sitemap(request):
    """Every page that is for everybody."""
    listed = Expert.objects.listed(clock.today()).select_related(None).prefetch_related(None)
    entries = [(absolute(reverse(name)), None) for name in PAGES]
    entries += [(absolute(notice.get_absolute_url()), notice.updated_at) for notice in notices()]
    entries += [(absolute(reverse("experts:expert", args=[no])), None) for no in listed.values_list("no", flat=True)]
    return render(request, "sitemap.xml", {"entries": entries}, content_type="application/xml")


@require_safe
def robots(request):
    """The public pages are open; signed-in pages, checks of a certificate and forms for objections are not for robots."""
    lines = ["User-agent: *", *(f"Allow: {path}" for path in OPEN), *(f"Disallow: {path}" for path in SHUT)]
    lines.append(f"Sitemap: {absolute(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
