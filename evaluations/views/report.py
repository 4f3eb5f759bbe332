"""The door for whoever knows of misconduct (Article 12(2), (4), (5) and (6))."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import DetailView, FormView

from evaluations import actions, progress
from evaluations.forms.report import ReceiptForm, ReportForm
from evaluations.models import Report
from experts.models import Expert
from expertteam import clock
from expertteam.limits import limited
from expertteam.regulation import Refused
from expertteam.views import WrongIs422

A_MINUTE = 10  # of one network: enough for mistakes, too little for a flood or for guessing
LODGED = "reported"  # where the session keeps the last receipt, so that no address ever holds it


@method_decorator(limited("report", A_MINUTE), "post")
@method_decorator(sensitive_post_parameters("about", "facts", "name", "phone"), "dispatch")
@method_decorator(never_cache, "dispatch")
class ReportDoor(WrongIs422, FormView):
    """反映专家的问题: take in what somebody says, with his name or without."""

    template_name = "evaluations/report.html"
    form_class = ReportForm

    def get_initial(self):
        no = self.request.GET.get("expert", "")[:12]
        known = Expert.objects.listed(clock.today()).filter(no=no).first() if no else None
        return {"about": known.no} if known else {}

    def form_valid(self, form):
        try:
            receipt = actions.lodge(**form.said())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as reason:
            form.add_error("files", reason)
        else:
            self.request.session[LODGED] = receipt
            return redirect("evaluations:report_done")
        return self.form_invalid(form)


@method_decorator(never_cache, "dispatch")
class ReportDone(DetailView):
    """The receipt, for the browser that has just sent something."""

    template_name = "evaluations/report_done.html"

    def get(self, request):
        self.object = Report.objects.filter(receipt=request.session.get(LODGED)).first()
        if self.object is None:
            return redirect("evaluations:report_receipt")
        return self.render_to_response(self.get_context_data())


@method_decorator(limited("report_receipt", A_MINUTE), "post")
@method_decorator(sensitive_post_parameters("receipt", "phone"), "dispatch")
@method_decorator(never_cache, "dispatch")
class ReportReceipt(WrongIs422, FormView):
    """What became of it; a wrong number and a wrong combination are answered alike."""

    template_name = "evaluations/report_receipt.html"
    form_class = ReceiptForm

    def form_valid(self, form):
        found = Report.objects.answering(**form.cleaned_data).first()
        if found is None:
            form.add_error(None, "没有查到，请核对受理编号和手机号")
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(found=found, steps=progress.steps(found)))
