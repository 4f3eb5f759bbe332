"""What is typed to find an expert or to check a certificate."""

from django import forms

from experts.models import CATEGORY_NAMES, District, Topic
from expertteam.forms import TerraceForm

ALL = ("", "全部")


class DirectoryForm(TerraceForm):
    """The filters of the directory, as they stand in its address."""

    q = forms.CharField(label="搜姓名、行业或关键词", max_length=50, required=False)
    topic = forms.MultipleChoiceField(
        label="想聊什么", choices=Topic, widget=forms.CheckboxSelectMultiple, required=False
    )
    area = forms.ChoiceField(label="所在区县", choices=[ALL, *District.choices], required=False)
    kind = forms.TypedChoiceField(
        label="专家类别", choices=[ALL, *CATEGORY_NAMES.items()], coerce=int, empty_value=None, required=False
    )
    visit = forms.BooleanField(label="可以上门指导", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("area", "kind"):  # to leave a filter open is an answer, not a gap to fill
            self.fields[name].choices = [ALL, *self.fields[name].choices[1:]]

    def chosen(self) -> list[tuple[str, str, str]]:
        """What is asked for, one by one: name, value, and the words for it."""
        entries = []
        for name, value in self.cleaned_data.items():
            words = dict(getattr(self.fields[name], "choices", ()))
            for each in value if isinstance(value, list) else [value] if value else []:
                entries.append((name, "1" if each is True else str(each), words.get(each) or self.say(name, each)))
        return entries

    def offers(self, counts: dict[str, dict]) -> dict[str, list[tuple]]:
        """What can be chosen in each filter: value, words, how many there are with it, whether it is chosen."""
        return {
            name: [
                (value, words, counts[name].get(value, 0), value in self.values(name))
                for value, words in self.fields[name].choices
                if value
            ]
            for name in ("topic", "area", "kind")
        }

    def values(self, name) -> list:
        value = self.cleaned_data.get(name)
        return value if isinstance(value, list) else [value]

    def say(self, name, value):
        return self.fields[name].label if value is True else f"“{value}”"


class CertificateForm(TerraceForm):
    """The number printed on a certificate, however it is written."""

    no = forms.CharField(
        label="聘书编号", max_length=40, help_text="印在聘书上，如：并创专〔2026〕001号。括号、空格、横线怎么写都行。"
    )
