"""Bugs as somebody might write them: a check left out, somebody let in, a sum that is not right; by machine."""

from functools import wraps
from typing import NamedTuple

from django.db import models
from django.db.models import QuerySet

from evaluations import rules as feedback
from evaluations.actions import case, decision, honour, refusal, strike
from evaluations.models import Dismissal, Honour, RatingCase, Strike
from experts import actions as experts
from experts import rules as terms
from experts.models import Appointment
from expertteam import clock, workflow
from payments.actions import account, batch, correction
from payments.models import BankAccount, Batch, Correction, Line
from recruitment import rules
from recruitment.actions import application
from recruitment.models import Application
from services.actions import choice, draw, request, scoring, seat
from services.models import Draw, Engagement, Offer, ScoreSheet, Seat, ServiceRequest


class Plant(NamedTuple):
    """What is wrong, the tables whose guards and checks would stop it, the invariant that it breaks, what is tried most."""

    bug: str
    changes: list[tuple]  # of what, which name, by what
    lawless: list[type[models.Model]]
    breaks: str
    sought: list[str]


def nothing(*_, **__):
    """Instead of a check."""


def body(move, lies):
    """The move with another body, which is given the true one first."""
    true = move.body

    @wraps(true)
    def told(record, *, by, **said):
        return lies(true, record, by=by, **said)

    return move, "body", told


def unseen(offer, *, by):
    """An offer withdrawn as somebody does it who knows the table better than the rules."""
    QuerySet(Offer).filter(pk=offer.pk).update(state="withdrawn")


def before_he_has_accepted(true, it, *, by, **said):
    it.expert = it.expert or it.offers.last().expert
    return true(it, by=by, **said)


def calls_at_once(true, it, *, by, **said):
    seat.call_chosen(it)
    return true(it, by=by, **said)


def signs_for_both(true, it, *, by):
    it.abort_asked_by, it.abort_reason = by, it.abort_reason or "作废"
    it.aborted_by, it.aborted_at = by, clock.now()


def ends_the_term(true, it, *, by, **said):
    afterwards = true(it, by=by, **said)
    experts.end_early(it.appointment, by=by, on=clock.today())
    return afterwards


def counts_whatever_was_found(it):
    service = it.rating.service
    source = {"case": it, "service": service, "found_by": it.found_by, "found_at": it.found_at}
    strike.count(it.rating.expert, "12(2)", clock.local(service.started_at).date(), **source)


def counts_whatever_was_judged(it):
    found = {"refusal": it, "found_by": it.judged_by, "found_at": it.judged_at}
    strike.count(it.expert, "12(3)", it.day, **found)


def decides_at_ease(it, by, answer):
    it.answer, it.reviewed_by, it.reviewed_at = answer, by, clock.now()


def signs_at_ease(it, by, opinion):
    it.opinion, it.signed_by, it.signed_at = opinion, by, clock.now()


def a_yuan_more(true):
    def add_up(it, payouts):
        true(it, payouts)
        it.gross += 1
        it.paid_out += 1

    return add_up


def half_taken_back(true):
    def take_back(line):
        reversal = true(line)
        reversal.amount /= 2
        return reversal

    return take_back


WHOEVER_WAS_ASKED = frozenset(["offered", "accepted"])
TOLD_OR_HEARD = frozenset(["told", "heard"])
PLANTS: dict[str, list[Plant]] = {
    "selection": [
        Plant("an objection is ignored", [(rules, "objection_blocks", lambda *_: False)],
              [Appointment, Application], "I1.objection", ["recruitment.appoint_application"]),
        Plant("the end of the notice is ignored", [(rules, "notice_passed", lambda end, open_, against, now: not against)],
              [Appointment, Application], "I1.notice", ["recruitment.appoint_application"]),
        Plant("a provisional end counts as the end",
              [(rules, "notice_passed", lambda end, open_, against, now: now > end and not against)],
              [Appointment, Application], "I1.notice", ["recruitment.appoint_application"]),
        Plant("who approved may appoint", [(application.appoint, "apart_from", ())], [], "I1.people",
              ["recruitment.appoint_application"]),
        Plant("every certificate has the same number", [(experts, "next_number", lambda year: "并创专〔2026〕001号")],
              [Appointment], "I6.number", ["recruitment.appoint_application"]),
        Plant("a term lasts three years and a day",
              [(terms, "last_day", lambda first: first.replace(year=first.year + 3))], [Appointment], "I4.years",
              ["recruitment.appoint_application"]),
    ],
    "service": [
        Plant("an expert's time is given out twice", [], [Engagement], "I7.time",
              ["ask", "services.accept_offer", "services.arrange_servicerequest"]),
        Plant("an offer is withdrawn without a trace", [(request, "withdraw", unseen)], [], "I27.last",
              ["services.cancel_servicerequest"]),
        Plant("a time is fixed before the expert has accepted", [
                  (request.arrange, "source", WHOEVER_WAS_ASKED), body(request.arrange, before_he_has_accepted),
              ], [ServiceRequest], "I8.voluntary", ["services.arrange_servicerequest"]),
    ],
    "reviews": [
        Plant("scores change after the close", [(scoring, "while_open", nothing)], [ScoreSheet], "I16.unchanged",
              ["services.write_scoresheet"]),
        Plant("who is chosen is called before the leader approves", [body(choice.support, calls_at_once)], [Seat], "I11.source",
              ["services.support_choice"]),
        Plant("one person aborts a draw alone", [body(draw.abort, signs_for_both)], [Draw], "I14.draws",
              ["services.abort_draw"]),
    ],
    "exit": [
        Plant("every upheld finding counts as a bad attitude", [(case, "count_case", counts_whatever_was_found)], [Strike],
              "I17.findings", ["evaluations.find_ratingcase"]),
        Plant("a rating that was taken back counts", [(feedback, "why_not_found", lambda *_, **__: "")], [RatingCase, Strike],
              "I20.counted", ["evaluations.find_ratingcase"]),
        Plant("a refusal with good reason counts", [(refusal, "settle", counts_whatever_was_judged)], [Strike], "I17.findings",
              ["evaluations.ask_reason_refusal", "evaluations.give_reason_refusal", "evaluations.judge_refusal"]),
        Plant("a case is weighed before the expert was heard",
              [(decision.weigh, "source", TOLD_OR_HEARD), (decision, "check_heard", nothing)], [Dismissal],
              "I18.heard", ["evaluations.weigh_dismissal", "evaluations.confirm_dismissal", "evaluations.receive_decision_dismissal"]),
        Plant("who weighed may decide", [(decision.confirm, "apart_from", ()), (decision, "check_decider", nothing)],
              [Dismissal], "I26.apart", ["evaluations.confirm_dismissal"]),
        Plant("officers act on their own matters", [(workflow, "refuse_own", nothing)], [Dismissal], "I26.own",
              ["evaluations.take_up_dismissal", "evaluations.forward_dismissal", "evaluations.add_evidence_dismissal"]),
        Plant("who found an entry decides on its appeal", [(strike, "decide", decides_at_ease)], [Strike], "I26.apart",
              ["evaluations.maintain_strike", "evaluations.reverse_strike"]),
        Plant("who nominates may confer", [(honour, "apart", nothing)], [Honour], "I26.apart",
              ["nominate", "evaluations.confer_honour"]),
        Plant("the term ends before the decision is served", [body(decision.confirm, ends_the_term)], [Appointment], "I5.void",
              ["evaluations.confirm_dismissal"]),
    ],
    "money": [
        Plant("who made a batch may check it", [(batch, "apart", nothing)], [Batch], "I26.apart",
              ["make_batch", "payments.submit_batch", "payments.approve_batch"]),
        Plant("who checked a batch may release it", [(batch, "third", nothing)], [Batch], "I23.people",
              ["payments.approve_batch", "payments.release_batch"]),
        Plant("a batch sends a yuan more than it is made of", [(batch, "add_up", a_yuan_more(batch.add_up))], [Batch], "I24.sums",
              ["payments.approve_batch", "payments.release_batch"]),
        Plant("who proposed a correction may sign it", [(correction, "second", signs_at_ease)], [Correction], "I26.apart",
              ["propose_correction", "payments.sign_correction"]),
        Plant("who entered an account may confirm it", [(account, "apart", nothing)], [BankAccount], "I26.apart",
              ["enter_account", "payments.confirm_account_bankaccount"]),
        Plant("a correction takes back the half", [(correction, "take_back", half_taken_back(correction.take_back))], [Line],
              "I22.reversal", ["propose_correction", "payments.sign_correction"]),
    ],
}  # fmt: skip
