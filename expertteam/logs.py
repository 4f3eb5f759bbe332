"""What the portal writes down as it runs: a line of JSON each, by request, and nothing about a person.

A line names the request by a number that the answer, the tasks it gave rise to and every other line of it carry as
well.  Addresses are told by their route: what stands after ``?`` and the secrets of one-time links are never written.
"""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

from celery.signals import before_task_publish, setup_logging, task_prerun

# Of an address what follows "?"; numbers of persons, papers and accounts; secrets; the values PostgreSQL quotes;
# receipts of reports and objections, which open them.
PRIVATE = re.compile(
    r"(?<=\?)[^\s'\"]+|(?<![0-9A-Za-z])(?:\+?86)?1\d{10}(?!\d)|(?<!\d)\d{15,19}[Xx]?(?!\d)|(?<=/)[\w-]{16,}(?=[/.\s]|$)"
    r"|(?<=DETAIL:)[^\n]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![0-9A-Za-z])(?:JB|YC)\d{12}(?!\d)"
)
request_id: ContextVar[str] = ContextVar("request_id", default="")


def scrubbed(text: str) -> str:
    """The text without what could be about a person, whatever wrote it; each such piece is an ellipsis."""
    return PRIVATE.sub("…", text)


def where(request) -> str:
    """The address as its route, with the numbers of records and without words: ``/experts/<str:number>/``."""
    match = request.resolver_match
    if match is None:
        return scrubbed(request.path)
    return "/" + re.sub(r"<int:(\w+)>", lambda part: str(match.kwargs[part[1]]), match.route)


class Json(logging.Formatter):
    """One line of JSON a record."""

    def format(self, record) -> str:
        text, request = record.getMessage(), getattr(record, "request", None)
        if hasattr(request, "resolver_match"):
            text = text.replace(request.path, where(request))
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": request_id.get(),
            "message": scrubbed(text),
        } | getattr(record, "told", {})
        if record.exc_info:
            line["error"] = scrubbed(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


@setup_logging.connect
def keep_ours(**_):
    """Celery leaves logging to ``LOGGING``."""


@before_task_publish.connect
def hand_on(headers, **_):
    """A task knows which request asked for it."""
    headers["request_id"] = request_id.get()


@task_prerun.connect
def take_over(task, **_):
    """A worker's lines carry the number of the request that asked; within a request the number is there already."""
    if not task.request.is_eager:
        request_id.set(task.request.get("request_id") or task.request.id)
