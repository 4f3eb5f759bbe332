"""What was said point by point, and the answer to each point (Article 12¶2)."""

from django import forms

from evaluations.models import Dismissal
from expertteam.forms import ActForm, long_text

AT_ONCE = 3  # boxes that stand there from the beginning; the others are folded away
MOST = 10
LONGEST = 1000  # characters of one point
YES, NO = "yes", "no"


class PointsForm(ActForm):
    """One box for each point; who needs more unfolds them, and does not need a script for it."""

    template_name = "evaluations/dismissals/points.html"
    asked_first: list[str] = []  # the questions above the points
    needs_points = True
    heading, hint = "陈述申辩的意见", "一点写一框，逐条答复。没有用到的空着"

    def __init__(self, *args, **kwargs):
        boxes = {f"point{place}": long_text(f"第{place}点", LONGEST, required=False) for place in range(1, MOST + 1)}
        for box in boxes.values():
            box.needed = True  # nobody has to be told that a box may stay empty
        self.base_fields = self.base_fields | boxes
        super().__init__(*args, **kwargs)

    def boxes(self) -> list:
        return [self[f"point{place}"] for place in range(1, MOST + 1)]

    @property
    def above(self) -> list:
        return [self[name] for name in self.asked_first]

    @property
    def open_boxes(self) -> list:
        return self.boxes()[:AT_ONCE]

    @property
    def folded(self) -> list:
        return self.boxes()[AT_ONCE:]

    @property
    def is_unfolded(self) -> bool:
        """Something stands in one of them."""
        return any(box.value() or box.errors for box in self.folded)

    @property
    def below(self) -> list:
        points = {box.name for box in self.boxes()}
        return [self[name] for name in self.fields if name not in points and name not in self.asked_first]

    def clean(self):
        given = super().clean() or self.cleaned_data
        said = {name: value for name, value in given.items() if not name.startswith("point")}
        points = [given[box.name] for box in self.boxes() if given.get(box.name)]
        if self.needs_points and not points and not any(box.errors for box in self.boxes()):
            self.add_error("point1", "请至少写一点")
        return said | {"points": points}


class WeighForm(ActForm):
    """One answer for each point of the expert."""

    template_name = "evaluations/dismissals/weigh.html"
    consequence = "复核后交局领导决定。答复写入决定书，不要写反映人和服务对象的姓名、电话。"
    opinion = long_text("复核意见", 2000, help_text="事实、证据和程序各怎么看。只有办案岗位能看到")
    advice = forms.ChoiceField(label="建议", choices=Dismissal.Advice, widget=forms.RadioSelect)

    def __init__(self, *args, record, **kwargs):
        self.pleas = list(record.pleas.order_by("place"))
        fields = {name: field for plea in self.pleas for name, field in asked(plea).items()}
        self.base_fields = fields | self.base_fields
        super().__init__(*args, record=record, **kwargs)

    @property
    def rows(self) -> list[tuple]:
        """Each point with its two questions."""
        return [(plea, [self[name] for name in names(plea)]) for plea in self.pleas]

    @property
    def below(self) -> list:
        return [self["opinion"], self["advice"]]

    def clean(self):
        given = super().clean() or self.cleaned_data
        answers = {}
        for plea in self.pleas:
            accepted, answer = (given.get(name) for name in names(plea))
            answers[plea.pk] = (accepted == YES, answer)
        return {"answers": answers, "opinion": given.get("opinion"), "advice": given.get("advice")}


def asked(plea) -> dict[str, forms.Field]:
    choice, answer = names(plea)
    accepted = forms.ChoiceField(
        label=f"第{plea.place}点采纳吗", choices=[(YES, "采纳"), (NO, "不采纳")], widget=forms.RadioSelect,
        error_messages={"required": f"第{plea.place}点采纳还是不采纳，请选一项"},
    )  # fmt: skip
    return {choice: accepted, answer: long_text(f"第{plea.place}点的答复", LONGEST)}


def names(plea) -> tuple[str, str]:
    """The two fields of a point."""
    return f"accepted_{plea.pk}", f"answer_{plea.pk}"
