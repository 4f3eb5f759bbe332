"""What is sent and typed about the old team (Article 15)."""

from django import forms

from expertteam.forms import ActForm, SeenForm, TerraceForm, long_text


class ReadForm(TerraceForm):
    """The filled-in template; what is wrong with it the reading says."""

    file = forms.FileField(
        label="原专家团名单", max_length=200, widget=forms.FileInput({"accept": ".xlsx,.csv"}),
        help_text="用模板填好的.xlsx，一个文件最多500行",
    )  # fmt: skip


class TakeInForm(SeenForm):
    consequence = "导入后，名单里的人马上有账号和聘期，并收到短信；要么全部导入，要么一个也不导入。"

    checked = forms.BooleanField(label="我已和原聘任文件逐行核对", error_messages={"required": "请先核对，再勾选"})

    def clean(self):
        entry = super().clean()
        entry.pop("checked", None)
        return entry


class PutAsideForm(ActForm):
    consequence = "放弃以后什么都不会发生，同一个文件可以再试读。"


class UndoForm(ActForm):
    consequence = "撤销会删去这次导入新建的聘期、专家资料和账号，清空填进原有账号的姓名、手机号和证件，办理经过留着；导入以后有人登录过或办过事的，不能撤销。"

    reason = long_text("撤销原因", 200)
