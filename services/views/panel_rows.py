"""What the page of a review shows of its parts, and which buttons go with each (Articles 8(4) and 10(4))."""

from functools import cached_property
from typing import NamedTuple

from django.urls import reverse

from expertteam import clock
from expertteam.workflow import TRANSITIONS, available, may
from services import pool
from services.actions import conclusion, leaving, seat, supervision
from services.models import Choice, Draw, Halt, Recusal, RecusalRequest, ReviewPanel, ScoreSheet, Seat
from services.rules import panel as rules
from services.views.draws import STEPS, step

SHORT = {  # where the verb is too long for a button
    conclusion.take_as_agreed: "登记未签字",
    supervision.uphold: "认定成立",
    supervision.dismiss: "认定不成立",
}


def steps_of(review: ReviewPanel, draws: list[Draw]) -> tuple[list[str], int]:
    """The five steps of a draw, and how many are done; none where nobody was drawn."""
    live = live_draw(draws)
    if live is None and review.state != ReviewPanel.State.DRAFT:
        return [], 0
    return STEPS, step(live) if live else 0


def live_draw(draws: list[Draw]) -> Draw | None:
    return next((each for each in draws if each.state != Draw.State.ABORTED), None)


class Button(NamedTuple):
    label: str
    url: str


def button(move, record) -> Button:
    """The page of a move goes by the name of its permission."""
    codename = move.permission.split(".")[1]
    return Button(SHORT.get(move, move.label), reverse(f"services:{codename}", args=[record.pk]))


class Rows:
    """The parts of one review for one reader."""

    def __init__(self, review: ReviewPanel, user):
        self.review, self.user, self.halted = review, user, review.standstill()

    def allowed(self, permission: str) -> bool:
        """Whether he may do something on this review that is no move of a record."""
        return not self.halted and may(self.user, permission) and not self.review.concerns(self.user)

    @cached_property
    def supervises(self) -> bool:
        return may(self.user, "services.view_panelreading")

    def with_moves(self, records) -> list[tuple]:
        """Each record with its buttons; what review it is of is known already."""
        found = list(records)
        for each in found:
            each.panel = self.review
        return [(each, [button(move, each) for move in self.moves_of(each)]) for each in found]

    def moves_of(self, record) -> list:
        """The moves of the office; none while the review stands still but the one that ends that."""
        if self.halted and not isinstance(record, Halt):
            return []
        held = [
            move
            for move in TRANSITIONS[type(record)]
            if record.state in move.source and not (move.own or move.inner) and may(self.user, move.permission)
        ]
        open_now = [move for move in available(record, self.user) if move in held] if held else []
        return [move for move in open_now if self.is_due(record, move)]

    def recusals(self):
        """Requests of parties that somebody stay away."""
        if not may(self.user, "services.view_recusalrequest"):
            return []
        return self.with_moves(self.review.recusal_requests.select_related("expert__user", "project"))

    def choices(self):
        """Who is proposed is told as long as he is not called; from then on he is a member like any other."""
        if not may(self.user, "services.view_choice"):
            return []
        people = ("proposed_by", "inspector", "approved_by")
        records = self.review.choices.select_related(*people).prefetch_related("chosen__expert__user")
        found = self.with_moves(records)
        for each, _ in found:
            secret = each.state == Choice.State.APPROVED and not self.review.names_open
            each.named = [] if secret else [(pool.stratum_label(one.stratum), one.expert) for one in each.chosen.all()]
        return found

    def halts(self):
        return self.with_moves(self.review.halts.select_related("by"))

    def readings(self):
        """Who looked at which name, for those who supervise."""
        return self.review.readings.select_related("reader", "seat__panel") if self.supervises else []

    # Seats

    @cached_property
    def looked_up(self) -> int | None:
        """The one seat whose name this reader has just looked up."""
        last = self.review.readings.filter(reader=self.user).select_related("seat__panel").first()
        return last.seat_id if last and last.seat and seat.is_shown(last.seat, self.user) else None

    def seats(self) -> list[dict]:
        members = self.review.seats.select_related("expert__user").prefetch_related("attempts")
        return [self.seat(member, buttons) for member, buttons in self.with_moves(members)]

    def seat(self, member: Seat, buttons) -> dict:
        """One seat with what may be known of it and done with it."""
        called = member.state == Seat.State.CALLED
        looked_up = called and member.pk == self.looked_up
        may_try = called and self.allowed(seat.report_unreachable.permission)
        return {
            "seat": member,
            "label": pool.stratum_label(member.stratum),
            "named": self.review.names_open or looked_up,
            "looked_up": looked_up,
            "attempts": member.attempts.all() if called else [],
            "lacking": lacking(member) if may_try else "",
            "told": self.supervises or bool(member.objected_at) and may(self.user, seat.answer_objection.permission),
            "buttons": buttons,
            "may_look": called and not looked_up and self.allowed("services.look_up_seat"),
            "may_try": may_try,
        }

    def is_due(self, record, move) -> bool:
        """Whether a move is not one that would be refused as things stand."""
        if isinstance(record, Seat):
            return self.seat_is_due(record, move)
        first = {RecusalRequest: "recorded_by_id", Choice: "proposed_by_id"}.get(type(record))
        return first is None or getattr(record, first) != self.user.pk

    @cached_property
    def unable(self) -> set[int]:
        """The members who cannot begin this review as things stand."""
        members = self.review.seats.filter(state__in=leaving.TO_COME).select_related("panel")
        return {each.pk for each in leaving.unable(members)}

    def seat_is_due(self, member: Seat, move) -> bool:
        state = self.review.state
        if move is seat.rule_out:
            return not self.review.convened_at and member.pk in self.unable
        due = {
            seat.report_unreachable: member.state == Seat.State.CALLED and not lacking(member),
            seat.report_absent: clock.now() >= self.review.starts_at,
            seat.excuse: state in (ReviewPanel.State.SEATED, ReviewPanel.State.OPEN),
            seat.send_back: member.why == Seat.Why.UNREACHABLE,
            seat.answer_objection: bool(member.objected_at) and not member.objection_answer,
            conclusion.take_as_agreed: state == ReviewPanel.State.SIGNING,
        }
        return due.get(move, True)

    # Results

    @cached_property
    def ties(self):
        """The projects on which the members still have to vote."""
        return conclusion.open_ties(self.review) if self.review.state == ReviewPanel.State.SIGNING else []

    def results(self) -> list[dict]:
        """Projects by rank with what each member gave, once the scoring is closed."""
        review = self.review
        if not review.closed_at or not may(self.user, "services.view_scoresheet"):
            return []
        sheets = ScoreSheet.objects.valid().filter(panel=review).select_related("seat__expert__user")
        excused = Recusal.objects.filter(project__panel=review).select_related("seat__expert__user")
        given = [(each.project_id, each.seat, each.total, each.explanation) for each in sheets]
        given += [(each.project_id, each.seat, None, "") for each in excused]
        given.sort(key=lambda row: row[1].place)
        return [
            {"project": project, "given": [row[1:] for row in given if row[0] == project.pk]}
            for project in review.projects.order_by("rank", "place")
        ]


def lacking(member: Seat) -> str:
    """What is still wanted before somebody who is called counts as not to be reached."""
    tries = [each.at for each in member.attempts.all() if each.at >= member.called_at]
    return rules.not_reached(tries, member.answer_due, clock.now())
