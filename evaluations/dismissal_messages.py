"""What is told at each step of a dismissal: an SMS says that there is something to read, never what (Article 12)."""

from datetime import date

from django.conf import settings
from django.urls import reverse

from evaluations.models import Dismissal
from expertteam import notify
from expertteam.templatetags.terrace import day, moment

HANDLERS = "evaluations.take_up_dismissal"
WEIGHERS = "evaluations.weigh_dismissal"
DECIDERS = "evaluations.confirm_dismissal"
INSPECTORS = "evaluations.inspect_origin_dismissal"
PHONE = settings.SITE["phone"]
PLACE = 24  # characters of a place that an SMS has room for; the whole of it stands on the desk


def tell_office(dismissal: Dismissal, event: str, permission: str, subject: str, body: str):
    words, url = f"{dismissal.number}：{body}", dismissal.get_absolute_url()
    notify.notify_role(f"{event}:{dismissal.number}", permission, subject, words, url, but=dismissal.expert.user_id)


def tell_expert(dismissal: Dismissal, event: str, subject: str, body: str):
    url = reverse("evaluations:own_dismissal", args=[dismissal.pk])
    notify.notify(f"{event}:{dismissal.number}", dismissal.expert.user, subject, body, url)


def proposed(dismissal: Dismissal):
    """To those who handle cases; a marked one to the inspector as well."""
    tell_office(dismissal, "dismissal", HANDLERS, "有一件解聘线索待处理", f"{dismissal.get_ground_display()}，请处理。")
    if dismissal.flag:
        tell_office(dismissal, "origin", INSPECTORS, "有一件解聘案件要核查来源", f"{dismissal.flag}。")


def handed_on(dismissal: Dismissal, former):
    """Whoever goes on with it knows from whom it comes."""
    notify.notify(
        f"handed-on:{dismissal.number}:{dismissal.history.count()}", dismissal.handler, "一件解聘案件移交给您",
        f"{dismissal.number}原由{former}承办，现在由您接着办。", dismissal.get_absolute_url(), sms=False,
    )  # fmt: skip


def dropped(dismissal: Dismissal):
    """Only who knew of the case hears that it is over."""
    if dismissal.told_on:
        tell_expert(dismissal, "dropped", "事项已办结", f"{dismissal.number}已撤案，不作处理。")


def notice_waits(dismissal: Dismissal):
    tell_expert(dismissal, "notice", "有一份告知书请您签收", f"{dismissal.number}，请登录工作台签收查看。")


def told(dismissal: Dismissal):
    tell_expert(
        dismissal, "told", "请您陈述申辩",
        f"告知书已送达，{day(dismissal.defence_until)}前可以陈述申辩或要求当面陈述。",
    )  # fmt: skip


def defence_recorded(dismissal: Dismissal):
    """What somebody else enters as his word he hears of."""
    said = "您的陈述申辩" if dismissal.heard_how == Dismissal.Heard.STATEMENT else "您放弃陈述申辩"
    body = f"{day(dismissal.heard_on)}{said}已登记。与事实不符的，请打{PHONE}。"
    tell_expert(dismissal, "defence-recorded", "您的意见已登记", body)


def hearing_request_recorded(dismissal: Dismissal, day_asked: date):
    """The same of his wish to be heard in person."""
    body = f"{day(day_asked)}要求当面陈述已登记，定了时间通知您。与事实不符的，请打{PHONE}。"
    tell_expert(dismissal, "hearing-recorded", "正在安排当面陈述", body)


def extended(dismissal: Dismissal):
    tell_expert(dismissal, "extended", "陈述期限已延长", f"您的陈述申辩期限延长到{day(dismissal.defence_until)}。")


def hearing_asked(dismissal: Dismissal):
    tell_office(dismissal, "hearing", HANDLERS, "专家要求当面陈述", "请安排时间和地点。")


def hearing_set(dismissal: Dismissal):
    times = dismissal.history.filter(state=dismissal.state).count()  # the same time in another room is told anew
    key = f"hearing-set-{times}"
    body = f"{moment(dismissal.hearing_at)}，{dismissal.hearing_place[:PLACE]}。请按时到场，可以带书面材料。"
    tell_expert(dismissal, key, "当面听取您的意见", body)


def to_weigh(dismissal: Dismissal):
    times = dismissal.history.filter(state=Dismissal.State.HEARD).count()
    tell_office(
        dismissal, f"weigh-{times}", WEIGHERS, "有一件解聘案件待复核", f"{dismissal.get_heard_how_display()}，请复核。"
    )


def to_decide(dismissal: Dismissal):
    times = dismissal.history.filter(state=Dismissal.State.WEIGHED).count()
    why = "本人申请并放弃陈述申辩" if dismissal.waives else "复核已完成"
    tell_office(dismissal, f"decide-{times}", DECIDERS, "有一件解聘案件待决定", f"{why}，请决定。")


def decision_waits(dismissal: Dismissal):
    """The paper has to reach him; in the office somebody sees to it."""
    tell_expert(dismissal, "decision", "有一份决定书请您签收", f"{dismissal.number}，请登录工作台签收查看。")
    tell_office(
        dismissal,
        "serve",
        HANDLERS,
        "有一份决定书要送达",
        f"{day(dismissal.decision_due)}前送达，本人网上签收也算送达。",
    )


def kept(dismissal: Dismissal):
    tell_expert(dismissal, "kept", "事项已办结", f"{dismissal.number}：决定不予解聘，详情见工作台。")


def dismissed(dismissal: Dismissal, handed_over: str):
    """The expert; and the office, with what of his work others go on with."""
    notify.settle(f"serve-late:{dismissal.number}")
    tell_expert(dismissal, "dismissed", "聘任关系已终止", f"{dismissal.number}已办结。有疑问请打{PHONE}。")
    tell_office(dismissal, "carried-out", HANDLERS, "决定书已送达", f"聘书已失效；{handed_over}。")
