"""The program that trusts nobody finds what was corrupted past every guard, and nothing on clean rows."""

import ast
import json
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from experts.models import Appointment
from expertteam import clock, notify, verify
from expertteam.fields import EncryptedText
from expertteam.verify import INVARIANTS, broken, confidence, states
from tests.invariants import past
from tests.invariants.corruptions import CASES
from tests.invariants.lawless import put
from tests.recruitment import former
from tests.services import panels

pytestmark = pytest.mark.django_db
MADE = {  # what is there before -> its corruptions
    made: [(case.name, case.spoil) for case in CASES if case.made is made] for made in {case.made: 0 for case in CASES}
}
LIVES = [past.applied, past.objected, past.arranged, past.poorly_rated, past.handed_on, past.reviewed]
BY_NAME = {each.name: each for each in INVARIANTS}
ROOT = Path(verify.__file__).parent
ALLOWED = ("expertteam.verify", "expertteam.clock", "expertteam.fields", "services.verify_draw")


@pytest.fixture(autouse=True)
def _in_april():
    with clock.at(date(2026, 4, 2)):
        yield


@pytest.mark.parametrize("made", MADE, ids=[f"{n}-{made.__name__}" for n, made in enumerate(MADE)])
def test_what_was_corrupted_is_found_and_nothing_before(made):
    """Every corruption of what ``made`` makes, each taken back before the next."""
    it = made()
    clean = {name for name, _ in MADE[made] if not broken(BY_NAME[name])}
    found = [(name, spoil) for name, spoil in MADE[made] if spoilt(it, spoil, name)]

    assert clean == {name for name, _ in MADE[made]}
    assert found == MADE[made]


def spoilt(it, spoil, name) -> list[str]:
    """What the invariant says of it then."""
    try:
        with transaction.atomic():
            spoil(it)
            raise TakenBack(broken(BY_NAME[name]))
    except TakenBack as said:
        return said.args[0]


class TakenBack(Exception):
    """With what was found before."""


def test_every_invariant_has_two_corruptions_at_least():
    tried = Counter(case.name for case in CASES)

    assert set(tried) == set(BY_NAME)
    assert {name: count for name, count in tried.items() if count < 2} == {}


@pytest.mark.parametrize("lived", LIVES, ids=[lived.__name__ for lived in LIVES])
def test_what_was_done_by_the_verbs_breaks_nothing(lived):
    lived()
    notify.deliver_pending()

    assert {each.name: keys for each, keys in verify.run().items() if keys} == {}


def test_no_pool_lacks_whom_an_import_brought_in_after_its_freeze():
    """He was in term already, and nobody could know; whoever was known is missed."""
    panels.experts()
    with clock.at(past.MONDAY):
        draw = panels.frozen()
    with clock.at(draw.frozen_at + timedelta(hours=1)):
        former.taken(past.officer("intake"), past.officer("reviewer"), former.PERSON)
    assert broken(BY_NAME["I12.pool"]) == []

    put(Appointment.objects.get(number=former.PERSON["聘书编号"]), decided_at=draw.frozen_at - timedelta(hours=1))
    assert broken(BY_NAME["I12.pool"]) == [draw.draw_id]


def test_the_command_names_what_is_broken_and_its_article(capsys):
    rating = past.rated()
    notify.deliver_pending()
    call_command("verify")
    clean = capsys.readouterr().out
    put(rating, grade=None)

    with pytest.raises(SystemExit) as ended:
        call_command("verify", json=True)

    told = json.loads(capsys.readouterr().out)
    assert f"共{len(INVARIANTS)}项，0项不符合" in clean
    assert ended.value.code == 1
    assert told["checked"] == len(INVARIANTS)
    assert {"id": "I9", "article": "10(1)", "keys": [str(rating.service_id)]} in told["broken"]


def test_the_command_wants_the_keys_that_the_database_was_written_with(settings):
    past.rated()
    settings.FIELD_KEYS, settings.KEYS_GIVEN = [Fernet.generate_key().decode()], True

    with pytest.raises(CommandError, match="FIELD_KEYS"):
        call_command("verify")


def test_without_any_keys_the_command_checks_what_is_not_encrypted_and_says_so(settings, capsys):
    past.rated()
    notify.deliver_pending()
    settings.FIELD_KEYS, settings.KEYS_GIVEN = [Fernet.generate_key().decode()], False

    call_command("verify")

    assert "没有给出 FIELD_KEYS，另有4项没有检查" in capsys.readouterr().out


# What it is made of


def foreign(source: str) -> list[str]:
    """The modules of ours that this source imports and should not."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    ours = [name for name in names if (ROOT.parents[1] / name.split(".")[0]).is_dir()]
    return [name for name in ours if not name.startswith(ALLOWED)]


def test_it_imports_nothing_of_what_it_checks():
    sources = {path.name: path.read_text() for path in ROOT.glob("*.py")}

    assert len(sources) > 10
    assert {name: found for name, source in sources.items() if (found := foreign(source))} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from evaluations.rules import LIMIT",
        "from services import actions",
        "import experts.rules",
        "def f():\n    from payments.models import Batch",
        "from expertteam import calendar",
    ],
)
def test_an_import_of_what_it_checks_is_found(source):
    assert foreign(source) != []


def test_it_knows_every_state_and_every_sealed_column():
    models = [each for each in apps.get_models() if "_historical" not in each._meta.db_table]
    moved = {each._meta.db_table: set(each.State.values) for each in models if hasattr(each, "State")}
    sealed = {each._meta.db_table: encrypted(each) for each in models}

    assert {table: set(names.split()) for table, names in states.STATES.items()} == moved
    assert {table: set(names.split()) for table, names in confidence.SEALED.items()} == {
        table: names for table, names in sealed.items() if names
    }


def encrypted(model):
    return {field.column for field in model._meta.concrete_fields if isinstance(field, EncryptedText)}


NAMED = re.compile(r"(?:FROM|JOIN) (\w+) (\w+)\b")
ASKED = re.compile(r"(?:(\w+)\.)?\bstate (?:=|<>|(?:NOT )?IN) (\([^)]*\)|'\w+')")


def no_states(statement: str) -> list[str]:
    """The states that a statement speaks of and that its table does not know."""
    wrong = []
    for alias, literals in ASKED.findall(statement):
        tables = (
            {table for table, name in NAMED.findall(statement) if name == alias} if alias else set(named(statement))
        )
        known = {state for table in tables for state in states.STATES.get(live(table), "").split()}
        wrong += [each for each in re.findall(r"'(\w+)'", literals) if each not in known]
    return wrong


def named(statement):
    return re.findall(r"(?:FROM|JOIN|UPDATE) (\w+)", statement)


def live(table):
    return table.replace("_historical", "_", 1)


def asked() -> list[str]:
    """Every statement that a run sends, those of the functions included."""
    sent = []

    def listen(execute, sql, params, many, context):
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        verify.run()
    return sent


def test_every_state_it_asks_for_is_one():
    spoken = [each for each in asked() if "state" in each]

    assert len(spoken) > 40
    assert {each[:80]: wrong for each in spoken if (wrong := no_states(each))} == {}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT id FROM services_servicerequest WHERE state IN ('arranged', 'closed')",
        "SELECT r.id FROM services_servicerequest r WHERE r.state = 'draft'",
        "SELECT 1 FROM services_offer o JOIN services_service s ON s.id = o.id WHERE s.state <> 'offered'",
        "SELECT h.id FROM services_historicaloffer h WHERE h.state NOT IN ('open')",
    ],
)
def test_a_state_that_there_is_not_is_found(statement):
    assert len(no_states(statement)) == 1
