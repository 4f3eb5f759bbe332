"""Filling in an application: what its applicant may write while it is in his hands (Article 11, 自愿报名)."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from expertteam import clock, consents
from expertteam.models import User
from expertteam.regulation import Refused
from recruitment import progress
from recruitment.actions.document import attach
from recruitment.categories import evidence_for
from recruitment.models import Application, Document, SuccessCase, WorkPeriod

LIMITS = {WorkPeriod: 40, SuccessCase: 10}  # far above what anybody needs, so that nobody fills the disk
IDENTITY = ["name", "id_kind", "id_number", "id_index", "email"]


def hold(application: Application, *, by: User, task: str):
    """Lock the application and make sure that this person may change this task today; inside a transaction.

    ``Refused`` when the application or this task of it is no longer in the applicant's hands.
    """
    whole = Application._base_manager.select_related("round")
    application.refresh_from_db(from_queryset=whole.select_for_update(of=["self"]))
    if not application.concerns(by):
        raise PermissionDenied("only the applicant fills in an application")
    if task not in progress.open_tasks(application):
        raise Refused(f"“{progress.TITLES[task]}”现在不能改，您刚填的没有保存", "11")


@transaction.atomic
def fill_in(application: Application, *, by: User, task: str, person: dict | None = None, **values):
    """Save what was typed in one task; ``person`` goes to the applicant's account.

    ``IntegrityError`` when the ID number came to belong to another account meanwhile.
    """
    hold(application, by=by, task=task)
    if person:
        for name, value in person.items():
            setattr(by, name, value)
        by.save(update_fields=IDENTITY)
    for name, value in values.items():
        setattr(application, name, value)
    application._history_user, application._change_reason = by, f"填写“{progress.TITLES[task]}”"
    application.save()
    if task == "kind":
        set_aside(application)


def set_aside(application: Application):
    """Evidence that the category now chosen does not ask for counts no longer."""
    if not application.category:
        return
    asked = [each.code for each in evidence_for(application.category, application.profession)]
    for document in application.documents.current().exclude(kind__in=asked):
        document.replaced_at = clock.now()
        document.save(update_fields=["replaced_at"])


@transaction.atomic
def enter(record: WorkPeriod | SuccessCase, *, by: User, task: str):
    """Save one period of work or one success case."""
    hold(record.application, by=by, task=task)
    kept = type(record).objects.filter(application=record.application).exclude(pk=record.pk)
    if kept.count() >= LIMITS[type(record)]:
        raise Refused(f"最多{LIMITS[type(record)]}条，请合并后再填")
    record._history_user = by
    record.save()


@transaction.atomic
def strike(record: WorkPeriod | SuccessCase, *, by: User, task: str):
    """Take one period of work or one success case out again."""
    hold(record.application, by=by, task=task)
    record._history_user = by
    record.delete()


@transaction.atomic
def hand_in(application: Application, *, by: User, kind: str, upload) -> Document:
    """Hand in one piece of evidence that is still open; errors as in ``attach``."""
    hold(application, by=by, task="proof")
    if kind not in progress.open_evidence(application):
        raise Refused("这份材料现在不用再交", "11")
    return attach(application, by=by, kind=kind, upload=upload)


@transaction.atomic
def pledge(application: Application, *, by: User, kinds: list[str]):
    """Sign these undertakings and consents, each in its standing version."""
    hold(application, by=by, task="pledge")
    for kind in kinds:
        consents.sign(by, kind)
