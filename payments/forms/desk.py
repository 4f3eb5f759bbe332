"""How an expert narrows what he was paid (Article 13)."""

from django import forms

from expertteam.forms import TerraceForm


class YearFilter(TerraceForm):
    """One of the years that there are; what makes no sense is not asked."""

    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, f"{year}年") for year in years]

    @property
    def chosen(self) -> int | None:
        self.full_clean()
        return self.cleaned_data.get("year")
