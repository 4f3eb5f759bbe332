"""Evidence: handed in, then verified or rejected one by one (Articles 5, 6 and 11)."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from expertteam import clock
from expertteam.files import MAX_FILES, examined
from expertteam.models import User
from expertteam.regulation import Refused
from expertteam.workflow import transition
from recruitment.models import Application, Document

State = Document.State


@transaction.atomic
def attach(application: Application, *, by: User, kind: str, upload) -> Document:
    """Hand in one piece of evidence; it replaces the one of the same kind that was not verified.

    ``ValidationError`` for a file that cannot be taken, ``Refused`` when the application is no
    longer in the applicant's hands.
    """
    application.refresh_from_db(from_queryset=Application._base_manager.select_for_update())
    if not application.concerns(by):
        raise PermissionDenied("only the applicant hands in evidence")
    if not application.is_editable:
        raise Refused("已经提交，不能再改材料", "11")
    if application.documents.current().exclude(kind=kind).count() >= MAX_FILES:
        raise ValidationError(f"一份报名最多{MAX_FILES}个文件")
    fields = examined(upload)
    for earlier in application.documents.current().filter(kind=kind):
        if earlier.state == State.VERIFIED:
            raise Refused("这份材料已经核验，不用再交", "11")
        earlier.replaced_at = clock.now()
        earlier.save(update_fields=["replaced_at"])
    return Document.objects.create(application=application, kind=kind, **fields)


def under_review(document):
    """Evidence is judged while the application is under first review."""
    if document.application.state != Application.State.SUBMITTED or document.replaced_at:
        raise Refused("只有待初审报名的现行材料可以核验", "11")


@transition(Document, source=[State.RECEIVED, State.REJECTED], target=State.VERIFIED, article="11")
def verify(document, *, by, original_seen=False):
    """核验材料"""
    under_review(document)
    document.original_seen, document.reason = original_seen, ""


@transition(Document, source=[State.RECEIVED, State.VERIFIED], target=State.REJECTED, article="11")
def reject(document, *, by, reason):
    """判为不合格"""
    under_review(document)
    document.reason = reason
