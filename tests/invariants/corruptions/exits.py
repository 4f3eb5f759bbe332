"""Counting, dismissals, and who had which hand in it (Article 12)."""

from datetime import date

from evaluations.models import Delivery, DismissalFile, Plea
from expertteam import actions as office
from expertteam import clock
from tests import make
from tests.conftest import person
from tests.evaluations import ledger
from tests.invariants import past
from tests.invariants.lawless import Case, added, copied, forged, forgotten, put, taken

DAYS = [date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11)]


def struck():
    """An entry for a poor rating."""
    return ledger.attitude(make.make_expert(), DAYS[0])


def refused():
    return ledger.refusal(make.make_expert(), DAYS[0])


def dismissed(ground="12(2)"):
    """On three entries."""
    expert = make.make_expert()
    for day in DAYS:
        ledger.attitude(expert, day) if ground == "12(2)" else ledger.refusal(expert, day)
    return make.make_dismissal("dismissed", expert=expert, ground=ground)


def on_entries():
    """Confirmed, with the entry it rests on."""
    return confirmed(make.make_strike("maintained"))


def on_a_pairing():
    """Confirmed, with an entry for a poor rating of a contact."""
    pairing = make.make_pairing()
    service = make.make_service(
        "confirmed", expert=pairing.expert, pairing=pairing, started_at=clock.instant(DAYS[0], 14)
    )
    return confirmed(ledger.attitude(pairing.expert, DAYS[0], "maintained", service=service))


def confirmed(entry):
    """A case that rests on this one."""
    dismissal = make.make_dismissal(expert=entry.expert, ground=entry.ground)
    dismissal.strikes.add(entry)
    for state in make.WAYS["confirmed"]:
        put(dismissal, state=state, **make.taken(dismissal, state))
    dismissal.refresh_from_db()
    return dismissal


def on_evidence():
    dismissal = make.make_dismissal("dismissed")
    make.make_dismissal_file(dismissal)
    return dismissal


def asked_himself():
    return make.make_dismissal("dismissed", ground="12(1)")


def strike(dismissal):
    return dismissal.expert.strikes.order_by("day").first()


def unanswered(dismissal):
    return added(Plea, dismissal=dismissal, place=99, words="没有卖课", answer="", entered_by=dismissal.expert.user)


def answered():
    dismissal = make.make_dismissal("weighed")
    plea = {"words": "没有卖课", "answer": "有录音", "accepted": False, "entered_by": dismissal.expert.user}
    return added(Plea, dismissal=dismissal, place=1, **plea)


def decided():
    """With the decider in its history."""
    dismissal = make.make_dismissal("weighed")
    dismissal.state, dismissal.decision, dismissal.decision_number = "confirmed", "同意", "并创专解决〔2026〕001号"
    dismissal.decided_by, dismissal.decided_at = past.officer("leader"), dismissal.weighed_at
    dismissal._history_user = dismissal.decided_by
    dismissal.save()
    return dismissal


def ended():
    """A term that somebody has ended, by a served decision."""
    dismissal = decided()
    Delivery.objects.create(
        dismissal=dismissal, paper="decision", channel="online", by=dismissal.expert.user, served_on=DAYS[0]
    )
    dismissal.state, dismissal.effective_on = "dismissed", DAYS[0]
    dismissal.save()
    term = dismissal.appointment
    term.void_from, term._history_user = dismissal.effective_on, past.officer("leader")
    term.save()
    return term


def matched():
    """A poor rating of a service that somebody arranged, found by another."""
    rating = past.poorly_rated()
    case = rating.case
    put(case, state="found", finding="other", found_by_id=past.officer("reviewer").pk)
    return case


def matcher_finds(case):
    put(case, found_by_id=case.rating.service.request.offers.get().offered_by_id)


def role():
    """A role that one proposed and another confirmed."""
    grant = office.propose(make.make_user(), by=person("admin", "admin"), role="intake")
    return office.confirm(grant, by=past.officer("inspector"))


CASES = [
    Case("I17.findings", struck, lambda it: put(it, found_by_id=make.make_user().pk)),
    Case("I17.findings", struck, lambda it: put(it.case, finding="malicious")),
    Case("I17.findings", refused, lambda it: put(it.refusal, finding="proper_reason")),
    Case("I17.ground", dismissed, lambda it: put(strike(it), state="reversed")),
    Case("I17.ground", dismissed, lambda it: put(strike(it), service_id=it.expert.strikes.order_by("day").last().service_id)),
    Case("I17.ground", lambda: dismissed("12(3)"), lambda it: put(strike(it), day=date(2025, 3, 11))),
    Case("I17.evidence", on_evidence, lambda it: taken(DismissalFile.objects.get(dismissal=it))),
    Case("I17.evidence", on_evidence, lambda it: put(it, ground="12(7)")),
    Case("I17.evidence", asked_himself, lambda it: put(it, opened_by_id=make.make_user().pk)),
    Case("I18.heard", lambda: make.make_dismissal("dismissed"), lambda it: put(it, told_on=None)),
    Case("I18.heard", lambda: make.make_dismissal("dismissed"), lambda it: put(it, opinion="")),
    Case("I18.heard", lambda: make.make_dismissal("dismissed"), lambda it: put(it, decided_by_id=it.handler_id)),
    Case("I18.answered", lambda: make.make_dismissal("dismissed"), unanswered),
    Case("I18.answered", answered, lambda it: put(it, answer="")),
    Case("I18.answered", answered, lambda it: put(it, accepted=None)),
    Case("I18.served", lambda: make.make_dismissal("dismissed"), lambda it: taken(it.deliveries.get(paper="notice"))),
    Case("I18.served", lambda: make.make_dismissal("dismissed"), lambda it: put(
        it, heard_how="lapse", heard_on=it.defence_until)),
    Case("I19.person", decided, lambda it: forged(it, since="confirmed", history_user_id=None)),
    Case("I19.person", decided, lambda it: forgotten(it, state="confirmed")),
    Case("I19.person", ended, lambda it: forged(it, history_user_id=None)),
    Case("I20.counted", struck, lambda it: put(it.service, phone="", phone_index=None)),
    Case("I20.counted", struck, lambda it: put(it.service, state="rejected")),
    Case("I20.counted", struck, lambda it: put(it.case.rating, grade=3)),
    Case("I20.counted", struck, lambda it: copied(it, number="JC26990001")),
    Case("I20.counted", refused, lambda it: copied(it, number="JC26990001")),
    Case("I26.apart", lambda: make.make_dismissal("dismissed"), lambda it: put(it, decided_by_id=it.weighed_by_id)),
    Case("I26.apart", lambda: make.make_refusal("judged", opened_by=make.make_user()), lambda it: put(
        it, judged_by_id=it.opened_by_id)),
    Case("I26.apart", lambda: make.make_choice("approved"), lambda it: put(it, inspector_id=it.proposed_by_id)),
    Case("I26.apart", make.make_bank_account, lambda it: put(it, confirmed_by_id=it.entered_by_id)),
    Case("I26.own", lambda: make.make_honour("conferred"), lambda it: put(it, decided_by_id=it.expert.user_id)),
    Case("I26.own", make.make_offer, lambda it: put(it, offered_by_id=it.expert.user_id)),
    Case("I26.own", lambda: make.make_appointment(), lambda it: put(it, decided_by_id=it.expert.user_id)),
    Case("I26.moves", past.applied, lambda it: forged(
        it.application, since="approved", history_user_id=it.application.applicant_id)),
    Case("I26.moves", past.applied, lambda it: forged(
        it.application.documents.first(), since="verified", history_user_id=it.application.applicant_id)),
    Case("I26.moves", lambda: make.make_service("ruled"), lambda it: forged(
        it, since="ruled", history_user_id=it.expert.user_id)),
    Case("I26.finding", matched, matcher_finds),
    Case("I26.finding", lambda: make.make_refusal("judged"), lambda it: put(it.offer, offered_by_id=it.judged_by_id)),
    Case("I26.dismissal", on_entries, lambda it: put(it, decided_by_id=it.strikes.first().found_by_id)),
    Case("I26.dismissal", on_entries, lambda it: put(it.strikes.first().refusal.offer, offered_by_id=it.weighed_by_id)),
    Case("I26.dismissal", on_entries, lambda it: put(it, opened_by_id=it.decided_by_id)),
    Case("I26.dismissal", on_a_pairing, lambda it: put(
        it.strikes.first().service.pairing, proposed_by_id=it.weighed_by_id)),
    Case("I26.objection", past.objected, lambda it: forged(
        it, since="decided", history_user_id=past.officer("inspector").pk)),
    Case("I26.objection", past.objected, lambda it: forgotten(it, state="decided")),
    Case("I26.roles", role, lambda it: forged(it, since="active", history_user_id=it.proposed_by_id)),
    Case("I26.roles", role, lambda it: forged(it, since="active", history_user_id=it.user_id)),
    Case("I26.roles", role, lambda it: make.make_role_grant("active", role="intake")),
]  # fmt: skip
