"""An expert, as staff name him: by his number, or by his name where nobody else bears it."""

from django import forms

from evaluations.actions.report import named


class ExpertField(forms.CharField):
    def __init__(self, **options):
        super().__init__(**{"max_length": 50} | options)

    def clean(self, value):
        """The expert himself."""
        found = named("".join(super().clean(value).split()))
        if found is None:
            raise forms.ValidationError("没有找到，或有同名的，请填专家编号")
        return found
