"""A certificate as it is printed, and as a stranger may check it."""

import re
import unicodedata

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from experts.models import Appointment
from expertteam.documents import CertificateFacts
from expertteam.regulation import TEXT, named

COMPOUND_SURNAMES = (
    "欧阳", "上官", "司马", "司徒", "司空", "诸葛", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐",
    "长孙", "宇文", "东方", "独孤", "端木", "百里", "南宫", "呼延", "轩辕", "淳于", "濮阳", "太史",
    "申屠", "公冶", "澹台", "闻人", "赫连", "钟离", "东郭", "西门", "万俟", "第五",
)  # fmt: skip
# mark, year, number; whatever is written between them does not matter
WRITTEN = re.compile(r"([^0-9]{0,20})([0-9]{4})[^0-9]{0,6}([0-9]{1,6})[^0-9]{0,6}")
ORNAMENT = re.compile(r"[\W_]|第")


def surname(name: str) -> str:
    """欧阳 of 欧阳明月, 韩 of 韩砚秋."""
    return name[:2] if len(name) > 2 and name.startswith(COMPOUND_SURNAMES) else name[:1]


def masked(name: str) -> str:
    """韩某: what somebody who only knows a certificate's number is told of its holder."""
    return f"{surname(name)}某"


def canonical(text: str) -> str:
    """The number as certificates print it, ``并创专〔2026〕001号``, from any way of writing it; else empty.

    Full width, spaces, dashes and brackets do not matter, nor do 第 and 号; without the bureau's
    mark the present one is meant.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    match = WRITTEN.fullmatch(plain)
    if not match:
        return ""
    mark, year, number = match.groups()
    return f"{ORNAMENT.sub('', mark) or settings.SITE['certificate_mark']}〔{year}〕{int(number):03d}号"


def basis(appointment: Appointment) -> str:
    """What the certificate rests on, and by which procedure it came about."""
    if appointment.basis == Appointment.Basis.FORMER:
        return appointment.get_basis_display()
    return f"《{TEXT['title']}》{named(appointment.article)}，经初审推荐、审核和公示"


def facts(appointment: Appointment) -> CertificateFacts:
    """What the certificate of this term says (Article 11)."""
    return CertificateFacts(
        name=appointment.name,
        number=appointment.number,
        first_day=appointment.first_day,
        last_day=appointment.last_day,
        role=f"{settings.SITE['team']}专家",
        basis=basis(appointment),
        issuer=settings.SITE["org"],
        issued_on=timezone.localdate(appointment.decided_at),
        verify_url=settings.SITE_URL + reverse("experts:verify_token", args=[appointment.token]),
    )
