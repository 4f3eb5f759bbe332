"""Public pages against a bare list of twenty rows and a bare response through the same middleware."""

from django.core.cache import caches
from django.http import HttpResponse
from django.template import engines
from django.test import Client
from django.urls import path

from benchmarks.measure import medians, report
from benchmarks.people import fill
from experts.models import Expert
from expertteam import urls

BARE_LIST = "<ul>{% for each in experts %}<li>{{ each.no }} {{ each.line }} {{ each.user.name }}</li>{% endfor %}</ul>"
BARE_OBJECT = "<h1>{{ each.user.name }}</h1><p>{{ each.biography }}</p>"


def bare_list(request):
    experts = Expert.objects.select_related("user").order_by("no")[:20]
    return HttpResponse(engines["django"].from_string(BARE_LIST).render({"experts": experts}))


def bare_object(request, no):
    each = Expert.objects.select_related("user").get(no=no)
    return HttpResponse(engines["django"].from_string(BARE_OBJECT).render({"each": each}))


def hello(request):
    return HttpResponse("hello")


def fresh(address):
    """Ask for the page as a visitor whom no cache helps."""
    browser = Client()

    def ask():
        caches["pages"].clear()
        assert browser.get(address).status_code == 200

    return ask


def kept(address):
    browser = Client()
    browser.get(address)
    return lambda: browser.get(address)


def run():
    urls.urlpatterns += [path("bare/", bare_list), path("bare/<str:no>/", bare_object), path("hello/", hello)]
    fill(1000)
    small = medians(30, bare=fresh("/bare/"), page=fresh("/experts/"), one=fresh("/bare/TY-000001/"),
                    expert=fresh("/experts/TY-000001/"), hello=fresh("/hello/"), kept=kept("/experts/"))  # fmt: skip
    fill(9000)
    large = medians(30, bare=fresh("/bare/"), page=fresh("/experts/"))
    report("directory, 20 cards, not cached, 1k experts", small["page"], small["bare"], 2.5)
    report("directory, 20 cards, not cached, 10k experts", large["page"], large["bare"], 2.5)
    report("directory at 10k against 1k experts", large["page"], small["page"], 1.15)
    report("expert page against a bare object", small["expert"], small["one"], 4)
    report("directory from the cache against hello", small["kept"], small["hello"], 3)
