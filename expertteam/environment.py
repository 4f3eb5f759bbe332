"""How the environment's words become settings."""

import os
import tomllib
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


def listed(name: str, default: str = "") -> list[str]:
    """A comma-separated variable as a list."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def database(url: str, folder: Path) -> dict:
    """``sqlite:///file`` (relative to ``folder``) or ``postgres://user:password@host:port/name?option=value``."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        durable = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": durable, "cached_statements": 2000}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / parts.path[1:], "OPTIONS": options}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": "3"} | dict(parse_qsl(parts.query)),
    }


def bureau(example: Path) -> dict:
    """What pages, messages and certificates say of the bureau: the example's lines, replaced by those of ``BUREAU_FILE``."""
    own = os.environ.get("BUREAU_FILE")
    said = tomllib.loads(example.read_text(encoding="utf8"))
    return said | tomllib.loads(Path(own).read_text(encoding="utf8")) if own else said


def lines(usual: str) -> dict:
    """What is written while the portal runs: ``LOG_FORMAT`` (``json`` or ``text``, else as usual) from ``LOG_LEVEL`` on."""
    written = os.environ.get("LOG_FORMAT") or usual
    formatters = {"json": {"()": "expertteam.logs.Json"}, "text": {"format": "%(levelname)s %(name)s: %(message)s"}}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": formatters,
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": written}},
        "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
        "loggers": {"celery": {"level": "WARNING"}, "fontTools": {"level": "WARNING"}},
    }
