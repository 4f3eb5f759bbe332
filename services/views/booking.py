"""Booking by everybody: one expert at a time that he gives away, or whomever the centre finds (Article 10(3))."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView

from experts.models import Expert
from expertteam import clock
from expertteam.limits import limited
from expertteam.regulation import Refused
from expertteam.views import WrongIs422
from services import booking, codes, slots
from services.forms.booking import BookingForm, texts
from services.models import ServiceRequest
from services.progress import Progress
from services.views.held import HeldMixin

A_MINUTE = 20  # of one network: a hall with computers for its visitors has one address
TYPED = ["question", "name", "phone", "address", "visit_reason", "code"]


@method_decorator(limited("book", A_MINUTE), "post")
@method_decorator(sensitive_post_parameters(*TYPED), "dispatch")
@method_decorator(never_cache, "dispatch")
class Book(WrongIs422, FormView):
    """The form; what cannot be had any more is said in place, and nothing typed is lost."""

    template_name = "services/book/form.html"
    form_class = BookingForm

    def asked(self, name: str) -> str:
        return (self.request.POST if self.request.method == "POST" else self.request.GET).get(name, "")[:12]

    @cached_property
    def wanted(self) -> Expert | None:
        """404 for who never was an expert; who is one no more is explained on his page."""
        no = self.asked("expert")
        found = Expert.objects.select_related("user").prefetch_related("specialities").filter(no=no).first()
        if no and found is None:
            raise Http404
        return found

    def get(self, request):
        if self.wanted and not Expert.objects.listed(clock.today()).filter(pk=self.wanted.pk).exists():
            return redirect(self.wanted)
        return super().get(request)

    def get_initial(self):
        topics = self.request.GET.getlist("topic") or [each.topic for each in self.specialities if self.one_topic]
        return {"expert": self.wanted and self.wanted.no, "slot": self.asked("slot"), "topics": topics}

    @property
    def specialities(self):
        return self.wanted.specialities.all() if self.wanted else []

    @property
    def one_topic(self) -> bool:
        return len(self.specialities) == 1

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"wanted": self.wanted}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        chosen, gone = (self.asked(name) if self.wanted else "" for name in ("slot", "gone"))
        slot = slots.slot_from(self.wanted, chosen) if chosen else None
        gone = chosen if chosen and slot is None else gone
        phone = getattr(context["form"], "cleaned_data", {}).get("phone", "")
        return context | {
            "wanted": self.wanted,
            "slot": slot,
            "gone": gone,
            "nearest": booking.nearest(self.wanted, gone) if gone else [],
            "texts": texts(),
            "asks_code": bool(phone) and codes.is_waiting(self.request.session, phone),
            "phone": phone,
        }

    def form_valid(self, form):
        user = self.request.user if self.request.user.is_authenticated else None
        try:
            if not self.is_own(form):
                return (
                    self.form_invalid(form)
                    if form.errors
                    else self.render_to_response(self.get_context_data(form=form))
                )
            token = booking.book(
                form.cleaned_data["key"], by=user, wanted=self.wanted, slot=self.asked("slot"), said=form.said()
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
            return self.form_invalid(form)
        return redirect("services:booked", token)

    def is_own(self, form) -> bool:
        """Whether the number is the visitor's as far as that is asked; else a code is on its way to it."""
        phone, session = form.cleaned_data["phone"], self.request.session
        if not codes.wanted(self.request.user, phone) or codes.is_proved(session, phone):
            return True
        if codes.is_waiting(session, phone) and "again" not in self.request.POST:
            wrong = codes.prove(session, phone, form.cleaned_data["code"].strip())
            if wrong:
                form.add_error("code", wrong)
            return not wrong
        codes.send(self.request, phone)
        return False


class Booked(HeldMixin, TemplateView):
    """预约已提交: the number, the promise with its date, and what comes next; later the progress says more."""

    template_name = "services/book/done.html"

    def elsewhere(self):
        started = self.record.state != ServiceRequest.State.SUBMITTED
        return redirect("services:progress", self.kwargs["token"]) if started else None

    def get_context_data(self, **kwargs):
        progress = Progress(self.record)
        kwargs |= {"progress": progress, "asked": self.record, "unsent": booking.is_unsent(self.record)}
        return super().get_context_data(**kwargs)
