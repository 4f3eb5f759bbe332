"""What each step is told in, to whom: an SMS has at most seventy characters, and never what was said or by whom."""

from django.conf import settings
from django.urls import reverse

from evaluations.models import Rating, RatingCase, Report
from expertteam import clock, notify
from expertteam.templatetags.terrace import day, short_day
from services.messages import LINK_LASTS, address, brief_day
from services.models import Link

CALLERS = "evaluations.call_back_ratingcase"
FINDERS = "evaluations.find_ratingcase"
MENDERS = "evaluations.rectify_ratingcase"
INSPECTORS = "evaluations.examine_report"
CLUSTERS = "evaluations.inspect_cluster_ratingcase"
PHONE = settings.SITE["phone"]


def asked(rating: Rating):
    """To the client, with a new link; an earlier one leads nowhere from now on."""
    rating.service.links.filter(purpose=Link.Purpose.RATE).delete()
    key = f"rate:{rating.pk}:{clock.now():%m%d%H%M%S}"
    text_link(key, rating, "请评价这次指导", f"请评价{brief_day(rating.service.started_at)}的指导：")


def text_link(key: str, rating: Rating, subject: str, before: str):
    """One link, one SMS."""
    token = Link.issue(Link.Purpose.RATE, LINK_LASTS, service=rating.service)
    notify.text(key, rating.service.phone, subject, before + address("evaluations:rate", token))


def case_opened(case: RatingCase):
    """To those who call back; where several come together, to the inspector as well."""
    url = case.get_absolute_url()
    body = f"{case.number}：{case.rating.get_grade_display()}，{day(case.call_due)}前回电话。"
    notify.notify_role(f"case:{case.number}", CALLERS, "有一条差评要回访", body, url)
    if case.flag:
        notify.notify_role(
            f"flag:{case.number}", CLUSTERS, "差评集中出现，请查看", f"{case.number}：{case.flag}。", url
        )


def cluster_seen(case: RatingCase):
    """To those who find: whether it may be somebody's true word."""
    said = "是真实评价" if case.flag_genuine else "不是真实评价"
    notify.notify_role(
        f"seen:{case.number}", FINDERS, "纪检已查看集中差评", f"{case.number}：{said}。", case.get_absolute_url()
    )


def tell_expert(case: RatingCase, event: str, subject: str, body: str):
    """Of the service, never of its client."""
    url = reverse("evaluations:desk_case", args=[case.pk])
    notify.notify(f"{event}:{case.number}", case.rating.expert.user, subject, body, url)


def statement_asked(case: RatingCase):
    notify.settle(f"call-late:{case.number}")
    tell_expert(
        case, "statement", "有一条评价请您说明",
        f"{short_day(case.rating.service.started_at)}的服务有不满意的评价，请在{day(case.statement_due)}前写明情况。",
    )  # fmt: skip


def to_be_found(case: RatingCase):
    notify.settle(f"statement:{case.number}")
    url = case.get_absolute_url()
    notify.notify_role(f"find:{case.number}", FINDERS, "有一条差评待认定", f"{case.number}，请认定。", url)


def found(case: RatingCase):
    """To the expert; and to whoever sees to what follows."""
    notify.settle(f"find-late:{case.number}")
    on = short_day(case.rating.service.started_at)
    tell_expert(case, "found", "评价已核实", f"{on}的服务评价已核实：{case.get_finding_display()}。")
    notify.notify_role(
        f"found:{case.number}",
        MENDERS,
        "差评已认定",
        f"{case.number}：{case.get_finding_display()}。",
        case.get_absolute_url(),
    )


def rectification_asked(case: RatingCase):
    tell_expert(
        case, "rectify", "请整改", f"编号{case.number}，请在{day(case.rectify_due)}前按要求整改，要求见工作台。"
    )


def closed(case: RatingCase):
    """To the client: after the mending he is asked once more."""
    notify.settle(f"rectify:{case.number}")
    rating, key = case.rating, f"closed:{case.number}"
    on = short_day(rating.service.started_at)
    if case.follow_up_until:
        text_link(key, rating, "请您再评一次", "问题已整改，请再评一次：")
    else:
        notify.text(key, rating.service.phone, "您的评价已核实", f"您对{on}指导的评价已核实办结，详情请拨打{PHONE}")


def still_poor(case: RatingCase):
    """To those who saw to the mending: it did not help."""
    body = f"{case.number}：整改后对方追评“{case.get_follow_up_grade_display()}”。"
    notify.notify_role(f"still:{case.number}", MENDERS, "整改后仍不满意", body, case.get_absolute_url())


def reported(report: Report):
    """To the inspector alone."""
    body = f"{report.receipt}：{report.get_kind_display()}，{day(report.answer_due)}前答复。"
    notify.notify_role(f"report:{report.receipt}", INSPECTORS, "收到新的举报", body, report.get_absolute_url())


def report_answered(report: Report):
    if report.phone:
        body = f"您反映的{report.receipt}已有答复，请凭编号和手机号在网上查看。"
        notify.text(f"answered:{report.receipt}", report.phone, "举报答复", body)


def asked_about_report(report: Report):
    """To the expert it is about: that he is asked, never by whom nor of what."""
    url = reverse("evaluations:desk_report", args=[report.pk])
    body = f"有一件对您的反映需要核实，请在{day(report.statement_due)}前写明情况，内容见工作台。"
    notify.notify(f"report-asked:{report.receipt}", report.expert.user, "请您说明一件反映", body, url)


def report_responded(report: Report):
    no_longer_asked(report)
    body = f"{report.receipt}：专家已说明。"
    key, url = f"report-responded:{report.receipt}", report.get_absolute_url()
    notify.notify_role(key, INSPECTORS, "专家已说明", body, url)


def no_longer_asked(report: Report):
    """The expert has answered, or it is found without his answer."""
    notify.settle(f"report-asked:{report.receipt}")
