"""我的预约: found by its number, seen by its link, changed and called off by whoever holds it (Article 10(3))."""

from itertools import groupby

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView, View

from expertteam import clock, limits
from expertteam.fields import blind
from expertteam.views import WrongIs422
from expertteam.workflow import LINK
from services import actions, booking, ical
from services.forms.my import AbsentForm, CancelForm, ChangeForm, LookupForm
from services.models import ServiceRequest
from services.progress import Progress
from services.views.held import HeldAct, HeldMixin

A_MINUTE, A_NUMBER, A_DAY = 10, "15/h", "30/d"  # of one network; of one mobile number, from wherever it is tried
SHOWN, DAYS = 50, 6


@method_decorator(limits.limited("lookup", A_MINUTE), "post")
@method_decorator(sensitive_post_parameters("number", "phone"), "dispatch")
@method_decorator(never_cache, "dispatch")
class Lookup(WrongIs422, FormView):
    """By number and mobile number; a wrong one of either is answered alike.  Who has signed in sees his own."""

    template_name = "services/my/lookup.html"
    form_class = LookupForm

    def get_context_data(self, **kwargs):
        return super().get_context_data(own=[Progress(each) for each in self.own()], **kwargs)

    def own(self):
        user = self.request.user
        if not user.is_authenticated:
            return []
        return ServiceRequest.objects.filter(client=user).select_related("expert__user", "wanted__user")[:SHOWN]

    def form_valid(self, form):
        given = form.cleaned_data
        index = blind(given["phone"], "mobile")
        if limits.refused(self.request, "lookup-number", A_NUMBER, index):
            form.add_error(None, "试的次数太多了，请过1小时再试，或打电话查")
            return self.form_invalid(form)
        if limits.refused(self.request, "lookup-number-day", A_DAY, index):
            form.add_error(None, "今天试的次数太多了，请明天再试，或打电话查")
            return self.form_invalid(form)
        found = ServiceRequest.objects.of_phone(index).filter(number=given["number"]).first()
        if found is None:
            form.add_error(None, "没有查到，请核对预约号和手机号")
            return self.form_invalid(form)
        return redirect("services:progress", booking.link_to(found))


class ProgressMixin(HeldMixin):
    """What its pages say of the request; ``asked`` because a template's ``request`` is the browser's."""

    @cached_property
    def progress(self):
        return Progress(self.record)

    def get_context_data(self, **kwargs):
        kwargs |= {"progress": self.progress, "asked": self.record, "token": self.kwargs["token"]}
        return super().get_context_data(**kwargs)


class Mine(ProgressMixin, TemplateView):
    """Where it stands, the next promise, and what may be done now."""

    template_name = "services/my/mine.html"


class Calendar(ProgressMixin, View):
    """The appointment for the calendar of a phone."""

    def elsewhere(self):
        return None if self.progress.calendar else redirect("services:progress", self.kwargs["token"])

    def get(self, request, token):
        asked, progress = self.record, self.progress
        what = f"创业就业指导：{progress.person}老师" if progress.person else "创业就业指导"
        if asked.state != ServiceRequest.State.ARRANGED:
            what += "（待确认）"
        about = f"预约号{asked.number}。改期、取消请凭预约号上网办理或打电话。"
        event = ical.Event(asked.number, asked.starts_at, asked.ends_at, what, progress.where, about)
        return ical.response([event], f"{asked.number}.ics")


class OpenAct(ProgressMixin, HeldAct):
    """An act on what has not been held yet."""

    def elsewhere(self):
        return None if self.progress.changes else redirect("services:progress", self.kwargs["token"])


class Change(OpenAct):
    """Another time: of the expert who has been asked or is wanted; else only when it would suit."""

    template_name = "services/my/change.html"
    form_class = ChangeForm
    makes = (actions.change_time, actions.reschedule)

    @property
    def waits(self) -> bool:
        return self.record.state == ServiceRequest.State.SUBMITTED

    def get_initial(self):
        return {"wishes": self.record.wishes}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"waits": self.waits}

    def get_context_data(self, **kwargs):
        since = self.request.GET.get("from", "")
        expert = self.progress.counterpart
        slots = [slot for slot in (booking.free(expert) if expert else []) if slot.id >= since]
        days = [(day, list(times)) for day, times in groupby(slots, lambda slot: clock.local(slot.starts_at).date())]
        more = f"{days[DAYS][0]:%Y%m%d}" if len(days) > DAYS else ""
        return super().get_context_data(days=days[:DAYS], more=more, since=since, **kwargs)

    def act(self, slot, wishes=()):
        starts_at = booking.open_time(self.progress.counterpart, slot)["starts_at"] if slot else None
        if self.waits:
            actions.change_time(self.record, by=LINK, starts_at=starts_at, wishes=wishes)
        else:
            actions.reschedule(self.record, by=LINK, starts_at=starts_at)
        messages.success(self.request, "时间已改，等专家确认" if slot else "方便的时间已改")


class Cancel(OpenAct):
    """Asks once more, then gives the time to others."""

    template_name = "services/my/cancel.html"
    form_class = CancelForm

    def act(self, note):
        actions.cancel(self.record, by=LINK, note=note)


class Absent(ProgressMixin, HeldAct):
    """专家没来: said by the client once the appointed time has begun."""

    template_name = "services/my/absent.html"
    form_class = AbsentForm
    extra_context = {"anytime": True}

    def elsewhere(self):
        return None if self.progress.can_miss else redirect("services:progress", self.kwargs["token"])

    def act(self, reason):
        actions.report_absence(self.progress.offer, by=LINK, reason=reason)
        messages.success(self.request, "已记下，我们会核实，并尽快另找专家")
