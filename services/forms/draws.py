"""What operator, inspector and witness enter in a draw; a secret stays in the browser until it is shown."""

from django import forms

from expertteam.forms import ActForm, TerraceForm, long_text

HEX = {"autocomplete": "off", "spellcheck": "false", "class": "code"}


class CommitForm(ActForm):
    """The promise alone is sent; the secret field beside it has no name."""

    commitment = forms.CharField(
        label="承诺值", max_length=64, help_text="由页面根据随机数算出，64位十六进制数", widget=forms.TextInput(HEX)
    )

    def clean_commitment(self):
        return self.cleaned_data["commitment"].strip().lower()


class InspectorCommitForm(CommitForm):
    seen = forms.BooleanField(
        label="我在现场，已看过条件、候选池和回避名单",
        error_messages={"required": "请先到场看过候选池名单，再勾选"},
    )

    def clean(self):
        given = super().clean() or self.cleaned_data
        given.pop("seen", None)
        return given


class RevealForm(ActForm):
    secret = forms.CharField(
        label="随机数",
        max_length=200,
        strip=False,
        help_text="和提交承诺时的一模一样",
        widget=forms.TextInput(HEX | {"data-secret": ""}),
    )


class WitnessForm(TerraceForm):
    """The same for whoever holds the witness's link."""

    commitment = forms.CharField(label="承诺值", max_length=64, widget=forms.TextInput(HEX))

    def clean_commitment(self):
        return self.cleaned_data["commitment"].strip().lower()


class WitnessRevealForm(TerraceForm):
    secret = forms.CharField(
        label="随机数", max_length=200, strip=False, widget=forms.TextInput(HEX | {"data-secret": ""})
    )


class ValueForm(ActForm):
    value = forms.CharField(label="公开数值", max_length=200, help_text="号码用空格隔开，两个人分别录入")


class AbortForm(ActForm):
    consequence = "作废要两个人签字，原因和缺哪一方都会公开，原因里不要写专家姓名。"
    reason = long_text("作废原因", 200)
