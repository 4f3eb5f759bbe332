"""Reviews as the office runs, supervises and decides them; the draw has its own pages."""

from django.urls import path

from services.actions import choice, conclusion, panel, seat, supervision
from services.forms import panel_moves as short
from services.forms import panels as forms
from services.views import panel_moves as moves
from services.views import panels as views
from services.views.panel_moves import PanelAct, PartAct, SeatAct

PANEL, SEAT = "admin/panels/<int:pk>/", "admin/seats/<int:pk>/"
CHOICE, RECUSAL = "admin/choices/<int:pk>/", "admin/recusals/<int:pk>/"


def act(address, action, name, form_class, view=PanelAct, **more):
    """The page of one move, under its own verb."""
    page = view.as_view(action=action, form_class=form_class, **more)
    return path(f"{address}{action.verb}/", page, name=name)


REVIEWS = [
    path("admin/draws/", views.Panels.as_view(), name="panels"),
    path("admin/draws/new/", moves.Draft.as_view(), name="draft_panel"),
    path("admin/panels/papers/<int:pk>/", views.paper, name="panel_paper"),
    path(PANEL, views.PanelDetail.as_view(), name="panel"),
    path(PANEL + "revise/", moves.Revise.as_view(), name="revise_panel"),
    path(PANEL + "add_project/", moves.AddProject.as_view(), name="add_project_panel"),
    path(PANEL + "freeze/", moves.Freeze.as_view(), name="freeze_panel"),
    path(PANEL + "halt/", moves.CallHalt.as_view(), name="halt_panel"),
    path(PANEL + "record_recusal/", moves.RecordRecusal.as_view(), name="record_recusal_panel"),
    act(PANEL, panel.drop_project, "drop_project_panel", forms.DropForm, said="参评项目已撤下"),
    act(PANEL, panel.choose, "choose_panel", forms.ChooseForm, said="已提出定向选取，等纪检意见"),
    act(PANEL, panel.take_seat, "take_seat_panel", short.TakeSeatForm, said="已登记您到场监督"),
    act(PANEL, panel.convene, "convene_panel", short.ConveneForm),
    act(PANEL, panel.cancel, "cancel_panel", short.CancelForm),
    act(PANEL, conclusion.close_scoring, "close_scoring_panel", short.CloseForm),
    act(PANEL, conclusion.conclude, "conclude_panel", short.ConcludeForm),
    act(PANEL, conclusion.publish, "publish_panel", short.PublishForm),
]
SEATS = [
    path(SEAT + "look_up/", moves.LookUp.as_view(), name="look_up_seat"),
    path(SEAT + "try_again/", moves.TryAgain.as_view(), name="try_again_seat"),
    act(SEAT, seat.report_unreachable, "report_unreachable_seat", short.UnreachableForm, SeatAct),
    act(SEAT, seat.pass_on, "pass_on_seat", short.PassOnForm, SeatAct),
    act(SEAT, seat.report_absent, "report_absent_seat", short.AbsentForm, SeatAct),
    act(SEAT, seat.excuse, "excuse_seat", forms.ExcuseForm, SeatAct),
    act(SEAT, seat.rule_out, "rule_out_seat", short.RuleOutForm, SeatAct),
    act(SEAT, seat.send_back, "send_back_seat", short.SendBackForm, SeatAct),
    act(SEAT, seat.stand_down, "stand_down_seat", short.StandDownForm, SeatAct),
    act(SEAT, seat.answer_objection, "answer_objection_seat", short.AnswerForm, SeatAct, said="异议已答复"),
    act(SEAT, conclusion.take_as_agreed, "take_as_agreed_seat", short.AgreedForm, SeatAct, title="登记未签字"),
]
DECISIONS = [
    act(CHOICE, choice.support, "support_choice", short.OpinionForm, PartAct, part="choices", title="同意定向选取"),
    act(CHOICE, choice.oppose, "oppose_choice", short.OpinionForm, PartAct, part="choices", title="不同意定向选取"),
    act(CHOICE, choice.approve, "approve_choice", short.ApproveForm, PartAct, part="choices"),
    act(CHOICE, choice.refuse, "refuse_choice", short.DecisionForm, PartAct, part="choices"),
    act(
        RECUSAL,
        supervision.uphold,
        "uphold_recusalrequest",
        short.RulingForm,
        PartAct,
        part="recusals",
        title="认定成立",
    ),
    act(
        RECUSAL,
        supervision.dismiss,
        "dismiss_recusalrequest",
        short.RulingForm,
        PartAct,
        part="recusals",
        title="认定不成立",
    ),
    path(
        "admin/halts/<int:pk>/lift/",
        PartAct.as_view(action=supervision.lift, form_class=short.LiftForm, said="评审已恢复"),
        name="lift_halt",
    ),
]

urlpatterns = [*REVIEWS, *SEATS, *DECISIONS]
