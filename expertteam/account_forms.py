"""allauth's forms in the portal's look and words."""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from expertteam.accounts import PhoneField, as_phone
from expertteam.fields import blind
from expertteam.forms import Terrace, TerraceForm
from expertteam.models import AccountChange, User

NEW = "至少12个字符，可以用一句自己记得住的话；不要用常见密码"
FACTOR = ("动态码", "打开验证器看6位数字；也可以用恢复码")


class Worded:
    """Labels and hints by field name; no placeholders, which vanish when one starts to type."""

    words = {
        "login": ("手机号或用户名", ""),
        "phone": ("手机号", ""),
        "oldpassword": ("现在的密码", ""),
        "password": ("密码", ""),
        "password1": ("密码", NEW),
        "password2": ("再输一遍密码", ""),
        "code": ("验证码", ""),
        "name": ("名称", "分得清是哪台设备就行"),
        "passwordless": ("用它登录时不再输密码", ""),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]
        if "code" in self.fields:
            self.fields["code"].widget.attrs |= {"inputmode": "numeric", "class": "w5"}


class House(Terrace, Worded):
    """Put before a form of allauth's."""


class Login(House, account.LoginForm):
    def clean_login(self):
        """A number in one writing, whatever the writing; a user name as it is."""
        typed = super().clean_login()
        return as_phone(typed) or typed


class Signup(House, account.SignupForm):
    """Opens an account of a client; a number that has one gets an SMS and the same page."""

    def save(self, request):
        with transaction.atomic():
            user = super().save(request)
            user.groups.add(Group.objects.get(name="client"))
        return user

    def try_save(self, request):
        if self.account_already_exists:
            User().set_password(self.cleaned_data["password1"])  # as slow as for a new number
            return super().try_save(request)
        try:
            return super().try_save(request)
        except IntegrityError:  # another sign-up for this number was faster
            self.account_already_exists = True
            return super().try_save(request)


class RequestLoginCode(House, account.RequestLoginCodeForm):
    pass


class ConfirmLoginCode(House, account.ConfirmLoginCodeForm):
    pass


class VerifyPhone(House, account.VerifyPhoneForm):
    pass


class ChangePassword(House, account.ChangePasswordForm):
    words = Worded.words | {"password1": ("新密码", NEW), "password2": ("再输一遍新密码", "")}


class SetPassword(House, account.SetPasswordForm):
    words = ChangePassword.words


class ChangePhone(House, account.ChangePhoneForm):
    words = Worded.words | {"phone": ("新手机号", "")}


class Reauthenticate(House, account.ReauthenticateForm):
    pass


class MfaAuthenticate(House, mfa.AuthenticateForm):
    words = {"code": FACTOR}


class MfaReauthenticate(House, mfa.ReauthenticateForm):
    words = {"code": FACTOR}


class MfaActivateTotp(House, totp.ActivateTOTPForm):
    words = {"code": ("验证器上的6位数字", "")}


class MfaDeactivateTotp(House, totp.DeactivateTOTPForm):
    pass


class MfaGenerateRecoveryCodes(House, GenerateRecoveryCodesForm):
    pass


class MfaAddWebauthn(House, webauthn.AddWebAuthnForm):
    pass


class MfaEditWebauthn(House, webauthn.EditWebAuthnForm):
    pass


# What changes of an account ask for


def named(typed: str) -> User:
    """The account with this user name or mobile number."""
    phone = as_phone(typed)
    found = User.objects.filter(**({"phone_index": blind(phone, "mobile")} if phone else {"username__iexact": typed}))
    if person := found.first():
        return person
    raise ValidationError("没有这个账号，请核对")


def digits(label: str, length: int, **options):
    """A code as it is read out: blanks and dashes do not count."""
    field = forms.CharField(label=label, max_length=20, **options)
    field.widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}

    def clean(value):
        code = "".join(filter(str.isdigit, forms.CharField.clean(field, value)))
        if len(code) != length:
            raise ValidationError(f"{label}是{length}位数字")
        return code

    field.clean = clean
    return field


class EnrolForm(TerraceForm):
    code = digits("开通码", 8, help_text="8位数字，局纪检当面交给您；最初的账号由安装命令给出。有时限，只能用一次")


class ProveForm(TerraceForm):
    code = digits("验证码", 6, help_text="发到新手机号的6位数字，10分钟内有效")


class IdentityForm(TerraceForm):
    identity = forms.CharField(label="怎样核对了本人", max_length=200, help_text="本人到场，看了什么证件；不写证件号码")


class CheckForm(TerraceForm):
    check_note = forms.CharField(
        label="怎样核对的、结果怎样", max_length=200, help_text="打了哪个电话、谁接的，或看了什么证件；不写证件号码"
    )


class StopForm(TerraceForm):
    stop_note = forms.CharField(label="为什么停止", max_length=200)


class FactorForm(TerraceForm):
    note = forms.CharField(
        label="怎样核对了本人", max_length=200, help_text="本人到场，看了什么证件，丢了什么；不写证件号码"
    )


class OwnPhoneForm(TerraceForm):
    phone = PhoneField(label="新手机号")


class AskPhoneForm(OwnPhoneForm):
    account = forms.CharField(label="账号", max_length=50, help_text="用户名，或现在登记的手机号")
    way = forms.ChoiceField(label="确认时怎样核对", choices=AccountChange.Way.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label="谁来办、怎样核对的", max_length=200, help_text="来电还是到窗口，看了什么证件；不写证件号码"
    )
    field_order = ["account", "phone", "way", "note"]

    def clean_account(self):
        return named(self.cleaned_data["account"].strip())
