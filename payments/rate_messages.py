"""What people are told about rates (Article 13)."""

from expertteam.notify import notify, notify_role, settle
from payments.models import RateSchedule

CHECKERS = "payments.confirm_schedule_rateschedule"


def drafted(schedule: RateSchedule):
    notify_role(
        key(schedule), CHECKERS, "有报酬标准待核对", f"{schedule.document_number}已录入，请对照文件核对。",
        schedule.get_absolute_url(), but=schedule.drafted_by_id,
    )  # fmt: skip


def attached(schedule: RateSchedule):
    notify_role(
        f"{key(schedule)}:{schedule.files.count()}", CHECKERS, "报酬标准文件已上传",
        f"{schedule.document_number}的文件已上传，请对照核对。", schedule.get_absolute_url(),
    )  # fmt: skip


def confirmed(schedule: RateSchedule):
    """To whoever typed it; what the portal brought along nobody did."""
    settled(schedule)
    if schedule.drafted_by:
        notify(
            f"rates-confirmed:{schedule.pk}", schedule.drafted_by, "报酬标准已确认",
            f"{schedule.document_number}已核对确认，按执行日期计价。", schedule.get_absolute_url(), sms=False,
        )  # fmt: skip


def settled(schedule: RateSchedule):
    settle(key(schedule))


def key(schedule: RateSchedule) -> str:
    return f"rates:{schedule.pk}"
