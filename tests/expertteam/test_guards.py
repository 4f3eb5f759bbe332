import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from expertteam import guards
from expertteam.guards import GUARDS, Guard
from expertteam.models import CalendarYear

POSTGRES_NAME_LENGTH = 63
EACH = [pytest.param(guard, id=guard.name) for guard in GUARDS]


@pytest.fixture
def guard(db):
    """A guard of the calendar, declared for one test: no year before 1949."""
    declared = Guard(
        "no_year_before_1949", table="expertteam_calendaryear", on=["INSERT", "UPDATE"], refuse="NEW.year < 1949"
    )
    yield declared
    GUARDS.remove(declared)


def run(statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def triggers():
    """The names of the triggers that stand in the database."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}


def names(guard):
    return {f"{guard.name}_{event.lower()}" for event in guard.on} if connection.vendor == "sqlite" else {guard.name}


@pytest.mark.parametrize("guard", EACH)
def test_every_declared_guard_stands_in_the_database(db, guard):
    assert guard.table in connection.introspection.table_names()
    assert names(guard) <= triggers()
    assert len(guard.name) <= POSTGRES_NAME_LENGTH


def test_every_history_is_append_only():
    histories = {
        m.history.model._meta.db_table
        for m in apps.get_models()
        if hasattr(m._meta, "simple_history_manager_attribute")
    }

    assert {"expertteam_historicaluser", "recruitment_historicalapplication"} <= histories
    logs = {"services_attempt", "services_panelreading", "services_recusal", "services_vote"}  # grow as histories do
    logs |= {"evaluations_talk", "evaluations_delivery", "evaluations_dismissalfile"}
    logs |= {"evaluations_merit", "evaluations_meritfile", "payments_export", "expertteam_listexport"}
    assert {guard.table for guard in GUARDS if guard.name.startswith("append_only")} == histories | logs


def test_no_two_guards_share_a_name():
    assert len({guard.name for guard in GUARDS}) == len(GUARDS)


def test_a_guard_refuses_the_insert_and_the_update_and_says_its_name(guard):
    run(guard.up(connection.vendor))
    year = CalendarYear.objects.create(year=1949, source="")

    with pytest.raises(IntegrityError, match="no_year_before_1949"), transaction.atomic():
        CalendarYear.objects.create(year=1948, source="")
    with pytest.raises(IntegrityError, match="no_year_before_1949"), transaction.atomic():
        CalendarYear.objects.filter(pk=year.pk).update(year=1948)


def test_a_guard_lets_everything_else_through(guard):
    run(guard.up(connection.vendor))

    CalendarYear.objects.create(year=1950, source="").delete()

    assert not CalendarYear.objects.filter(year=1950).exists()


def test_a_guard_that_was_taken_down_refuses_nothing(guard):
    run(guard.up(connection.vendor) + guard.down(connection.vendor))

    assert CalendarYear.objects.create(year=1948, source="").pk


def test_guards_are_taken_down_before_and_put_up_after_every_migrate(db):
    standing = triggers()

    guards.take_down()
    between = triggers()
    guards.put_up()

    down = set() if connection.vendor == "sqlite" else standing  # where tables are not rebuilt, they stay
    assert (between, triggers()) == (down, standing)


def test_putting_up_twice_changes_nothing(db):
    standing = triggers()

    guards.put_up()

    assert triggers() == standing


@pytest.mark.postgres
def test_on_postgresql_no_guard_is_down_for_a_moment(db):
    with CaptureQueriesContext(connection) as statements:
        guards.put_up()

    assert not [each["sql"] for each in statements if "DROP" in each["sql"]]


def test_a_guard_of_a_table_that_is_not_there_yet_waits(db):
    absent = Guard("absent", table="no_such_table", on=["INSERT"], refuse="1 = 1")
    try:
        guards.put_up()
    finally:
        GUARDS.remove(absent)

    assert "absent_insert" not in triggers()


def test_a_second_migrate_leaves_every_guard_standing(db):
    standing = triggers()

    call_command("migrate", verbosity=0)

    assert triggers() == standing


def test_a_lock_is_taken_on_postgresql_before_the_condition_is_looked_at():
    locking = next(guard for guard in GUARDS if guard.name == "art3_terms_never_overlap")

    create, _ = locking.up("postgresql")

    locks = "PERFORM 1 FROM experts_expert WHERE id = NEW.expert_id FOR NO KEY UPDATE"
    assert create.index(locks) < create.index("IF EXISTS")
    assert "FOR UPDATE" not in "".join(locking.up("sqlite"))
