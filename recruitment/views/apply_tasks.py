"""The tasks of an application, each a page that saves on its own (Articles 5, 6 and 11)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView

from expertteam.forms import TerraceForm
from expertteam.regulation import Refused
from expertteam.views import WrongIs422
from recruitment import actions, progress
from recruitment.forms import apply as forms
from recruitment.models import SuccessCase, WorkPeriod
from recruitment.views.apply_own import HOME, OwnPage, papers, signatures


class TaskView(OwnPage, WrongIs422, FormView):
    """One task of the list.  Where it is not open it can be read on the check page; a POST is refused by the verb."""

    task = ""
    success_url = HOME

    def get_template_names(self):
        return [self.template_name or f"recruitment/apply/{self.task}.html"]

    def get(self, request, **kwargs):
        if self.task not in progress.open_tasks(self.application):
            return redirect("recruitment:apply_check")
        return super().get(request)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.application}

    def form_valid(self, form):
        try:
            self.save(form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        if form.errors:
            return self.form_invalid(form)
        messages.success(self.request, f"“{progress.TITLES[self.task]}”已保存。")
        return HttpResponseRedirect(self.get_success_url())

    def save(self, form):
        actions.fill_in(self.application, by=self.request.user, task=self.task, **form.cleaned_data)

    def get_context_data(self, **kwargs):
        return super().get_context_data(title=progress.TITLES[self.task], **kwargs)


class Kind(TaskView):
    task = "kind"
    form_class = forms.KindForm


class Basics(TaskView):
    task = "basics"
    form_class = forms.BasicsForm

    @cached_property
    def fixed(self):
        """Who somebody is cannot change once an application of his has been submitted."""
        return self.request.user.applications.filter(submitted_at__isnull=False).exists()

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"person": self.request.user, "fixed": self.fixed}

    def save(self, form):
        person = form.person_values()
        try:
            actions.fill_in(self.application, by=self.request.user, task=self.task, person=person, **form.cleaned_data)
        except IntegrityError:
            form.add_error("id_number", forms.TAKEN)


class Skills(TaskView):
    task = "skills"
    form_class = forms.SkillsForm

    def get_success_url(self):
        """A button may save and go on to one of the success cases."""
        pages = {str(case.pk): reverse("recruitment:apply_case", args=[case.pk]) for case in self.cases}
        pages["new"] = reverse("recruitment:apply_new_case")
        return pages.get(self.request.POST.get("then"), HOME)

    @property
    def cases(self):
        return self.application.success_cases.all()

    def get_context_data(self, **kwargs):
        return super().get_context_data(cases=self.cases, **kwargs)


class Proof(TaskView):
    task = "proof"
    form_class = forms.ProofForm

    @cached_property
    def opened(self):
        return progress.open_evidence(self.application)

    def get_form_kwargs(self):
        kwargs = FormView.get_form_kwargs(self)
        return kwargs | {"evidence": [each for each, _ in papers(self.application) if each.code in self.opened]}

    def save(self, form):
        """Take every file that can be taken, and say of each other one why not."""
        if not self.opened:
            raise Refused("材料现在不能改", "11")
        for kind, upload in list(form.cleaned_data.items()):  # an error takes its entry away
            if upload:
                self.take(form, kind, upload)

    def take(self, form, kind, upload):
        try:
            document = actions.hand_in(self.application, by=self.request.user, kind=kind, upload=upload)
            messages.success(self.request, f"已收到{document.label}：{document.original_name}")
        except ValidationError as reason:
            form.add_error(kind, reason)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        fields = {field.name: field for field in context["form"]}
        rows = [(each, document, fields.get(each.code)) for each, document in papers(self.application)]
        return context | {"rows": rows}


class Pledge(TaskView):
    task = "pledge"
    form_class = forms.PledgeForm

    def get_form_kwargs(self):
        unsigned = [text for text, consent in signatures(self.request.user) if consent is None]
        return FormView.get_form_kwargs(self) | {"texts": unsigned}

    def save(self, form):
        kinds = [kind for kind, ticked in form.cleaned_data.items() if ticked]
        actions.pledge(self.application, by=self.request.user, kinds=kinds)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        fields = {field.name: field for field in context["form"]}
        rows = [(text, consent, fields.get(text.kind)) for text, consent in signatures(self.request.user)]
        return context | {"rows": rows, "wanted": progress.PLEDGES}


class History(TaskView):
    """The periods of work and what they come to; each is entered on a page of its own."""

    task = "history"
    http_method_names = ["get", "head", "options"]

    def get_form(self):
        return None

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            periods=self.application.periods.all(),
            months=progress.months_served(self.application),
            months_in_field=progress.months_served(self.application, in_field=True),
            **kwargs,
        )


class EntryView(TaskView):
    """One entry of a list, new or to be changed."""

    model = None

    @cached_property
    def entry(self):
        if "pk" not in self.kwargs:
            return self.model(application=self.application)
        return get_object_or_404(self.model, pk=self.kwargs["pk"], application=self.application)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.entry}

    def save(self, form):
        actions.enter(form.save(commit=False), by=self.request.user, task=self.task)

    def get_success_url(self):
        return reverse(f"recruitment:apply_{self.task}")

    def get_context_data(self, **kwargs):
        return super().get_context_data(entry=self.entry, **kwargs)


class Period(EntryView):
    task, model = "history", WorkPeriod
    form_class = forms.PeriodForm
    template_name = "recruitment/apply/period.html"


class Case(EntryView):
    task, model = "skills", SuccessCase
    form_class = forms.CaseForm
    template_name = "recruitment/apply/case.html"


class Remove(EntryView):
    """Asks once before an entry is taken out."""

    form_class = TerraceForm
    template_name = "recruitment/apply/remove.html"

    def get_form_kwargs(self):
        return FormView.get_form_kwargs(self)

    def save(self, form):
        actions.strike(self.entry, by=self.request.user, task=self.task)
