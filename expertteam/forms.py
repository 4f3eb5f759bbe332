"""Forms in the portal's own look: ``ui/form.html``, ``ui/field.html``, errors that say what to do.

Django's admin keeps its own renderer, so nothing here reaches it.
"""

from django import forms
from django.db.models import BLANK_CHOICE_DASH
from django.forms.renderers import TemplatesSetting

CHIPS = 8  # choices up to this number are chips, if their words are short
SHORT = 8  # characters
CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)
DASHES, EMPTY = BLANK_CHOICE_DASH[0][1], "请选择"
PICKERS = {  # how the browser's own picker is asked for, and how it writes
    forms.DateInput: ("date", "%Y-%m-%d"),
    forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
    forms.TimeInput: ("time", "%H:%M"),
}


class TerraceField(forms.BoundField):
    """A field as ``ui/field.html`` lays it out."""

    @property
    def shape(self) -> str:
        """``tick`` one box to tick, ``chips`` few short choices, ``opts`` other choices, else empty."""
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxInput):
            return "tick"
        if not isinstance(widget, CHOICES):
            return ""
        labels = [str(label) for _, label in self.field.choices]
        return "chips" if len(labels) <= CHIPS and max(map(len, labels), default=0) <= SHORT else "opts"

    @property
    def limit(self) -> int | None:
        """How many characters a long text may have."""
        return self.field.max_length if isinstance(self.field.widget, forms.Textarea) else None

    @property
    def target(self) -> str:
        """The id to which an entry of the error summary leads."""
        return self.auto_id if self.use_fieldset else self.id_for_label

    @property
    def aria_describedby(self):
        described = super().aria_describedby
        return f"{described} {self.auto_id}_count".strip() if self.limit else described

    def build_widget_attrs(self, attrs, widget=None):
        """A radio button cannot be invalid, only its group."""
        attrs = super().build_widget_attrs(attrs, widget)
        if self.use_fieldset:
            attrs.pop("aria-invalid", None)
        return attrs


class TerraceRenderer(TemplatesSetting):
    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
    bound_field_class = TerraceField


class Terrace:
    """Mixin, put before any form class, that gives it the portal's look and words."""

    default_renderer = TerraceRenderer
    use_required_attribute = False  # the server says what is missing, in its own words

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field)
            field.error_messages |= {code: text for code, text in words(field).items() if is_stock(field, code)}

    @property
    def faults(self) -> list[tuple[str, str]]:
        """The error summary: where to go (empty for the form as a whole) and what to mend."""
        whole = [("", message) for message in self.non_field_errors()]
        return whole + [
            (self[name].target, "；".join(errors)) for name, errors in self.errors.items() if name in self.fields
        ]


class TerraceForm(Terrace, forms.Form):
    pass


class TerraceModelForm(Terrace, forms.ModelForm):
    pass


class LongText(forms.CharField):
    """Text of several lines, counted as the browser counts it: a line break is one character."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class ActForm(TerraceForm):
    """An act on ``record``; without fields it asks for nothing but the press of the button."""

    consequence = ""

    def __init__(self, *args, record, **kwargs):
        self.record = record
        super().__init__(*args, **kwargs)


class SeenForm(ActForm):
    """An act on what was looked at: refused once the record has moved on since the page was opened."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        last = self.record.history.order_by("-history_id").values_list("history_id", flat=True).first()
        self.fields["seen"].initial = self.last = str(last or "")

    def clean(self):
        entry = super().clean()
        if entry.pop("seen", "") not in ("", self.last):
            raise forms.ValidationError("您打开这一页以后有变化，请回去重新核对")
        return entry


class Several(forms.ModelMultipleChoiceField):
    """Any of these records; a number beyond what the database can hold is none of them."""

    def clean(self, value):
        try:
            return super().clean(value)
        except OverflowError:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from None


def long_text(label, longest=500, **options):
    """A longer text."""
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea, **options)


def dress(field):
    """Give the controls the classes of ``site.css`` and the picker that fits what is asked."""
    if isinstance(field, forms.ModelChoiceField):
        field.empty_label = EMPTY if field.empty_label == DASHES else field.empty_label
    elif isinstance(field.widget, forms.Select):
        field.choices = [(value, EMPTY if label == DASHES else label) for value, label in field.choices]
    for widget in getattr(field.widget, "widgets", [field.widget]):
        if isinstance(widget, (forms.CheckboxInput, forms.HiddenInput, *CHOICES)):
            continue
        if widget.attrs.get("rows") == "10":  # Django's own idea of a text's height
            widget.attrs["rows"] = 4
        for kind, (widget_type, written) in PICKERS.items():
            if isinstance(widget, kind):
                widget.input_type, widget.format = widget_type, written
        widget.attrs["class"] = f"in {width(field, widget)} {widget.attrs.get('class', '')}".strip()


def width(field, widget) -> str:
    """A control is about as wide as its answer."""
    if isinstance(widget, forms.FileInput):
        return "file"
    if isinstance(widget, (*PICKERS, forms.NumberInput)):
        return "w11"
    length = 0 if isinstance(widget, (forms.Textarea, forms.Select)) else getattr(field, "max_length", 0) or 0
    return "w5" if 0 < length <= 6 else "w11" if 0 < length <= 20 else ""


def is_stock(field, code) -> bool:
    """Whether nobody has given this field its own words for this error."""
    stock = {}
    for layer in reversed(type(field).__mro__):
        stock |= getattr(layer, "default_error_messages", {})
    return field.error_messages.get(code) == stock.get(code)


def words(field) -> dict[str, str]:
    """What each error says, made from the question itself."""
    asked = str(field.label or "这一项")
    missing = f"请填写{asked}"
    if isinstance(field, forms.BooleanField):
        missing = f"请勾选：{asked}" if len(asked) <= 14 else "请勾选同意后再提交"
    elif isinstance(field, forms.FileField):
        missing = f"请上传{asked}"
    elif isinstance(field, (forms.ChoiceField, forms.ModelChoiceField)):
        missing = f"请选择{asked}"
    said = {
        "required": missing,
        "invalid_choice": f"{asked}只能从给出的选项里选",
        "max_value": f"{asked}不能大于%(limit_value)s",
        "min_value": f"{asked}不能小于%(limit_value)s",
        "empty": f"{asked}是空文件，请换一个",
    }
    if isinstance(field, forms.DecimalField):
        too_large = f"{asked}太大了，请核对"
        said |= {"max_digits": too_large, "max_whole_digits": too_large}
        said["max_decimal_places"] = f"{asked}最多%(max)s位小数"
    if isinstance(field, forms.CharField):
        said["null_characters_not_allowed"] = f"{asked}里有看不见的字符，请重新输入"
        said["max_length"] = f"{asked}最多%(limit_value)d个字，现在有%(show_value)d个"
        said["min_length"] = f"{asked}至少%(limit_value)d个字，现在只有%(show_value)d个"
    if type(field) in WRITTEN:
        said["invalid"] = f"{asked}{WRITTEN[type(field)]}"
    return said


WRITTEN = {
    forms.DateField: "要写成2026-10-22这样",
    forms.DateTimeField: "要写成2026-10-22 14:00这样",
    forms.DecimalField: "只能填数字",
    forms.EmailField: "要写成name@example.cn这样",
    forms.IntegerField: "只能填整数",
    forms.URLField: "要以https://开头",
}
