"""What all pages of an applicant share: they are about his own latest application and nothing else."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache

from expertteam import consents
from expertteam.models import Consent, User
from recruitment import progress, rules
from recruitment.categories import Evidence, evidence_for
from recruitment.models import Application, Document

HOME = reverse_lazy("recruitment:apply")
TEXTS = [*progress.PLEDGES, "public_directory", "bank_data"]  # the last two are free to refuse


def latest(user: User) -> Application | None:
    """The application this person is at."""
    return Application.objects.filter(applicant=user).select_related("round", "applicant").first()


def papers(application: Application) -> list[tuple[Evidence, Document | None]]:
    """The evidence asked for, each with the file that counts."""
    if not application.category:
        return []
    current = {document.kind: document for document in application.documents.current()}
    asked = evidence_for(application.category, application.profession)
    return [(each, current.get(each.code)) for each in asked]


def signatures(user: User) -> list[tuple[consents.Text, Consent | None]]:
    """The texts to sign, each with the signature that stands."""
    standing = Consent.objects.filter(user=user, withdrawn_at=None).order_by("given_at")
    signed = {consent.kind: consent for consent in standing}
    own = {kind: consents.words_of(consent) for kind, consent in signed.items()}
    return [(own.get(kind, consents.TEXTS[kind]), signed.get(kind)) for kind in TEXTS]


def read_back(application: Application) -> dict:
    """Everything entered, and what the rules say of it, as the check, the course and the printed form show it."""
    tasks, findings = progress.tasks(application), progress.findings(application)
    return {
        "findings": findings,
        "lacking": [task for task in tasks[:-1] if task.lacks],
        "may_submit": rules.may_submit(findings),
        "opened": progress.open_tasks(application),
        "months": progress.months_served(application),
        "papers": papers(application),
        "signatures": signatures(application.applicant),
        "periods": application.periods.all(),
        "cases": application.success_cases.all(),
    }


@method_decorator(never_cache, "dispatch")
class OwnPage(LoginRequiredMixin):
    """A page about the reader's own latest application; without one there is no such page."""

    @cached_property
    def application(self):
        application = latest(self.request.user)
        if application is None:
            raise Http404
        return application

    def get_context_data(self, **kwargs):
        return super().get_context_data(application=self.application, **kwargs)
