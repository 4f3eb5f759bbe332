"""Messages that could not be handed over however often it was tried: somebody sees to them."""

import logging

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from expertteam import notify
from expertteam.waiting import Lot, Waiting, lot
from expertteam.workflow import may

log = logging.getLogger(__name__)
SEE, SEND = "expertteam.view_notification", "expertteam.change_notification"
A_PAGE = 50


@admin.site.admin_view
@require_safe
def letters(request):
    """The list: to whom, about what, why not; never what the message says, which is its receiver's alone."""
    if not may(request.user, SEE):
        raise PermissionDenied(SEE)
    page_obj = Paginator(notify.given_up().order_by("-pk"), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "letters.html", {"page_obj": page_obj, "may_send": may(request.user, SEND)})


@admin.site.admin_view
@require_POST
def send_again(request, pk):
    """重新发送: as if it had never been tried."""
    if not may(request.user, SEND):
        raise PermissionDenied(SEND)
    message = get_object_or_404(notify.given_up(), pk=pk)
    notify.try_again(message)
    log.info("%s sends message %s again", request.user.username, message.pk)
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
