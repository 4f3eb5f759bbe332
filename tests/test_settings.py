"""One settings file, read from the environment; every setting in it is read by somebody."""

import ast
import re
import runpy
from importlib.util import find_spec
from pathlib import Path

import pytest
from celery.app.defaults import SETTING_KEYS
from django.conf import global_settings
from django.core.exceptions import ImproperlyConfigured

from expertteam.celery import refuse_to_start
from expertteam.keys import require_keys

ROOT = Path(__file__).parents[1]
SETTINGS = ROOT / "expertteam" / "settings.py"
LIBRARIES = {
    "ACCOUNT_": "allauth",
    "ALLAUTH_": "allauth",
    "MFA_": "allauth",
    "USERSESSIONS_": "allauth",
    "CELERY_": "celery",
    "CONTENT_SECURITY_POLICY": "csp",
    "WHITENOISE_": "whitenoise",
    "SIMPLE_HISTORY_": "simple_history",
    "ANONYMOUS_USER_NAME": "guardian",
}
PACKAGES = ["expertteam", "experts", "services", "evaluations", "recruitment", "payments", "benchmarks", "templates"]
VARIABLES = ["DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "ALLOWED_HOSTS", "SITE_URL", "DEMO", "LOG_FORMAT"]


def defined():
    """The names that settings.py sets."""
    targets = [
        name.id
        for node in ast.parse(SETTINGS.read_text(encoding="utf8")).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        for name in ast.walk(target)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    ]
    return sorted({name for name in targets if name.isupper() and not name.startswith("_")})


def library_of(name):
    return next((library for prefix, library in LIBRARIES.items() if name.startswith(prefix)), None)


def source(folder, pattern="*.py"):
    return "\n".join(path.read_text(encoding="utf8") for path in sorted(Path(folder).rglob(pattern)))


@pytest.fixture
def started(monkeypatch, tmp_path):
    """The settings as they are with these variables in the environment and no others of ours."""

    def start(**environment):
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("VAR_DIR", str(tmp_path))
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    return start


def test_every_setting_of_ours_is_read_somewhere():
    foreign = {*dir(global_settings), "ROOT_URLCONF"}
    ours = [name for name in defined() if name not in foreign and not library_of(name)]
    code = "\n".join(source(ROOT / package) for package in PACKAGES)
    itself = SETTINGS.read_text(encoding="utf8")

    unread = [name for name in ours if f"settings.{name}" not in code and len(re.findall(rf"\b{name}\b", itself)) < 2]

    assert unread == []


def test_every_setting_of_a_library_is_known_to_it():
    sources = {library: source(Path(find_spec(library).origin).parent) for library in set(LIBRARIES.values())}

    def known(name, library):
        short = name.partition("_")[2]
        if library == "celery":
            return short.lower() in SETTING_KEYS
        return re.search(rf"['\"\s.]({name}|{short})\b", sources[library])

    named = {name: library_of(name) for name in defined() if library_of(name)}

    assert [name for name, library in named.items() if not known(name, library)] == []


def test_without_keys_everything_but_server_and_worker_runs(started):
    one, two = started(), started()

    assert one["KEYS_GIVEN"] is False
    assert one["SECRET_KEY"] != two["SECRET_KEY"]
    assert one["FIELD_KEYS"] != two["FIELD_KEYS"]
    assert one["DATABASES"]["default"]["NAME"] == ROOT / "var" / "portal.sqlite3"


@pytest.mark.parametrize(
    "environment", [{}, {"SECRET_KEY": "s"}, {"FIELD_KEYS": "f"}, {"SECRET_KEY": "s", "FIELD_KEYS": " , "}]
)
def test_one_key_alone_is_not_enough(started, environment):
    assert started(**environment)["KEYS_GIVEN"] is False


def test_keys_come_newest_first(started):
    loaded = started(SECRET_KEY="s", FIELD_KEYS="new, old")

    assert (loaded["KEYS_GIVEN"], loaded["FIELD_KEYS"]) == (True, ["new", "old"])


def test_server_and_worker_refuse_to_start(settings):
    settings.KEYS_GIVEN = False

    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        require_keys()
    with pytest.raises(SystemExit, match="SECRET_KEY"):
        refuse_to_start()


def test_server_and_worker_start_on_given_keys(db, settings):
    settings.KEYS_GIVEN = True

    assert (require_keys(), refuse_to_start()) == (None, None)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///var/other.sqlite3", {"NAME": ROOT / "var" / "other.sqlite3"}),
        ("sqlite:////srv/portal.sqlite3", {"NAME": Path("/srv/portal.sqlite3")}),
        (
            "postgres://portal:p%40ss@db.example:5433/team?sslmode=require",
            {"NAME": "team", "USER": "portal", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": 5433},
        ),
        ("postgres://portal@/team", {"NAME": "team", "USER": "portal", "PASSWORD": "", "HOST": "", "PORT": ""}),
    ],
)
def test_the_database_is_named_by_its_url(started, url, expected):
    database = started(DATABASE_URL=url)["DATABASES"]["default"]

    assert {name: database[name] for name in expected} == expected


def test_options_of_the_url_reach_the_database(started):
    database = started(DATABASE_URL="postgres://portal@db/team?sslmode=require")["DATABASES"]["default"]

    assert database["OPTIONS"] == {"connect_timeout": "3", "sslmode": "require"}


def test_the_embedded_database_keeps_what_it_acknowledged(started):
    options = started()["DATABASES"]["default"]["OPTIONS"]

    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]
    assert "foreign_keys=ON" in options["init_command"]


def test_redis_takes_over_pages_and_nothing_else_of_the_cache(started):
    without, given = started(), started(REDIS_URL="redis://127.0.0.1:6379/0")

    assert given["CACHES"]["pages"]["BACKEND"] == "expertteam.caches.FailOpenRedisCache"
    assert given["CACHES"]["default"] == without["CACHES"]["default"]
    assert "SESSION_ENGINE" not in given


@pytest.mark.parametrize(("url", "secure"), [("https://zjt.example.cn/", True), ("http://127.0.0.1:8000", False)])
def test_https_makes_everything_secure(started, url, secure):
    loaded = started(SITE_URL=url)

    names = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"]
    assert [loaded[name] for name in names] == [secure] * 3
    assert (loaded["SECURE_HSTS_SECONDS"] > 0) is secure
    assert loaded["SITE_URL"] == url.rstrip("/")


@pytest.mark.parametrize(
    ("environment", "written"),
    [
        ({}, "text"),
        ({"SITE_URL": "https://zjt.example.cn"}, "json"),
        ({"SITE_URL": "https://zjt.example.cn", "LOG_FORMAT": "text"}, "text"),
    ],
)
def test_lines_are_json_where_the_portal_is_open_to_the_world(started, environment, written):
    assert started(**environment)["LOGGING"]["handlers"]["console"]["formatter"] == written


@pytest.mark.parametrize(("value", "demo"), [("1", True), ("0", False), ("", False), ("true", False)])
def test_the_demo_is_asked_for_by_name(started, value, demo):
    assert started(DEMO=value)["DEMO"] is demo


def test_pages_may_load_nothing_foreign_and_nothing_inline(started):
    directives = started()["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]

    assert directives["script-src"] == directives["style-src"] == directives["default-src"] == ["'self'"]
    assert "unsafe" not in str(directives)


def test_a_hung_mail_server_is_waited_for_less_than_the_next_attempt(started):
    assert started()["EMAIL_TIMEOUT"] < 60
