"""The clerk's desk for callers: whatever everybody does on the web, done for whoever is on the line (Article 10(3))."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView

from experts.models import Expert
from expertteam import clock
from expertteam.regulation import Refused
from expertteam.views import WrongIs422
from expertteam.workflow import may
from services import actions, booking, callers, matching
from services.actions import sign_up
from services.forms import phone as forms
from services.forms.booking import texts
from services.models import Activity, Call, SignUp
from services.progress import Progress
from services.views.records import RecordAct

CLERK = "services.ask_servicerequest"
LAST = 10  # calls that the clerk finds again on his desk
TYPED = ["question", "name", "phone", "address", "visit_reason", "asked_by", "call_note"]


class ForClerks(LoginRequiredMixin):
    """Whoever takes calls."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not may(request.user, CLERK):
            raise PermissionDenied(CLERK)
        return super().dispatch(request, *args, **kwargs)


@method_decorator(sensitive_post_parameters("phone"), "dispatch")
class Desk(ForClerks, WrongIs422, FormView):
    """Whose call it is, and the calls that this clerk has just had."""

    template_name = "services/phone/desk.html"
    form_class = forms.CallerForm

    def form_valid(self, form):
        return redirect(callers.page_of(form.cleaned_data["phone"]))

    def get_context_data(self, **kwargs):
        calls = Call.objects.spoken().filter(by=self.request.user, at__gte=clock.instant(clock.today()))
        related = ["request", "service__expert__user", "sign_up__activity"]
        return super().get_context_data(calls=calls.select_related(*related)[:LAST], **kwargs)


class ForCaller(ForClerks):
    """A page about one caller; its address is good for a shift."""

    def dispatch(self, request, *args, sealed, **kwargs):
        self.sealed, self.phone = sealed, callers.unseal(sealed)
        if request.user.is_authenticated and not self.phone:
            messages.info(request, "这一页开得太久了，请再输入一次号码")
            return redirect("services:phone")
        return super().dispatch(request, *args, sealed=sealed, **kwargs)

    @cached_property
    def caller(self):
        return callers.Caller(self.phone)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs | {"caller": self.caller, "sealed": self.sealed})


class CallerPage(ForCaller, TemplateView):
    """Everything of this number: what runs, what is to be confirmed, where he has signed up, what he was just sent."""

    template_name = "services/phone/caller.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        asked, logged, seats = (
            list(rows) for rows in (self.caller.requests(), self.caller.services(), self.caller.sign_ups())
        )
        return super().get_context_data(
            names=dict.fromkeys(each.name for each in (*asked, *logged, *seats) if each.name),
            asked=[(each, [*callers.ways_of_request(each, user)]) for each in asked],
            logged=[(each, [*callers.ways_of_service(each, user)]) for each in logged],
            seats=[(each, [*callers.ways_of_seat(each, user)]) for each in seats],
            others=callers.ways_of_caller(self.sealed),
            sent=self.caller.sent(),
            **kwargs,
        )


@method_decorator(sensitive_post_parameters(*TYPED), "dispatch")
class Ask(ForCaller, WrongIs422, FormView):
    """The public form read out; the SMS goes out while the caller is on the line."""

    template_name = "services/phone/ask.html"
    form_class = forms.AskForm

    @cached_property
    def found(self):
        """The experts whom the clerk looks for by name or number."""
        words = self.request.GET.get("who", "").strip()
        called = matching.called(words) if words else []
        serving = Expert.objects.serving(clock.today()).filter(pk__in=[each.pk for each in called])
        return serving.select_related("user").order_by("no")

    @cached_property
    def wanted(self):
        no = (self.request.POST if self.request.method == "POST" else self.request.GET).get("expert", "")[:12]
        if not no and len(self.found) == 1:  # nobody else is meant
            return self.found[0]
        return next((each for each in matching.called(no) if each.no == no), None) if no else None

    def get_initial(self):
        return {"phone": self.phone, "expert": self.wanted and self.wanted.no}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"wanted": self.wanted}

    def get_context_data(self, **kwargs):
        return super().get_context_data(wanted=self.wanted, found=self.found, texts=texts(), **kwargs)

    def form_valid(self, form):
        given, user = form.cleaned_data, self.request.user
        said = form.said() | {"channel": given["channel"]}
        try:
            number = booking.take(
                given["key"], by=user, wanted=self.wanted, slot=given["slot"], note=given["call_note"], said=said
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, f"已受理，预约号{number}，短信已发给对方")
        return redirect(callers.page_of(given["phone"]))


class Events(ForCaller, TemplateView):
    """What the caller can sign up for."""

    template_name = "services/phone/events.html"

    def get_context_data(self, **kwargs):
        coming = Activity.objects.coming(clock.now()).filter(state=Activity.State.OPEN).counted()
        return super().get_context_data(coming=coming, **kwargs)


@method_decorator(sensitive_post_parameters("name", "phone"), "dispatch")
class TakeSeat(ForCaller, WrongIs422, FormView):
    """A seat for the caller, or a place in line."""

    template_name = "services/phone/sign_up.html"
    form_class = forms.SignUpForm

    @cached_property
    def activity(self):
        return get_object_or_404(Activity.objects.public().counted(), pk=self.kwargs["pk"])

    def get_initial(self):
        return {"phone": self.phone, "channel": "phone"}

    def get_context_data(self, **kwargs):
        return super().get_context_data(activity=self.activity, **kwargs)

    def form_valid(self, form):
        try:
            entry = actions.sign_up_by_phone(
                self.activity, by=self.request.user, note=form.cleaned_data["call_note"], **form.said()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, f"{entry.get_state_display()}，短信已发给对方")
        return redirect(callers.page_of(entry.phone))


class PhoneAct(RecordAct):
    """One verb that a caller asks for: the move itself, and the call in which he asked."""

    back_to = "来电"

    @property
    def verb(self):
        return self.action

    @property
    def back(self) -> str:
        return callers.page_of(self.matter.phone)

    def get_success_url(self):
        return self.back

    def perform(self, entry):
        actions.by_phone(self.verb, self.object, by=self.request.user, **entry)


class Change(PhoneAct):
    """Another time of the expert who has been asked or is wanted; whichever verb the state of the request calls for."""

    action, title, form_class = actions.change_time, "改时间", forms.ChangeForm

    @property
    def waits(self) -> bool:
        return self.object.state in actions.change_time.source

    @property
    def verb(self):
        return self.action if self.waits else actions.reschedule

    @cached_property
    def expert(self):
        return Progress(self.object).counterpart

    def get_initial(self):
        return {"wishes": self.object.wishes}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"waits": self.waits, "expert": self.expert}

    def perform(self, entry):
        slot = entry.pop("slot")
        entry["starts_at"] = booking.open_time(self.expert, slot)["starts_at"] if slot else None
        super().perform(entry)


class GiveUp(PhoneAct):
    """His seat at an activity goes to whoever is next in line."""

    action, title, form_class = sign_up.give_up, "取消报名", forms.GiveUpForm

    def get_queryset(self):
        return SignUp.objects.visible_to(self.request.user).select_related("activity")

    def perform(self, entry):
        actions.by_phone(sign_up.cancel, self.object, by=self.request.user, what="取消报名", **entry)
