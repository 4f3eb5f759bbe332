"""How far a report has come, as its sender is told; what was found is told with the answer alone."""

from typing import NamedTuple

from evaluations.actions import answer, examine
from evaluations.models import Report
from expertteam.templatetags.terrace import moment


class Step(NamedTuple):
    """``state`` is the class of a step of the line: done, now, or nothing while it lies ahead."""

    title: str
    state: str
    note: str


def steps(report: Report) -> list[Step]:
    acts = report.history.filter(history_change_reason__in=[examine.reason, answer.reason])
    when = dict(acts.values_list("history_change_reason", "history_date"))
    reached = [report.received_at, when.get(examine.reason), when.get(answer.reason)]
    latest = sum(at is not None for at in reached) - 1
    return [
        Step(word, "" if at is None else "now" if place == latest < 2 else "done", moment(at) if at else "")
        for place, (word, at) in enumerate(zip(["已受理", "核实中", "已答复"], reached, strict=True))
    ]
