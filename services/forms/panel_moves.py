"""Short answers that go with one move on a review; most ask for a reason or nothing."""

from django import forms

from expertteam.forms import ActForm, long_text


class TakeSeatForm(ActForm):
    consequence = "登记您到场监督这场评审。监督人员不选人、不评分，也不主持。"


class ConveneForm(ActForm):
    consequence = "开始后在场的人都能看到评审组名单，条件不能再改。"


class CloseForm(ActForm):
    consequence = "截止后评分不能再改，系统算出得分和名次，请评审专家签字。"
    break_minutes = forms.IntegerField(
        label="中间休息多少分钟", min_value=0, max_value=480, initial=0, help_text="不计入专家的服务时长"
    )


class ConcludeForm(ActForm):
    consequence = "签字后评审意见形成，得分和名次不能再改，由审核岗公布。"


class PublishForm(ActForm):
    consequence = "公布后大家能看到评审结果、评审组名单和完整的抽取记录，专家时长记入服务记录，不能撤回。"
    statement = long_text("公布说明", 1000)


class CancelForm(ActForm):
    consequence = "取消后已通知的专家都会收到消息，不能恢复。"
    reason = forms.CharField(label="取消原因", max_length=200)


class TryAgainForm(ActForm):
    note = forms.CharField(label="这次电话的结果", max_length=100, help_text="例如：响铃没有人接")


class UnreachableForm(ActForm):
    consequence = "登记后由纪检签字，再由下一位递补。"


class PassOnForm(ActForm):
    consequence = "由纪检签字后，按抽取的先后由下一位递补，其他席位不变。"


class AbsentForm(ActForm):
    consequence = "登记后由纪检签字，再由下一位递补；他今天不能再签到。"


class RuleOutForm(ActForm):
    consequence = "登记后由纪检签字，再由下一位递补，其他席位不变。"


class SendBackForm(ActForm):
    consequence = "退回后答复期限重新计算，继续联系本人。"


class StandDownForm(ActForm):
    consequence = "签字后这个席位按抽取的先后由下一位递补，通知本人，本人可以提出异议。"


class AnswerForm(ActForm):
    consequence = "答复后通知本人。"
    answer = long_text("答复")


class AgreedForm(ActForm):
    consequence = "只用于拒绝签字、又没有书面说明不同意见和理由的：登记后视为同意评审意见。"


class OpinionForm(ActForm):
    opinion = long_text("纪检意见")


class DecisionForm(ActForm):
    decision = long_text("局领导意见")


class ApproveForm(DecisionForm):
    consequence = "批准后马上通知专家答复。"


class RulingForm(ActForm):
    ruling = long_text("审查意见")


class LiftForm(ActForm):
    consequence = "恢复后可以继续办理。"
    reason = forms.CharField(label="恢复原因", max_length=200)
