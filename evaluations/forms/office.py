"""What an officer types for one act of a case, a rating or a report; ``consequence`` says what follows."""

from django import forms

from evaluations.models import Grade, RatingCase, Report
from evaluations.rules import CALLS, why_not_found
from experts.forms import ExpertField
from expertteam import clock
from expertteam.forms import ActForm, long_text
from expertteam.models import Policy


def number(key: str) -> int:
    """An open number of the Measures as it stands today."""
    return Policy.objects.number(key, clock.today())


class ResendForm(ActForm):
    consequence = "原来的链接作废，新的链接用短信发给服务对象。工作人员看不到链接。"


class ShowQuoteForm(ActForm):
    consequence = (
        "公开后，专家主页上显示这段文字，只写身份类别和月份。文字里有姓名、企业、电话等，能看出是谁的，不要公开。"
    )


class WithholdQuoteForm(ActForm):
    consequence = "文字不公开，等级照常计入。"
    reason = forms.CharField(label="不公开的原因", max_length=200)


POINTS = "专家会原样看到。不写服务对象的姓名、电话和经营情况"


class MissCallForm(ActForm):
    consequence = f"打{CALLS}次，不在同一天，都没有接通的，可以转专家说明。"
    note = long_text("什么时间打的", 200)


class GiveUpCallForm(ActForm):
    note = long_text("情况说明", 200)
    points = long_text("请专家说明什么", 500, required=False, help_text=POINTS)

    @property
    def consequence(self):
        return f"已打{self.record.missed_calls}次没有接通。转专家说明后不再回访。"


class CallBackForm(ActForm):
    note = long_text("对方怎么说的", 1000, help_text="哪里不满意，希望怎么解决。只有办理这件事的人能看到")
    points = long_text("请专家说明什么", 500, required=False, help_text=POINTS)

    @property
    def consequence(self):
        return f"登记后请专家在{number('statement_days')}个工作日内说明。回访的人不能再作认定。"


class ExplainForm(ActForm):
    consequence = "提交后不能再改，由服务中心核实认定。不要写服务对象的经营信息和个人信息。"
    statement = long_text("您的说明", 1000, help_text="那次服务的经过，对方不满意的地方您怎么看")


class InspectClusterForm(ActForm):
    consequence = "看过以后才能认定服务态度问题。认为不是真实评价的，不能再认定成立。看过不能改。"
    genuine = forms.TypedChoiceField(
        label="这条评价", choices=[("yes", "是真实评价"), ("no", "不是真实评价")], coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    report = long_text("查看情况", 1000, help_text="查了什么，问了谁，依据什么")


class FindForm(ActForm):
    consequence = "只有“成立：服务态度”计入第十二条第二项的次数。误评和恶意差评不计入满意度。认定后不能改。"
    finding = forms.ChoiceField(label="认定", choices=RatingCase.Finding, widget=forms.RadioSelect)
    reasons = long_text("认定理由", 1000, help_text="分别问了谁，怎么说的，依据什么")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        case = self.record
        open_to = {"flagged": bool(case.flag), "genuine": case.flag_genuine, "grade": case.rating.grade}
        left = [(value, label) for value, label in RatingCase.Finding.choices if not why_not_found(value, **open_to)]
        self.fields["finding"].choices = left
        if case.awaits_inspector:
            self.fields["finding"].help_text = "集中差评，纪检看过以后才能认定服务态度问题"


class RectifyForm(ActForm):
    order = long_text("整改要求", 500, help_text="专家会原样看到，不要写服务对象的姓名和电话")

    @property
    def consequence(self):
        return f"自认定之日起{number('rectify_days')}个工作日内整改，整改后请服务对象再评一次。"


class CloseForm(ActForm):
    outcome = long_text("办结情况", 500)

    @property
    def consequence(self):
        if self.record.is_upheld:
            return "办结后短信请服务对象再评一次，再评的不改变原来的评价。"
        return "办结后短信告诉服务对象已核实。"


class FollowUpForm(ActForm):
    consequence = "只在服务对象来电时代录，登记后不能改。"
    grade = forms.TypedChoiceField(label="整改后满意吗", choices=Grade, coerce=int, widget=forms.RadioSelect)
    text = long_text("对方的话", 300, required=False)


class ExamineForm(ActForm):
    consequence = "开始核实后，反映人查进度会看到“核实中”。"


class IdentifyForm(ActForm):
    consequence = "写明以后不能改。以后认定、立案都对这位专家。"
    expert = ExpertField(label="专家姓名或编号")


class AskExpertForm(ActForm):
    question = long_text(
        "请专家说明什么", 1000, help_text="专家会原样看到。不写反映人是谁，也不写能看出是谁的细节",
        error_messages={"required": "请写明要专家说明什么"},
    )  # fmt: skip

    @property
    def consequence(self):
        return f"专家在{number('statement_days')}个工作日内说明，期限没到、没有说明的，不能认定属实。只能请一次。"


class RespondForm(ActForm):
    consequence = "提交后不能再改，只给纪检看。不要写服务对象的经营信息和个人信息。"
    statement = long_text("您的说明", 2000)


class ShelveForm(ActForm):
    consequence = "没有认定属实或不属实，对专家没有影响。终止后答复反映人。"
    why = forms.ChoiceField(label="原因", choices=Report.Why, widget=forms.RadioSelect)
    findings = long_text("情况和理由", 2000)


class UpholdForm(ActForm):
    consequence = "认定属实后答复反映人。是否解聘，另按第十二条的程序办理。"
    findings = long_text("核实情况和理由", 2000)


class DismissForm(ActForm):
    consequence = "认定不属实后答复反映人，对专家没有影响。"
    findings = long_text("核实情况和理由", 2000)


class AnswerForm(ActForm):
    answer = long_text("给反映人的答复", 1000)

    @property
    def consequence(self):
        if self.record.phone:
            return "反映人凭受理编号和手机号能看到下面的答复，并收到短信。"
        return "匿名反映的，凭受理编号能看到下面的答复。"
