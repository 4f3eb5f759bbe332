"""What a signed-in person sees first."""

from datetime import date, timedelta

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.db.models import F, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from evaluations.today import queue as ratings
from experts.actions import confirm_key
from expertteam import account_changes, clock, departures, regulation
from expertteam import calendar as days
from expertteam.actions import confirm
from expertteam.context import STAFF_NAV
from expertteam.letters import SEE, undelivered
from expertteam.models import AccountChange, CalendarYear
from expertteam.templatetags.terrace import mask_phone
from expertteam.waiting import LIMIT, Lot, Reminder, Waiting, end_of, lot, open_to
from expertteam.workflow import may
from payments.today import queue as pay
from recruitment.models import Notice
from recruitment.renewals import staged
from recruitment.today import blocked, queue
from services.reviews import queue as reviews
from services.today import queue as services

ENDING = timedelta(days=180)  # a term this close to its end is pointed out


@login_required
@require_safe
def after_sign_in(request):
    """Each person to his own desk."""
    if request.user.is_staff:
        return redirect("admin:index")
    return redirect("experts:desk" if hasattr(request.user, "expert") else "recruitment:apply")


@admin.site.admin_view
@require_safe
def today(request):
    """今天: everything that waits for this person, late first."""
    lots = [
        *services(request.user),
        *reviews(request.user),
        *ratings(request.user),
        *queue(request.user),
        *pay(request.user),
        *grants(request.user),
        *keys(request.user),
        *changes(request.user),
        *departures.queue(request.user),
        *calendar(request.user),
        *undelivered(request.user),
    ]
    kind = request.GET.get("kind", "")
    every = [row for each in lots for row in each.rows]
    rows = [row for each in lots if kind in ("", each.kind) for row in each.rows]
    rows.sort(key=lambda row: (row.due is None, row.due or clock.now()))
    tabs = {}
    for each in lots:
        tabs[each.kind] = tabs.get(each.kind, 0) + each.total
    context = {
        "rows": rows[:LIMIT],
        "tabs": tabs,
        "kind": kind,
        "total": sum(tabs.values()),
        "matching": tabs.get(kind, 0) if kind else sum(tabs.values()),
        "whole": section(rows[0]) if kind and rows else None,
        "some": any(each.total > len(each.rows) for each in lots),
        "late": sum(row.badge == "late" for row in every),
        "closing": sum(bool(row.due) and clock.local(row.due).date() == clock.today() for row in every),
        "reminders": [*terms(request.user), *provisional(request.user), *hindered(request.user)],
        "now": clock.now(),
    }
    return render(request, "today.html", context)


def section(row: Waiting) -> tuple[str, str] | None:
    """The list in which this and everything like it stands, with its name in the side menu."""
    lists = [(reverse(name), label) for name, label, _ in STAFF_NAV if name != "admin:index"]
    return max((each for each in lists if row.url.startswith(each[0])), key=lambda each: len(each[0]), default=None)


@admin.site.admin_view
@require_safe
def records(request):
    """The stock list of records that this person may look at."""
    context = {"title": "记录", "may_see_letters": may(request.user, SEE)}
    return admin.site.index(request, context)


def grants(user) -> list[Lot]:
    """Roles proposed by another, to be confirmed by this person."""
    proposed = open_to(confirm, user).exclude(user=user).exclude(proposed_by=user)
    found = lot("授权", proposed.select_related("user", "proposed_by").order_by("pk"), to_confirm)
    return [found] if found.total else []


def to_confirm(grant) -> Waiting:
    return Waiting(
        None, "确认岗位授权", grant.get_role_display(), str(grant.user), f"由{grant.proposed_by}提出，核对后确认",
        "去确认", grant.get_absolute_url(),
    )  # fmt: skip


def keys(user) -> list[Lot]:
    """Keys with which another site could send bookings, to be confirmed by this person."""
    proposed = open_to(confirm_key, user).exclude(proposed_by=user).filter(last_day__gte=clock.today())
    found = lot("密钥", proposed.select_related("partner", "proposed_by").order_by("pk"), key_to_confirm)
    return [found] if found.total else []


def key_to_confirm(key) -> Waiting:
    return Waiting(
        None, "确认接口密钥", key.hint, str(key.partner), f"由{key.proposed_by}生成，可提交预约，核对后确认",
        "去确认", key.get_absolute_url(),
    )  # fmt: skip


def changes(user) -> list[Lot]:
    """Changes of accounts that wait for a second person, and those of the office for the one who may."""
    factor = open_to(account_changes.reset_factor, user).filter(kind="factor")
    phone = open_to(account_changes.confirm_phone, user).filter(kind="phone", proved_at__isnull=False)
    waiting = AccountChange.objects.filter(Q(pk__in=factor.values("pk")) | Q(pk__in=phone.values("pk")))
    if not may(user, account_changes.SECONDS):
        waiting = waiting.exclude(user__is_staff=True)
    elif not may(user, confirm.permission):  # the leader: in matters of the inspector alone
        involved = account_changes.inspectors().values("pk")
        waiting = waiting.filter(Q(user__in=involved) | Q(proposed_by__in=involved), user__is_staff=True)
    waiting = waiting.exclude(user=user).exclude(proposed_by=user)
    found = lot("账号变更", waiting.select_related("user", "proposed_by").order_by("pk"), to_check)
    return [found] if found.total else []


def to_check(change) -> Waiting:
    calls = change.kind == "phone" and change.way == "call"
    return Waiting(
        None, f"确认{change.get_kind_display()}", mask_phone(change.phone), str(change.user),
        f"由{change.proposed_by}提出，{'打原手机号核对' if calls else '当面核对证件'}后确认", "核对", change.get_absolute_url(),
    )  # fmt: skip


def calendar(user) -> list[Lot]:
    """The years whose holidays are still to be entered: from October on the next one, and any a notice waits for."""
    if not may(user, "expertteam.add_calendaryear"):
        return []
    rows = [to_enter(year) for year in missing_years()]
    return [Lot("放假安排", len(rows), rows)] if rows else []


def missing_years() -> list[int]:
    """Every year that has to be known by now, or that a notice waits for, without a row of its own."""
    waiting = Notice.objects.filter(state=Notice.State.PUBLISHED, provisional=True)
    waited_for = {clock.local(ends_at).year for ends_at in waiting.values_list("ends_at", flat=True)}
    entered = set(CalendarYear.objects.values_list("year", flat=True))
    return sorted({*days.years_to_enter(clock.today()), *waited_for} - entered)


def to_enter(year) -> Waiting:
    return Waiting(
        end_of(date(year - 1, 12, 31)), "录入放假安排", f"{year}年", "国务院办公厅放假通知",
        "没有录入时，跨到这一年的截止日只能暂定", "录入", f"{reverse('admin:expertteam_calendaryear_add')}?year={year}",
    )  # fmt: skip


def terms(user) -> list[Reminder]:
    """Terms close to their end that nothing follows, and terms that outlive the Measures (Articles 3 and 15)."""
    if not may(user, "experts.view_appointment"):
        return []
    url, on = reverse("admin:experts_appointment_changelist"), clock.today()
    ways = reverse("recruitment:renewals") if may(user, "recruitment.view_wish") else url
    standing = staged(on).filter(void_from=None, last_day__gte=on)
    ending = standing.filter(last_day__lte=on + ENDING).exclude(stage="appointed").count()
    beyond = standing.filter(last_day__gt=regulation.IN_FORCE[1]).count()
    found = []
    if ending:
        found.append(Reminder("info", "聘期", f"{ending}位专家180天内聘期届满", ways, "3"))
    if beyond:
        found.append(Reminder("wait", "有效期", f"{beyond}份聘书的聘期超过办法有效期（2031年1月31日）", url, "15"))
    return found


def provisional(user) -> list[Reminder]:
    """Notices whose last day still rests on a year without published holidays."""
    if not may(user, "recruitment.view_notice"):
        return []
    notices = Notice.objects.filter(state=Notice.State.PUBLISHED, provisional=True).order_by("ends_at")[:LIMIT]
    return [
        Reminder("wait", "暂定", f"“{notice.title}”的截止日暂定，录入放假安排后才能聘任", staff_page(notice), "11")
        for notice in notices
    ]


def staff_page(notice) -> str:
    return reverse("recruitment:staff_notice", args=[notice.pk])


def hindered(user) -> list[Reminder]:
    """Whose notice is over and who still cannot be appointed."""
    found = blocked(user).annotate(number=F("application__number"))[:LIMIT]
    return [
        Reminder(
            "bad", "受阻", f"{candidate.name}（{candidate.number}）公示已满，异议还没有办结或已成立", candidate.application.get_absolute_url(), "11",
        )
        for candidate in found
    ]  # fmt: skip
