"""What is typed about a batch: its name and last day, which lines, why it goes back (Article 13)."""

from collections.abc import Iterable
from datetime import date, timedelta

from django import forms

from expertteam import clock
from expertteam.forms import ActForm, SeenForm, TerraceForm, long_text

LONGEST = 20  # digits of a key, and more than any has
STALE = "您打开以后批次有变化，请回到批次重新核对"


class MakeForm(TerraceForm):
    """A new batch; as a rule of the month before."""

    title = forms.CharField(label="名称", max_length=60)
    until = forms.DateField(label="服务日期截至", help_text="这一天以前的服务都编进来，当天也算")

    def __init__(self, *args, **kwargs):
        last = clock.today().replace(day=1) - timedelta(days=1)
        usual = {"title": f"{last.year}年{last.month}月报酬", "until": last}
        super().__init__(*args, **kwargs | {"initial": usual | (kwargs.get("initial") or {})})

    def clean_until(self) -> date:
        if self.cleaned_data["until"] > clock.today():
            raise forms.ValidationError("服务日期不能晚于今天")
        return self.cleaned_data["until"]


def keys(written: Iterable[str]) -> set[int]:
    """As numbers; whatever else stands there was not written by our page."""
    written = set(written)
    if not all(key.isascii() and key.isdigit() and len(key) < LONGEST for key in written):
        raise forms.ValidationError(STALE)
    return set(map(int, written))


class Keys(forms.CharField):
    """Keys of lines, with commas between them."""

    widget = forms.HiddenInput

    def clean(self, value) -> set[int]:
        return keys(filter(None, super().clean(value).split(",")))


class Ticks(forms.Field):
    """The keys of the boxes that are ticked."""

    widget = forms.MultipleHiddenInput

    def clean(self, value) -> set[int]:
        return keys(value)


class ChoiceForm(ActForm):
    """Which lines: the boxes ticked on the page that was shown, and what was changed on others before."""

    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    kept = Keys(required=False)
    shown = Keys(required=False)
    ticked = Ticks(required=False)

    def __init__(self, *args, choice, **kwargs):
        super().__init__(*args, **kwargs)
        self.choice = choice
        self.fields["seen"].initial = choice.seen

    def clean(self):
        entry = super().clean()
        if not {"seen", "kept", "shown", "ticked"} <= entry.keys():
            raise forms.ValidationError(STALE)
        self.choice.tick(entry.pop("kept"), entry.pop("shown"), entry.pop("ticked"))
        if entry.pop("seen") not in ("", self.choice.seen):
            raise forms.ValidationError(STALE)
        return entry


class LinesForm(ChoiceForm):
    """The lines chosen are what the act is about."""

    def clean(self):
        entry = super().clean()
        if not self.choice.lines:
            raise forms.ValidationError("一笔也没有选，请先勾选")
        return entry | {"lines": self.choice.lines}

    @property
    def consequence(self):
        return f"已选{len(self.choice.lines)}笔，合计{self.choice.amount:,.2f}元。{self.then}"


class TakeOutForm(LinesForm):
    then = "移出的不发，等下一个批次。"


class ApproveForm(LinesForm):
    then = "没有选的移出批次，等下一个批次。通过后金额不能再改。"
    check_note = long_text("复核说明", required=False, help_text="所选里有“请确认”的，写明怎样核对的；都无异常可以不填")

    def clean(self):
        entry = super().clean()
        if self.choice.doubtful and not entry.get("check_note"):
            self.add_error("check_note", f"所选里有{self.choice.doubtful}笔要确认，请写明怎样核对的")
        return entry


class SubmitForm(ActForm):
    consequence = "提交后由财务复核逐笔核对，核对以前不能再移出。您成为这个批次的制表人。"


class DissolveForm(ActForm):
    consequence = "撤销后里面的各笔回到待发放，可以重新编制。批次号不再使用。"


class SendBackForm(ActForm):
    words = long_text("退回原因", 200, help_text="写明要改什么，制表人会看到")
    consequence = "退回给制表人，改好后再提交复核。"


class HoldBackForm(ActForm):
    words = long_text("退回原因", 200, help_text="写明要改什么，制表人会看到")
    consequence = "退回后复核结果作废，个税和实发要重新计算、重新复核。"


class ReleaseForm(SeenForm):
    @property
    def consequence(self):
        gross, tax, paid_out = (each or 0 for each in (self.record.gross, self.record.tax, self.record.paid_out))
        return f"应发{gross:,.2f}元，税{tax:,.2f}元，实发{paid_out:,.2f}元。发放后生成银行文件，告诉各位专家，批次不能再改。"
