"""What is said of a change of an account: to its owner by every way that is known, to whoever has to act on it."""

import uuid

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from expertteam import notify
from expertteam.fields import blind
from expertteam.models import AccountChange
from expertteam.templatetags.terrace import mask_phone, moment

STOPS = "stop account change"  # what the link in the message stands for


def stop_token(key: int) -> str:
    """Short enough for an SMS; 96 bits of it are secret."""
    return f"{key}-{blind(str(key), STOPS)[:24]}"


def stopped_by(token: str) -> AccountChange | None:
    """The change of a number that this link stops, if it is one of ours."""
    key = token.partition("-")[0]
    ours = key.isascii() and key.isdecimal() and len(key) < 19 and constant_time_compare(token, stop_token(int(key)))
    return AccountChange.objects.filter(pk=key, kind=AccountChange.Kind.PHONE).first() if ours else None


def call_us() -> str:
    return f"请马上打{settings.SITE['phone']}"


def code(change, number):
    body = f"验证码{number}，10分钟内有效，用来把专家团账号的手机号换成这个号码。只告诉为您办理的工作人员；不是您本人要换的不用理。"
    notify.text(f"new-phone:{uuid.uuid4().hex}", change.phone, "验证新手机号", body)


def tell_owner(change, what: str, subject: str, body: str):
    """In the portal, by SMS to the number that holds, by mail."""
    notify.notify(f"change:{change.pk}:{what}", change.user, subject, body, reverse("account"))


def to_confirm(change, permission: str):
    body = f"{change}，由{change.proposed_by}提出，请核对本人后确认。"
    notify.notify_role(
        f"change:{change.pk}:confirm", permission, "账号变更待确认", body, change.get_absolute_url(), but=change.user_id
    )


def factor_proposed(change):
    tell_owner(
        change, "asked", "有人要重置您的两步验证",
        f"工作人员{change.proposed_by}为您的账号提出重置两步验证。不是您本人要办的，{call_us()}。",
    )  # fmt: skip
    to_confirm(change, "expertteam.reset_factor_accountchange")


def factor_reset(change):
    notify.settle(f"change:{change.pk}")
    tell_owner(
        change, "done", "两步验证已重置",
        f"您账号的两步验证和恢复码已经去掉，所有登录已退出。不是您本人要办的，{call_us()}。",
    )  # fmt: skip


def phone_asked(change):
    tell_owner(
        change, "asked", "有人要更换您的手机号",
        f"您的账号申请改用手机号{mask_phone(change.phone)}，核对以前不会生效。不是您本人要换的，{call_us()}。",
    )  # fmt: skip
    if change.user.is_staff:
        to_confirm(change, "expertteam.reset_factor_accountchange")


def phone_cools(change):
    notify.settle(f"change:{change.pk}")
    until = moment(change.effective_at)
    link = f"{settings.SITE_URL}{reverse('stop_phone_change', args=[stop_token(change.pk)])}"
    stops, meanwhile = f"点{link}停止，或", "仍用原来的号码登录"
    if change.at_counter:  # whoever reads the old number now may be anybody
        stops, meanwhile = "", "不能用原来的号码登录"
    tell_owner(
        change, "cools", "手机号将要更换",
        f"您的账号{until}起改用手机号{mask_phone(change.phone)}。不是您本人要换的，{stops}{call_us()}。",
    )  # fmt: skip
    body = f"这个号码{until}起用于创业就业指导专家团的一个账号。在那以前{meanwhile}。不是您要换的，{call_us()}。"
    notify.text(f"change:{change.pk}:new", change.phone, "手机号将要更换", body)


def phone_changed(change):
    subject = "手机号已更换"
    body = f"您的账号已改用手机号{mask_phone(change.phone)}，原来的号码不能再登录。不是您本人换的，{call_us()}。"
    change.user.refresh_from_db(fields=["phone", "phone_verified"])
    tell_owner(change, "done", subject, body)
    if change.former:
        notify.text(f"change:{change.pk}:former", change.former, subject, body)


def stopped(change):
    """Its owner may be told on a number that is no longer his, so the office is told as well."""
    notify.settle(f"change:{change.pk}")
    notify.notify_role(
        f"change:{change.pk}:ended", "expertteam.stop_accountchange", "账号变更已停止",
        f"{change}已停止：{change.stop_note}。", change.get_absolute_url(), but=change.user_id,
    )  # fmt: skip
    tell_owner(
        change, "stopped", f"{change.get_kind_display()}已停止",
        f"{change.get_kind_display()}没有办成：{change.stop_note}。登录方式没有变。",
    )  # fmt: skip


def opened(user):
    """To whom an account was opened: how he alone comes in."""
    body = (
        f"您的账号已开立，用户名{user.username}。请用本手机号以短信验证码登录，自己设密码。不是您要开的，{call_us()}。"
    )
    notify.notify(f"account-opened:{user.pk}", user, "账号已开立", body, reverse("account"))
