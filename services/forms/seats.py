"""What a member of a panel says: whether he comes, what he must not judge, what he gives, what he signs."""

import unicodedata
from decimal import Decimal
from itertools import groupby

from django import forms
from django.core.exceptions import ValidationError

from expertteam.forms import ActForm, long_text
from services import pool
from services.actions.conclusion import ballots
from services.models import Seat
from services.rules.panel import total, wrong_mark

NO, YES = "no", "yes"
LONGEST = 12  # characters of a mark


class DeclineForm(ActForm):
    consequence = "告诉工作人员后，这个席位由他人递补，不能改回来。"
    why = forms.ChoiceField(
        label="原因", choices=[(each.value, each.label) for each in (Seat.Why.DECLINED, Seat.Why.RECUSED)],
        widget=forms.RadioSelect,
    )  # fmt: skip
    reason = long_text("具体情况", 200)


class ObjectForm(ActForm):
    words = long_text("您的异议", 500, help_text="写明哪里不对，例如没有人联系过您")


class RecuseForm(ActForm):
    consequence = "声明后您不再看这个项目的材料，已打的分不算，不能撤回。"
    reason = long_text("为什么要回避", 200)


class DeclareForm(ActForm):
    """One answer for each project, before any paper is opened; where the records know a tie there is no choice."""

    answers = [(NO, "我和这个项目没有需要回避的关系"), (YES, "我要回避这个项目")]

    def __init__(self, *args, record, **kwargs):
        self.known = pool.conflicts_by_project(record.expert, record.panel)
        self.projects = list(record.panel.projects.prefetch_related("parties"))
        asked = [self.asked(each) for each in self.projects if each.pk not in self.known]
        self.base_fields = {name: field for fields in asked for name, field in fields.items()}
        super().__init__(*args, record=record, **kwargs)

    def asked(self, project) -> dict[str, forms.Field]:
        tie = forms.ChoiceField(label=f"您和项目{project.place}的关系", choices=self.answers, widget=forms.RadioSelect)
        tie.error_messages["required"] = f"请选择您和项目{project.place}有没有关系"
        reason = long_text("回避理由", 200, required=False, help_text="选了回避才填")
        reason.needed = True  # where he ticks so
        return {f"tie_{project.pk}": tie, f"reason_{project.pk}": reason}

    @property
    def blocks(self) -> list[tuple]:
        """Each project with what the records know of it, else with its fields."""
        return [
            (each, self.known.get(each.pk, ""), [] if each.pk in self.known else [self[name] for name in names(each)])
            for each in self.projects
        ]

    def clean(self):
        """The projects from which he is excused, with why."""
        given, conflicts = self.cleaned_data, dict(self.known)
        for project in self.projects:
            tie, reason = names(project)
            if given.get(tie) != YES:
                continue
            conflicts[project.pk] = given.get(reason, "")
            if not conflicts[project.pk] and reason not in self.errors:
                self.add_error(reason, f"请写明为什么回避项目{project.place}")
        return {"conflicts": conflicts}


def names(project) -> tuple[str, str]:
    """The two fields of a project."""
    return f"tie_{project.pk}", f"reason_{project.pk}"


class MarkField(forms.DecimalField):
    """Points for one criterion; what was typed comes back as it was, full-width digits are digits."""

    def __init__(self, criterion: dict, **options):
        self.name, self.most = criterion["name"], criterion["most"]
        typed = {
            "inputmode": "decimal",
            "autocomplete": "off",
            "maxlength": LONGEST,
            "class": "w5",
            "data-mark": self.most,
        }
        wrong = {"invalid": f"“{self.name}”要填数字", "required": f"“{self.name}”还没有打分"}
        super().__init__(
            label=f"{self.name}（{self.most}分）", widget=forms.TextInput(typed), error_messages=wrong, **options
        )

    def to_python(self, value):
        typed = unicodedata.normalize("NFKC", value or "").strip()
        if len(typed) > LONGEST:
            raise ValidationError(self.error_messages["invalid"])
        return super().to_python(typed)

    def validate(self, value):
        super().validate(value)
        if value is not None and (wrong := wrong_mark(value, self.most)):
            raise ValidationError(f"“{self.name}”{wrong}")


class SheetForm(ActForm):
    """Points by criterion and a comment; a draft may leave any of them out."""

    def __init__(self, *args, record, draft=False, **kwargs):
        self.criteria = record.panel.criteria
        marks = {f"mark_{each['key']}": MarkField(each, required=not draft) for each in self.criteria}
        for field in marks.values():
            field.needed = True  # of a draft, too, in the end
        self.base_fields = marks | {"comment": long_text("评语", 1000, required=False)}
        known = {f"mark_{key}": mark for key, mark in record.marks.items()} | {"comment": record.comment}
        super().__init__(*args, record=record, **kwargs | {"initial": known})

    @property
    def groups(self) -> list[tuple[str, list]]:
        """The fields under the heading of their group, in the order of the sheet."""
        return [
            (name, [self[f"mark_{each['key']}"] for each in criteria])
            for name, criteria in groupby(self.criteria, key=lambda each: each.get("group", ""))
        ]

    def clean(self):
        """What goes to ``write`` and ``submit``; of a draft what is right."""
        given = self.cleaned_data
        marks = {each["key"]: given.get(f"mark_{each['key']}") for each in self.criteria}
        return {"marks": marks, "comment": given.get("comment", "")}

    @property
    def total(self) -> Decimal:
        """Of what stands in it and is right, as the server counts it."""
        given = self.cleaned_data["marks"] if hasattr(self, "cleaned_data") else self.record.marks
        return total({key: Decimal(mark) for key, mark in given.items() if mark is not None})


class ExplainForm(ActForm):
    explanation = long_text("为什么这样打分", 300)


class VoteForm(ActForm):
    """Which project of a tie goes before; ``group``: the tie that is asked about, else any that waits for him."""

    def __init__(self, *args, record, group=None, **kwargs):
        groups = [group] if group else ballots(record)
        self.known = {str(each.pk): each for found in groups for each in found}
        choices = [(key, each.name) for key, each in self.known.items()]
        project = forms.ChoiceField(label="哪个项目排在前面", choices=choices, widget=forms.RadioSelect)
        self.base_fields = {"project": project}
        own = {"auto_id": f"id_{group[0].pk}_%s"} if group else {}
        super().__init__(*args, record=record, **kwargs | own)

    def clean_project(self):
        return self.known[self.cleaned_data["project"]]


class SignForm(ActForm):
    consequence = "签字后不能再改。不签字又不写理由的，视为同意。"
    dissent = long_text("不同意见", 1000, required=False, help_text="有不同意见的，写明意见和理由")
