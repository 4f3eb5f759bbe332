"""Certificates against bare typst on the same template and data."""

import io
import json
from datetime import date
from itertools import count

import segno
import typst
from django.conf import settings

from benchmarks.measure import medians, report
from expertteam import documents

FACTS = documents.CertificateFacts(
    name="韩砚秋", number="并创专〔2026〕001号", first_day=date(2026, 3, 1), last_day=date(2029, 2, 28),
    role="太原市创业就业指导专家团专家", basis="《创业就业指导专家团管理办法》第五条第二项，经初审推荐、审核和公示", issuer="太原市人力资源和社会保障局",
    issued_on=date(2026, 3, 1), verify_url="https://example.org/verify/AAAAAAAAAAAAAAAAAAAAAA/",
)  # fmt: skip


def papers():
    """The same certificate under ever new numbers, because typst remembers what it has set before."""
    for n in count(1):
        yield FACTS._replace(number=f"并创专〔2026〕{n:03d}号")


def bare(facts) -> bytes:
    """The same paper by segno and typst alone, without the house's checks."""
    drawn = io.BytesIO()
    segno.make(facts.verify_url, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, omitsize=True)
    days = {field: documents.in_chinese(getattr(facts, field)) for field in ("first_day", "last_day", "issued_on")}
    data = facts._asdict() | days | {"qr": drawn.getvalue().decode()}
    case, folder = documents.typecase(documents.font_folders()), settings.BASE_DIR / "templates" / "documents"
    return typst.compile(
        str(folder / "certificate.typ"), root=str(folder), font_paths=case.fonts, pdf_standards="ua-1",
        sys_inputs={"facts": json.dumps(data), "families": json.dumps(case.families)}, timestamp=0,
    )  # fmt: skip


def run():
    ours, plain = papers(), (facts._replace(name="李䶮") for facts in papers())
    times = medians(30, ours=lambda: documents.certificate(next(ours)), plain=lambda: bare(next(plain)))
    report("certificate against bare typst and segno", times["ours"], times["plain"], 1.5)
