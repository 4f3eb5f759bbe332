"""The old team as the office brings it in: template, dry run, what comes back to be mended (Article 15)."""

from typing import NamedTuple

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.views.generic import View

from experts.models import CATEGORY_NAMES
from expertteam.views import OfficeDetail, OfficeList, OfficeReading
from expertteam.workbooks import workbook
from expertteam.workflow import may
from recruitment import actions, former_file, listings
from recruitment.forms import former as forms
from recruitment.models import FormerImport, FormerRow

VIEW = "recruitment.view_formerimport"
SHEETS = {actions.READ, actions.take_in.permission}  # whoever mends the table, and whoever compares it with the papers


class Group(NamedTuple):
    """The rows that come to the same, and the first of them."""

    title: str
    tone: str
    rows: list[FormerRow]


class FormerList(OfficeList):
    model, permission = FormerImport, VIEW
    template_name = "recruitment/former/list.html"
    listing = listings.FORMER

    def get_queryset(self):
        return super().get_queryset().counted().select_related("read_by", "taken_by").order_by("-pk")

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_read=may(self.request.user, actions.READ), **kwargs)


class FormerDetail(OfficeDetail):
    model, permission = FormerImport, VIEW
    template_name = "recruitment/former/detail.html"

    def get_context_data(self, **kwargs):
        found = groups(self.object)
        return super().get_context_data(
            groups=found,
            wrong=sum(len(group.rows) for group in found if group.tone == "bad"),
            may_mend=may(self.request.user, actions.READ),
            may_fetch=may_fetch(self.request.user),
            **kwargs,
        )

    def offered(self, moves):
        """No taking by whoever read it, nor while something is wrong, nor where nothing is new; no undoing by whoever took it in."""
        reader = self.request.user.pk
        takeable = self.object.is_takeable and self.object.read_by_id != reader
        barred = {actions.take_in: not takeable, actions.undo: self.object.taken_by_id == reader}
        return [move for move in moves if not barred.get(move)]


def may_fetch(user) -> bool:
    return any(may(user, permission) for permission in SHEETS)


def groups(record: FormerImport) -> list[Group]:
    """What is wrong first, then what would be new, then what is there already."""
    tones = {FormerRow.Outcome.WRONG: "bad", FormerRow.Outcome.NEW: "ok", FormerRow.Outcome.KNOWN: "info"}
    found = {outcome: [] for outcome in tones}
    for row in record.rows.order_by("place"):
        row.category = "" if row.faults else CATEGORY_NAMES[former_file.category(row.said["类别"])]
        found[row.outcome].append(row)
    done = record.state in (FormerImport.State.TAKEN, FormerImport.State.UNDONE)
    return [
        Group("新建" if done and outcome == "new" else outcome.label, tone, found[outcome])
        for outcome, tone in tones.items()
    ]


class Read(OfficeReading):
    """The table as it was filled in; the page of the reading shows what it would bring about."""

    permission, form_class = actions.READ, forms.ReadForm
    template_name = "recruitment/former/read.html"
    read, next_step = staticmethod(actions.read_former), "已试读，还没有写入"


class Template(LoginRequiredMixin, View):
    """The empty table."""

    def get(self, request):
        if not may(request.user, actions.READ):
            raise PermissionDenied(actions.READ)
        return workbook("原专家团名单模板.xlsx", former_file.template())


class Returned(LoginRequiredMixin, View):
    """The rows as they came, with what is wrong; phones and numbers of papers stand in it, so each taking is on record."""

    def get(self, request, pk):
        record = get_object_or_404(FormerImport.objects.visible_to(request.user), pk=pk)
        if not may_fetch(request.user):
            raise PermissionDenied(actions.READ)
        return workbook(*actions.hand_sheet(record, by=request.user))
