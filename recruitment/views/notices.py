"""Public notices, what people say about them, and what became of it (Article 11)."""

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import DetailView, FormView, ListView
from django.views.generic.detail import SingleObjectMixin

from expertteam import clock
from expertteam.limits import limited
from expertteam.regulation import Refused
from expertteam.views import WrongIs422
from recruitment import actions, standing
from recruitment.forms.notices import ObjectionForm, ReceiptForm
from recruitment.models import Notice, Objection

A_MINUTE = 10  # of one network: enough for mistakes, too little for a flood or for guessing
LODGED = "lodged"  # where the session keeps the last receipt, so that no address ever holds it


class Notices(ListView):
    """Every notice that is or was public, the newest first."""

    template_name = "recruitment/notices/list.html"
    paginate_by = 20

    def get_queryset(self):
        return Notice.objects.public(clock.now()).told().annotate(people=Count("candidates")).order_by("-pk")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        now = clock.now()
        rows = [(each, standing.standing(each, now), each.is_running(now)) for each in context["object_list"]]
        return context | {"rows": rows}


class NoticeMixin(SingleObjectMixin):
    """One notice, and everything a page about it says."""

    @cached_property
    def object(self):
        return self.get_object()

    @property
    def running(self):
        return self.object.is_running(clock.now())

    def get_queryset(self):
        seen = Notice.objects.visible_to(self.request.user).exclude(state=Notice.State.DISCARDED)
        return seen.told().select_related("round", "corrects")

    def form_about(self, **data):
        return ObjectionForm(notice=self.object, late=not self.running, **data)

    def get_context_data(self, **kwargs):
        notice, now = self.object, clock.now()
        kwargs |= {
            "notice": notice,
            "now": now,
            "running": self.running,
            "standing": standing.standing(notice, now),
            "public": notice.state != Notice.State.DRAFT and notice.begins_at <= now,
        }
        return super().get_context_data(**kwargs)


@method_decorator(cache_control(private=True, no_cache=True), "dispatch")
class NoticePage(NoticeMixin, DetailView):
    """The notice as published, its progress, and while it runs the form for what people know."""

    template_name = "recruitment/notices/notice.html"

    def get(self, request, pk):
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs):
        notice = self.object
        kwargs |= {
            "candidates": notice.candidates.all(),
            "steps": standing.steps(notice, clock.now()),
            "corrections": notice.corrections.public(clock.now()),
            "form": self.form_about() if self.running else None,
        }
        return super().get_context_data(**kwargs)


@method_decorator(limited("objection", A_MINUTE), "post")
@method_decorator(sensitive_post_parameters("candidate", "facts", "name", "phone"), "dispatch")
@method_decorator(cache_control(private=True, no_cache=True), "dispatch")
class Object(NoticeMixin, WrongIs422, FormView):
    """反映情况: take in what somebody says; after the end as a lead, and he is told so before he writes."""

    template_name = "recruitment/notices/object.html"

    def get_queryset(self):
        return super().get_queryset().public(clock.now())

    def get_form(self, form_class=None):
        sent = {"data": self.request.POST, "files": self.request.FILES} if self.request.method == "POST" else {}
        return self.form_about(**sent)

    def get(self, request, pk):
        if self.object.state == Notice.State.ANNULLED:
            return redirect(self.object)
        return super().get(request, pk)

    def form_valid(self, form):
        try:
            objection = actions.lodge(self.object, **form.said())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as reason:
            form.add_error("files", reason)
        else:
            self.request.session[LODGED] = objection.pk
            return redirect("recruitment:lodged")
        return self.form_invalid(form)


@method_decorator(never_cache, "dispatch")
class Lodged(DetailView):
    """The receipt, for the browser that has just sent something."""

    template_name = "recruitment/notices/lodged.html"

    def get(self, request):
        self.object = Objection.objects.select_related("notice").filter(pk=request.session.get(LODGED)).first()
        if self.object is None:
            return redirect("recruitment:receipt")
        return self.render_to_response(self.get_context_data())


@method_decorator(limited("receipt", A_MINUTE), "post")
@method_decorator(sensitive_post_parameters("receipt", "phone"), "dispatch")
@method_decorator(never_cache, "dispatch")
class Receipt(WrongIs422, FormView):
    """What became of it; a wrong number and a wrong combination are answered alike."""

    template_name = "recruitment/notices/receipt.html"
    form_class = ReceiptForm

    def form_valid(self, form):
        asked = form.cleaned_data
        found = Objection.objects.answering(asked["receipt"], asked["phone"]).select_related("notice").first()
        if found is None:
            form.add_error(None, "没有查到，请核对受理编号和手机号")
            return self.form_invalid(form)
        steps = standing.answering(found) if found.counts else None
        return self.render_to_response(self.get_context_data(found=found, steps=steps))
