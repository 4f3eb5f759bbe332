"""Where a notice, or what somebody said about it, stands in public words (Article 11).

Of objections the public learns only that there are some, and whether they are decided: never how
many, and never about whom.
"""

from datetime import datetime
from typing import NamedTuple

from expertteam.templatetags.terrace import day, moment, period
from recruitment.actions import answer, examine
from recruitment.models import Application, Notice, Objection

State = Notice.State


class Standing(NamedTuple):
    """The colour of the tag, its words, and what that means in a sentence."""

    tone: str
    word: str
    sentence: str


class Step(NamedTuple):
    """One step of a course: ``done``, ``now`` or neither, and when."""

    title: str
    state: str
    note: str


DRAFT = Standing("info", "拟稿", "还没有发布，公众看不到。")
RUNNING = Standing("wait", "公示中", "您如果了解情况、有不同意见，可以在公示期内告诉我们。")
EXAMINED = Standing("wait", "公示已结束，有异议正在核实", "核实清楚以前，有关人选不会聘任。")
DECIDED = Standing("ok", "公示已结束", "公示期内收到的异议已经办结。")
UNOPPOSED = Standing("ok", "公示已结束，没有异议", "公示期内没有收到异议，可以正式聘任。")


def standing(notice: Notice, now: datetime) -> Standing:
    """Of a notice read with ``told()``."""
    if notice.state == State.DRAFT:
        return DRAFT
    if notice.state == State.ANNULLED:
        return Standing("bad", "已撤销", f"撤销原因：{notice.annulled_reason}")
    if now < notice.begins_at:
        return Standing("info", "尚未开始", f"{moment(notice.begins_at)}开始，在此以前公众看不到。")
    if notice.is_running(now):
        return RUNNING
    if notice.undecided:
        return EXAMINED
    return DECIDED if notice.objected else UNOPPOSED


def steps(notice: Notice, now: datetime) -> list[Step]:
    """The five steps with the dates of the round, as far as this notice has brought them."""
    entry = notice.round
    over = notice.state == State.PUBLISHED and now >= notice.begins_at and not notice.is_running(now)
    appointed = notice.candidates.filter(application__state=Application.State.APPOINTED).exists()
    shown = "" if notice.state == State.ANNULLED else "done" if over else "now"
    return [
        Step("自愿报名", "done", period(entry.opens_on, entry.closes_on)),
        Step("初审推荐", "done", f"{day(entry.screening_until)}前"),
        Step("审核", "done", f"{day(entry.review_until)}前"),
        Step("公示", shown, "已撤销" if notice.state == State.ANNULLED else period_of(notice)),
        Step("聘任、发聘书", "done" if appointed else "now" if over else "", "已办理" if appointed else "聘期3年"),
    ]


def period_of(notice: Notice) -> str:
    """The printed period: 3月3日至3月9日; words of a plan while it is not published."""
    if notice.begins_at is None:
        return "发布后的下一个工作日开始"
    return period(notice.begins_at, notice.ends_at) + ("（暂定）" if notice.provisional else "")


def answering(objection: Objection) -> list[Step]:
    """The three steps of an objection as its sender is told of them; what was found is told with the answer alone."""
    acts = objection.history.filter(history_change_reason__in=[examine.reason, answer.reason])
    when = dict(acts.values_list("history_change_reason", "history_date"))
    reached = [objection.received_at, when.get(examine.reason), when.get(answer.reason)]
    latest = sum(at is not None for at in reached) - 1
    return [
        Step(word, "" if at is None else "now" if place == latest < 2 else "done", moment(at) if at else "")
        for place, (word, at) in enumerate(zip(["已受理", "核实中", "已答复"], reached, strict=True))
    ]
