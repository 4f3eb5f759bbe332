"""The one place where a record changes state.

An app declares each legal move as a function in its ``actions.py``::

    @transition(Application, source=[State.SUBMITTED], target=State.RECOMMENDED, article="11")
    def recommend(application, *, by, opinion):
        application.opinion = opinion

Calling ``recommend(application, by=user, opinion=...)`` then, in one database transaction, locks
the row, checks who, checks the state, runs the body, saves, and leaves a history entry.  A body may
return what is to be done once the record is saved.  Admin, portal, JSON and Celery all call that name.
"""

import functools
import inspect
from contextvars import ContextVar

from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from expertteam.regulation import ENFORCED, Refused

TRANSITIONS = {}  # model -> its transitions, in order of declaration
SYSTEM = object()  # the actor of moves that time itself brings about
LINK = object()  # whoever holds the one-time link of this very record, which the caller has looked up
_act: ContextVar["Transition | None"] = ContextVar("act", default=None)  # the move that is being made


class WorkflowQuerySet(models.QuerySet):
    """Refuses every bulk write that would move a state past the rules and leave no history."""

    def update(self, **values):
        if "state" in values:
            raise TypeError("a state is moved by a transition, never by update()")
        return super().update(**values)

    def bulk_create(self, *args, **options):
        raise TypeError("bulk_create() leaves no history")

    def filter(self, *args, **conditions):
        """Of nothing nothing is sought: the side menu asks for much that its reader may not see."""
        return self if self.query.is_empty() else super().filter(*args, **conditions)

    def exclude(self, *args, **conditions):
        return self if self.query.is_empty() else super().exclude(*args, **conditions)


class Workflow(models.Model):
    """A record whose ``state`` is moved by transitions alone."""

    objects = WorkflowQuerySet.as_manager()

    SPOKEN: dict[str, str] = {}  # verb -> the field that holds what was said when it was done
    BELONGS_TO = ""  # the field of the record that is locked before it: acts on either never wait for each other

    class Meta:
        abstract = True

    def concerns(self, user) -> bool:
        """Whether the record is about this very person, who then may not act on it in office."""
        return False

    def bars(self, user) -> bool:
        """Whether this person may not act on the record in office: it concerns him, or what it is a part of does."""
        return self.concerns(user)

    def standstill(self) -> str:
        """Why nothing of this record moves just now, in words; empty when it does."""
        return ""


def may(user, permission, record=None) -> bool:
    """A role (Django group) or a grant on this very record (guardian) suffices."""
    return user.has_perm(permission) or (record is not None and user.has_perm(permission, record))


def refuse_own(own: bool, article: str = ""):
    """Nobody acts in office on a matter of his own: a transition asks by itself, what begins a record has to."""
    if own:
        raise Refused("这件事与您本人有关，应由他人办理", article)


class Transition:
    """One legal move; see ``transition`` for what can be declared."""

    do_not_call_in_templates = True

    def __init__(
        self, body, *, model, source, target, article="", apart_from=(), own=False, automatic=False, guest=False,
        inner=False, follows=False,
    ):  # fmt: skip
        functools.update_wrapper(self, body)
        self.body, self.verb, self.label = body, body.__name__, body.__doc__
        self.model, self.article, self.apart_from = model, article, tuple(apart_from)
        self.source, self.target = frozenset(source), target
        self.own, self.automatic, self.guest = own, automatic, guest
        self.inner, self.follows = inner or follows, follows
        codename = get_permission_codename(self.verb, model._meta)
        self.permission = f"{model._meta.app_label}.{codename}"
        self.reason = f"{self.label}（第{article}条）" if article else self.label
        TRANSITIONS.setdefault(model, []).append(self)
        if article:
            ENFORCED[article].append(self)

    @transaction.atomic
    def __call__(self, record, *, by, **data):
        self.lock(record)
        self.check_actor(record, by)
        self.check_state(record)
        outer = _act.set(self)
        try:
            afterwards = self.body(record, by=by, **data)
            record.state = self.target or record.state
            record._history_user = None if by in (SYSTEM, LINK) else by
            record._change_reason = self.reason
            record.save()
            if afterwards:
                afterwards()
        finally:
            _act.reset(outer)
        return record

    def lock(self, record):
        """Read the record anew under a lock, in one order everywhere."""
        owner = self.model.BELONGS_TO
        if owner and (key := getattr(record, f"{owner}_id")):
            kind = self.model._meta.get_field(owner).related_model
            kind._base_manager.select_for_update().values_list("pk").get(pk=key)
        record.refresh_from_db(from_queryset=self.model._base_manager.select_for_update())

    @property
    def is_bare(self) -> bool:
        """Asks for nothing beyond record and actor, so a list page can offer it in bulk."""
        return len(inspect.signature(self.body).parameters) == 2

    def permits(self, record, user) -> bool:
        """Whether this person may ever make this move on this record, its history left aside."""
        return record.concerns(user) if self.own else may(user, self.permission, record) and not record.bars(user)

    def check_actor(self, record, by):
        if self.follows:
            if _act.get() is None:
                raise PermissionDenied(f"{self.verb} comes with another act")
            return
        if by in (SYSTEM, LINK):
            if not (self.automatic if by is SYSTEM else self.guest):
                raise PermissionDenied(f"{self.verb} needs a person")
            return
        if not (record.concerns(by) if self.own else may(by, self.permission, record)):
            raise PermissionDenied(self.permission)
        refuse_own(not self.own and record.bars(by), self.article)
        if self.is_barred(record, by):
            earlier = "、".join(move.label for move in self.apart_from)
            raise Refused(f"办理“{earlier}”的人不能再办理“{self.label}”", self.article)

    def is_barred(self, record, user) -> bool:
        """Whether this person's earlier acts on the record bar him from this move."""
        reasons = [move.reason for move in self.apart_from]
        return bool(reasons) and record.history.filter(history_user=user, history_change_reason__in=reasons).exists()

    def check_state(self, record):
        if record.state not in self.source:
            raise Refused(f"现在的状态是“{record.get_state_display()}”，不能“{self.label}”，请刷新页面", self.article)
        if words := record.standstill():
            raise Refused(words, self.article)


def transition(model, **declaration):
    """Declare a move of ``model`` from ``source`` states to ``target`` (None: it stays), by ``article`` where there is one.

    ``apart_from``: whoever performed one of these moves on the record may not perform this one.
    ``own``: made by the person whom the record concerns, who needs no role for it.
    ``automatic``: time itself (``SYSTEM``) may make it.
    ``guest``: whoever holds the record's link (``LINK``) may make it; by telephone, staff make it for him.
    ``inner``: part of another act, never offered by itself.
    ``follows``: comes with another move, which has asked who; nobody makes it by itself.
    """
    return lambda body: Transition(body, model=model, **declaration)


def available(record, user) -> list[Transition]:
    """The moves this user may make on this record now: what a page offers as buttons."""
    return [
        move
        for move in TRANSITIONS.get(type(record), ())
        if not move.inner
        and record.state in move.source
        and move.permits(record, user)
        and not move.is_barred(record, user)
    ]
