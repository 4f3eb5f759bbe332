"""Messages that could not be handed over however often it was tried: somebody sees to them."""

import logging

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.views.decorators.http import require_POST

from expertteam import notify
from expertteam.exports import Listing
from expertteam.models import Notification
from expertteam.templatetags.terrace import mask_name, mask_phone
from expertteam.views import OfficeList
from expertteam.waiting import Lot, Waiting, lot
from expertteam.workflow import may

log = logging.getLogger(__name__)
SEE, SEND = "expertteam.view_notification", "expertteam.change_notification"


def receiver(message) -> str:
    """Colleagues by name; of everybody else no more than is needed: who is called to a review is nobody's business."""
    if message.channel == Notification.Channel.SMS:
        return mask_phone(message.address)
    if message.to and message.to.is_staff:
        return str(message.to)
    return mask_name(message.to.name) if message.to else "没有账号的人"


class Letters(OfficeList):
    """The list: to whom, about what, why not; never what the message says, which is its receiver's alone."""

    permission = SEE
    template_name = "letters.html"
    listing = Listing(
        "没发出的通知",
        {
            "通知": "subject",
            "渠道": "get_channel_display",
            "发给": receiver,
            "产生时间": "created_at",
            "原因": lambda message: truncatechars(message.error, 60),
        },
    )

    def get_queryset(self):
        if not may(self.request.user, self.permission):
            raise PermissionDenied(self.permission)
        return notify.given_up().select_related("to").order_by("-pk")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(may_send=may(self.request.user, SEND), **kwargs)
        for message in context["object_list"]:
            message.receiver = receiver(message)
        return context


@admin.site.admin_view
@require_POST
def send_again(request, pk):
    """重新发送: as if it had never been tried."""
    if not may(request.user, SEND):
        raise PermissionDenied(SEND)
    message = get_object_or_404(notify.given_up(), pk=pk)
    notify.try_again(message)
    log.info("account %s sends message %s again", request.user.pk, message.pk)
    messages.success(request, f"“{message.subject}”已重新排队发送")
    return redirect("letters")


def undelivered(user) -> list[Lot]:
    """For whoever keeps the gateway going."""
    if not may(user, SEND):
        return []
    found = lot("通知", notify.given_up().order_by("pk"), to_send)
    return [found] if found.total else []


def to_send(message) -> Waiting:
    return Waiting(
        None, "通知没发出", message.subject, message.get_channel_display(),
        f"试了{message.attempts}次没有发出，查清原因后重新发送", "去看", reverse("letters"),
    )  # fmt: skip
