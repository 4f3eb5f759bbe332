"""What an expert says when he would like another term (Article 3)."""

from django import forms

from expertteam import consents
from expertteam.forms import LongText, TerraceForm
from recruitment.progress import PLEDGES


class WishForm(TerraceForm):
    """His own words, what has changed, and every undertaking once more; none is ticked beforehand."""

    words = LongText(label="为什么愿意再当一届专家", max_length=500, help_text="用自己的话写，几句就行")
    changes = LongText(
        label="这一届以来有什么变化",
        max_length=500,
        required=False,
        help_text="单位、职务、职称、联系方式等；没有变化不填",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for kind in PLEDGES:
            self.fields[kind] = forms.BooleanField(
                label=f"我已看过并再次同意“{consents.TEXTS[kind].title}”",
                error_messages={"required": f"请勾选“{consents.TEXTS[kind].title}”，再提交"},
            )

    def texts(self):
        """Each box with the text that it stands for."""
        return [(consents.TEXTS[kind], self[kind]) for kind in PLEDGES]

    def said(self) -> dict:
        """What goes to ``actions.wish``."""
        given = self.cleaned_data
        return {"words": given["words"], "changes": given["changes"], "agreed": PLEDGES}
