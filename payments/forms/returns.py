"""What is sent or typed about the bank's files (Article 13)."""

from django import forms

from expertteam.forms import ActForm, TerraceForm, long_text


class ReadForm(TerraceForm):
    """The file as the bank sent it; what is wrong with it the reading says."""

    file = forms.FileField(
        label="回盘文件", max_length=200, widget=forms.FileInput({"accept": ".xlsx,.csv"}),
        help_text="银行发来的原文件，.xlsx或.csv，要有附言、金额、结果三列",
    )  # fmt: skip


class ApplyForm(ActForm):
    consequence = "入账后告诉专家到账或退回；退回的重新进入待发放；对不上的挂账，由复核人核销。入账不能撤回。"


class DiscardForm(ActForm):
    consequence = "放弃以后什么都不会发生，同一个文件可以再导入。"


class ClearForm(TerraceForm):
    """What became of a row; what the bank sends back after it had arrived can be owed again."""

    owed_again = forms.BooleanField(label="向银行核实过，这笔钱确已退回，重新列入待发放", required=False)
    clearing = long_text("核销说明", 200, help_text="向谁核实的，这笔钱怎样处理的")

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, **kwargs)
        if not row.came_back_late:
            del self.fields["owed_again"]
