"""What the bureau sees and does in selection; every verb is an ``Act``."""

import logging

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView, View

from expertteam import clock, consents
from expertteam.files import served
from expertteam.regulation import TEXT, Refused, named
from expertteam.views import Act, OfficeDetail, OfficeList, WrongIs422
from expertteam.workflow import may
from recruitment import actions, evidence, listings, progress
from recruitment.actions.application import on_the_notice, why_not_yet
from recruitment.actions.notice import planned
from recruitment.facts import PERSON
from recruitment.forms import office as forms
from recruitment.models import Application, Evidence, Notice, Objection, Round
from recruitment.views.renewals import leads

log = logging.getLogger(__name__)


class DocumentAct(Act):
    """A verb on one piece of evidence, made from the page of its application."""

    def get_queryset(self):
        return super().get_queryset().select_related("application__applicant")

    def get_success_url(self):
        return f"{self.object.application.get_absolute_url()}#documents"


class NoticeAct(Act):
    """A verb on a notice, made from the office's page of it."""

    def get_success_url(self):
        return reverse("recruitment:staff_notice", args=[self.object.pk])


class Judge(Act):
    """Enter what a person found on a condition: no move of the application, which stays as it is."""

    action = actions.recommend  # whoever may recommend may judge
    form_class = forms.JudgeForm
    template_name = "recruitment/office/judge.html"
    outcome = "已记下核实结果"

    def get_initial(self):
        return {"article": self.request.GET.get("article", "")}

    def perform(self, entry):
        actions.judge(self.object, by=self.request.user, **entry)

    def get_success_url(self):
        return f"{self.object.get_absolute_url()}#findings"


class ApplicationList(OfficeList):
    model, permission = Application, "recruitment.view_application"
    template_name = "recruitment/office/applications.html"
    listing = listings.APPLICATIONS

    def get_queryset(self):
        self.filter = forms.ApplicationFilter({"state": "live"} | self.request.GET.dict())
        handed_in = super().get_queryset().exclude(state=Application.State.DRAFT)
        return self.filter.narrowed(handed_in).select_related("applicant", "round")

    def get_context_data(self, **kwargs):
        return super().get_context_data(filter=self.filter, round=self.filter.cleaned_data.get("round"), **kwargs)


class ApplicationDetail(OfficeDetail):
    model, permission = Application, "recruitment.view_application"
    template_name = "recruitment/office/application.html"

    def get_queryset(self):
        rests_on = ["periods", "success_cases", "documents", "judgements__by", "applicant__consents"]
        return super().get_queryset().select_related("applicant", "round", "renews__expert").prefetch_related(*rests_on)

    def get_context_data(self, **kwargs):
        application, user = self.object, self.request.user
        screening = application.state == Application.State.SUBMITTED and not application.concerns(user)
        return super().get_context_data(
            findings=looked_at(application, asking=screening and may(user, actions.recommend.permission)),
            documents=[document for document in application.documents.all() if document.replaced_at is None],
            replaced=[document for document in application.documents.all() if document.replaced_at],
            checking=screening and may(user, actions.verify.permission),
            months=progress.months_served(application),
            months_in_field=progress.months_served(application, in_field=True),
            signatures=[(consents.TEXTS[each.kind].title, each) for each in application.applicant.consents.all()],
            candidacies=candidacies(application, user),
            hindrance=hindrance(application, user),
            evidence=shown_evidence(application, user),
            leads=leads(user),
            **kwargs,
        )

    def offered(self, moves):
        """The way forward first; no appointment while something stands in its way."""
        moves = [move for move in moves if move is not actions.appoint or not hindrance(self.object, self.request.user)]
        return sorted(moves, key=lambda move: move not in (actions.recommend, actions.approve, actions.appoint))


def looked_at(application, *, asking: bool) -> list[dict]:
    """Each finding with what a person found on it, and where that is still asked, the form for it."""
    judged = {judgement.article: judgement for judgement in application.judgements.all()}
    rows, asked = [], set()
    for number, finding in enumerate(progress.findings(application)):
        row = {"finding": finding}
        if finding.verdict is PERSON:
            row["judgement"] = judged.get(finding.article)
            if asking and finding.article not in asked:
                known = {"article": finding.article}
                row["form"] = forms.JudgeForm(record=application, initial=known, auto_id=f"judge{number}_%s")
            asked.add(finding.article)
        rows.append(row)
    return rows


def hindrance(application, user) -> str:
    """For whoever appoints: what still stands in the way of one on a notice."""
    if application.state != Application.State.ON_NOTICE or not may(user, actions.appoint.permission):
        return ""
    return why_not_yet(on_the_notice(application))


def shown_evidence(application, user):
    """What the term shows that a renewal would follow, until it is decided; never to the expert himself."""
    if application.renews is None or application.state in Application.CLOSED or application.concerns(user):
        return None
    return evidence.of(application.renews)


def candidacies(application, user):
    """The notices that named him; how many objected is for those who may see objections, never for himself."""
    found = application.candidacies.select_related("notice").order_by("pk")
    if may(user, "recruitment.view_objection") and not application.concerns(user):
        on_the_list = Q(notice__objections__candidate=None) | Q(notice__objections__candidate=F("pk"))
        found = found.annotate(objected=Count("notice__objections", filter=on_the_list))
    return found


class NoticeList(OfficeList):
    model, permission = Notice, "recruitment.view_notice"
    template_name = "recruitment/office/notices.html"
    listing = listings.NOTICES

    def get_queryset(self):
        people = Count("candidates", distinct=True)
        open_ = Count("objections", Q(objections__counts=True, objections__upheld=None), distinct=True)
        listed = super().get_queryset().select_related("round").order_by("-pk")
        return listed.annotate(people=people, open_objections=open_)

    def columns(self):
        """How many objections are open is for those who may see them."""
        found = dict(super().columns())
        if not may(self.request.user, "recruitment.view_objection"):
            del found["未办结异议"]
        return found

    def get_context_data(self, **kwargs):
        user = self.request.user
        return super().get_context_data(
            may_draft=may(user, actions.publish.permission),
            may_examine=may(user, "recruitment.view_objection"),
            **kwargs,
        )


class NoticeDetail(OfficeDetail):
    model, permission = Notice, "recruitment.view_notice"
    template_name = "recruitment/office/notice.html"

    def get_context_data(self, **kwargs):
        draft = self.object.state == Notice.State.DRAFT
        return super().get_context_data(
            candidates=self.object.candidates.select_related("application"),
            planned=planned(clock.today()) if draft else None,
            objections=Objection.objects.visible_to(self.request.user)
            .filter(notice=self.object)
            .select_related("notice", "candidate"),
            may_draft=may(self.request.user, actions.publish.permission),
            **kwargs,
        )


class NoticeDraft(LoginRequiredMixin, WrongIs422, FormView):
    """拟公示: nothing moves yet, the list is published by a verb of its own."""

    form_class = forms.NoticeForm
    template_name = "recruitment/office/draft_notice.html"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not may(request.user, actions.publish.permission):
            raise PermissionDenied(actions.publish.permission)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_initial(self):
        wanted, wrong = self.request.GET.get("round", ""), self.request.GET.get("corrects", "")
        corrected = Notice.objects.filter(pk=wrong).first() if wrong.isdecimal() else None
        chosen = Round.objects.filter(pk=wanted).first() if wanted.isdecimal() else corrected and corrected.round
        waiting = Application.objects.awaiting_notice().order_by("round", "pk").select_related("round")
        chosen = chosen or next((application.round for application in waiting[:1]), None)
        people = waiting.filter(round=chosen)
        return {"round": chosen, "corrects": corrected, "applications": people, **(prefilled(chosen) if chosen else {})}

    def form_valid(self, form):
        try:
            notice = actions.draft_notice(by=self.request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, f"{notice}：{notice.get_state_display()}，核对后发布")
        return redirect("recruitment:staff_notice", notice.pk)


def prefilled(round) -> dict:
    """The usual words of a notice."""
    return {
        "title": f"{round}拟聘任人选公示",
        "statement": f"根据《{TEXT['title']}》{named('11')}，经自愿报名、初审推荐、审核，"
        "拟聘任以下人员为太原市创业就业指导专家团成员，现予公示。",
    }  # fmt: skip


class ObjectionList(OfficeList):
    model, permission = Objection, "recruitment.view_objection"
    template_name = "recruitment/office/objections.html"
    listing = listings.OBJECTIONS

    def get_queryset(self):
        return super().get_queryset().select_related("notice", "candidate")


class ObjectionDetail(OfficeDetail):
    """Who objected is read by discipline and the deciding leader alone, and never by the person objected to."""

    model, permission = Objection, "recruitment.view_objection"
    template_name = "recruitment/office/objection.html"

    def get_queryset(self):
        return super().get_queryset().select_related("notice", "candidate__application")

    def get_object(self, queryset=None):
        objection = super().get_object(queryset)
        if objection.concerns(self.request.user):
            raise PermissionDenied("about the reader himself")
        log.info("account %s reads objection %s", self.request.user.pk, objection.pk)
        return objection


class EvidenceFile(LoginRequiredMixin, View):
    """What came with an objection, for those who may read the objection."""

    def get(self, request, pk):
        readable = Evidence.objects.visible_to(request.user).select_related("objection__candidate__application")
        evidence = get_object_or_404(readable, pk=pk)
        if evidence.objection.concerns(request.user):
            raise PermissionDenied("about the reader himself")
        log.info("account %s reads evidence %s", request.user.pk, evidence.pk)
        return served(evidence)
