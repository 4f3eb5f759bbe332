"""The staff manual: Markdown in ``docs/manual``, a page per job, shown under ``/admin/help/``.

``manual.toml`` is its order: for each page the roles that do the job, the addresses of the portal that it explains and the
pictures in it.  ``manage.py manual_shots`` takes the pictures from a running demo.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib import admin
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

FOLDER = Path(settings.BASE_DIR) / "docs" / "manual"
SHOTS = "shots/"


class Shot(NamedTuple):
    """A picture: its name, who is signed in, where he goes, and through which links from there (CSS selectors)."""

    name: str
    by: str
    at: str
    follow: tuple[str, ...] = ()


class Page(NamedTuple):
    """One job: for these roles (none: for everybody), about the pages below these addresses."""

    slug: str
    roles: frozenset[str]
    about: tuple[str, ...]
    shots: tuple[Shot, ...]

    @property
    def text(self) -> str:
        return (FOLDER / f"{self.slug}.md").read_text(encoding="utf8")

    @property
    def title(self) -> str:
        return self.text.partition("\n")[0].removeprefix("# ")

    @property
    def address(self) -> str:
        return reverse("manual_page", args=[self.slug])


@cache
def pages() -> dict[str, Page]:
    """All pages in their order, by slug."""
    entries = tomllib.loads((FOLDER / "manual.toml").read_text(encoding="utf8"))["pages"]
    return {each["slug"]: as_page(**each) for each in entries}


def as_page(slug, about, roles=(), shots=()) -> Page:
    pictures = (Shot(**each | {"follow": tuple(each.get("follow", ()))}) for each in shots)
    return Page(slug, frozenset(roles), tuple(about), tuple(pictures))


def explaining(address: str) -> Page:
    """The page about this address of the staff area: whichever names the longest beginning of it."""
    named = [(len(start), page) for page in pages().values() for start in page.about if address.startswith(start)]
    return max(named, key=lambda each: each[0], default=(0, next(iter(pages().values()))))[1]


@cache
def rendered(slug: str) -> tuple[SafeString, list[tuple[str, str]]]:
    """The page's HTML below its title, and its sections: anchor, heading."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("table_open", lambda *_: '<div class="tbox"><table class="tbl">')
    markdown.add_render_rule("table_close", lambda *_: "</table></div>")
    tokens = markdown.parse(pages()[slug].text.partition("\n")[2])
    sections = []
    for token, inner in zip(tokens, tokens[1:], strict=False):
        if token.type == "heading_open" and token.tag == "h2":
            sections.append((f"s{len(sections) + 1}", inner.content))
            token.attrSet("id", sections[-1][0])
        elif token.type == "bullet_list_open":
            token.attrSet("class", "bullets")
        for child in inner.children or ():
            lead_within_the_portal(child)
    return mark_safe(markdown.renderer.render(tokens, markdown.options, {})), sections


def lead_within_the_portal(token):
    """A link to another page's file leads to that page, a picture to where it is served."""
    if token.type == "link_open" and ".md" in (target := token.attrGet("href")):
        slug, _, section = target.partition(".md")
        token.attrSet("href", pages()[slug].address + section)
    elif token.type == "image":
        name = token.attrGet("src").removeprefix(SHOTS).removesuffix(".png")
        token.attrs |= {"src": reverse("manual_shot", args=[name]), "loading": "lazy"}


@admin.site.admin_view
@require_safe
def contents(request):
    """What one's own roles do first, then the rest."""
    held = set(request.user.groups.values_list("name", flat=True))
    every = pages().values()
    own = [page for page in every if not page.roles or page.roles & held]
    context = {"own": own, "others": [page for page in every if page not in own]}
    return render(request, "help/contents.html", context)


@admin.site.admin_view
@require_safe
def page(request, slug):
    if slug not in pages():
        raise Http404
    body, sections = rendered(slug)
    return render(request, "help/page.html", {"page": pages()[slug], "body": body, "sections": sections})


@admin.site.admin_view
@require_safe
def shot(request, name):
    if name not in {each.name for page in pages().values() for each in page.shots}:
        raise Http404
    return FileResponse((FOLDER / SHOTS / f"{name}.png").open("rb"), content_type="image/png")


urlpatterns = [
    path("", contents, name="manual"),
    path("<slug:slug>/", page, name="manual_page"),
    path("shots/<slug:name>.png", shot, name="manual_shot"),
]
