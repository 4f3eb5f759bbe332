"""The machine: chance picks a person, an act and a time; after every step the database is asked whether it still holds.

After a step that is every invariant about a table that was written to; at the end of each life it is all of them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.core.cache import caches
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, models, transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from experts import directory
from expertteam import clock, verify
from expertteam.calendar import UnknownDay
from expertteam.models import User
from expertteam.regulation import Refused
from expertteam.verify.invariant import Invariant
from expertteam.workflow import LINK, SYSTEM, TRANSITIONS, Transition
from services.models import Draw
from tests.acts import owner_of
from tests.invariants.machines.arguments import said
from tests.invariants.machines.world import Nothing, World

ANSWERS = (Refused, PermissionDenied, UnknownDay, ValidationError, Nothing)  # everything else is a finding
END = clock.instant(date(2030, 1, 1))  # no life reaches further


ASIDE = {"I29.late"}  # a life has no worker that sends what is in the queue
INVARIANTS = [each for each in verify.INVARIANTS if each.name not in ASIDE]
EVERYWHERE = 20  # tables: whatever asks of more, or in Python, is asked at the end of each life
TABLES = {
    each: set() if callable(each.finds) else frozenset(re.findall(r"\b(?:FROM|JOIN) (\w+_\w+)", each.finds))
    for each in INVARIANTS
}
TABLES = {each: tables if len(tables) <= EVERYWHERE else frozenset() for each, tables in TABLES.items()}
WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
STEPS = 100  # of one life
SEEK = 20  # times as likely is what is sought
DAY = 24 * 60
LEAPS = [(0, 5), (1, 60), (60, 300), (300, 30 * 60), (DAY, 10 * DAY), (10 * DAY, 400 * DAY)]  # minutes
PACES = [(12, 3, 0, 0, 0, 0), (6, 6, 3, 1, 0, 0), (6, 3, 3, 3, 1, 0.1), (3, 2, 3, 3, 3, 0.5)]  # how often each of them


class Subject(NamedTuple):
    """What one machine lives in: records with their moves, further acts, what lies there when it begins, and how long."""

    name: str
    models: list[type[models.Model]]
    beginnings: list[Callable[[World], object]]
    seed: Callable[[], None]
    start: datetime
    steps: int
    also: tuple[Transition, ...] = ()  # moves of other machines' records that come about here alone

    @property
    def moves(self) -> list[Transition]:
        return [move for model in self.models for move in TRANSITIONS[model]]

    @property
    def counted(self) -> list[type[models.Model]]:
        return list(dict.fromkeys([*self.models, *(move.model for move in self.also)]))


class Tally:
    """What was done over all lives of one machine."""

    def __init__(self):
        self.lives, self.steps, self.tried, self.done = 0, 0, Counter(), Counter()
        self.refusals: dict[str, Counter] = defaultdict(Counter)  # by act, how often for which reason


@contextmanager
def noting_what_is_written():
    """The tables to which something is written inside."""
    tables = set()

    def wrapper(execute, sql, *rest):
        if found := WRITES.match(sql):
            tables.add(found[1])
        return execute(sql, *rest)

    with connection.execute_wrapper(wrapper):
        yield tables


def live(subject: Subject, lives: int, tally: Tally, sought=frozenset(), at_random=False, **options):
    """So many further lives of up to a hundred steps in the world that stands, which try what is sought above all.

    Whatever breaks an invariant, or is no answer, is raised.
    """
    machine = type(subject.name, (Life,), {"subject": subject, "tally": tally, "sought": sought})
    if not at_random:
        machine = seed(tally.lives)(machine)
    options = {"database": None, "phases": [Phase.generate]} | options
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=lives,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            **options,
        ),
    )


class Life(RuleBasedStateMachine):
    """One life, from the seed on; nothing of it remains."""

    subject: Subject
    tally: Tally
    sought: frozenset[str]

    def __init__(self):
        super().__init__()
        self.tally.lives += 1
        self.undo = ExitStack()
        self.undo.enter_context(transaction.atomic())
        self.world, self.now, self.story = World(), self.subject.start, []
        self.pace, self.trying, self.acting, self.refused = None, "", None, Counter()
        self.first = {model: last_entry(model) for model in self.subject.counted}
        caches["pages"].clear()
        directory.roll.cache_clear()

    @rule(chance=st.randoms(use_true_random=True))
    def step(self, chance):
        """Time goes on; somebody does something; the database is asked."""
        self.world.chance = chance
        self.tally.steps += 1
        self.now = min(self.later(), END)
        with clock.at(self.now), noting_what_is_written() as written:
            try:
                with transaction.atomic():
                    self.act()
            except ANSWERS as answer:
                self.tell(f"-> {type(answer).__name__} {answer}")
                self.refused[self.acting] += 1
                self.tally.refusals[self.trying][f"{type(answer).__name__} {answer}"[:60]] += 1
            except Exception as finding:
                finding.add_note(self.told)
                raise
        self.look([each for each in INVARIANTS if TABLES[each] & written])

    def look(self, concerned: list[Invariant]):
        """None of these is broken."""
        if connection.vendor == "postgresql":
            connection.check_constraints()
        broken = {each.name: keys for each in concerned if (keys := verify.broken(each))}
        assert not broken, f"{broken}\n{self.told}"

    @property
    def told(self) -> str:
        return "\n".join(self.story)

    def later(self) -> datetime:
        """Minutes, hours or days, by the pace of this life; a moment that some record names; or up to 400 days."""
        chance = self.world.chance
        self.pace = self.pace or chance.choice(PACES)
        if chance.random() < 0.06 and (named := self.named_moments()):
            return chance.choice(named) + timedelta(seconds=chance.choice([-1, 0, 1]))
        least, most = chance.choices(LEAPS, self.pace)[0]
        return self.now + timedelta(minutes=chance.randint(least, most))

    def named_moments(self) -> list[datetime]:
        """The instants to come that stand on some record."""
        try:
            model = self.world.any_of(self.subject.models)
            record = self.world.one(model)
        except Nothing:
            return []
        values = [getattr(record, field.attname) for field in model._meta.fields if isinstance(field, models.DateField)]
        instants = [value if isinstance(value, datetime) else clock.instant(value) for value in values if value]
        return [each for each in instants if each > self.now]

    def act(self):
        if self.world.happens(0.2):
            acts = self.subject.beginnings
            self.acting = begin = self.world.any_of(acts, [self.weight(each.__name__) for each in acts])
            self.tell(begin.__name__)
            self.attempt(begin.__name__)
            begin(self.world)
            self.tally.done[begin.__name__] += 1
            return
        move, record = self.any_move()
        by = self.actor(move, record)
        self.tell(
            f"{type(record).__name__} {record.pk} ({record.state}): {by if by not in (SYSTEM, LINK) else '–'} {move.verb}"
        )
        self.attempt(move.permission)
        move(record, by=by, **said(self.world, move, record, by))

    def weight(self, act: str) -> int:
        return SEEK if act in self.sought else 1

    def attempt(self, act: str):
        self.trying = act
        self.tally.tried[act] += 1

    def tell(self, words):
        self.story.append(f"{clock.local(self.now):%Y-%m-%d %H:%M:%S} {words}")

    def any_move(self):
        """One that the state of some record allows, the less likely the oftener it was refused; now and then any at all."""
        lying = {
            model: list(model._base_manager.order_by("pk").values_list("pk", "state")) for model in self.subject.models
        }
        strict = self.world.happens(0.92)
        found = {
            move: keys
            for move in self.subject.moves
            if (move.follows or not move.inner)
            and (
                keys := [
                    pk for pk, state in lying[move.model] if not strict or (state in move.source and not move.follows)
                ]
            )
        }
        hope = {move: [1 / (1 + self.refused[move, key]) ** 2 for key in keys] for move, keys in found.items()}
        move = self.world.any_of(found, [self.weight(move.permission) * max(each) for move, each in hope.items()])
        self.acting = move, self.world.any_of(found[move], hope[move])
        return move, move.model._base_manager.get(pk=self.acting[1])

    def actor(self, move: Transition, record):
        """Whoever could make it, or now and then anybody at all."""
        if self.world.happens(0.08):
            return self.world.anybody()
        if (
            not (move.own or move.guest)
            and self.world.happens(0.3)
            and (hands := self.hands_on(record, move.permission))
        ):
            return User.objects.get(pk=self.world.any_of(hands))
        if move.guest and self.world.happens(0.6) and (not isinstance(record, Draw) or record.has_witness):
            return LINK
        if move.automatic and self.world.happens(0.6):
            return SYSTEM
        if move.own:
            return self.world.anybody() if getattr(record, "expert", record) is None else owner_of(record)
        return self.world.officer(move.permission)

    def hands_on(self, record, permission: str) -> list[int]:
        """Whoever stands on the record and has the role for it."""
        names = [field.attname for field in record._meta.fields if field.related_model is User]
        may = self.world.holders.get(permission, ())
        return [key for name in names if (key := getattr(record, name)) in may]

    def teardown(self):
        try:
            self.look(INVARIANTS)
        finally:
            self.end()

    def end(self):
        """Count what came about, and undo it."""
        for model, first in self.first.items():
            reasons = {move.reason: move.permission for move in TRANSITIONS[model]}
            entries = model.history.model.objects.filter(history_id__gt=first, history_change_reason__in=reasons)
            self.tally.done.update(reasons[each] for each in entries.values_list("history_change_reason", flat=True))
        transaction.set_rollback(True)
        self.undo.close()


def last_entry(model) -> int:
    """The number of its newest entry of history; before what a life adds."""
    return model.history.model.objects.aggregate(last=models.Max("history_id"))["last"] or 0
