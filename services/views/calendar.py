"""The expert's own calendar: /desk/calendar/, and the private feed of it (Article 10(3))."""

from datetime import timedelta
from itertools import groupby
from operator import itemgetter

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import TemplateView

from experts.models import Expert
from experts.views.profile import OwnForm, OwnPage
from expertteam import clock
from expertteam.limits import limited
from expertteam.models import Policy
from expertteam.templatetags.terrace import WEEKDAYS
from services import agenda, ical, slots
from services.actions import availability as actions
from services.forms import calendar as forms
from services.models import DayException, Diary, Pause
from services.rules.slots import paused
from services.views.unlisted import unlisted

CALENDAR = reverse_lazy("services:calendar")
FEEDS_A_MINUTE = 60  # of one network: an office's phones all ask from the same one


class Calendar(OwnPage, TemplateView):
    """The coming weeks, and everything that decides when the expert can be met."""

    template_name = "services/calendar/calendar.html"

    def get_context_data(self, **kwargs):
        own, now, today = self.expert, clock.now(), clock.today()
        first_day, days = slots.window(now)
        table = slots.timetables([own], first_day, days, now)[own.pk]
        span = [first_day + timedelta(days=n) for n in range(days)]
        free = [slot for day in span for slot in table.free(day)]
        coming = agenda.coming(own, now, clock.instant(span[-1] + timedelta(days=1)))
        return super().get_context_data(
            agenda=[(entry, refused(table, entry.engagement)) for entry in coming],
            free=free,
            last=span[-1],
            days=len({clock.local(slot.starts_at).date() for slot in free}),
            week=week(own),
            exceptions=own.day_exceptions.filter(date__gte=today),
            pauses=own.pauses.standing(today),
            diary=Diary.objects.filter(expert=own).first(),
            usual=Policy.objects.numbers(["monthly_cap", "slot_minutes"], today),
            today=today,
            **kwargs,
        )


def refused(table, engagement) -> bool:
    """Whether the expert said meanwhile that he takes nothing on that day."""
    day = clock.local(engagement.starts_at).date()
    closed = any(span.begins <= clock.local(engagement.starts_at).time() < span.ends for span in table.closed(day))
    return closed or paused(day, table.pauses)


def week(own) -> list[tuple[str, list[str]]]:
    """The weekdays with their periods, those alike that follow one another as one: 周一至周五."""
    hours = list(own.weekly_hours.all())
    days = [
        (day, [f"{each.begins:%H:%M}—{each.ends:%H:%M}" for each in hours if each.weekday == day]) for day in range(7)
    ]
    runs = [(periods, [day for day, _ in run]) for periods, run in groupby(days, key=itemgetter(1)) if periods]
    return [(named(run[0], run[-1]), periods) for periods, run in runs]


def named(first, last):
    return f"周{WEEKDAYS[first]}" + (f"至周{WEEKDAYS[last]}" if last > first else "")


class Change(OwnForm):
    """One part of the calendar; what was arranged before stands, and whoever closes its day is told so."""

    template_name = "services/calendar/form.html"
    success_url = CALENDAR
    lead = ""

    def standing(self, first_day, last_day):
        """What to add when something is arranged on these days."""
        ends = clock.instant(last_day + timedelta(days=1)) if last_day else clock.now() + agenda.AHEAD
        count = self.expert.engagements.between(max(clock.now(), clock.instant(first_day)), ends).count()
        return f"。这段时间里已有{count}次约定，仍然有效；来不了请告诉服务中心" if count else ""


class Hours(Change):
    form_class = forms.HoursForm
    template_name = "services/calendar/hours.html"
    title, button, said = "每周空闲时间", "保存每周时间", "已保存，新的时间马上可以约"
    lead = "这些时间里，服务中心可以为您约人。法定节假日自动不约。"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"hours": self.expert.weekly_hours.all()}

    def perform(self, entry):
        actions.set_hours(self.expert, by=self.request.user, **entry)


class Day(Change):
    form_class = forms.DayForm
    title, button = "某一天不一样", "保存这一天"
    lead = "开会、上课不能接，或者想多接一点，只改这一天，每周时间不动。"

    def perform(self, entry):
        actions.except_day(self.expert, by=self.request.user, **entry)
        closed = entry["kind"] == DayException.Kind.OFF
        self.said = "已保存" + (self.standing(entry["day"], entry["day"]) if closed else "")


class Away(Change):
    form_class = forms.PauseForm
    title, button = "暂停接单", "暂停接单"
    lead = "出差、休假时用。暂停的日子里不再约您，约好的照常。"

    def perform(self, entry):
        actions.pause(self.expert, by=self.request.user, **entry)
        self.said = "已暂停接单" + self.standing(entry["first_day"], entry["last_day"])


class Limits(Change):
    form_class = forms.LimitsForm
    title, button, said = "上限和时长", "保存上限和时长", "已保存"

    def get_initial(self):
        diary = Diary.objects.filter(expert=self.expert).first() or Diary()
        return {"monthly_cap": diary.monthly_cap, "slot_minutes": diary.slot_minutes}

    def perform(self, entry):
        actions.set_limits(self.expert, by=self.request.user, **entry)


@login_required
@require_POST
def clear_day(request, pk):
    """The day goes by its week again."""
    actions.clear_day(get_object_or_404(DayException, pk=pk, expert__user=request.user), by=request.user)
    messages.success(request, "已取消，这一天按每周时间")
    return redirect(CALENDAR)


@login_required
@require_POST
def resume(request, pk):
    actions.resume(get_object_or_404(Pause, pk=pk, expert__user=request.user), by=request.user)
    messages.success(request, "已恢复接单")
    return redirect(CALENDAR)


class Feed(OwnPage, TemplateView):
    """What the feed is; on request its address, on the answer to that request alone: it is kept nowhere."""

    template_name = "services/calendar/feed.html"

    @method_decorator(sensitive_variables("token", "address"))
    def post(self, request):
        token = actions.renew_feed(self.expert, by=request.user)
        address = f"{settings.SITE_URL}{reverse('services:feed', args=[token])}"
        return self.render_to_response(self.get_context_data(address=address))

    def get_context_data(self, **kwargs):
        known = Diary.objects.filter(expert=self.expert).exclude(feed_digest=None).exists()
        return super().get_context_data(known=known, **kwargs)


@login_required
@require_POST
def close_feed(request):
    actions.close_feed(get_object_or_404(Expert, user=request.user), by=request.user)
    messages.success(request, "已停用，原来的地址打不开了")
    return redirect(CALENDAR)


@limited("feed", FEEDS_A_MINUTE)
@require_safe
@unlisted
@sensitive_variables("token")
def feed(request, token):
    """The engagements of whoever has this address: 指导 or 活动, when and where, nothing else."""
    open_to = Diary.objects.filter(expert__user__is_active=True)
    diary = open_to.filter(feed_digest=actions.digest(token)).select_related("expert").first()
    if diary is None:
        raise Http404
    return ical.response(agenda.feed(diary.expert, clock.now()), "calendar.ics", "专家团日程")
