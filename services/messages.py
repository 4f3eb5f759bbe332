"""What each step is told in, to whom: an SMS has at most seventy characters, and never anything confided."""

import re
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from experts.models import Disclosure, Topic
from expertteam import clock, notify
from expertteam.templatetags.terrace import moment, short_day
from services.models import Link, Offer, Service, ServiceRequest

LENGTH = 70
LINK_LASTS = timedelta(days=30)
TASK_LASTS = timedelta(hours=72)
MATCHERS = "services.offer_servicerequest"
CLERKS = "services.verify_service"
PHONE = settings.SITE["phone"]
OWN = [(re.compile(r"https?://\S+"), "（链接）"), (re.compile(r"([验确][证认]码)\d+"), r"\1（只发给本人）")]


def fitted(before: str, flexible: str, after: str) -> str:
    """One SMS; what is of any length is cut so that the rest fits."""
    left = LENGTH - len(before) - len(after)
    return before + (flexible if len(flexible) <= left else f"{flexible[: left - 1]}…") + after


def discreet(body: str) -> str:
    """An SMS as others may read it: without the link and the code that are its receiver's alone."""
    for pattern, instead in OWN:
        body = pattern.sub(instead, body)
    return body


def brief_day(at: datetime) -> str:
    """10月22日: beside a link there is no room for more, and the day is near."""
    return f"{clock.local(at).month}月{clock.local(at).day}日"


def brief_moment(at: datetime) -> str:
    """10月22日14:00."""
    return f"{brief_day(at)}{clock.local(at):%H:%M}"


def address(name: str, token: str) -> str:
    """The whole address of a one-time link."""
    return f"{settings.SITE_URL}{reverse(name, args=[token])}"


def tell_client(request: ServiceRequest, event: str, subject: str, body: str, wait=timedelta(0)):
    """To the number that was given; in his account as well where there is one."""
    key = f"{event}:{request.number}"
    notify.text(key, request.phone, subject, body, wait)
    if request.client:
        notify.notify(f"{key}:account", request.client, subject, body, reverse("services:lookup"), sms=False, wait=wait)


def tell_expert(offer: Offer, event: str, subject: str, body: str, url: str = ""):
    """In his account and by mail, and by SMS as he has a number."""
    notify.notify(f"{event}:{offer.pk}", offer.expert.user, subject, body, url or offer.get_absolute_url())


def tell_matchers(request: ServiceRequest, event: str, subject: str, body: str):
    notify.notify_role(f"{event}:{request.number}", MATCHERS, subject, body, request.get_absolute_url())


def number_code(phone: str, code: str):
    """To whoever books, so that nobody books with another's number; each one is a message of its own."""
    body = f"验证码{code}，10分钟内有效，用于预约专家。不要告诉任何人，工作人员也不会问您要。"
    notify.text(f"number-code:{uuid.uuid4().hex}", phone, "验证码", body)


def received(request: ServiceRequest):
    """The promise, with its date."""
    tell_client(
        request, "received", "预约已提交",
        f"预约{request.number}已提交，最晚{moment(request.answer_due)}前短信答复。电话{PHONE}",
    )  # fmt: skip
    topics = "、".join(Topic(topic).label for topic in request.topics)
    tell_matchers(
        request, "to-match", "有新的预约", f"{request.number}：{topics}，{request.get_channel_display()}预约。"
    )


def offer_text(when: str, link: str) -> str:
    """What the expert reads on his phone."""
    return f"{when}预约请答复：{link}"


def offered(offer: Offer):
    """To the expert, with a link that opens this one task."""
    token = Link.issue(Link.Purpose.TASK, TASK_LASTS, offer=offer)
    when = moment(offer.starts_at) if offer.starts_at else "时间待定"
    notify.notify(
        f"offered:{offer.pk}", offer.expert.user, "有一项预约等您答复",
        f"{when}，{offer.request.get_place_display()}，请在{moment(offer.answer_due)}前答复。",
        offer.get_absolute_url(), sms=False,
    )  # fmt: skip
    if offer.expert.user.phone:
        brief = brief_moment(offer.starts_at) if offer.starts_at else when
        body = offer_text(brief, address("services:task_link", token))
        notify.text(f"offered:{offer.pk}", offer.expert.user.phone, "有一项预约等您答复", body)


def arranged(request: ServiceRequest, offer: Offer, code: str, wait=timedelta(0)):
    """Time, place, person, and the code that the client says aloud at the end."""
    before = f"约好{moment(request.starts_at)}，{request.expert}老师，"
    tell_client(
        request, f"arranged:{offer.pk}", "已约定",
        fitted(before, request.room or request.get_place_display(), f"。结束时报确认码{code}。{request.number}"), wait,
    )  # fmt: skip


def appointed(offer: Offer):
    """To the expert, where the centre has agreed upon the time with his client."""
    before = f"已约定{moment(offer.starts_at)}，"
    place = offer.room or offer.request.get_place_display()
    tell_expert(
        offer, f"appointed:{offer.starts_at:%m%d%H%M}", "已约定时间", fitted(before, place, f"。来不了请打{PHONE}")
    )


def unsettled(request: ServiceRequest, event: str, why: str):
    """The appointment does not stand, and another expert is sought."""
    tell_client(
        request, f"{event}:{clock.now():%m%d%H%M%S}", "正在换专家",
        fitted(f"预约{request.number}：", why, f"，正在换人，会再短信告诉您。电话{PHONE}"),
    )  # fmt: skip


def to_verify(request: ServiceRequest):
    """The appointed time has passed, and the expert will not say any more what came of it."""
    body = f"预约{request.number}约定的时间已过，我们会打电话问您是否见过面。电话{PHONE}"
    tell_client(request, f"to-verify:{clock.now():%m%d%H%M%S}", "想问您是否见过面", body)


def cancelled(request: ServiceRequest, offer: Offer | None):
    """To both."""
    tell_client(request, "cancelled", "预约已取消", f"预约{request.number}已取消。要再约请上网或拨打{PHONE}")
    if offer:
        when = moment(offer.starts_at) if offer.starts_at else "时间待定"
        tell_expert(offer, "cancelled", "预约已取消", f"{when}的预约，对方已取消，不用来了。", reverse("experts:desk"))


def released(offer: Offer):
    """To the expert, who has been asked and need not come."""
    when = moment(offer.starts_at) if offer.starts_at else "时间待定"
    tell_expert(offer, "released", "预约已另找专家", f"{when}的预约已另找专家，您不用来了。", reverse("experts:desk"))


def missed(request: ServiceRequest):
    """To the client, who may have been there."""
    body = f"预约{request.number}登记为您没来。和实际不一样的，请打{PHONE}，我们来核实"
    tell_client(request, "missed", "登记为您没来", body)


def turned_away(request: ServiceRequest):
    tell_client(
        request,
        "unplaced",
        "暂时约不到",
        f"预约{request.number}暂时约不到专家，原因和建议请凭预约号上网查看，或拨打{PHONE}",
    )


def logged(service: Service):
    """The client is asked for his word; the link confirms or contradicts, nothing else."""
    token = Link.issue(Link.Purpose.CONFIRM, LINK_LASTS, service=service)
    body = f"请核对{brief_day(service.started_at)}指导{service.minutes}分钟：{address('services:confirm', token)}"
    notify.text(f"logged:{service.pk}:{service.logged_at:%m%d%H%M%S}", service.phone, "请核对这次服务", body)


def queried(service: Service):
    """To the expert and to those who find out."""
    url = service.get_absolute_url()
    notify.notify(
        f"queried:{service.pk}", service.expert.user, "服务记录有出入",
        f"{short_day(service.started_at)}的服务记录，对方说的与您记的不同，服务中心会核实。", reverse("experts:desk"),
    )  # fmt: skip
    notify.notify_role(f"queried:{service.pk}", "services.rule_service", "服务记录有出入", f"{service}，请核定。", url)


def ruled(service: Service):
    notify.notify(
        f"ruled:{service.pk}", service.expert.user, "服务记录已核定",
        f"{short_day(service.started_at)}的服务记录：{service.get_state_display()}。", reverse("experts:desk"),
    )  # fmt: skip


def remind_client(request: ServiceRequest, code: str):
    """The day before."""
    before = f"明天{clock.local(request.starts_at):%H:%M}，{request.expert}老师，"
    place = request.room or request.get_place_display()
    tell_client(
        request, f"remind:{request.starts_at:%m%d%H%M}", "明天的预约",
        fitted(before, place, f"。确认码{code}。改约{PHONE}"),
    )  # fmt: skip


def remind_expert(offer: Offer):
    body = fitted(f"明天{clock.local(offer.starts_at):%H:%M}有预约，", offer.room or "服务中心", f"。来不了请打{PHONE}")
    tell_expert(offer, f"remind:{offer.starts_at:%m%d%H%M}", "明天的预约", body)


def remind_of_answer(offer: Offer):
    body = f"有一项预约等您答复，今天{clock.local(offer.answer_due):%H:%M}前没有答复会转给别的专家。"
    tell_expert(offer, "unanswered", "预约等您答复", body)


def no_longer_asked(offer: Offer):
    """He has answered, or it is somebody else's."""
    for told in ("offered", "unanswered"):
        notify.settle(f"{told}:{offer.pk}")


def remind_of_log(offer: Offer):
    body = f"{short_day(offer.starts_at)}的服务还没有记录，记一笔大约1分钟。"
    tell_expert(offer, "unlogged", "请补上服务记录", body)


def told_of_tie(disclosure: Disclosure, client: ServiceRequest | Service):
    """Article 14: the client of a firm to which his adviser is bound is told so."""
    who, tie = f"{disclosure.expert}老师", "投资" if disclosure.kind == Disclosure.Kind.INVESTMENT else "任职"
    body = fitted("", who, f"申报了与您企业的{tie}关系。意见仅供参考，由您自行决策。电话{PHONE}")
    notify.text(f"tie:{disclosure.pk}:{client.phone_index}", client.phone, "专家申报了利害关系", body)


def tie_to_come(disclosure: Disclosure, request: ServiceRequest):
    """Whoever matches is told that somebody else has to be found."""
    body = f"{request.number}：{disclosure.expert}刚申报了与对方的关系，需回避，请换专家。"
    tell_matchers(request, f"tie:{disclosure.pk}", "已约的专家申报了利害关系", body)
