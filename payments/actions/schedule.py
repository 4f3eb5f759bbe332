"""报酬标准: typed by one person, compared with its document by another, in force from its day on (Article 13)."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from expertteam import clock
from expertteam.files import examined
from expertteam.models import User
from expertteam.regulation import Refused, article
from expertteam.templatetags.terrace import long_day
from expertteam.workflow import may, transition
from payments import rate_messages as messages
from payments import rules
from payments.models import ActivityKind, Rate, RateSchedule, ScheduleFile, Tier

State = RateSchedule.State
DRAFT = "payments.draft_rateschedule"
FACTS = ("title", "document_number", "effective_from", "valid_until", "note")
NUMBERS = tuple(rules.Tariff.__dataclass_fields__)
Key = tuple[str, str]  # kind of activity, tier


@article("13")
@transaction.atomic
def draft_schedule(*, by: User, scope: str, rates=(), gone=(), files=(), **facts) -> RateSchedule:
    """如有新的政策出台按新政策执行: type a new circular in, beginning from the numbers that it replaces.

    ``facts``: title, document_number, effective_from, and valid_until and note if there are any.  ``rates``: by
    ``kind`` (and ``tier``) the numbers that change; ``gone``: tiers that are no longer told apart.
    """
    if not may(by, DRAFT):
        raise PermissionDenied(DRAFT)
    before = RateSchedule.objects.select_for_update(no_key=True).last_of(scope)
    if RateSchedule.objects.filter(scope=scope, state=State.DRAFT).exists():
        raise Refused("这个范围已有一份拟稿，先核对确认或作废", "13")
    schedule = RateSchedule(scope=scope, supersedes=before, drafted_by=by, **facts)
    check_days(schedule)
    schedule._history_user, schedule._change_reason = by, "录入报酬标准（第13条）"
    schedule.save()
    write(schedule, merged(scope, before, rates, gone))
    keep(schedule, files, by)
    messages.drafted(schedule)
    return schedule


@transition(RateSchedule, source=[State.DRAFT], target=State.DRAFT, article="13")
def revise(schedule, *, by, rates=(), gone=(), files=(), **facts):
    """修改拟稿"""
    for name in FACTS:
        if name in facts:
            setattr(schedule, name, facts[name])
    check_days(schedule)
    rows = merged(schedule.scope, schedule, rates, gone)
    schedule.rates.all().delete()
    write(schedule, rows)
    keep(schedule, files, by)


@transition(RateSchedule, source=[State.DRAFT, State.PROVISIONAL], target=None, article="13")
def attach(schedule, *, by, files):
    """上传标准文件"""
    keep(schedule, files, by)
    messages.attached(schedule)


@transition(
    RateSchedule, source=[State.DRAFT, State.PROVISIONAL], target=State.CONFIRMED, article="13",
    apart_from=[revise, attach],
)  # fmt: skip
def confirm_schedule(schedule, *, by, note=None):
    """核对确认标准"""
    if by.pk == schedule.drafted_by_id:
        raise Refused("录入的人不能自己核对，请另一位同事核对", "13")
    if not schedule.files.exists():
        raise Refused("还没有上传标准文件，先请经办上传", "13")
    check_later(schedule)
    schedule.note = schedule.note if note is None else note
    schedule.confirmed_by, schedule.confirmed_at = by, clock.now()
    messages.confirmed(schedule)


@transition(RateSchedule, source=[State.DRAFT], target=State.DROPPED, article="13")
def drop(schedule, *, by):
    """作废拟稿"""
    schedule.supersedes = None  # what it was to replace may be replaced by another
    messages.settled(schedule)


def check_days(schedule: RateSchedule):
    """``Refused`` unless it begins after the one it replaces, and holds for a time."""
    before, first = schedule.supersedes, schedule.effective_from
    if before and first <= before.effective_from:
        raise Refused(f"执行日期要晚于现行标准的{long_day(before.effective_from)}，请核对文件", "13")
    if schedule.valid_until and schedule.valid_until < first:
        raise Refused("有效期要晚于执行日期，请核对文件", "13")


def merged(scope: str, before: RateSchedule | None, rates, gone) -> dict[Key, dict]:
    """A row for every kind of the scope: as before, with what is given anew in its place."""
    rows: dict[Key, dict] = {(kind, ""): {} for kind in rules.SCOPES[scope]}
    for rate in before.rates.all() if before else ():
        rows[rate.kind, rate.tier] = {name: getattr(rate, name) for name in NUMBERS}
    for given in rates:
        key = given["kind"], given.get("tier", "")
        if key[0] not in rules.SCOPES[scope]:
            raise Refused(f"“{ActivityKind(key[0]).label}”不在这个适用范围内", "13")
        rows[key] = rows.get(key, {}) | {name: given[name] for name in NUMBERS if name in given}
    return {key: row for key, row in rows.items() if not (key[1] and key in gone)}


def write(schedule: RateSchedule, rows: dict[Key, dict]):
    kinds, tiers = rules.SCOPES[schedule.scope], ["", *Tier.values]
    ordered = sorted(rows, key=lambda key: (kinds.index(key[0]), tiers.index(key[1])))
    Rate.objects.bulk_create(
        Rate(schedule=schedule, kind=kind, tier=tier, **rows[kind, tier]) for kind, tier in ordered
    )
    check_later(schedule)


def check_later(schedule: RateSchedule):
    """``Refused`` where less is paid from a day on that is never reached: only a part in an activity has several days."""
    if rate := schedule.rates.exclude(later_from=None).exclude(kind__in=rules.AT_AN_ACTIVITY).first():
        what = f"{rate.get_kind_display()}一笔只算一天，不能从第几天起减付"
        raise Refused(f"{what}。请清空这两项；文件有规定的改填幅度，逐笔定金额", "13")


def keep(schedule: RateSchedule, files, by: User):
    for upload in files:
        ScheduleFile.objects.create(schedule=schedule, by=by, **examined(upload))
