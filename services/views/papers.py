"""Papers of a review as PDF: the record of its draw, and the panel's report."""

import io

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect

from expertteam.documents import MissingGlyph
from expertteam.views import OfficeDetail
from services import papers
from services.models import Draw, ReviewPanel


class Paper(OfficeDetail):
    """The record as a file; where a font lacks a character, its page says so."""

    def render_to_response(self, context, **_):
        try:
            pdf = io.BytesIO(self.made())
        except MissingGlyph as lacking:
            messages.error(self.request, str(lacking))
            return redirect(self.object)
        return FileResponse(pdf, as_attachment=True, filename=self.filename, content_type="application/pdf")


class DrawRecord(Paper):
    model, permission, slug_field, slug_url_kwarg = Draw, "services.view_draw", "draw_id", "draw_id"

    def made(self) -> bytes:
        return papers.draw_record(self.object)

    @property
    def filename(self) -> str:
        return f"抽取记录 {self.object.draw_id}.pdf"


class PanelReport(Paper):
    """There is none before the scoring has ended."""

    model, permission = ReviewPanel, "services.view_scoresheet"

    def made(self) -> bytes:
        if not self.object.closed_at:
            raise Http404
        return papers.panel_report(self.object)

    @property
    def filename(self) -> str:
        return f"评审报告 {self.object.number}.pdf"
