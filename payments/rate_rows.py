"""The rates that wait for a person, as rows of 今天 (Article 13)."""

from django.db.models import Exists, OuterRef, QuerySet

from expertteam.waiting import Waiting, open_to
from payments import actions
from payments.models import Line, RateSchedule


def needed(move, user) -> QuerySet:
    """Open to this move, but for what another schedule replaced before anything was priced by it."""
    priced = Line.objects.filter(schedule=OuterRef("pk"))
    return open_to(move, user).exclude(~Exists(priced), superseded_by__state=RateSchedule.State.CONFIRMED)


def to_confirm_of(user) -> QuerySet:
    """Whatever the portal brought along or another typed, with the document to compare it with or still without."""
    return needed(actions.confirm_schedule, user).exclude(drafted_by=user).prefetch_related("files").order_by("pk")


def to_confirm(schedule: RateSchedule) -> Waiting:
    ready = "对照文件逐项核对" if schedule.files.all() else "文件还没有上传，先请经办上传"
    return row(schedule, "标准待核对确认", ready, "去核对")


def to_attach_of(user) -> QuerySet:
    """Nobody can compare what has no document."""
    return needed(actions.attach, user).filter(files=None).order_by("pk")


def to_attach(schedule: RateSchedule) -> Waiting:
    return row(schedule, "上传标准文件", "上传以后由财务复核对照确认", "去上传")


def row(schedule: RateSchedule, what: str, tip: str, verb: str) -> Waiting:
    return Waiting(
        None, what, schedule.document_number, f"{schedule.get_scope_display()}标准", tip, verb, schedule.get_absolute_url()
    )  # fmt: skip


QUEUES = [("报酬标准", to_confirm_of, to_confirm), ("报酬标准", to_attach_of, to_attach)]
