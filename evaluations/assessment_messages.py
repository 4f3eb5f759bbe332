"""Who is told what of an annual assessment; the points are read on the page, never in an SMS."""

from django.urls import reverse

from evaluations.models import Assessment
from expertteam import notify
from expertteam.templatetags.terrace import day

DECIDERS = "evaluations.confirm_result_assessment"


def tell_expert(assessment: Assessment, event: str, subject: str, body: str):
    url = reverse("evaluations:desk_assessment", args=[assessment.pk])
    notify.notify(f"{event}:{assessment.pk}", assessment.expert.user, subject, body, url)


def released(assessment: Assessment):
    """To the expert, with until when he may ask for another look."""
    tell_expert(
        assessment, "assessed", f"{assessment.year}年度评价已公布",
        f"请在工作台查看得分明细。有不同意见的，{day(assessment.contest_until)}前可以申请复核。",
    )  # fmt: skip


def contested(assessment: Assessment):
    body = f"{assessment.expert}对{assessment.year}年度评价有不同意见，请复核。"
    notify.notify_role(
        f"contested:{assessment.pk}", DECIDERS, "有一项年度评价待复核", body, assessment.get_absolute_url()
    )


def settled(assessment: Assessment):
    """To the expert; of an amended result this is told with the revision that holds, and of the old one nothing."""
    if assessment.revision > 1:
        tell_expert(
            assessment, "reassessed", "年度评价已更正", f"{assessment.year}年度评价复核后已更正，请在工作台查看。"
        )
    else:
        tell_expert(
            assessment, "reassessed", "年度评价已复核", f"{assessment.year}年度评价复核后维持原结果，理由见工作台。"
        )
