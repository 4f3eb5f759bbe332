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


def visitor():
    """Not called ``testserver``, so that no test environment is needed, which would take notes of every template."""
    return Client(SERVER_NAME="localhost")


def fresh(address):
    """Ask for a page that is not kept; the roll and the cards already shown since the last change are."""
    browser = visitor()

    def ask():
        caches["pages"].clear()
        assert browser.get(address).status_code == 200

    return ask


def kept(address):
    browser = visitor()
    browser.get(address)
    return lambda: browser.get(address)


def small() -> float:
    """With 1,000 experts; returns how many times the bare list the directory took."""
    urls.urlpatterns += [path("bare/", bare_list), path("bare/<str:no>/", bare_object), path("hello/", hello)]
    fill(1000)
    took = medians(30, bare=fresh("/bare/"), page=fresh("/experts/"), one=fresh("/bare/TY-000001/"),
                   expert=fresh("/experts/TY-000001/"))  # fmt: skip
    took |= medians(30, hello=kept("/hello/"), kept=kept("/experts/"))  # apart: ``fresh`` empties the cache
    report("directory, 20 cards, not cached, 1k experts", took["page"], took["bare"], 2.5)
    report("expert page against a bare object", took["expert"], took["one"], 4)
    report("directory from the cache against hello", took["kept"], took["hello"], 3)
    return took["page"] / took["bare"]


def large(few: float):
    """With 10,000 experts, and against how many times the bare list it took with few."""
    fill(10_000)
    took = medians(30, bare=fresh("/bare/"), page=fresh("/experts/"))
    report("directory, 20 cards, not cached, 10k experts", took["page"], took["bare"], 2.5)
    report("directory at 10k against 1k experts", took["page"], few * took["bare"], 1.15)
