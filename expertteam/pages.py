"""The pages that belong to no app: home, the Measures, help."""

import tomllib
from pathlib import Path

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from experts.directory import Search
from experts.models import Topic
from experts.openings import next_monday
from expertteam import clock
from expertteam.regulation import IN_FORCE, PROVISIONS, TEXT, in_force, named, numeral, provision
from recruitment.models import Notice
from services.models import Activity

PLAIN = tomllib.loads((Path(__file__).parent / "plain.toml").read_text(encoding="utf8"))
SHOWN = 3  # experts on the home page
A_YEAR = 365 * 24 * 3600
GROUPS = ["高校毕业生", "城镇失业人员", "返乡入乡人员", "退役军人", "农民", "就业困难人员"]  # Article 7, in its order


@require_safe
def home(request):
    """Only what is true today: a part of the page without anything to show is left out."""
    today = clock.today()
    search = Search({}, today)
    experts = search.few(SHOWN, today.toordinal())
    context = {
        "topics": Topic.choices,
        "groups": GROUPS,
        "experts": experts,
        "heading": introduction(experts, next_monday(today)),
        "count": len(search.roll.people),
        "notice": Notice.objects.running(clock.now()).first(),
        "activity": Activity.objects.open_for_sign_up(clock.now()).first(),
    }
    return render(request, "home.html", context)


def introduction(experts, monday):
    """Over the three experts: what they have in common."""
    times = [expert.card.opening.next for expert in experts if expert.card.opening and expert.card.opening.next]
    if not times:
        return "认识几位专家"
    this_week = [each for each in times if clock.local(each).date() < monday]
    return "本周能约到的专家" if len(this_week) == SHOWN else "最近能约到的专家"


@require_safe
def rules(request):
    """The Measures word for word, each article with its everyday words (Article 15 gives the dates)."""
    first, last = IN_FORCE
    context = {"chapters": CHAPTERS, "first": first, "last": last, "in_force": in_force(clock.today())}
    return render(request, "rules.html", context)


@require_safe
def cite(request, anchor):
    """One provision by itself, for a reader who follows a citation without script."""
    if anchor not in PROVISIONS:
        raise Http404
    return render(request, "cite.html", {"provision": provision(anchor)})


@csrf_exempt  # it only sets how large letters are, and a token on every page would keep all of them from the cache
@require_POST
def size(request):
    """Large letters on or off, remembered in a cookie, then back to where the reader was."""
    back = request.headers.get("referer", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = reverse("home")
    response = redirect(back)
    if request.POST.get("size") == "large":
        response.set_cookie("size", "large", max_age=A_YEAR, samesite="Lax", secure=settings.SECURE, httponly=True)
    else:
        response.delete_cookie("size", samesite="Lax")
    return response


@require_safe
def accessibility(request):
    return render(request, "accessibility.html")


@require_safe
def privacy(request):
    return render(request, "privacy.html")


def laid_out(chapter):
    """A chapter as the page prints it; the first one has no number in the original."""
    number = chapter["number"]
    return {
        "anchor": f"c{number}",
        "name": chapter["title"] if number == 1 else f"第{numeral(number)}章　{chapter['title']}",
        "articles": [article(entry) for entry in chapter["articles"]],
    }


def article(entry):
    """An article: its heading, its paragraphs each with its anchor if it has one, its note."""
    number = entry["number"]
    where = f"a{number}"
    items = [(f"{where}-{n}", f"（{numeral(n)}）{text}") for n, text in enumerate(entry.get("items", []), 1)]
    plain = PLAIN[where]
    return {
        "anchor": where,
        "name": named(str(number)),
        "heading": entry.get("heading", ""),
        "paragraphs": [("", text) for text in entry["paragraphs"]]
        + items
        + [("", text) for text in entry.get("closing", [])],
        "gist": plain["gist"],
        "note": plain["note"],
        "links": plain.get("links", []),
    }


CHAPTERS = [laid_out(chapter) for chapter in TEXT["chapters"]]
