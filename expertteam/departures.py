"""An officer leaves: what hangs on his person is handed to colleagues, and his account is closed in the same act.

Most work waits for a role, and any colleague goes on with it.  Who did an earlier step stays as it is.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from evaluations import actions as evaluations
from evaluations.models import Dismissal
from experts.models import Appointment
from expertteam import account_changes, actions, clock, notify
from expertteam.models import AccountChange, User
from expertteam.regulation import Refused
from expertteam.waiting import LIMIT, Lot, Waiting
from expertteam.workflow import may, refuse_own
from services.models import Draw, Link, ReviewPanel

CLOSE = "expertteam.change_user"
TAKES = evaluations.take_up.permission  # who goes on with a case
STANDING = [Draw.State.FROZEN, Draw.State.FIXED, Draw.State.DRAWN]
WATCHED = ["selecting", "seated", "open", "signing"]


class Work(NamedTuple):
    """One open thing that hangs on a person; ``way``: what is to be done where no colleague can be named for it."""

    record: Model
    what: str
    number: str
    way: str = ""


def cases(officers: Q) -> QuerySet:
    return Dismissal.objects.open().filter(officers).select_related("expert__user", "handler").order_by("pk")


def open_work(user: User) -> list[Work]:
    """Everything open that hangs on this officer himself."""
    found = [Work(each, "承办解聘案件", each.number) for each in cases(Q(handler=user))]
    found += [
        Work(each, "抽取", each.draw_id, "随机数和签字只能由他本人给；不等他的，由同事提出作废，重新抽取")
        for each in Draw.objects.filter(of_draw(user), state__in=STANDING).order_by("pk")
    ]
    found += [
        Work(each, "到场监督评审", each.number, "由另一位纪检在评审页登记到场，接着监督")
        for each in ReviewPanel.objects.filter(inspector=user, state__in=WATCHED).order_by("pk")
    ]
    in_term = Appointment.objects.in_force(clock.today()).filter(expert__user=user)
    found += [Work(each, "聘期内的专家", each.number, "账号还要用：只收回岗位，或先办理聘任关系") for each in in_term]
    return found


def changes_of(user: User) -> QuerySet:
    """Open changes of accounts that he proposed or confirmed: they end with his own."""
    his = Q(proposed_by=user) | Q(confirmed_by=user)
    return AccountChange.objects.open().filter(his).exclude(user=user).select_related("user").order_by("pk")


def of_draw(user: User) -> Q:
    """Draws that wait for this person's secret or signature."""
    return Q(operator=user, operator_signed_at=None) | Q(inspector=user, inspector_signed_at=None)


def last_of(user: User) -> list[str]:
    """The roles that nobody else holds."""
    held = user.role_grants.filter(state="active")
    others = User.objects.filter(is_active=True).exclude(pk=user.pk)
    return [grant.get_role_display() for grant in held if not others.filter(groups__name=grant.role).exists()]


def colleagues(user: User) -> QuerySet:
    """Who could be named to go on with a case."""
    return notify.holders(TAKES).exclude(pk=user.pk)


def bars(work: Work, people: Iterable[User]) -> dict[User, str]:
    """Who of these cannot take it, and why."""
    found = {each: evaluations.bar_to_handle(work.record, each) for each in people}
    return {each: why for each, why in found.items() if why}


@transaction.atomic
def leave(user: User, *, by: User, reason: str, takers: dict[int, User], emergency: bool = False) -> list[Work]:
    """停用账号: what is open goes to those named, by the key of the case; what stays behind, only in an emergency.

    Returns what stays; it shows on 今天 of whoever can go on with it.
    """
    held = User.objects.select_for_update().filter(pk__in={user.pk, by.pk}).order_by("pk").in_bulk()
    user, by = held[user.pk], held[by.pk]  # as they are now: two who close each other, one of them comes too late
    if not may(by, CLOSE):
        raise PermissionDenied(CLOSE)
    refuse_own(user.pk == by.pk)
    account_changes.tail_only(reason)
    if not user.is_active:
        raise Refused("这个账号已停用")
    left = [work for work in open_work(user) if work.way or work.record.pk not in takers]
    if left and not emergency:
        raise Refused(f"还有{len(left)}件没有交接，不能停用；要马上停用的，选紧急停用并写明原因")
    given = [work for work in open_work(user) if work not in left]
    for work in given:
        evaluations.hand_on(work.record, by=by, to=takers[work.record.pk])
    end_links(user)
    actions.shut_out(
        user, by=by, reason=f"{'紧急，' if emergency else ''}{reason}，移交{len(given)}件，留下{len(left)}件"
    )
    return left


def end_links(user: User):
    """No link that was sent to this person opens anything."""
    his = Q(offer__expert__user=user) | Q(request__client=user) | Q(service__request__client=user)
    links = Link.objects.filter(his, expires_at__gt=clock.now())
    Link.objects.filter(pk__in=list(links.values_list("pk", flat=True))).update(expires_at=clock.now())


# What was left behind


def queue(user: User) -> list[Lot]:
    """Cases whose officer is gone, or in another role, for those who may go on with them."""
    if not may(user, TAKES):
        return []
    gone = Q(handler__isnull=False) & ~Q(handler__in=notify.holders(TAKES))
    found = cases(gone).exclude(expert__user=user)
    rows = [to_take(each) for each in found[:LIMIT]]
    return [Lot("待接手", found.count(), rows)] if rows else []


def to_take(case: Dismissal) -> Waiting:
    return Waiting(
        None, "接手解聘案件", case.number, str(case.expert), f"承办人{case.handler}已离岗，请定由谁接着办",
        "接手", f"{case.get_absolute_url()}hand_on/",
    )  # fmt: skip
