"""Batches, as finance makes, checks and releases them (Article 13)."""

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.functional import cached_property

from expertteam.views import Act, OfficeDetail, OfficeForm, OfficeList
from expertteam.workflow import may
from payments import actions, batch_page, listings, papers
from payments.backlog import backlog
from payments.barring import barred
from payments.choice import Choice
from payments.forms import batches as forms
from payments.models import Batch
from services.views.papers import Paper

VIEW = "payments.view_batch"
STEP = 1000  # what is collected while somebody waits for the page
State = Batch.State
LOOKED_AT = [State.DRAFT, State.SUBMITTED, State.APPROVED]  # nothing is settled as yet
BACK = [actions.send_back, actions.hold_back, actions.dissolve]
WORKED_OUT = [State.APPROVED, *Batch.PAID]


class BatchList(OfficeList):
    """Opening it collects what has come to be owed since; with much of it, the page goes on by itself."""

    model, permission = Batch, VIEW
    template_name = "payments/batches/list.html"
    listing = listings.BATCHES

    def get_queryset(self):
        batches = super().get_queryset().select_related("made_by")
        return batches.annotate(count=Count("lines"), amount=Coalesce(Sum("lines__amount"), batch_page.ZERO)).order_by(
            "-pk"
        )

    def get_context_data(self, **kwargs):
        progress = actions.collect(STEP)
        context = super().get_context_data(**kwargs) | self.advance(progress)
        for batch in context["object_list"]:
            batch.waits_for = batch_page.waits_for(batch)
        more = {} if progress.left else {"backlog": backlog(self.request.user)}
        return context | {"may_make": may(self.request.user, actions.MAKE), **more}

    def advance(self, progress) -> dict:
        """How far it has come, those of the requests before counted."""
        before = self.request.GET.get("done", "")
        done = progress.done + (int(before) if before.isascii() and before.isdigit() and len(before) < 9 else 0)
        return {"left": progress.left, "done": done, "all": done + progress.left, "goes_on": bool(progress.done)}


class Make(OfficeForm):
    permission, form_class = actions.MAKE, forms.MakeForm
    template_name = "payments/batches/make.html"

    def enter(self, form):
        self.batch = actions.make(by=self.request.user, **form.cleaned_data)
        return f"已编制{self.batch.number}，请核对后提交复核"

    def get_success_url(self):
        return self.batch.get_absolute_url()


class BatchDetail(OfficeDetail):
    """A post brings what was ticked to another page of the same table; nothing is done by it."""

    model, permission = Batch, VIEW
    template_name = "payments/batches/detail.html"

    def get_queryset(self):
        return super().get_queryset().select_related("made_by", "checked_by", "released_by")

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        if not self.choice:
            return self.get(request, *args, **kwargs)
        form = forms.ChoiceForm(request.POST, record=self.object, choice=self.choice)
        form.is_valid()
        return self.render_to_response(self.get_context_data(object=self.object, form=form))

    @cached_property
    def choice(self) -> Choice | None:
        return Choice(self.object, self.request.user) if self.object.state in LOOKED_AT else None

    @cached_property
    def barred(self):
        return barred(self.object, self.request.user)

    def offered(self, moves):
        """Whoever is barred is offered nothing; what goes on comes first."""
        return sorted((move for move in moves if move not in self.barred), key=lambda move: move in BACK)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        chooses = next((move for move in context["moves"] if move in (actions.take_out, actions.approve)), None)
        return context | {
            "chooses": chooses,
            "moves": [move for move in context["moves"] if move is not chooses],
            "barred": list(dict.fromkeys(self.barred.values())),
            "choice": self.choice,
            "note": self.note(chooses),
            "standards": batch_page.standards(self.object) if chooses else [],
            "sums": batch_page.sums(self.object),
            "by_standard": batch_page.by_standard(self.object),
            **self.table(),
        }  # fmt: skip

    def note(self, chooses):
        """Asked for where a doubtful line may be chosen."""
        if chooses is actions.approve and self.choice.sights:
            return forms.ApproveForm(record=self.object, choice=self.choice)["check_note"]
        return None

    def table(self) -> dict:
        """The lines or, once they are worked out, the payouts; one page of them."""
        number = self.request.POST.get("page") or self.request.GET.get("page")
        worked_out = self.object.state in WORKED_OUT
        if worked_out and self.request.GET.get("show") != "lines":
            page = batch_page.page_of(batch_page.payouts(self.object, self.request.user), number)
            return {"page_obj": page, "payouts": True, **self.checks()}
        if self.choice:
            page = batch_page.page_of(self.choice.rows, number)
        else:
            page = batch_page.settled_rows(self.object, self.request.user, number)
        listed = sum(row.line.amount for row in page)
        return {"page_obj": page, "listed": listed, **(self.checks() if worked_out else {})}

    def checks(self) -> dict:
        return {
            "checked": batch_page.checked(self.object),
            "sent": batch_page.sent(self.object),
            "denied": batch_page.denied(self.object),
            "exports": self.object.exports.select_related("by")[:10],
            "may_export": may(self.request.user, actions.EXPORT),
        }


class LinesAct(Act):
    """An act on the lines that were chosen in the table."""

    @cached_property
    def choice(self) -> Choice:
        return Choice(self.object, self.request.user)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"choice": self.choice}


class TakeOut(LinesAct):
    action, form_class = actions.take_out, forms.TakeOutForm

    @property
    def outcome(self):
        return f"已移出{len(self.choice.lines)}笔，等下一个批次"


class Approve(LinesAct):
    action, form_class = actions.approve, forms.ApproveForm

    @property
    def outcome(self):
        passed = self.object.lines.count()
        left = len(self.choice.lines) - passed
        less = f"；另选的{left}笔抵扣后不足，移出等下一个批次" if left else ""
        return f"复核通过{passed}笔，实发{self.object.paid_out:,.2f}元，等局领导发放{less}"


class PayingTable(Paper):
    """报酬发放表; there is none before the taxes are worked out."""

    model, permission = Batch, VIEW

    def made(self) -> bytes:
        if self.object.state not in WORKED_OUT:
            raise Http404
        return papers.paying_table(self.object, self.request.user)

    @property
    def filename(self) -> str:
        return f"报酬发放表 {self.object.number}.pdf"
