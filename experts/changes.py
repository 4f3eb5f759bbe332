"""What changed in the public directory, for sites that keep a copy of it (Article 10).

The directory itself is derived: who is in term today and agreed to it.  Nothing is written when a term
ends at midnight, so there is no moment at which a change could be announced.  Therefore what was told is
compared with what is true, whenever somebody asks: ``DirectoryEntry`` keeps for every number a digest of
what other sites were last told under it; a digest that is no longer right is a change, whatever brought it
about (an end by time or decision, a consent taken back, a new number, another name), and an entry that is in
the directory no more stays as a tombstone.

**Nothing is skipped.**  A feed by time stamps, or by the numbers of history rows, loses what is committed late:
a transaction that began first, and carries the earlier stamp and the lower number, may become visible only
after a reader has moved on past both.  Here the place of a change is given out when it is *seen*, not when it
was made, under a lock on one ``Counter`` row that is held until the commit.  So places become visible in their
order, without gaps, on PostgreSQL in READ COMMITTED as on SQLite: whoever has read up to place n has been told
everything up to n, and whatever is committed later, however early it began, differs from its digest at the next
comparison and gets a place above n.

**After a restore.**  An older backup gives places out a second time, and of what was told meanwhile it knows nothing:
somebody appointed since would stay in the copies for ever.  So a restore begins a new era, by a number that no earlier
one had, and a cursor of another era is refused: its holder fetches the whole once more.

**How late.**  The comparison is spared while the newest history row and the minute are those of the last one
(``freshness.revision``); a change committed late, behind a newer one, is therefore told within a minute.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.db.models import Max

from experts import openings
from experts.models import DirectoryEntry, Expert
from expertteam import clock, freshness
from expertteam.fields import sealed, unsealed
from expertteam.models import Counter
from expertteam.regulation import article

SERIES, ERA = "directory", "directory-era"


def told(expert: Expert) -> dict:
    """The public facts about somebody who is listed, and nothing else; what he does not show is null."""
    term = expert.current[0]
    return {
        "no": expert.no,
        "name": expert.user.name,
        "category": {"code": term.category, "name": term.category_name},
        "topics": [{"code": topic.value, "name": topic.label} for topic in expert.topics],
        "line": expert.line or None,
        "title": shown(expert, "title", expert.title),
        "employer": shown(expert, "employer", expert.employer),
        "position": shown(expert, "employer", expert.position),
        "biography": shown(expert, "biography", expert.biography),
        "district": shown(expert, "district", expert.district and {"code": expert.district, "name": expert.district_name}),
        "visits": expert.visits,
        "term": {"certificate": term.number, "first_day": f"{term.first_day}", "last_day": f"{term.last_day}"},
        "url": settings.SITE_URL + expert.get_absolute_url(),
        "booking_url": settings.SITE_URL + openings.booking(expert.no) if openings.provider() else None,
    }  # fmt: skip


def shown(expert: Expert, field: str, fact):
    return fact or None if expert.shows(field) else None


def digest(expert: Expert) -> str:
    return hashlib.sha256(json.dumps(told(expert), ensure_ascii=False).encode()).hexdigest()


def catch_up():
    """Give every number whose public facts are not what was last told a new place."""
    seen = f"told:{freshness.revision()}:{clock.now():%Y%m%d%H%M}"
    if caches["pages"].get(seen):
        return
    compare()
    caches["pages"].set(seen, True, freshness.SECONDS)


@transaction.atomic
def compare():
    counter = Counter.held(SERIES)
    entries = {entry.no: entry for entry in DirectoryEntry.objects.all()}
    true = {expert.no: digest(expert) for expert in Expert.objects.listed(clock.today()).order_by("no")}
    changed = []
    for no in [*true, *(no for no in entries if no not in true)]:
        entry = entries.get(no) or DirectoryEntry(no=no)
        if entry.pk and entry.digest == true.get(no, ""):
            continue
        counter.value += 1
        entry.digest, entry.place, entry.changed_at = true.get(no, ""), counter.value, clock.now()
        changed.append(entry)
    if changed:
        DirectoryEntry.objects.bulk_create(entry for entry in changed if not entry.pk)
        known = [entry for entry in changed if entry.no in entries]
        DirectoryEntry.objects.bulk_update(known, ["digest", "place", "changed_at"], batch_size=500)
        counter.save(update_fields=["value"])


def begin_anew():
    """No cursor given out so far is worth anything: what it stood for may not be what this database has told."""
    Counter.objects.update_or_create(key=ERA, defaults={"value": 1 + secrets.randbelow(2**31 - 1)})


def newest() -> datetime | None:
    """When the directory last changed, as far as anybody has asked."""
    return DirectoryEntry.objects.aggregate(newest=Max("changed_at"))["newest"]


class Changes(NamedTuple):
    """One page of changes, and the cursor from which to go on."""

    rows: list[dict]
    next: str
    more: bool


@article("10")
def since(cursor: str, limit: int) -> Changes:
    """专家团成员信息通过……网站公布: what a copy of the directory lacks that was right at this cursor; all of it without one.

    ``ValueError`` for a cursor that we never gave out, or gave out before a backup was restored.
    """
    counters = dict(Counter.objects.filter(key__in=[SERIES, ERA]).values_list("key", "value"))
    now = str(counters.get(ERA, ""))
    text, _, era = unsealed(cursor, SERIES).partition(".") if cursor else ("0", "", now)
    place = int(text)
    if era != now or place > counters.get(SERIES, 0):
        raise ValueError("of another era, or ahead of us")
    entries = DirectoryEntry.objects.filter(place__gt=place)
    if not cursor:
        entries = entries.exclude(digest="")
    found = list(entries[: limit + 1])
    page, more = found[:limit], len(found) > limit
    last = page[-1].place if page else place
    return Changes(rows(page), sealed(f"{last}.{now}", SERIES), more)


def rows(entries: Iterable[DirectoryEntry]) -> list[dict]:
    """Each with the facts of this moment; whoever has just left is gone, whatever was told last."""
    numbers = [entry.no for entry in entries if entry.digest]
    listed = {expert.no: expert for expert in Expert.objects.listed(clock.today()).filter(no__in=numbers)}
    return [
        {
            "no": entry.no,
            "gone": entry.no not in listed,
            "expert": told(listed[entry.no]) if entry.no in listed else None,
        }
        for entry in entries
    ]
