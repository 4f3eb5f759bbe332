"""The directory for programs of other sites (Article 10), and how it is described to them."""

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe

from experts import changes, openapi
from experts.directory import Search
from experts.door import ANYBODY, WITH_KEY
from experts.forms import DirectoryForm
from experts.models import Expert
from experts.views.directory import former
from expertteam import clock
from expertteam.fields import sealed, unsealed
from expertteam.programs import Problem, public

LIST, MOST, USUAL = "list", 100, 50
BEGIN = "游标无效，请不带游标从头取一遍"


def asked(request, path: str) -> dict:
    """The parameters of this address as its description names them; ``Problem`` for any other."""
    names = {each["name"] for each in openapi.PATHS[path]["get"]["parameters"] if each["in"] == "query"}
    wrong = {name: "没有这个参数" for name in request.GET if name not in names}
    wrong |= {name: "参数里有不能用的字符" for name in request.GET if name in names and "\0" in request.GET[name]}
    number = request.GET.get("limit", str(USUAL))
    if not (number.isascii() and number.isdigit() and len(number) < 4 and 1 <= int(number) <= MOST):
        wrong["limit"] = f"应是1到{MOST}的整数"
    if wrong:
        raise Problem(400, "参数有误", errors=wrong)
    return {name: request.GET[name] for name in ("cursor", "since") if name in request.GET} | {"limit": int(number)}


def experts(request):
    """Who is in the directory and meets the filters, by number; a page ends with the cursor of the next."""
    given = asked(request, "/experts")
    form = DirectoryForm(request.GET)
    if not form.is_valid() or request.GET.get("visit", "1") != "1":
        errors = {name: "".join(words) for name, words in form.errors.items()} or {"visit": "只能是1"}
        raise Problem(400, "筛选条件有误", errors=errors)
    try:
        after = unsealed(given.get("cursor", ""), LIST) if "cursor" in given else ""
    except ValueError as wrong:
        raise Problem(400, BEGIN, errors={"cursor": BEGIN}) from wrong
    changes.catch_up()
    found, more = page(form.cleaned_data | {"sort": ""}, after, given["limit"])
    said = {
        "experts": [changes.told(expert) for expert in found],
        "next": sealed(found[-1].no, LIST) if more else None,
    }
    return public(request, said, None if request.GET.get("when") else changes.newest())


def page(wanted: dict, after: str, limit: int) -> tuple[list[Expert], bool]:
    """The next ones after this number, and whether there are more; nobody who stays is passed over."""
    search = Search(wanted, clock.today())
    rest = Expert.objects.listed(clock.today()).filter(no__gt=after).order_by("no")
    if search.sets:
        rest = rest.filter(pk__in=[search.roll.people[place] for place in search.found()])
    found = list(rest[: limit + 1])
    return found[:limit], len(found) > limit


def expert(request, no):
    """One of them; 410 for who was on the team and is not shown any more."""
    asked(request, "/experts/{no}")
    listed = Expert.objects.listed(clock.today()).filter(no=no).first()
    if listed is None:
        was = former(clock.today()).filter(no=no).exists()
        raise Problem(410, "这位专家已不在公开名录中") if was else Problem(404, "没有这位专家")
    return public(request, changes.told(listed))


def changed(request):
    """What a copy of the directory lacks."""
    given = asked(request, "/experts/changes")
    changes.catch_up()
    try:
        found = changes.since(given.get("since", ""), given["limit"])
    except ValueError as wrong:
        raise Problem(400, BEGIN, errors={"since": BEGIN}) from wrong
    return public(request, {"changes": found.rows, "next": found.next, "more": found.more}, changes.newest())


def description(request):
    return public(request, openapi.document())


@require_safe
def guide(request):
    """The same description for people."""
    said = {"groups": openapi.groups(), "document": openapi.document(), "origin": settings.SITE_URL}
    return render(request, "experts/api.html", said | {"limits": [ANYBODY, WITH_KEY]})
