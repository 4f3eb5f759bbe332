"""The course of an application as its applicant is told of it: where it stands, and what has happened (Article 11)."""

from datetime import datetime
from typing import NamedTuple

from expertteam.workflow import TRANSITIONS
from recruitment.categories import evidence_for
from recruitment.models import Application, Notice
from recruitment.progress import TITLES

State = Application.State
STEPS = ["提交", "初审", "审核", "公示", "聘任"]
REACHED = {  # how many of the steps lie behind
    State.SUBMITTED: 1,
    State.RETURNED: 1,
    State.RECOMMENDED: 2,
    State.APPROVED: 3,
    State.ON_NOTICE: 3,
    State.APPOINTED: 5,
}
WORDS = {
    State.SUBMITTED: "正在初审，核对材料和条件",
    State.RETURNED: "需要您补充材料",
    State.RECOMMENDED: "初审已推荐，正在审核",
    State.APPROVED: "审核已通过，等待公示",
    State.ON_NOTICE: "正在公示，期满没有异议就可以聘任",
}


class Step(NamedTuple):
    """One step of the course: ``done``, ``now`` or neither, and what is going on in it."""

    title: str
    state: str
    note: str


class Act(NamedTuple):
    """Something that was done with the application; by whom is not told."""

    at: datetime
    words: str


def steps(application: Application) -> list[Step]:
    """The five steps; none of them for an application that ended otherwise."""
    if application.state not in REACHED:
        return []
    reached = REACHED[application.state]
    note = WORDS.get(application.state, "")
    return [
        Step(title, "done" if place < reached else "now" if place == reached else "", note if place == reached else "")
        for place, title in enumerate(STEPS)
    ]


def acts(application: Application) -> list[Act]:
    """Every move of the application, oldest first."""
    labels = {move.reason: move.label for move in TRANSITIONS[Application]}
    entries = application.history.filter(history_change_reason__in=labels).order_by("history_date", "history_id")
    return [Act(at, labels[reason]) for at, reason in entries.values_list("history_date", "history_change_reason")]


def asked_for(application: Application) -> list[str]:
    """What a returned application was returned for, in words."""
    asked = evidence_for(application.category, application.profession) if application.category else []
    words = TITLES | {each.code: each.label for each in asked}
    return [words.get(item, item) for item in application.return_items]


def notice_of(application: Application) -> Notice | None:
    """The notice that the applicant stands on."""
    return Notice.objects.filter(candidates__application=application, state=Notice.State.PUBLISHED).first()
