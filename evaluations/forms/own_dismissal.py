"""What the expert himself says in his case (Article 12¶2), or when he leaves (Article 12(1))."""

from django import forms

from evaluations.forms.office import number
from evaluations.forms.points import PointsForm
from expertteam.forms import ActForm, TerraceForm, long_text
from expertteam.uploads import FilesField


class ReceiveNoticeForm(ActForm):
    consequence = "签收只表示收到，不表示同意。签收后能看到全文。"


class ReceiveDecisionForm(ActForm):
    consequence = "签收只表示收到，不表示同意。签收之日起决定生效。"


class DefendForm(PointsForm):
    heading = "您的意见"
    hint = "一点写一框，每一点都会有答复。没有用到的空着"
    consequence = "提交后不能再改。由没有承办这件事的人复核，不会因为您申辩加重处理。"
    files = FilesField(label="材料", required=False, help_text="照片、PDF或Word文件，最多5个，没有就不传")


class AskHearingForm(ActForm):
    @property
    def consequence(self):
        days = number("hearing_notice_days")
        return f"我们安排时间和地点，至少提前{days}个工作日通知您。听取意见的人没有承办这件事。"


class WaiveForm(ActForm):
    consequence = "放弃后不能再陈述申辩，直接进入复核。还没想好的，期限内随时可以提交意见。"
    sure = forms.BooleanField(
        label="我看过告知书，明确放弃陈述申辩", error_messages={"required": "明确放弃的，请先勾选"}
    )

    def clean(self):
        super().clean()
        return {}


class TakeBackForm(ActForm):
    consequence = "撤回后申请作废，您继续担任专家。"
    drop_reason = long_text("想说的话", 300, required=False)


class ResignForm(TerraceForm):
    words = long_text("为什么不再担任", 500, help_text="简单写一句就行")
    waives = forms.BooleanField(label="我放弃陈述申辩，请直接确认", required=False)
