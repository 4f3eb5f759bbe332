"""Two characters, a reading and a filter looked for in the directory, against the bare list and one scan for them."""

from urllib.parse import quote

from benchmarks.measure import medians, report
from benchmarks.pages import fresh
from benchmarks.people import fill
from experts.directory import roll
from experts.models import Expert
from expertteam import search

WORDS = {
    "a rare name": "罗平",
    "a reading": "luoping",
    "in no text": "律师",
    "in a quarter": "融资",
    "in every text": "餐饮",
}


def scan(text):
    """One plain ``contains`` over everybody."""
    word = search.words(text)[0]
    return lambda: Expert.objects.filter(search_text__contains=word).count()


def run(total: int):
    fill(total)
    for what, text in WORDS.items():
        page = fresh(f"/experts/?q={quote(text)}")
        took = medians(15, bare=fresh("/bare/"), page=page, scan=scan(text))
        report(f"search, {what}, {total // 1000}k experts", took["page"], 2 * took["bare"] + took["scan"], 1)
    took = medians(5, bare=fresh("/bare/"), anew=anew)
    print(f"{'the first page after a change takes':46} {took['anew'] / took['bare']:6.2f} × a bare list")


def anew():
    """Roll and cards are made again."""
    roll.cache_clear()
    fresh("/experts/")()
