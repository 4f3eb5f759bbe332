"""The demo's clock and its outbox; these doors exist only in the demo."""

import re
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from expertteam import calendar, clock
from expertteam.celery import run_due_jobs
from expertteam.models import ClockMove, Notification, User
from expertteam.regulation import Refused
from expertteam.templatetags.terrace import long_day, weekday
from recruitment.models import Notice

SHOWN = 50
ADDRESS = re.compile(r"(https?://[\w.:/-]+)", re.ASCII)


def next_day() -> datetime:
    """The same hour of the next day."""
    return clock.now() + calendar.ONE_DAY


def next_workday() -> datetime:
    """Nine in the morning of the next working day; ``UnknownDay`` as in ``calendar``."""
    return clock.instant(calendar.next_working_day(clock.today()), 9)


def end_of_notice() -> datetime:
    """The minute after the end of the published notice that ends first; ``Refused`` when there is none."""
    ahead = Notice.objects.filter(state=Notice.State.PUBLISHED, ends_at__gte=clock.now()).order_by("ends_at").first()
    if ahead is None:
        raise Refused("现在没有还在进行的公示")
    return ahead.ends_at + clock.ONE_MINUTE


GOALS = {
    "day": (next_day, "前进一天"),
    "workday": (next_workday, "到下一个工作日"),
    "notice": (end_of_notice, "到公示结束"),
}


@transaction.atomic
def move(goal: str, *, by: User) -> datetime:
    """Move the clock forward, record who did it and when in real time; returns the new time.

    ``Refused`` or ``UnknownDay`` when there is no such moment.
    """
    find, reason = GOALS[goal]
    moment, real = find(), clock.real()
    ClockMove.objects.create(offset=moment - real, moved_at=real, by=by, reason=reason)
    return moment


def afternoons(began: datetime, ended: datetime) -> list[datetime]:
    """Twenty past three of each day in between, when the reminders of the next day have become due."""
    first = clock.local(began).date()
    days = (clock.local(ended).date() - first).days
    stops = (clock.instant(first + day * calendar.ONE_DAY, 15, 20) for day in range(days + 1))
    return [stop for stop in stops if began < stop < ended]


@require_POST
@login_required
def move_clock(request):
    """Staff move the clock; then whatever fell due is done, as the worker would have done it."""
    if not request.user.is_staff:
        raise PermissionDenied
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    began = clock.now()
    try:
        moment = move(request.POST.get("to"), by=request.user)
    except KeyError:
        messages.error(request, "请用页面顶部的按钮移动时钟")
    except Refused as refusal:
        messages.warning(request, str(refusal))
    except calendar.UnknownDay as unknown:
        messages.warning(request, year_missing(unknown.year))
    else:
        for stop in [*afternoons(began, moment), moment]:
            with clock.at(stop):
                run_due_jobs()
        messages.success(request, f"时钟走到{long_day(moment)}（{weekday(moment)}）{clock.local(moment):%H:%M}")
    return redirect(back)


def year_missing(year: int) -> str:
    """What has to be done first, with the way there."""
    return format_html(
        "{}年的放假安排还没有录入，不知道哪天上班。<a href='{}'>录入放假安排</a>（系统管理员）",
        year,
        "/admin/expertteam/calendaryear/add/",
    )


@require_safe
def outbox(request):
    """What would have gone out by SMS and mail, newest first, so that codes and notices can be read."""
    sent = list(Notification.objects.exclude(channel=Notification.Channel.INAPP)[:SHOWN])
    for message in sent:
        message.read = followed(message.body)
    return render(request, "demo/outbox.html", {"sent": sent, "shown": SHOWN})


def followed(body: str) -> str:
    """The text as a phone shows it: its addresses can be followed, also right after a Chinese colon."""
    parts = (("<a href='{0}'>{0}</a>" if part.startswith("http") else "{}", part) for part in ADDRESS.split(body))
    return format_html_join("", "{}", ((format_html(form, part),) for form, part in parts))


def steady_clock(get_response):
    """Middleware: the offset is asked once a request."""

    def respond(request):
        with clock.steady():
            return get_response(request)

    return respond


urlpatterns = [
    path("clock/", move_clock, name="demo_clock"),
    path("outbox/", outbox, name="demo_outbox"),
]
