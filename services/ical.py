"""Calendar files (RFC 5545), as phones and mail programs read them: lines of at most 75 bytes, CRLF, instants in UTC."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse

from expertteam import clock

OCTETS = 75
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


class Event(NamedTuple):
    """One appointment; the same ``uid`` in a later file is the same appointment, perhaps changed."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str = ""
    description: str = ""


def calendar_file(events: Iterable[Event], name: str = "") -> bytes:
    """A whole calendar with these events; ``name`` is what a program that subscribes to it calls it."""
    return "".join(f"{fold(line)}\r\n" for line in lines(events, name)).encode()


def lines(events: Iterable[Event], name: str) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{host()}//expertteam//ZH", "CALSCALE:GREGORIAN")
    yield "METHOD:PUBLISH"
    if name:
        yield from (f"X-WR-CALNAME:{escape(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H")
    for event in events:
        yield from ("BEGIN:VEVENT", f"UID:{event.uid}@{host()}", f"DTSTAMP:{utc(clock.now())}")
        yield from (f"DTSTART:{utc(event.starts_at)}", f"DTEND:{utc(event.ends_at)}")
        told = {"SUMMARY": event.summary, "LOCATION": event.location, "DESCRIPTION": event.description}
        yield from (f"{field}:{escape(text)}" for field, text in told.items() if text)
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def utc(moment: datetime) -> str:
    """``20261022T060000Z``."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escape(text: str) -> str:
    return text.translate(ESCAPED)


def fold(line: str) -> str:
    """In pieces of at most 75 bytes, the later ones begun by a space; no character is torn apart."""
    pieces, room = [""], OCTETS
    for letter in line:
        size = len(letter.encode())
        if size > room:
            pieces.append(" ")
            room = OCTETS - 1
        pieces[-1] += letter
        room -= size
    return "\r\n".join(pieces)


def response(events: Iterable[Event], filename: str, name: str = "") -> HttpResponse:
    """The file as a browser or a calendar program takes it."""
    answer = HttpResponse(calendar_file(events, name), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer
