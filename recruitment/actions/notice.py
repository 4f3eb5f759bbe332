"""Public notices (Article 11): 经公示无异议者，正式聘任."""

import hashlib
import json
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from expertteam import calendar, clock
from expertteam.models import Policy, User
from expertteam.regulation import Refused, named
from expertteam.search import reading
from expertteam.workflow import may, transition
from recruitment.actions.application import announce, recall
from recruitment.models import Application, Candidate, Notice, Round

State = Notice.State


@transaction.atomic
def draft_notice(*, by: User, round: Round, title: str, statement: str, applications, corrects=None) -> Notice:
    """拟公示: a notice with its list in the order of the names' pinyin, not yet public."""
    if not may(by, "recruitment.publish_notice"):
        raise PermissionDenied("recruitment.publish_notice")
    people = list(applications)
    if not people or any(each.state != Application.State.APPROVED for each in people):
        raise Refused("公示名单只能是审核通过的人选，至少1人", "11")
    notice = Notice(round=round, title=title, statement=statement, corrects=corrects)
    notice._history_user, notice._change_reason = by, "拟公示（第11条）"
    notice.save()
    for position, each in enumerate(sorted(people, key=lambda each: reading(each.applicant.name)), 1):
        Candidate.objects.create(notice=notice, application=each, position=position, **printed(each))
    return notice


def printed(application: Application) -> dict:
    """What the notice says of a person: name, employer and position, category, fields; nothing else."""
    return {
        "name": application.applicant.name,
        "employer": f"{application.employer} {application.position}",
        "category": f"{named(f'5({application.category})')} {application.get_category_display()}",
        "topics": "、".join(application.topic_labels),
    }


def planned(on: date) -> tuple[calendar.Deadline, calendar.Deadline]:
    """The first and the last day of a notice released on that day."""
    first = calendar.deadline(on, 1, start_counts=False)
    return first, calendar.deadline(first.day, Policy.objects.number("notice_days", on), start_counts=True)


@transition(Notice, source=[State.DRAFT], target=State.PUBLISHED, article="11")
def publish(notice, *, by):
    """发布公示"""
    first, last = planned(clock.today())
    if first.provisional:
        raise Refused(f"{first.day.year}年的放假安排还没有录入，不能确定公示首日", "11")
    notice.days = Policy.objects.number("notice_days", clock.today())
    notice.end_hour = Policy.objects.number("notice_end_hour", clock.today())
    notice.released_at, notice.begins_at = clock.now(), clock.instant(first.day)
    notice.ends_at, notice.provisional = clock.instant(last.day, notice.end_hour), last.provisional
    for candidate in notice.candidates.select_related("application__applicant"):
        announce(candidate.application, by=by, notice=notice)
    notice.digest = digest(notice)


def digest(notice: Notice) -> str:
    """SHA-256 over title, text, rule, period and list, as frozen at publication."""
    rows = notice.candidates.values_list("position", "name", "employer", "category", "topics")
    begins = clock.local(notice.begins_at).isoformat()
    frozen = [notice.title, notice.statement, notice.days, notice.end_hour, begins, list(rows)]
    return hashlib.sha256(json.dumps(frozen, ensure_ascii=False, default=str).encode()).hexdigest()


@transition(Notice, source=[State.DRAFT], target=State.DISCARDED, article="11")
def discard(notice, *, by):
    """作废拟稿"""


@transition(Notice, source=[State.PUBLISHED], target=State.ANNULLED, article="11")
def annul(notice, *, by, reason):
    """撤销公示"""
    on_notice = [c.application for c in notice.candidates.all() if c.application.state == Application.State.ON_NOTICE]
    if notice.candidates.filter(application__state=Application.State.APPOINTED).exists():
        raise Refused("名单中已有人受聘，不能撤销", "11")
    notice.annulled_at, notice.annulled_reason = clock.now(), reason
    for application in on_notice:
        recall(application, by=by, reason=f"公示撤销：{reason}")


@transition(Notice, source=[State.PUBLISHED], target=State.PUBLISHED, article="11", automatic=True)
def settle(notice, *, by):
    """确定截止日"""
    if not notice.provisional:
        raise Refused("截止日已经确定", "11")
    first = clock.local(notice.begins_at).date()
    last = calendar.deadline(first, notice.days, start_counts=True)
    if last.provisional:
        raise Refused("该年度放假安排还没有录入", "11")
    # What was announced is never shortened: people may have relied on it.
    notice.ends_at = max(notice.ends_at, clock.instant(last.day, notice.end_hour))
    notice.provisional = False
