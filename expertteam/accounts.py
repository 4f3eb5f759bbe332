"""How allauth meets this house: phone numbers, codes, words, secrets."""

import io
import secrets
import uuid

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect

from expertteam import enrolment, sessions
from expertteam.fields import blind, box
from expertteam.identifiers import mobile
from expertteam.models import AccountChange, User
from expertteam.notify import text
from expertteam.templatetags.terrace import mask_phone, moment

KNOWS = "knows_password"  # session key: the account whose password this browser has shown to know
WRONG = "手机号（用户名）或密码不对"
TOO_MANY = "试的次数太多了，请过15分钟再试"
SAID = {  # what allauth reports, in our words; what is not here it does not say
    "account/messages/logged_out.txt": "已退出",
    "account/messages/login_code_sent.txt": "验证码已发出",
    "account/messages/phone_verification_sent.txt": "验证码已发出",
    "account/messages/phone_verified.txt": "手机号已验证",
    "account/messages/password_changed.txt": "密码已更换，其他设备上的登录已退出",
    "account/messages/password_set.txt": "密码已设好，其他设备上的登录已退出",
    "mfa/messages/totp_activated.txt": "验证器已启用",
    "mfa/messages/totp_deactivated.txt": "验证器已停用",
    "mfa/messages/webauthn_added.txt": "通行密钥已添加",
    "mfa/messages/webauthn_removed.txt": "通行密钥已删除",
    "mfa/messages/recovery_codes_generated.txt": "恢复码已生成，请抄下来收好",
    "usersessions/messages/sessions_logged_out.txt": "其他设备上的登录已退出",
}


class PhoneField(forms.CharField):
    """A mobile number as people write it; cleaned to its 11 digits."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})

    def __init__(self, **options):
        super().__init__(**{"label": "手机号", "max_length": 20} | options)

    def clean(self, value):
        typed = super().clean(value)
        return mobile(typed) if typed else typed


def as_phone(typed: str) -> str:
    """The mobile number that was typed, normalised; empty if it is none."""
    try:
        return mobile(typed)
    except ValidationError:
        return ""


class AccountAdapter(DefaultAccountAdapter):
    """Phones are found through the blind index; codes go into the outbox."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "enter_current_password": "现在的密码不对",
        "incorrect_code": "验证码不对，请核对短信",
        "incorrect_password": "密码不对",
        "phone_password_mismatch": WRONG,
        "username_password_mismatch": WRONG,
        "phone_taken": "这个手机号已经用在另一个账号上",
        "rate_limited": "操作太快了，请等1分钟再试",
        "same_as_current": "这就是现在登记的手机号",
        "too_many_login_attempts": TOO_MANY,
    }

    def phone_form_field(self, **options):
        return PhoneField(required=options.get("required", True))

    def get_phone(self, user):
        """Who has no number is not asked to verify it: staff may sign in by user name alone."""
        return user.phone, user.phone_verified or not user.phone

    def get_user_by_phone(self, phone):
        number = as_phone(phone)
        return User.objects.filter(phone_index=blind(number, "mobile")).first() if number else None

    def set_phone(self, user, phone, verified):
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=["phone", "phone_index", "phone_verified"])

    def set_phone_verified(self, user, phone):
        """The number is proved.

        A password chosen by somebody who never proved the number is void from now on: else whoever
        signs up first with another's number could wait until its owner comes by a code.
        """
        if not user.phone_verified and user.has_usable_password() and self.request.session.get(KNOWS) != user.pk:
            user.set_unusable_password()
            user.save(update_fields=["password"])
            self.add_message(self.request, messages.INFO, message="以前设的密码没有经过手机验证，已作废，请重新设一个")
        former = user.phone if user.phone_verified and user.phone != phone else ""
        if former and hasattr(user, "expert"):  # pay and offers go by his number: a second person looks at it first
            raise PermissionDenied("an expert's number is changed by two")
        self.set_phone(user, phone, True)
        if former:
            send(
                former, "手机号已更换", f"您的账号已改用手机号{mask_phone(phone)}。如果不是您本人换的，请马上联系我们。"
            )

    def populate_username(self, request, user):
        """Opaque, and never to be taken for a number."""
        user.username = user.username or f"u{secrets.token_hex(6)}"

    def save_user(self, request, user, form, commit=True):
        user = super().save_user(request, user, form, commit)
        request.session[KNOWS] = user.pk
        return user

    def authenticate(self, request, **credentials):
        user = super().authenticate(request, **credentials)
        if user:
            request.session[KNOWS] = user.pk
        return user

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Failures are counted for the login that was typed, however it was written.

        allauth's own key leaves out the phone, so all who sign in by phone would share one limit.
        """
        typed = credentials.get("phone") or credentials.get("username") or ""
        return f"login:{as_phone(typed) or typed.casefold()}"

    def get_reauthentication_methods(self, user):
        """In the office the second factor, where there is one: a password alone takes none off and changes no number."""
        methods = super().get_reauthentication_methods(user)
        if user.is_staff and enrolment.has_factor(user):
            return [each for each in methods if each["id"] != "reauthenticate"]
        return methods

    def login(self, request, user):
        """While a number that is lost gives way to another, only an officer with his second factor comes in.

        Of anybody else whoever had the number could have set up one.
        """
        shown = user.is_staff and any(step["method"] == "mfa" for step in get_authentication_records(request, user))
        change = AccountChange.objects.filter(user=user, kind="phone", state="cooling").first()
        if change and change.at_counter and not shown:
            sessions.write("sign-in refused", request, user, change=change.pk)
            clear_login(request)
            self.add_message(
                request, messages.ERROR, message=f"手机号正在更换，{moment(change.effective_at)}起用新手机号登录"
            )
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)

    def pre_authenticate(self, request, **credentials):
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            sessions.write("locked out", request, login=sessions.fingerprint(credentials))
            raise

    def add_message(self, request, level, message_template=None, message_context=None, extra_tags="", message=None):
        super().add_message(request, level, message=message or SAID.get(message_template, ""), extra_tags=extra_tags)

    def send_verification_code_sms(self, user, phone, code, **_):
        send(phone, "验证码", f"验证码{code}，5分钟内有效。不要告诉任何人，工作人员也不会问您要。")

    def send_unknown_account_sms(self, phone, **_):
        send(
            phone,
            "还没有注册",
            "有人用这个手机号登录创业就业指导专家团，但它还没有注册。是您本人请先注册，不是请忽略。",
        )

    def send_account_already_exists_sms(self, phone):
        send(
            phone,
            "已经注册过",
            "这个手机号已经注册过，请直接登录；忘了密码可以用短信验证码登录。不是您本人操作请忽略。",
        )


def send(phone: str, subject: str, body: str):
    """One SMS, never the repeat of an earlier one."""
    text(f"account:{uuid.uuid4().hex}", phone, subject, body)


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of second factors lie encrypted; accounts are called by the person's name."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_generate_recovery_codes": "先启用验证器或通行密钥，才有恢复码",
        "incorrect_code": "动态码不对，请等下一个码出来再试",
    }

    def encrypt(self, text):
        return box(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return box(tuple(settings.FIELD_KEYS)).decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url):
        """On white, so that it can be scanned in the dark look, too."""
        picture = io.BytesIO()
        segno.make(url).save(picture, kind="svg", light="white", scale=5)
        return picture.getvalue().decode()

    def get_totp_label(self, user):
        return str(user)

    def generate_authenticator_name(self, user, type):
        return f"通行密钥{user.authenticator_set.filter(type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self):
        return super().get_public_key_credential_rp_entity() | {"name": settings.MFA_TOTP_ISSUER}

    def get_public_key_credential_user_entity(self, user):
        return super().get_public_key_credential_user_entity(user) | {"display_name": str(user), "name": user.username}
