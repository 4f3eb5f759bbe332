"""An applicant's pages around the tasks: start, list, check, submission, and the course afterwards (Article 11)."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView, View

from expertteam import clock, files
from expertteam.regulation import Refused
from expertteam.views import ActionView
from recruitment import actions, course, progress
from recruitment.categories import CATEGORIES, EVERYBODY
from recruitment.forms.apply import WithdrawForm
from recruitment.models import Application, Document, Round
from recruitment.views.apply_own import HOME, OwnPage, latest, read_back

State = Application.State
STAGES = [
    ("第一步　看看是否符合", ["kind"]),
    ("第二步　填写资料", ["basics", "history", "skills", "proof"]),
    ("第三步　提交", ["pledge", "check"]),
]


def last_minute(round: Round):
    """The end of the last day on which the round takes applications."""
    return clock.instant(round.closes_on, 23, 59)


def rounds_beside(application: Application | None) -> dict[str, list[tuple[Round, Round.Phase, object]]]:
    """The rounds running or announced, but for the one this person is in; each with its phase and its last minute.

    Those for renewal are no open call, so they stand apart.
    """
    own = application.round_id if application else None
    today = clock.today()
    rows = [(each, each.phase(today), last_minute(each)) for each in Round.objects.announced(today).exclude(pk=own)]
    return {
        "rounds": [row for row in rows if row[0].purpose == Round.Purpose.OPEN],
        "renewal_rounds": [row for row in rows if row[0].purpose == Round.Purpose.RENEWAL],
    }


def about_start(application) -> dict:
    return {"categories": CATEGORIES.values(), "evidence": EVERYBODY}


def about_tasks(application) -> dict:
    """The list of tasks in its stages, and for a returned one what it was returned for."""
    tasks = {task.slug: task for task in progress.tasks(application)}
    returned = application.state == State.RETURNED
    return {
        "stages": [(title, [tasks[slug] for slug in slugs]) for title, slugs in STAGES],
        "done": sum(not task.lacks for task in list(tasks.values())[:-1]),
        "opened": progress.open_tasks(application),
        "named": progress.named_tasks(application),
        "in_time": progress.in_time(application),
        "months": progress.months_served(application),
        "ends": last_minute(application.round),
        "asked_for": course.asked_for(application) if returned else [],
        "due": application.supplement_due if returned else None,
    }


def about_course(application) -> dict:
    told = {
        "steps": course.steps(application),
        "acts": course.acts(application),
        "notice": course.notice_of(application),
        "may_withdraw": application.state in actions.withdraw.source,
    }
    return told | read_back(application)


@method_decorator(never_cache, "dispatch")
class Home(TemplateView):
    """The start, the list of tasks, or the course, as far as this reader is."""

    @cached_property
    def application(self):
        return latest(self.request.user) if self.request.user.is_authenticated else None

    @property
    def page(self):
        if self.application is None:
            return "start"
        return "tasks" if self.application.is_editable else "course"

    def get_template_names(self):
        return [f"recruitment/apply/{self.page}.html"]

    def get_context_data(self, **kwargs):
        about = {"start": about_start, "tasks": about_tasks, "course": about_course}[self.page]
        kwargs |= {"application": self.application, **rounds_beside(self.application)}
        return super().get_context_data(**about(self.application), **kwargs)


class Start(LoginRequiredMixin, View):
    """自愿报名: begin an application in a round; whoever comes back from signing in lands on the start page."""

    def get(self, request, pk):
        return redirect(HOME)

    def post(self, request, pk):
        try:
            actions.start(request.user, round=get_object_or_404(Round, pk=pk))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(HOME)


class Check(OwnPage, TemplateView):
    """Everything read back before it is submitted, and to look at afterwards."""

    template_name = "recruitment/apply/check.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**read_back(self.application), **kwargs)


class PaperForm(Check):
    """The application form on paper, to print and sign."""

    template_name = "recruitment/apply/form.html"
    extra_context = {"printed_at": clock.now}  # asked anew on every page


class OwnAction(OwnPage, ActionView):
    """A verb on the reader's own latest application."""

    @cached_property
    def object(self):
        return self.application

    def get_success_url(self):
        return HOME


class Submit(OwnAction):
    action = actions.submit
    template_name = "recruitment/apply/check.html"

    def get(self, request):
        return redirect("recruitment:apply_check")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**read_back(self.application), **kwargs)

    def form_invalid(self, form, **options):
        """Pressing twice is no fault: the second time says that it is done."""
        if self.application.state == State.SUBMITTED and not self.wants_json:
            messages.info(self.request, "报名已提交，不用再交一次")
            return redirect("recruitment:apply_done")
        return super().form_invalid(form, **options)

    def get_success_url(self):
        return reverse("recruitment:apply_done")


class Withdraw(OwnAction):
    action = actions.withdraw
    form_class = WithdrawForm
    template_name = "recruitment/apply/withdraw.html"

    def get(self, request):
        """There is nothing to withdraw once it has been decided."""
        return super().get(request) if self.application.state in self.action.source else redirect(HOME)


class Done(OwnPage, TemplateView):
    template_name = "recruitment/apply/done.html"

    def get(self, request):
        return super().get(request) if self.application.state == State.SUBMITTED else redirect(HOME)


class DocumentFile(LoginRequiredMixin, View):
    """One piece of evidence, for whoever may see the application."""

    def get(self, request, pk):
        return files.served(get_object_or_404(Document.objects.visible_to(request.user), pk=pk))
