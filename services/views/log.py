"""The expert's own record of his services (Articles 4, 8, 9 and 10(1))."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView, ListView

from expertteam import clock
from expertteam.forms import ActForm, TerraceForm
from expertteam.regulation import Refused
from expertteam.views import Act, WrongIs422
from services import actions
from services.desk import counted, is_late, records
from services.forms.desk import LogForm
from services.models import Kind, Offer, PairingMember, Service, ServiceRequest
from services.rules.service import may_take_back
from services.views.desk import InTerm

CONTACT = ("name", "phone", "group", "enterprise")
RIGHT, WRONG = "已保存，对方当场确认了，辛苦了。", "已保存，辛苦了。确认码不对，已短信请对方确认。"
SENT, MISSED = "已保存，辛苦了。已短信请对方确认。", "已登记对方没来。"


class LogNew(InTerm, WrongIs422, FormView):
    """Begin an entry: of a booking, of a contact in a pairing, or of what nobody had booked."""

    form_class = TerraceForm
    template_name = "services/desk/log_new.html"

    def asked(self, name) -> str:
        value = self.request.POST.get(name) or self.request.GET.get(name) or ""
        return value if value.isdecimal() and len(value) < 19 else ""

    @cached_property
    def booking(self) -> ServiceRequest | None:
        seen = ServiceRequest.objects.visible_to(self.request.user).filter(expert__user=self.request.user)
        return get_object_or_404(seen, pk=self.asked("request")) if self.asked("request") else None

    @cached_property
    def members(self) -> list[PairingMember]:
        """The founders of the pairing that the contact was with one of."""
        helped = PairingMember.objects.helped_by(self.request.user).select_related("pairing")
        return list(helped.filter(pairing=self.asked("pairing"))) if self.asked("pairing") else []

    def form_valid(self, form):
        try:
            service = actions.start_log(by=self.request.user, **self.begun())
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return redirect("services:log", service.pk)

    def begun(self) -> dict:
        if not self.asked("pairing"):
            return {"request": self.booking}
        member = get_object_or_404(PairingMember.objects.helped_by(self.request.user), pk=self.asked("member") or 0)
        known = {name: getattr(member, name) for name in CONTACT}
        return known | {"pairing": member.pairing, "kind": Kind.GUIDANCE}

    def get_context_data(self, **kwargs):
        return super().get_context_data(booking=self.booking, members=self.members, **kwargs)


class Log(InTerm, Act):
    """One column, everything filled in that is known; the draft is kept on the server alone."""

    action = actions.log
    form_class = LogForm
    template_name = "services/desk/log.html"

    def get_queryset(self):
        own = Service.objects.visible_to(self.request.user).filter(expert__user=self.request.user)
        return own.select_related("request", "pairing", "expert__user")

    def get(self, request, *args, **kwargs):
        if not records(self.expert).filter(pk=self.object.pk, state=Service.State.DRAFT).exists() and not self.is_new:
            return redirect("services:records")
        return super().get(request, *args, **kwargs)

    @property
    def is_new(self) -> bool:
        """Just begun without a booking, nothing in it yet."""
        return self.object.state == Service.State.DRAFT and not self.object.request_id

    def get_initial(self):
        return LogForm.prefilled(self.object)

    def get_context_data(self, **kwargs):
        service = self.object
        return super().get_context_data(late=is_late(service), absent=bool(service.request_id), **kwargs)

    def perform(self, entry):
        if entry.pop("absent", False):
            offer = get_object_or_404(self.object.request.offers, state=Offer.State.ACCEPTED)
            actions.report_client_absent(offer, by=self.request.user)
            self.said = MISSED
            return
        actions.log(self.object, by=self.request.user, **entry)
        self.said = RIGHT if self.object.confirmed_at else WRONG if entry.get("code") else SENT

    @property
    def outcome(self) -> str:
        return self.said

    def get_success_url(self):
        return reverse("experts:desk")


class Draft(Log):
    """What has been typed so far; a script asks on every change, a button without it."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        said = LogForm(request.POST, record=self.object, draft=True).kept()
        try:
            actions.keep_draft(self.object, by=request.user, **said)
        except Refused as refusal:
            return self.answer(str(refusal), status=409)
        return self.answer(f"{clock.local(clock.now()):%H:%M}已存草稿", status=200)

    def answer(self, words, status):
        if self.wants_json:
            return JsonResponse({"said": words}, status=status)
        (messages.success if status == 200 else messages.error)(self.request, words)
        return redirect("services:log", self.object.pk)


class Retract(InTerm, Act):
    """Take back what was just logged."""

    action = actions.retract
    form_class = ActForm
    template_name = "services/desk/act.html"
    heading, button, outcome = "撤回刚才的记录？", "撤回记录", "已撤回，记录变回草稿。"

    def get_queryset(self):
        return Service.objects.visible_to(self.request.user).filter(expert__user=self.request.user)

    def get_success_url(self):
        return reverse("services:log" if self.request.method == "POST" else "services:records", args=self.args_of())

    def args_of(self):
        return [self.object.pk] if self.request.method == "POST" else []


class Records(InTerm, ListView):
    """His own services: what each is worth, and nothing of who rated them (Article 4)."""

    template_name = "services/desk/records.html"
    paginate_by = 20

    @property
    def chosen(self) -> dict[str, str]:
        """The filters of the address, as far as they mean something."""
        asked = self.request.GET
        year = asked.get("year", "")
        return {
            "year": year if year.isdecimal() and len(year) == 4 and int(year) else "",
            "kind": asked.get("kind") if asked.get("kind") in Kind else "",
            "state": asked.get("state") if asked.get("state") in Service.State else "",
        }

    def get_queryset(self):
        names = {"year": "started_at__year", "kind": "kind", "state": "state"}
        chosen = {names[name]: value for name, value in self.chosen.items() if value}
        return records(self.expert).filter(**chosen)

    def get_context_data(self, **kwargs):
        everything, year = records(self.expert), self.chosen["year"] or clock.today().year
        return super().get_context_data(
            chosen=self.chosen, year=year, sums=counted(everything.filter(started_at__year=year)),
            years=[day.year for day in everything.dates("started_at", "year", order="DESC")],
            counting=Service.COUNTED, undo=self.undo(), **self.worth_choosing(everything), **kwargs,
        )  # fmt: skip

    def worth_choosing(self, everything) -> dict[str, list]:
        """The kinds and states that are there at all."""
        there = set(everything.order_by().values_list("kind", "state").distinct())
        kinds = [(value, label) for value, label in Kind.choices if any(value == kind for kind, _ in there)]
        states = [(value, label) for value, label in Service.State.choices if any(value == state for _, state in there)]
        return {"kinds": kinds, "states": states}

    def undo(self) -> list[int]:
        """Which of them can still be taken back."""
        now = clock.now()
        logged = records(self.expert).filter(state=Service.State.LOGGED)
        return [each.pk for each in logged if may_take_back(each.logged_at, now)]
