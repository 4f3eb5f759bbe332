"""What a client says of a service: two taps suffice, nothing is chosen beforehand (Article 10(1))."""

from django import forms

from evaluations.models import Grade, Praise, Rating, Trouble
from evaluations.rules import POOR
from expertteam.forms import LongText
from services.forms.booking import OnceForm

TEXT = 300
MOUTHS = {
    Grade.VERY_GOOD: "M12 23q8 9 16 0z",
    Grade.GOOD: "M12 24q8 6 16 0",
    Grade.FAIR: "M13 26h14",
    Grade.POOR: "M13 28q7-5 14 0",
    Grade.VERY_POOR: "M12 29q8-9 16 0",
}


class GradeForm(OnceForm):
    """Five faces with words."""

    grade = forms.TypedChoiceField(
        label="总体评价",
        choices=Grade,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "选一个最接近您感受的"},
    )
    text = LongText(label="还想说点什么", max_length=TEXT, required=False, widget=forms.Textarea({"class": "low"}))

    @property
    def faces(self):
        """Each choice with the mouth of its face."""
        return [(choice, MOUTHS[int(choice.data["value"])]) for choice in self["grade"]]


class RatingForm(GradeForm):
    """With what was good or what was wrong, of which one has to be named."""

    good = forms.MultipleChoiceField(
        label="哪些地方好？", choices=Praise, required=False, widget=forms.CheckboxSelectMultiple
    )
    wrong = forms.MultipleChoiceField(
        label="是哪里不满意？", choices=Trouble, required=False, widget=forms.CheckboxSelectMultiple
    )
    may_publish = forms.BooleanField(label="可以公开我的文字评价", required=False)

    def clean(self):
        given = super().clean() or self.cleaned_data
        if given.get("grade") in POOR and not given.get("wrong"):
            self.add_error("wrong", "请至少选一项不满意的地方")
        return given


class PhoneRatingForm(RatingForm):
    """The same, read out by a clerk; nothing that was told by telephone is ever published."""

    channel = forms.ChoiceField(
        label="怎么收到的", choices=[choice for choice in Rating.Channel.choices if choice[0] != Rating.Channel.LINK],
        widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(label="通话说明", max_length=200, required=False)

    field_order = ["channel", "grade", "good", "wrong", "text", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["may_publish"]
        self.fields["wrong"].help_text = "不满意的至少选一项"
