"""Bugs are planted, one at a time, and the database's own last doors taken out of their way: the machines find each.

Nothing here walks towards a bug: the machine lives the same kind of life from the same beginning, only that it tries
oftener what the bug sits in, and what it meets is an invariant that does not hold.  The life that met it is lived once
more without the bug, and is clean.  On PostgreSQL one bug of each machine is enough.  With other seeds each time:
``pytest tests/invariants/test_planted_bugs.py --hypothesis-profile=nightly``.
"""

from contextlib import ExitStack, contextmanager
from random import Random

import pytest
from django.db import connection, transaction
from hypothesis import settings

from expertteam import clock
from tests.invariants.lawless import lawless
from tests.invariants.machines.life import INVARIANTS, STEPS, Life, Tally
from tests.invariants.machines.subjects import SUBJECTS, Subject
from tests.invariants.plants import PLANTS, Plant

pytestmark = pytest.mark.django_db
NIGHTLY = settings.get_current_profile_name() == "nightly"
FIRST = Random().randrange(10**6) if NIGHTLY else 0
LIVES = 40  # at most, of a hundred steps each: hardly a bug takes more than four


def test_there_are_twenty_bugs_and_no_machine_is_without():
    assert sum(map(len, PLANTS.values())) >= 20
    assert PLANTS.keys() == {each.name for each in SUBJECTS} - {"all"}


@pytest.mark.parametrize("subject", [pytest.param(each, id=each.name) for each in SUBJECTS if each.name in PLANTS])
def test_every_planted_bug_is_found_and_nothing_where_there_is_none(subject, monkeypatch):
    with clock.at(subject.start):
        subject.seed()

    plants = PLANTS[subject.name][: None if connection.vendor == "sqlite" else 1]
    lives = [(plant, met(subject, plant, monkeypatch)) for plant in plants]

    assert [plant.bug for plant, seed in lives if seed is None] == []
    assert {plant.bug: words for plant, seed in lives if (words := stumbled(subject, plant, seed))} == {}


def met(subject: Subject, plant: Plant, monkeypatch) -> int | None:
    """The seed of the first life that breaks the invariant while this bug is planted."""
    with planted(plant, monkeypatch):
        seeds = range(FIRST, FIRST + LIVES)
        return next((seed for seed in seeds if plant.breaks in stumbled(subject, plant, seed)), None)


@contextmanager
def planted(plant: Plant, monkeypatch):
    with monkeypatch.context() as patch, transaction.atomic():
        for change in plant.changes:
            patch.setattr(*change)
        with ExitStack() as laws:
            for model in plant.lawless:
                laws.enter_context(lawless(model))
            yield
        transaction.set_rollback(True)


def stumbled(subject: Subject, plant: Plant, seed: int) -> str:
    """What the machine meets first in this life that is wrong; nothing, where nothing is."""
    born = {"subject": subject, "tally": Tally(), "sought": frozenset(plant.sought)}
    life, chance = type(subject.name, (Life,), born)(), Random(seed)
    try:
        for _ in range(STEPS):
            life.step(chance=chance)
        life.look(INVARIANTS)
    except Exception as finding:
        return f"{type(finding).__name__}: {finding}".partition("\n")[0]
    finally:
        life.end()
    return ""
