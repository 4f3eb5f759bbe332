"""A rehearsal's database is opened by a demo alone, and what is open to the world is set up for it."""

from datetime import date
from pathlib import Path

import pytest
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import OperationalError, connection

from expertteam import checks, clock
from expertteam.celery import refuse_to_start
from expertteam.checks import REHEARSED, refuse_rehearsal
from expertteam.environment import bureau
from expertteam.models import CalendarYear

pytestmark = pytest.mark.django_db


@pytest.fixture
def rehearsed():
    return CalendarYear.objects.create(year=2027, source=REHEARSED)


def found(databases=("default",)):
    return [each.id for each in run_checks(tags=[Tags.database], databases=list(databases))]


def test_a_rehearsal_is_not_served_as_the_real_thing(settings, rehearsed):
    settings.DEMO, settings.KEYS_GIVEN = False, True

    assert found() == ["expertteam.E001"]
    with pytest.raises(ImproperlyConfigured, match="演练"):
        refuse_rehearsal()
    with pytest.raises(SystemExit, match="演练"):
        refuse_to_start()
    with pytest.raises(SystemExit, match="演练"):
        call_command("run_jobs")


def test_a_demo_opens_it(settings, rehearsed):
    settings.DEMO, settings.KEYS_GIVEN = True, True

    assert found() == []
    assert (refuse_rehearsal(), refuse_to_start()) == (None, None)


def test_a_real_database_is_opened(settings):
    settings.DEMO = False
    CalendarYear.objects.create(year=2027, source="国办发明电〔2026〕9号")

    assert found() == []
    assert refuse_rehearsal() is None


def test_checks_without_a_database_ask_none(settings, rehearsed):
    settings.DEMO = False

    assert found(databases=[]) == []


def test_of_a_database_that_does_not_answer_nothing_is_known(settings, rehearsed):
    def away(execute, *statement):
        raise OperationalError("server closed the connection unexpectedly")

    settings.DEMO = False
    with connection.execute_wrapper(away):
        assert refuse_rehearsal() is None


PRODUCTION = {
    "DEMO": False,
    "SITE_URL": "https://zjt.example.cn",
    "ALLOWED_HOSTS": ["zjt.example.cn"],
    "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
    "SMS_BACKEND": "tests.gateway.Gateway",
    "EMAIL_HOST": "smtp.example.cn",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "BACKUP_RECIPIENTS": ["age1x"],
    "SITE": {"phone": "0351-4000000", "supervise_phone": ""},
}
SAID = Path(checks.__file__).with_name("bureau.toml")
EXAMPLE = bureau(SAID)
ASKED = [
    checks.nothing_of_the_demo_is_real,
    checks.keys_fit,
    checks.the_way_in_is_right,
    checks.messages_go_out,
    checks.the_bureau_is_itself,
]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"FIELD_KEYS": ["no key"]}, ["expertteam.E004"]),
        ({"SITE_URL": "http://zjt.example.cn"}, ["expertteam.E005"]),
        ({"ALLAUTH_TRUSTED_PROXY_COUNT": 0}, ["expertteam.E006"]),
        ({"ALLOWED_HOSTS": ["127.0.0.1"]}, ["expertteam.E007"]),
        ({"ALLOWED_HOSTS": ["zjt.example.cn", "*"]}, ["expertteam.E007"]),
        ({"SMS_BACKEND": "expertteam.notify.ConsoleSms"}, ["expertteam.W001"]),
        ({"SMS_BACKEND": "no_such_module.Gateway"}, ["expertteam.E010"]),
        ({"SMS_BACKEND": "tests.gateway.NoSuchClass"}, ["expertteam.E010"]),
        ({"SMS_BACKEND": "tests.gateway.__name__"}, ["expertteam.E010"]),
        ({"EMAIL_HOST": ""}, ["expertteam.W002"]),
        ({"REDIS_URL": ""}, ["expertteam.W003"]),
        ({"BACKUP_RECIPIENTS": []}, ["expertteam.W004"]),
        ({"SITE": EXAMPLE}, ["expertteam.W007"]),
        ({"SITE": EXAMPLE | {"phone": "0351-4000000"}}, ["expertteam.W007"]),
        ({"SITE": EXAMPLE | {"phone": "0351-4000000", "supervise_phone": "12388"}}, []),
    ],
)
def test_what_is_not_fit_for_the_world_is_named(settings, changed, expected):
    for name, value in (PRODUCTION | changed).items():
        setattr(settings, name, value)

    assert [each.id for ask in ASKED for each in ask()] == expected


def test_what_the_bureau_says_of_itself_goes_before_the_example(monkeypatch, tmp_path):
    """In a file that no release brings along; what a newer release adds to the example is there all the same."""
    own = tmp_path / "bureau.toml"
    own.write_text('phone = "0351-4000000"\nicp = "晋ICP备1号"\n', encoding="utf8")
    monkeypatch.setenv("BUREAU_FILE", str(own))

    said = bureau(SAID)

    assert said == EXAMPLE | {"phone": "0351-4000000", "icp": "晋ICP备1号"}
    assert (EXAMPLE["phone"], EXAMPLE["icp"]) == ("0351-555 0100", "")


def test_the_demo_keeps_to_its_own_kind_of_database(settings):
    settings.DEMO = True

    found = [each.id for each in checks.nothing_of_the_demo_is_real()]

    assert found == {"sqlite": [], "postgresql": ["expertteam.E002"]}[connection.vendor]


def test_the_keys_of_the_demo_stay_in_the_demo(settings, tmp_path):
    settings.DEMO, settings.BASE_DIR = False, tmp_path
    (tmp_path / "demo.env").write_text(f"SECRET_KEY={settings.SECRET_KEY}\n")

    assert [each.id for each in checks.nothing_of_the_demo_is_real()] == ["expertteam.E003"]


@pytest.mark.parametrize(("today", "missing"), [(date(2026, 11, 1), 0), (date(2026, 11, 2), 1), (date(2027, 3, 1), 1)])
def test_the_schedule_of_the_next_sixty_days_is_asked_for(today, missing):
    """31 December 2026 is the sixtieth day after 1 November."""
    with clock.at(today):
        found = checks.the_days_ahead_are_known(databases=["default"])

    assert [each.id for each in found] == ["expertteam.W005"] * missing


@pytest.mark.postgres
def test_a_database_that_forgets_is_no_database():
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        found = [each.id for each in checks.postgresql_keeps_what_it_acknowledged(databases=["default"])]
        cursor.execute("SET synchronous_commit = on")

    assert "expertteam.E008" in found
    assert "expertteam.E008" not in [
        each.id for each in checks.postgresql_keeps_what_it_acknowledged(databases=["default"])
    ]


@pytest.mark.postgres
def test_a_database_without_an_archive_is_named():
    """``tests/deploy/test_archive.py`` has one with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'expertteam.W006' FROM pg_settings WHERE name = 'archive_mode' AND setting = 'off'")
        expected = [name for (name,) in cursor]

    assert [each.id for each in checks.postgresql_has_an_archive(databases=["default"])] == expected
    assert checks.postgresql_has_an_archive(databases=[]) == []


def test_the_embedded_database_has_none_to_name():
    if connection.vendor == "sqlite":
        assert checks.postgresql_has_an_archive(databases=["default"]) == []
