"""Who is told of an honour: those who decide, whoever nominated, and the expert once it is given or taken back."""

from django.urls import reverse

from evaluations.models import Honour
from expertteam import notify

DECIDERS = "evaluations.confer_honour"


def nominated(honour: Honour):
    body = f"{honour.number}：{honour}，请决定。"
    notify.notify_role(f"honour:{honour.number}", DECIDERS, "有一件表彰推荐待决定", body, honour.get_absolute_url())


def conferred(honour: Honour):
    proposed = honour.kind == Honour.Kind.PROVINCIAL
    said = "我们已推荐您评省级创业就业专家" if proposed else f"您获得{honour.words}"
    tell_expert(honour, "honoured", honour.get_kind_display(), f"{said}，谢谢您。")
    decided(honour)


def refused(honour: Honour):
    decided(honour)


def revoked(honour: Honour):
    tell_expert(honour, "honour-revoked", "表彰推荐已撤销", f"{honour.words}已撤销，理由见工作台。")


def tell_expert(honour: Honour, event: str, subject: str, body: str):
    notify.notify(f"{event}:{honour.number}", honour.expert.user, subject, body, reverse("experts:desk"))


def decided(honour: Honour):
    """To whoever nominated."""
    body = f"{honour.number}：{honour}，{honour.get_state_display()}。"
    key, url = f"honour-decided:{honour.number}", honour.get_absolute_url()
    notify.notify(key, honour.nominated_by, "表彰推荐已决定", body, url, sms=False)
