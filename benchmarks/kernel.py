"""A transition against a plain lock, save and history row."""

from datetime import date

from django.contrib.auth.models import Group
from django.db import transaction

from benchmarks.measure import medians, report
from expertteam import clock
from expertteam.models import User
from recruitment import actions
from recruitment.models import Application, Document, Round


def officer() -> User:
    user = User.objects.create_user("bench-intake", name="经办", is_staff=True)
    user.groups.set(Group.objects.filter(name="intake"))
    return user


def evidence(count: int) -> list[Document]:
    """Received documents of one submitted application, each to be verified once."""
    day = date(2026, 3, 1)
    selection = Round.objects.create(name="测", opens_on=day, closes_on=day, screening_until=day, review_until=day)
    application = Application.objects.create(
        round=selection, applicant=User.objects.create_user("bench-applicant"), number="SQ0", state="submitted",
        category=2, submitted_at=clock.now(),
    )  # fmt: skip
    return [
        Document.objects.create(application=application, kind="photo", content_type="image/png", size=1, digest="")
        for _ in range(count)
    ]


def plainly(document, by):
    with transaction.atomic():
        record = Document.objects.select_for_update().get(pk=document.pk)
        record.state, record.original_seen = "verified", True
        record._history_user, record._change_reason = by, "核验材料（第11条）"
        record.save()


def run():
    by, documents = officer(), evidence(122)
    by = User.objects.get(pk=by.pk)
    by.has_perm("recruitment.verify_document")
    ours, plain = iter(documents[:61]), iter(documents[61:])
    times = medians(60, ours=lambda: actions.verify(next(ours), by=by), plain=lambda: plainly(next(plain), by))
    report("transition through the kernel", times["ours"], times["plain"], 2.5)
