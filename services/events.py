"""What waits of activities and pairings: at the expert's desk and in the office's day (Articles 8(2) and 8(3))."""

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from experts.desk import Section
from experts.models import Expert
from expertteam import clock
from expertteam.waiting import Lot, Waiting, end_of, lot, open_to
from services.actions import activity, pairing
from services.models import Activity, ActivityRole, Pairing
from services.rules.pairing import form_of

COMING = [ActivityRole.State.INVITED, ActivityRole.State.ACCEPTED]
TOGETHER = [Pairing.State.PROPOSED, Pairing.State.ACTIVE]


def section(expert: Expert) -> Section | None:
    """What the expert is asked for and takes part in, and his pairings with the next contact due."""
    now, today = clock.now(), clock.today()
    coming = expert.activity_roles.filter(state__in=COMING, starts_at__gte=now, activity__state__in=["draft", "open"])
    roles = list(coming.select_related("activity").order_by("starts_at", "pk"))
    together = expert.pairings.filter(state__in=TOGETHER, ends_on__gte=today).prefetch_related("members", "services")
    pairings = [(each, *followed(each)) for each in together.order_by("ends_on", "pk")]
    if not roles and not pairings:
        return None
    asked = sum(role.state == ActivityRole.State.INVITED for role in roles)
    asked += sum(each.state == Pairing.State.PROPOSED for each, *_ in pairings)
    said = f"{asked}项邀请等您答复" if asked else ""
    shows = [role.get_absolute_url() for role in roles]
    shows += [reverse("services:desk_pairing", args=[each.pk]) for each, *_ in pairings]
    return Section("services/desk/events.html", {"roles": roles, "pairings": pairings}, said=said, shows=tuple(shows))


def followed(pairing: Pairing):
    """One to one or to many; while it runs, the next contact due and whether that is late."""
    form = form_of(sum(member.left_on is None for member in pairing.members.all()))
    if pairing.state != Pairing.State.ACTIVE:
        return form, None, False
    return form, pairing.contact_due(), pairing.is_overdue(clock.today())


def queue(user) -> list[Lot]:
    """What this person can move now: drafts to announce, activities to close, pairings that are late or over."""
    lots = [
        lot("活动", drafts(user), to_publish),
        lot("活动", held(user), to_close),
        lot("结对", late(user), to_ask_after),
        lot("结对", reported(user), to_settle),
    ]
    return [each for each in lots if each.total]


def waiting(user) -> int:
    """Drafts to announce and activities to close."""
    return drafts(user).count() + held(user).count()


def not_his(records: QuerySet, user) -> QuerySet:
    """Without those at which he himself speaks."""
    gone = [ActivityRole.State.DECLINED, ActivityRole.State.RELEASED]
    own = ActivityRole.objects.filter(expert__user=user).exclude(state__in=gone)
    return records.exclude(pk__in=own.values("activity"))


def drafts(user) -> QuerySet:
    """Drafts with an expert asked, still to come."""
    asked = Q(roles__state__in=COMING)
    return (
        not_his(open_to(activity.publish, user), user)
        .filter(asked, starts_at__gt=clock.now())
        .distinct()
        .order_by("starts_at")
    )


def held(user) -> QuerySet:
    """Over, and not yet closed, so that the experts' hours do not count yet."""
    over = Activity.objects.filter(state__in=["open", "held"], ends_at__lt=clock.now())
    may_close = open_to(activity.close, user) | open_to(activity.hold, user)
    return not_his(over.filter(pk__in=may_close.values("pk")), user).order_by("ends_at")


def late(user) -> QuerySet:
    """Pairings whose next contact is overdue."""
    mine = open_to(pairing.call_off, user).exclude(expert__user=user)
    return Pairing.objects.overdue(clock.today()).filter(pk__in=mine.values("pk")).followed().order_by("pk")


def reported(user) -> QuerySet:
    """Pairings whose expert has written what came of them, or that are past their last day."""
    mine = open_to(pairing.close, user).exclude(expert__user=user)
    done = Q(reported_at__isnull=False) | Q(ends_on__lt=clock.today())
    return mine.filter(done).select_related("expert__user").order_by(F("ends_on"), "pk")


def page(each: Activity) -> str:
    return reverse("services:staff_activity", args=[each.pk])


def to_publish(each: Activity) -> Waiting:
    return Waiting(each.starts_at, "发布活动", each.number, each.title, "专家已邀请，核对后发布", "发布", page(each))


def to_close(each: Activity) -> Waiting:
    return Waiting(
        None, "办结活动", each.number, each.title, "核对签到名单，专家的时长才算数", "办结", page(each)
    )  # fmt: skip


def to_ask_after(each: Pairing) -> Waiting:
    due = end_of(each.contact_due())
    return Waiting(due, "结对联系超期", each.number, str(each.expert), "请催问专家", "催问", each.get_absolute_url())


def to_settle(each: Pairing) -> Waiting:
    tip = "专家已写成效，可以办结" if each.reported_at else "已到期，请专家写成效"
    return Waiting(
        end_of(each.ends_on), "办结结对", each.number, str(each.expert), tip, "办结", each.get_absolute_url()
    )
