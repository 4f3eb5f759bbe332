"""The time of experts: taken and given back, and how each of them keeps his own calendar (Article 10(3))."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from experts.models import Expert
from expertteam import clock
from expertteam.models import User
from expertteam.regulation import Refused, article
from services.models import Activity, DayException, Diary, Engagement, Pause, PoolEntry, ServiceRequest, WeeklyHours
from services.rules.slots import Span, joined

PERIODS_A_DAY = 3
GUARD = "art10_3_engagements_never_overlap"
TAKEN = "这个时间刚被别人约走了，请另选"


@article("10(3)")
def occupy(
    expert: Expert,
    starts_at: datetime,
    minutes: int,
    *,
    purpose: str,
    request: ServiceRequest | None = None,
    activity: Activity | None = None,
) -> Engagement:
    """占用专家时间: ``Refused`` when any of it is taken, which the database alone decides.

    No meeting takes time of a review for which he might have been drawn, in the same words (Article 10(4)).
    Part of the act that needs the time; that act has asked who may.  Whoever takes the time of several experts in one
    transaction takes it in the order of their keys, else two such acts could wait for each other.
    """
    taken = Engagement(
        expert=expert, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes),
        purpose=purpose, request=request, activity=activity,
    )  # fmt: skip
    pool = PoolEntry.objects.held(starts_at, taken.ends_at).filter(expert=expert)
    if purpose == Engagement.Purpose.SESSION and pool.exists():
        raise Refused(TAKEN, "10(3)")
    try:
        with transaction.atomic():
            taken.save()
    except IntegrityError as refusal:
        if GUARD not in str(refusal):
            raise
        raise Refused(TAKEN, "10(3)") from refusal
    return taken


def release(engagement: Engagement) -> Engagement:
    """释放专家时间: others may have it from now on; a second time nothing happens."""
    with transaction.atomic():
        engagement.refresh_from_db(from_queryset=Engagement.objects.select_for_update(no_key=True))
        if engagement.live:
            engagement.live = False
            engagement.save(update_fields=["live"])
    return engagement


@transaction.atomic
def set_hours(expert: Expert, periods: Iterable[tuple[int, time, time]], *, by: User):
    """设置每周时段: the whole week anew, as (weekday from 0, begins, ends); periods that touch become one."""
    hold(expert, by)
    wanted = {(weekday, *span) for weekday, spans in by_weekday(periods).items() for span in spans}
    for kept in expert.weekly_hours.all():
        if (entry := (kept.weekday, kept.begins, kept.ends)) in wanted:
            wanted.discard(entry)
        else:
            record(kept, by, "设置每周时段").delete()
    for weekday, begins, ends in sorted(wanted):
        record(WeeklyHours(expert=expert, weekday=weekday, begins=begins, ends=ends), by, "设置每周时段").save()


def by_weekday(periods: Iterable[tuple[int, time, time]]) -> dict[int, list[Span]]:
    week: dict[int, list[Span]] = {}
    for weekday, begins, ends in periods:
        if begins >= ends:
            raise Refused("结束时间要晚于开始时间", "10(3)")
        week.setdefault(weekday, []).append(Span(begins, ends))
    week = {weekday: joined(spans) for weekday, spans in week.items()}
    if any(len(spans) > PERIODS_A_DAY for spans in week.values()):
        raise Refused(f"一天最多{PERIODS_A_DAY}段时间", "10(3)")
    return week


@transaction.atomic
def except_day(
    expert: Expert, day: date, *, by: User, kind: str, begins: time | None = None, ends: time | None = None
) -> DayException:
    """设置特定日期: closed, wholly or for some hours, or open in addition; the same said twice counts once."""
    hold(expert, by)
    if day < clock.today():
        raise Refused("这一天已经过去了", "10(3)")
    if kind == DayException.Kind.EXTRA and begins is None:
        raise Refused("加开要写明从几点到几点", "10(3)")
    said = {"date": day, "kind": kind, "begins": begins, "ends": ends}
    known = expert.day_exceptions.filter(**said).first()
    if known:
        return known
    entry = record(DayException(expert=expert, **said), by, "设置特定日期")
    entry.save()
    return entry


@transaction.atomic
def clear_day(entry: DayException, *, by: User):
    """取消特定日期: the day goes by its week again."""
    hold(entry.expert, by)
    for kept in DayException.objects.filter(pk=entry.pk):  # a double click finds none
        record(kept, by, "取消特定日期").delete()


@transaction.atomic
def pause(expert: Expert, *, by: User, first_day: date, last_day: date | None = None, reason: str = "") -> Pause:
    """暂停接单: from that day to ``last_day`` (inclusive), or until resumed.  What is arranged stays arranged."""
    hold(expert, by)
    if first_day < clock.today():
        raise Refused("开始日期不能早于今天", "10(3)")
    if last_day and last_day < first_day:
        raise Refused("结束日期不能早于开始日期", "10(3)")
    if overlapping(expert, first_day, last_day):
        raise Refused("这段时间里已经有一次暂停，请先恢复那一次", "10(3)")
    entry = record(Pause(expert=expert, first_day=first_day, last_day=last_day, reason=reason), by, "暂停接单")
    entry.save()
    return entry


def overlapping(expert: Expert, first_day: date, last_day: date | None) -> bool:
    standing = expert.pauses.standing(first_day)
    return (standing.filter(first_day__lte=last_day) if last_day else standing).exists()


@transaction.atomic
def resume(entry: Pause, *, by: User):
    """恢复接单: a pause that has begun ends with yesterday, one that has not is taken back."""
    hold(entry.expert, by)
    for kept in Pause.objects.standing(clock.today()).filter(pk=entry.pk):  # a double click finds none
        record(kept, by, "恢复接单")
        if kept.first_day >= clock.today():
            kept.delete()
        else:
            kept.last_day = clock.today() - timedelta(days=1)
            kept.save()


@transaction.atomic
def set_limits(expert: Expert, *, by: User, monthly_cap: int | None, slot_minutes: int | None) -> Diary:
    """设置接单上限和时长: None follows the bureau's number."""
    diary = hold(expert, by)
    diary.monthly_cap, diary.slot_minutes = monthly_cap, slot_minutes
    record(diary, by, "设置接单上限和时长").save()
    return diary


@transaction.atomic
def renew_feed(expert: Expert, *, by: User) -> str:
    """更换订阅地址: the token of the private feed, told this once; of it only a digest is kept, the former one ends."""
    diary, token = hold(expert, by), secrets.token_urlsafe(16)
    diary.feed_digest = digest(token)
    record(diary, by, "更换订阅地址").save()
    return token


@transaction.atomic
def close_feed(expert: Expert, *, by: User):
    """停用订阅地址: whoever has the address reads nothing more."""
    diary = hold(expert, by)
    diary.feed_digest = None
    record(diary, by, "停用订阅地址").save()


def digest(token: str) -> str:
    """128 random bits need no salt."""
    return sha256(token.encode()).hexdigest()


def hold(expert: Expert, by: User) -> Diary:
    """The expert's diary, his row locked; ``PermissionDenied`` for anybody but himself."""
    if expert.user_id != by.pk:
        raise PermissionDenied("an expert keeps his own calendar")
    expert.hold()
    return Diary.objects.filter(expert=expert).first() or Diary(expert=expert)


def record(entry, by: User, reason: str):
    """The same entry, its next history row carrying who and why."""
    entry._history_user, entry._change_reason = by, reason
    return entry
