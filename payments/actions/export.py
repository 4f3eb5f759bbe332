"""导出: files for bank, tax office and finance; each time one leaves the house it is on record (Article 13)."""

import hashlib
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from expertteam import clock
from expertteam.models import User
from expertteam.regulation import Refused, article
from expertteam.workflow import may
from payments import bank_file, finance_file, tax_files
from payments.models import Batch, Export

Kind = Export.Kind
EXPORT = "payments.export_batch"
MADE = {Kind.BANK: bank_file.content, Kind.FINANCE: finance_file.content}  # of a batch
MADE |= {Kind.TAX: tax_files.tax_file, Kind.PEOPLE: tax_files.people_file}  # of a month


@article("13")
@transaction.atomic
def export(of: Batch | date, kind: str, *, by: User) -> tuple[str, bytes]:
    """导出文件: of a released batch, or of the month that begins on that day; its name and what is in it."""
    if not may(by, EXPORT):
        raise PermissionDenied(EXPORT)
    if isinstance(of, Batch):
        check_batch(of)
        about = {"batch": of, "period": ""}
    else:
        check_month(of)
        about = {"batch": None, "period": f"{of:%Y-%m}"}
    content = MADE[kind](of)
    record_export(kind, content, by=by, **about)
    return f"{Kind(kind).label} {about['period'] or of.number}.xlsx", content


def record_export(kind: str, content: bytes, *, by: User, batch: Batch | None = None, period: str = ""):
    """That this file was taken, by whom, and what was in it."""
    digest = hashlib.sha256(content).hexdigest()
    Export.objects.create(batch=batch, kind=kind, period=period, digest=digest, by=by, at=clock.now())


def check_batch(batch: Batch):
    batch.refresh_from_db()
    if not batch.is_paid:
        raise Refused("批次还没有发放，发放以后才能导出", "13")
    if bank_file.digest(batch.payouts.select_related("account")) != batch.digest:
        raise Refused("文件和发放时的指纹不一致，请立即报告", "13")


def check_month(month: date):
    if not Batch.objects.released().filter(paid_in=month).exists():
        raise Refused(f"{month.year}年{month.month}月没有发放报酬，没有要申报的", "13")
