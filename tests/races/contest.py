"""Several people at once: each call in its own thread and connection, brought together where it matters."""

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, BrokenBarrierError, Event

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.db.models import QuerySet

from expertteam import clock
from expertteam.guards import GUARDS
from expertteam.regulation import Refused

PATIENCE = 1.0  # seconds to wait for the others; whoever is held back by a lock never comes


def together(*calls, meet, moment):
    """The result of every call, or the refusal it met.

    After the first statement that matches ``meet`` each one waits for all others: without a lock
    they all get there and go on side by side, with one the first gives up waiting and goes ahead.
    """
    start, meeting = Barrier(len(calls)), Barrier(len(calls), timeout=PATIENCE)

    def run(call):
        start.wait()
        with clock.at(moment):
            return attempt(call, after(meet, lambda: rendezvous(meeting)))

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def overtaking(first, second, *, hold, moments):
    """``first`` pauses after the statement that matches ``hold``, before its commit; ``second`` begins just then."""
    held = Event()

    def pause():
        held.set()
        time.sleep(PATIENCE)

    def run_first():
        with clock.at(moments[0]):
            return attempt(first, after(hold, pause))

    def run_second():
        held.wait(10)
        with clock.at(moments[1]):
            return attempt(second, lambda execute, *statement: execute(*statement))

    with ThreadPoolExecutor(2) as pool:
        return [future.result() for future in (pool.submit(run_first), pool.submit(run_second))]


def crowd(clients, attempts, act):
    """``act(n)`` for each of so many attempts, by clients who all go through them side by side: how often what came of it.

    Anything but ``done`` and the reason of a refusal is a fault, told by its name and words.
    """
    start = Barrier(clients)

    def run(client):
        start.wait()
        try:
            return Counter(outcome(act, n) for n in range(client, attempts, clients))
        finally:
            connection.close()

    with ThreadPoolExecutor(clients) as pool:
        return sum(pool.map(run, range(clients)), Counter())


def outcome(act, *args):
    try:
        act(*args)
    except Refused as refusal:
        return refusal.reason
    except Exception as fault:  # whatever it is, the test shows it
        return repr(fault)
    return "done"


def attempt(call, wrapper):
    try:
        with connection.execute_wrapper(wrapper):
            return call()
    except (Refused, PermissionDenied, IntegrityError) as refusal:
        return refusal
    finally:
        connection.close()


def after(pattern, act):
    """A wrapper of statements that acts once, after the first one that matches."""
    left = [act]

    def wrapper(execute, sql, *rest):
        result = execute(sql, *rest)
        if left and re.search(pattern, str(sql)):
            left.pop()()
        return result

    return wrapper


def rendezvous(meeting):
    try:
        meeting.wait()
    except BrokenBarrierError:
        return


@contextmanager
def without_row_locks(monkeypatch):
    """The control: the same code with every row lock taken out."""
    with monkeypatch.context() as patch:
        patch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
        yield


@contextmanager
def without_guard_locks():
    """The control for the database's own locks: the same guards, looking without holding."""
    locks = {guard: guard.lock for guard in GUARDS if guard.lock}
    try:
        for guard in locks:
            guard.lock = ""
            put_up(guard)
        yield
    finally:
        for guard, lock in locks.items():
            guard.lock = lock
            put_up(guard)


@contextmanager
def without_guards(*names):
    """The control without these guards at all."""
    chosen = [guard for guard in GUARDS if guard.name in names]
    try:
        for guard in chosen:
            run(guard.down("postgresql"))
        yield
    finally:
        for guard in chosen:
            put_up(guard)


def put_up(guard):
    run(guard.down("postgresql") + guard.up("postgresql"))


def run(statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def kinds(results):
    """What came of each call, in the order of the alphabet: ``done`` or the name of the refusal."""
    return sorted(type(each).__name__ if isinstance(each, Exception) else "done" for each in results)
