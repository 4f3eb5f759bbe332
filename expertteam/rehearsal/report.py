"""What a life came to: every clock that fired, every verb and how often, every state, what was refused."""

from collections import Counter
from collections.abc import Iterator

from django.apps import apps
from django.db.models import Count, Q

from expertteam.models import Notification
from expertteam.rehearsal.life import Rehearsal
from expertteam.workflow import TRANSITIONS, Workflow

APPS = ["expertteam", "experts", "recruitment", "services", "evaluations", "payments"]
Rows = list[tuple[str, int]]


def report(it: Rehearsal) -> str:
    """The whole of it as Markdown; the same life gives the same text."""
    title = f"# 演练报告：专家{it.experts}位，{it.first}至{it.last}"
    lines = [title, "", f"共{it.agenda.acts:,}步，其中{sum(it.agenda.refused.values())}步被系统拒绝。"]
    for name, rows in sections(it):
        lines += ["", f"## {name}", "", "| 项目 | 次数 |", "|---|---:|", *(f"| {what} | {n:,} |" for what, n in rows)]
    return "\n".join(lines) + "\n"


def sections(it: Rehearsal) -> Iterator[tuple[str, Rows]]:
    acts = acted()
    yield "定时任务", sorted(it.fired.items())
    yield "到期自动办理", [(name, n) for (name, by_time), n in acts if by_time]
    yield "通知", told()
    yield "各类事项办理", [(name, n) for (name, by_time), n in acts if not by_time]
    yield "记录和状态", states()
    yield "被拒绝的步骤", it.agenda.refused.most_common()


def acted() -> list[tuple[tuple[str, bool], int]]:
    """Every move of every record, by its name and whether time itself made it."""
    counted = Counter()
    for model in sorted(TRANSITIONS, key=lambda each: each._meta.label):
        moves = {move.reason: move for move in TRANSITIONS[model]}
        made = model.history.filter(history_change_reason__in=moves).order_by().annotate(nobody=Q(history_user=None))
        rows = made.values_list("history_change_reason", "nobody").annotate(Count("history_id"))
        for reason, nobody, n in rows:
            by_time = nobody and moves[reason].automatic
            counted[f"{model._meta.verbose_name}：{reason}", by_time] += n
    return sorted(counted.items())


def told() -> Rows:
    """Messages by the event they tell of."""
    counted = Counter(key.partition(":")[0] for key in Notification.objects.values_list("key", flat=True).iterator())
    return sorted(counted.items())


def states() -> Rows:
    """How many rows there are of everything, and in which state."""
    rows = []
    for model in (model for label in APPS for model in apps.get_app_config(label).get_models()):
        if model.__name__.startswith("Historical"):
            continue
        name = str(model._meta.verbose_name)
        rows.append((name, model._base_manager.count()))
        if issubclass(model, Workflow):
            labels = dict(model._meta.get_field("state").flatchoices)
            found = model._base_manager.order_by().values_list("state").annotate(Count("pk"))
            rows += [(f"{name}：{labels[state]}", n) for state, n in sorted(found)]
    return rows
