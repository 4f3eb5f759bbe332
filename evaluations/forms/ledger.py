"""What is typed about the ledger and about what was not done: by the office, by the expert, by the inspector."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from evaluations import rules
from evaluations.forms.assessments import NO_NAMES
from evaluations.forms.office import number
from evaluations.models import Refusal, Strike
from experts.models import Expert
from expertteam.forms import ActForm, TerraceForm, long_text

SEARCHED = "编号、专家姓名或专家编号"


def whose(words: str) -> Q:
    """The experts meant by a number or a part of a name, as seen from a record about one."""
    return Q(expert__user__name__icontains=words) | Q(expert__no__iexact=words)


class LedgerFilter(TerraceForm):
    """One line to search with, one state, and one thing more; a question that makes no sense is not asked."""

    narrows = ""
    q = forms.CharField(label=SEARCHED, max_length=40, required=False, widget=forms.TextInput)
    state = forms.ChoiceField(label="状态", required=False, widget=forms.HiddenInput)  # the tabs choose it

    @property
    def words(self) -> str:
        return "".join(self.cleaned_data.get("q", "").split())

    def found(self, records):
        """Those of the records that the line means."""
        self.full_clean()
        if chosen := self.cleaned_data.get(self.narrows):
            records = records.filter(**{self.narrows: chosen})
        return records.filter(Q(number__icontains=self.words) | whose(self.words)) if self.words else records

    def narrowed(self, records):
        state = self.cleaned_data.get("state")
        return records.filter(state=state) if state else records


class RefusalFilter(LedgerFilter):
    narrows = "kind"
    kind = forms.ChoiceField(label="情形", required=False, choices=[("", "各种情形"), *Refusal.Kind.choices])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", "全部"), *Refusal.State.choices]


class StrikeFilter(LedgerFilter):
    narrows = "ground"
    ground = forms.ChoiceField(label="依据", required=False, choices=[("", "两项都看"), *Strike.Ground.choices])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", "全部"), *Strike.State.choices]


class OpenRefusalForm(TerraceForm):
    """Something not done, entered by hand: whom, when, what."""

    expert = forms.CharField(label="专家编号或姓名", max_length=20)
    day = forms.DateField(label="发生日期")
    what = long_text("具体情况", 500, help_text=f"请他做什么，怎么通知的，结果怎样。{NO_NAMES}")

    def clean_expert(self) -> Expert:
        words = "".join(self.cleaned_data["expert"].split())
        found = list(Expert.objects.named(words).select_related("user").order_by("pk")[:2])
        if not found:
            raise ValidationError("没有这位专家，请核对编号或姓名")
        if len(found) > 1:
            raise ValidationError("有同名的专家，请填编号")
        return found[0]


class OpenOfferForm(TerraceForm):
    """An offer that came to nothing says whom and when by itself."""

    what = long_text("为什么要核实", 500, help_text=f"他说的原因有什么疑问。{NO_NAMES}")


class AskReasonForm(ActForm):
    @property
    def consequence(self):
        return f"通知专家在{number('refusal_statement_days')}个工作日内说明原因。请专家说明的人不能再作认定。"


class SetAsideForm(ActForm):
    consequence = "不再追究后不通知专家，也不计次。"
    aside = long_text("不再追究的理由", 500, help_text="核实了什么，为什么不用请专家说明")


class LapseReasonForm(ActForm):
    consequence = "专家逾期没有说明，转审核岗按已有的情况认定。系统每天也会自动办理。"


class JudgeForm(ActForm):
    finding = forms.ChoiceField(label="认定", choices=Refusal.Finding, widget=forms.RadioSelect)
    reasons = long_text("认定理由", 1000, help_text=f"依据什么，专家的说明为什么采纳或不采纳。{NO_NAMES}")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not rules.reached_him(self.record.kind, self.record.delivered_at):
            open_ = [(value, label) for value, label in Refusal.Finding.choices if value != Refusal.Finding.NO_REASON]
            self.fields["finding"].choices = open_
            self.fields["finding"].help_text = "没有通知已经送达的证明，不能认定为无正当理由"

    @property
    def consequence(self):
        appeal = number("strike_appeal_days")
        return f"只有“无正当理由”记入计次，专家{appeal}个工作日内可以申诉。认定后不能改。"


class GiveReasonForm(ActForm):
    consequence = "提交后不能再改，由没有参与安排的人认定。不要写服务对象的经营信息和个人信息。"
    statement = long_text("您的说明", 1000, help_text="当时的情况和原因。有病历、车票等证明的，写明可以提供")


class AppealForm(ActForm):
    consequence = "提交后由没有参与认定的纪检人员复核，复核期间这一次不计入。每次只能申诉一回。"
    words = long_text("申诉理由", 1000, help_text="哪里认定得不对，依据是什么。不要写服务对象的姓名和电话")


class MaintainForm(ActForm):
    consequence = "维持后这一次继续计入，专家会看到复核意见。复核后不能改。"
    answer = long_text("复核意见", 1000, help_text=f"查了什么，为什么维持。{NO_NAMES}")


class ReverseForm(ActForm):
    consequence = "撤销后这一次不再计入，专家会看到复核意见。复核后不能改。"
    answer = long_text("复核意见", 1000, help_text=f"查了什么，为什么撤销。{NO_NAMES}")


class TalkForm(TerraceForm):
    """A talk that was held with an expert."""

    ground = forms.ChoiceField(label="因为什么", choices=Strike.Ground, widget=forms.RadioSelect)
    held_on = forms.DateField(label="约谈日期")
    note = long_text("谈了什么", 1000, help_text="提醒了什么，专家怎么说。专家能看到，不要写服务对象的姓名和电话")
