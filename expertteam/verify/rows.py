"""How rows are asked for, and read, on either database: plain statements, plain values."""

import json
import re
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import connection

from expertteam import clock
from expertteam.fields import box

DAY = {"sqlite": r"date(\1, '+8 hours')", "postgresql": r"CAST(\1 AT TIME ZONE 'Asia/Shanghai' AS date)"}
DRAWN = {
    "sqlite": """SELECT m.name, p.name, p.type FROM sqlite_master m JOIN pragma_table_info(m.name) p
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'""",
    "postgresql": """SELECT table_name, column_name, data_type FROM information_schema.columns
        WHERE table_schema = current_schema()""",
}
CIPHER = "gAAAA"  # what every encrypted text begins with
HISTORY = "_historical"


def ask(statement: str) -> list[tuple]:
    """Its rows.

    Beside SQL it may say ``DAY(instant)``, the day of it in Taiyuan, and ``:now`` and ``:today``, what the clock says.
    """
    said = re.sub(r"DAY\(([\w.]+)\)", DAY[connection.vendor], statement)
    said = said.replace(":now", f"'{clock.now():%Y-%m-%d %H:%M:%S}'").replace(":today", f"'{clock.today()}'")
    with connection.cursor() as cursor:
        cursor.execute(said)
        return cursor.fetchall()


def instant(value) -> datetime | None:
    """A moment as it came out of a row; without a zone it is UTC."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)


def day(value) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def data(value):
    """What a JSON column holds."""
    return json.loads(value) if isinstance(value, str) else value


def hundredths(value) -> Decimal:
    """A sum or a score; SQLite keeps it as a binary fraction."""
    return Decimal(str(value)).quantize(Decimal("0.01"))


def clear(value: str) -> str | None:
    """An encrypted text as it was written; empty stays empty, and what no key of ours has encrypted is None."""
    try:
        return box(tuple(settings.FIELD_KEYS)).decrypt(value.encode()).decode() if value else ""
    except InvalidToken:
        return None


@cache
def schema() -> dict[str, dict[str, str]]:
    """Every table of the database with its columns and their types."""
    found = defaultdict(dict)
    for table, column, kind in ask(DRAWN[connection.vendor]):
        found[table][column] = kind
    return dict(sorted(found.items()))


def tracked() -> list[tuple[str, str]]:
    """Every table that has a history, with it."""
    return [(live(each), each) for each in schema() if HISTORY in each]


def live(history: str) -> str:
    """The table of which that is the history."""
    return history.replace(HISTORY, "_", 1)


def historical(table: str) -> str:
    """The history of that table."""
    return table.replace("_", HISTORY, 1)
