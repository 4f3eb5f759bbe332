"""Papers of a review as PDF: the record of its draw, and the panel's report."""

from django.http import Http404

from expertteam.papers import handed_over
from expertteam.views import OfficeDetail
from services import papers
from services.models import Draw, ReviewPanel


class Paper(OfficeDetail):
    """The record as a file; where a font lacks a character, its page says so."""

    def render_to_response(self, context, **_):
        return handed_over(self.request, self.made, self.filename, self.object)


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
