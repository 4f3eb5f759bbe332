"""Reviews with real draws, from their conditions to the published result, or until they are called off (Article 10(4))."""

import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from experts.models import Expert
from expertteam import calendar, clock
from expertteam.demo_life.agenda import Story, working_days_before
from expertteam.demo_life.reviews import drafted, drawn, enough
from expertteam.rehearsal.founders import founders
from expertteam.rehearsal.rhythm import all_along
from expertteam.rehearsal.seats import convoked
from expertteam.rehearsal.sitting import aborted, met
from services import pool
from services.actions import choice, draw, panel, supervision
from services.models import Draw, ReviewPanel
from services.rules.panel import short_of

PLANS = tomllib.loads((Path(__file__).parent / "panels.toml").read_text(encoding="utf8"))["reviews"]
SEATS = 1  # of an expert in a year
A_YEAR = SEATS / (sum(plan["seats"] for plan in PLANS) / len(PLANS))  # reviews for each expert
SMALLEST, LARGE = 3, 60
WITNESS = {"witness": "申建新", "organisation": "市工商联", "phone": "13900180066"}
NOT_COME = "见证人临时有事没有到场，作废重来。"
State = ReviewPanel.State


def stories(it) -> Iterator[Story]:
    yield all_along(it, A_YEAR, partial(reviewed, it))


def reviewed(it, day: date) -> Story:
    """Its conditions are set a week ahead; a day or two before, chance or three people's word fill its seats."""
    yield it.hours.office(day)
    entry = conditions(it)
    if not enough(entry["seats"]):
        return
    begins = beginning(it)
    review = drafted(it, entry, begins, entry["seats"])
    yield it.hours.soon(1)
    yield from before_the_draw(it, review)
    overnight = it.happens(0.2)
    yield clock.instant(working_days_before(clock.local(begins).date(), 2 if overnight else 1), 9, 5)
    review.refresh_from_db()
    if review.state != State.DRAFT:
        return
    if entry["seats"] == SMALLEST or short(review):
        yield from chosen(it, review)
    else:
        yield from by_lot(it, review, entry, overnight)
    review.refresh_from_db()
    if review.state != State.DRAFT:
        yield from met(it, review)
    elif begins > clock.now():
        panel.cancel(review, by=it.accounts["leader"], reason="候选专家不足，改期另行组织")


def conditions(it) -> dict:
    """One of the plans, with projects of founders; of a small team three sit, as far as there are so many."""
    plan = it.any_of(PLANS)
    entry = plan | {"projects": [project(each) for each in founders(it, it.any_of([1, 2, 2, 3]))]}
    if not enough(plan["seats"]):
        entry["seats"] = SMALLEST
    return entry


def project(who) -> dict:
    firm = who.enterprise or "个人申报"
    return {"name": f"{who.name}的项目", "applicant": firm, "summary": "已开业一年，材料齐全。", "head": who.name}


def beginning(it) -> datetime:
    on = calendar.deadline(clock.today(), it.hours.random.randint(5, 9), start_counts=False).day
    return clock.instant(on, it.any_of([9, 14]), 30)


def short(review: ReviewPanel) -> bool:
    """Whether some outcome of a draw would leave a seat empty; of a large team none does."""
    if Expert.objects.serving(clock.today()).count() > LARGE:
        return False
    inside = [(frozenset(each.strata), each.employer) for each in pool.candidates(review) if not each.why]
    return bool(short_of(inside, review.need, review.alternates))


def before_the_draw(it, review: ReviewPanel) -> Story:
    """A party may ask that somebody stays away; a review may be given up."""
    mood = it.hours.random.random()
    if mood < 0.04:
        panel.cancel(review, by=it.accounts["leader"], reason="申报单位撤回了申请")
    elif mood < 0.14:
        about = it.somebody()
        asked = supervision.record_recusal(
            review, by=it.accounts["intake"], project=review.projects.first(), expert=about, reason="和我们有合同纠纷。"
        )
        yield it.hours.soon(1)
        rule = supervision.uphold if mood < 0.1 else supervision.dismiss
        rule(asked, by=it.accounts["inspector"], ruling="查阅了双方的材料和往来记录。")


def chosen(it, review: ReviewPanel) -> Story:
    """Proposed by the operator, on the inspector's and the leader's word, if there are enough who can be chosen."""
    seats = sum(count for _, count in review.need)
    free = {each.employer: each.expert for each in pool.candidates(review) if not each.why}
    if len(free) < seats:
        return
    members = it.hours.random.sample([free[employer] for employer in sorted(free)], seats)
    panel.choose(
        review, by=it.accounts["intake"], reason="项目少，书面评审，两天内要出意见，抽取的时间不够。",
        chosen=[(pool.ANY, each) for each in members],
    )  # fmt: skip
    asked, mood = review.choices.order_by("pk").last(), it.hours.random.random()
    yield clock.now() + timedelta(minutes=30)
    if mood < 0.06:
        choice.oppose(asked, by=it.accounts["inspector"], opinion="时间来得及，应当抽取。")
        return
    choice.support(asked, by=it.accounts["inspector"], opinion="理由属实，人选没有需要回避的情形。")
    yield clock.now() + timedelta(minutes=30)
    if mood < 0.1:
        choice.refuse(asked, by=it.accounts["leader"], decision="不同意，改期抽取。")
        return
    choice.approve(asked, by=it.accounts["leader"], decision="同意。")
    convoked(it, review)


def by_lot(it, review: ReviewPanel, entry: dict, overnight: bool) -> Story:
    """Drawn, sometimes after a draw that was given up, or whose result was."""
    public = {"public": f"{clock.today():%Y%j}"} if overnight else {}
    seen_by = {"seen_by": WITNESS} if it.happens(0.2) else {}
    if it.happens(0.06):
        yield from given_up(it, review)
    yield from drawn(it, review, entry | public | seen_by)
    if not overnight and it.happens(0.03):
        yield clock.now() + timedelta(minutes=20)
        aborted(it, review, "锁定以后有人指出申报单位名称写错，回避没有算准。")
        yield clock.now() + timedelta(minutes=20)
        yield from drawn(it, review, entry)
    convoked(it, review)


def given_up(it, review: ReviewPanel) -> Story:
    """Frozen, and before anybody could know a result, on two people's word begun anew."""
    draw.freeze(review, by=it.accounts["intake"], profile=Draw.Profile.HERE, **WITNESS)
    yield clock.now() + timedelta(minutes=20)
    draw.ask_abort(draw.frozen_for(review), by=it.accounts["intake"], reason=NOT_COME)
    draw.abort(draw.frozen_for(review), by=it.accounts["inspector"])
