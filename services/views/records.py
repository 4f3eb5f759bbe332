"""Requests and services as the office sees them: what was agreed and logged, never what was confided."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import View

from expertteam import clock
from expertteam.consents import TEXTS
from expertteam.models import Policy
from expertteam.regulation import Refused
from expertteam.views import Act, OfficeDetail, OfficeList
from expertteam.workflow import may
from services import actions, afterwards, listings, sample
from services.actions.calls import CALLED_BACK, SEE, is_shown, matter_of
from services.callers import page_of
from services.forms import records as forms
from services.models import Place, Service, ServiceRequest


class RecordList(OfficeList):
    """A list with a line to search with and a tab for each state."""

    sieve = None
    related: list[str] = []

    def get_queryset(self):
        self.filter = self.sieve(self.request.GET.dict())
        self.found = self.filter.found(self.narrowed(super().get_queryset()))
        return self.filter.narrowed(self.found).select_related(*self.related)

    def narrowed(self, records):
        return records

    def get_context_data(self, **kwargs):
        counted = dict(self.found.order_by().values_list("state").annotate(Count("pk")))
        tabs = [(state, label, counted[state]) for state, label in self.model.State.choices if state in counted]
        return super().get_context_data(filter=self.filter, tabs=tabs, everything=sum(counted.values()), **kwargs)


class ServiceList(RecordList):
    model, permission, sieve = Service, "services.view_service", forms.ServiceFilter
    related = ["expert__user", "request", "pairing", "activity"]
    template_name = "services/records/services.html"
    listing = listings.SERVICES

    def narrowed(self, records):
        return records.exclude(state=Service.State.DRAFT)

    def get_context_data(self, **kwargs):
        rings = may(self.request.user, actions.verify.permission)
        return super().get_context_data(to_call=sample.to_call().count() if rings else None, **kwargs)


class RequestList(RecordList):
    model, permission, sieve = ServiceRequest, "services.view_servicerequest", forms.RequestFilter
    related = ["expert__user", "wanted__user"]
    template_name = "services/records/requests.html"
    listing = listings.REQUESTS


class Record(OfficeDetail):
    """One record with the calls about it, and the number behind a button."""

    def get_context_data(self, **kwargs):
        user = self.request.user
        context = super().get_context_data(
            calls=self.object.calls.select_related("by"),
            may_see=may(user, SEE) and bool(self.object.phone),
            shown=is_shown(self.object, user),
            **kwargs,
        )
        return context | {"ways": [*self.ways(context["moves"])]}

    def ways(self, moves):
        """The buttons: what each says, and where it leads."""
        for move in BUTTONS:
            if move in moves:
                yield BUTTONS[move], f"{self.object.get_absolute_url()}{move.verb}/"
        if may(self.request.user, "services.ask_servicerequest"):
            yield "登记通话", f"{self.object.get_absolute_url()}talk/"
            if self.object.phone:
                yield "打开来电页", page_of(self.object.phone)


BUTTONS = {  # the moves that the office makes on a record, as it says them
    actions.verify: "登记回访",
    actions.rule: "核定时长",
    actions.reject: "核定不成立",
    actions.confirm: "代为确认",
    actions.query: "代为提出有出入",
}


class ServiceDetail(Record):
    model, permission = Service, "services.view_service"
    template_name = "services/records/service.html"

    def get_queryset(self):
        told = super().get_queryset().exclude(state=Service.State.DRAFT)
        return told.select_related("expert__user", "request__expert__user", "pairing", "activity")


class RequestDetail(Record):
    model, permission = ServiceRequest, "services.view_servicerequest"
    template_name = "services/records/request.html"

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("expert__user", "wanted__user", "taken_by", "visit_allowed_by", "partner")
        )

    def get_context_data(self, **kwargs):
        request = self.object
        supervises = may(self.request.user, "services.view_reading")
        offers = list(request.offers.select_related("expert__user", "offered_by"))
        ways = afterwards.ways(offers, self.request.user)
        return super().get_context_data(
            offers=[(offer, ways.get(offer.pk)) for offer in offers],
            acknowledgements=[(TEXTS[each.kind].title, each) for each in request.acknowledgements.all()],
            supervises=supervises,
            readings=request.readings.select_related("reader") if supervises else [],
            service=Service.objects.filter(request=request).exclude(state=Service.State.DRAFT).first(),
            **kwargs,
        )

    def ways(self, moves):
        """Matching has pages of its own."""
        if actions.allow_visit in moves and self.object.place == Place.VISIT and not self.object.visit_allowed_by_id:
            yield "同意上门", reverse("services:allow_visit", args=[self.object.pk])
        if self.object.state in ServiceRequest.OPEN and may(self.request.user, actions.offer.permission):
            yield "去匹配", reverse("services:match", args=[self.object.pk])
        yield from super().ways(moves)


class CallBacks(OfficeList):
    """Whom to ring up about a service that he has not confirmed in time."""

    model, permission = Service, actions.verify.permission
    template_name = "services/records/callbacks.html"
    listing = listings.CALLBACKS

    def get_queryset(self):
        super().get_queryset()
        tried = Count("calls", filter=Q(calls__what=CALLED_BACK))
        return sample.to_call().select_related("expert__user", "request").annotate(tried=tried)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        unanswered = Service.objects.filter(state=Service.State.UNANSWERED).count()
        percent = Policy.objects.number("callback_percent", clock.today())
        return context | {"percent": percent, "left_out": unanswered - context["paginator"].count}


class RecordAct(Act):
    """A verb on a record, with what one has to know of it beside the form."""

    title = ""
    template_name = "services/records/act.html"
    facts = {Service: "services/records/service_facts.html", ServiceRequest: "services/records/request_facts.html"}

    @property
    def matter(self):
        """What it is about, for the calls and the number: of an offer its request."""
        return next(iter(matter_of(self.object).values()))

    @property
    def back(self) -> str:
        """Where one comes from."""
        return self.object.get_absolute_url()

    @property
    def back_to(self) -> str:
        return self.object._meta.verbose_name

    def get_context_data(self, **kwargs):
        matter, user = self.matter, self.request.user
        return super().get_context_data(
            calls=matter.calls.spoken().select_related("by"),
            may_see=may(user, SEE) and bool(matter.phone),
            shown=is_shown(matter, user),
            facts=self.facts.get(type(self.object)),
            **kwargs,
        )


class CallBack(RecordAct):
    """One call to a client who has not answered: his word is entered, or that he was not reached."""

    action, title, form_class = actions.verify, "登记回访", forms.VerifyForm

    def get_context_data(self, **kwargs):
        return super().get_context_data(to="verify", **kwargs)

    def perform(self, entry):
        actions.call_back(self.object, by=self.request.user, **entry)

    outcome = "回访已登记"

    def get_success_url(self):
        return reverse("services:callbacks")


class Talk(RecordAct):
    """Enter a call that moved nothing; whoever may act for a caller may enter it."""

    title, form_class, outcome = "登记通话", forms.TalkForm, "通话已登记"

    def perform(self, entry):
        actions.talk(self.object, by=self.request.user, **entry)


class ShowNumber(LoginRequiredMixin, View):
    """查看号码: the number is on the next page, and it is on record who looked it up."""

    model = None

    def post(self, request, pk):
        record = get_object_or_404(self.model.objects.visible_to(request.user), pk=pk)
        try:
            actions.show_number(record, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        back = record.get_absolute_url()
        return redirect(f"{back}verify/" if request.POST.get("to") == "verify" else back)
