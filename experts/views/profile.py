"""What the public sees of an expert, and what he declared: /desk/profile/ (Articles 10 and 14)."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView

from experts import actions
from experts.forms import DisclosureForm, EndForm, ProfileForm
from experts.models import Expert, PublicField
from expertteam import clock
from expertteam.regulation import Refused
from expertteam.views import WrongIs422

PROFILE = reverse_lazy("experts:profile")


@method_decorator(never_cache, "dispatch")
class OwnPage(LoginRequiredMixin):
    """A page about the reader's own entry on the team; without one there is no such page."""

    @cached_property
    def expert(self):
        own = Expert.objects.filter(user=self.request.user.pk).select_related("user").first()
        if own is None:
            raise Http404
        return own

    def get_context_data(self, **kwargs):
        return super().get_context_data(expert=self.expert, **kwargs)


class Profile(OwnPage, TemplateView):
    """Each public field with who sees it, then the declarations, standing ones first."""

    template_name = "experts/profile.html"

    def get_context_data(self, **kwargs):
        own, today = self.expert, clock.today()
        declared = list(own.disclosures.all())
        listed = Expert.objects.listed(today).filter(pk=own.pk).exists()
        return super().get_context_data(
            fields=shown(own),
            listed=listed,
            biography_public=own.shows(PublicField.BIOGRAPHY),
            standing=[each for each in declared if each.ends_on is None],
            ended=[each for each in declared if each.ends_on],
            **kwargs,
        )


def shown(own):
    """What stands in the entry: label, text, and whether the public sees it (None: it always does)."""
    place = f"{own.employer}{own.position}"
    return [
        ("姓名", own.user.name, None),
        ("擅长", "、".join(own.topic_labels), None),
        (PublicField.EMPLOYER.label, place, own.shows(PublicField.EMPLOYER)),
        (PublicField.TITLE.label, own.title, own.shows(PublicField.TITLE)),
        (PublicField.DISTRICT.label, own.district_name, own.shows(PublicField.DISTRICT)),
    ]


class OwnForm(OwnPage, WrongIs422, FormView):
    """Something the expert says of himself; a refusal is shown at the form, with its article."""

    template_name = "experts/profile_form.html"
    success_url = PROFILE
    title = button = said = ""

    def form_valid(self, form):
        try:
            self.perform(form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, self.said)
        return redirect(self.success_url)


class ChangeProfile(OwnForm):
    form_class = ProfileForm
    title, button, said = "修改公开资料", "保存公开资料", "已保存，公开页马上更新"
    lead = "姓名、单位、职称、区县和擅长领域由服务中心核实后更改，这里不能改。"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.expert}

    def perform(self, entry):
        actions.change_profile(self.expert, by=self.request.user, **entry)


@method_decorator(sensitive_post_parameters("name", "code", "detail"), "dispatch")
class Disclose(OwnForm):
    form_class = DisclosureForm
    title, button, said = "新增利益申报", "提交申报", "已申报，匹配和评审时会为您回避"
    lead = "申报不影响您投资或任职，只用来在匹配和评审时回避。"

    def perform(self, entry):
        actions.disclose(self.expert, by=self.request.user, **entry)


class EndDisclosure(OwnForm):
    form_class = EndForm
    title, button, said = "结束这条申报", "记下结束日期", "已记下，这条申报仍会留存"

    @cached_property
    def disclosure(self):
        return get_object_or_404(self.expert.disclosures, pk=self.kwargs["pk"])

    @property
    def lead(self):
        return f"{self.disclosure.get_kind_display()}：{self.disclosure.name}"

    def perform(self, entry):
        actions.end_disclosure(self.disclosure, by=self.request.user, **entry)
