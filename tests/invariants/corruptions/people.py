"""Who was appointed, on what notice, for how long (Articles 3, 5, 6 and 11)."""

from datetime import date

from experts.models import Appointment
from expertteam import clock
from expertteam.models import CalendarDay, CalendarYear
from recruitment.models import Candidate, Document, FormerImport, FormerRow
from tests import make
from tests.invariants import past
from tests.invariants.corruptions import conduct
from tests.invariants.lawless import Case, added, copied, forged, put, taken
from tests.recruitment import former

LONG_AGO = clock.instant(date(2026, 2, 20))


def listed(position=1):
    """A notice with two people on it."""
    with clock.at(past.MONDAY):
        return make.make_listed(2, by=past.officer("reviewer"))[position - 1]


def bare(category=2, **fields):
    """An appointment by the Measures of somebody with ten years of work, as far as the database can be made to say so."""
    term = make.make_appointment(category=category)
    put(term, basis="measures")
    fields = {"profession": "manager", "title_level": "none", "category": category} | fields
    application = make.make_application("appointed", applicant=term.expert.user, appointment=term, **fields)
    make.make_document("verified", application=application)
    work(application)
    return application


def work(application, **fields):
    whole = {"first": date(2015, 1, 1), "employer": "某厂", "position": "厂长", "in_field": True, "managed": True}
    return application.periods.create(**whole | fields)


def judged(application):
    return application.judgements.create(article="6(1)", met=True, note="已核实", by=make.make_user())


def objection_to_the_appointed(**values):
    """Against somebody who was appointed all the same."""

    def spoil(application):
        objection = make.make_bare_objection()
        added(Candidate, application=application, notice=objection.notice, position=1, name="王芳", category=2)
        put(objection, received_at=LONG_AGO, **values)

    return spoil


def double_review(it):
    reviewer = it.application.history.filter(state="recommended").first().history_user_id
    forged(it.application, since="approved", history_user_id=reviewer)


def imported():
    """The term of somebody of the old team."""
    former.taken(past.officer("intake"), past.officer("reviewer"), former.PERSON)
    return Appointment.objects.get()


def left():
    """A term that ended early."""
    return conduct.dismissed().appointment


CASES = [
    Case("I1.application", past.applied, lambda it: put(it.application, state="declined")),
    Case("I1.application", past.applied, lambda it: put(it.application, applicant_id=make.make_user().pk)),
    Case("I1.application", imported, lambda term: put(term, basis="measures")),
    Case("I1.former", imported, lambda term: put(term, first_day=date(2026, 2, 1))),
    Case("I1.former", imported, lambda term: put(term, last_day=date(2027, 4, 29))),
    Case("I1.former", imported, lambda term: put(term, basis="other")),
    Case("I1.former", imported, lambda term: put(term, decided_by_id=past.officer("leader").pk)),
    Case("I1.former", imported, lambda term: put(FormerImport.objects.get(), taken_by_id=past.officer("intake").pk)),
    Case("I1.former", imported, lambda term: put(FormerImport.objects.get(), state="undone")),
    Case("I1.former", imported, lambda term: put(FormerRow.objects.get(), outcome="known")),
    Case("I1.former", imported, lambda term: taken(FormerRow.objects.get())),
    Case("I1.former", past.applied, lambda it: put(it.term, basis="former")),
    Case("I1.notice", past.applied, lambda it: put(it.term, decided_at=it.notice.begins_at)),
    Case("I1.notice", past.applied, lambda it: put(it.notice, provisional=True)),
    Case("I1.notice", past.applied, lambda it: taken(it.candidate)),
    Case("I1.period", listed, lambda it: put(it.notice, ends_at=clock.instant(date(2026, 3, 9), 17))),
    Case("I1.period", listed, lambda it: put(CalendarYear.objects.get(year=2026), year=2126)),
    Case("I1.period", listed, lambda it: added(CalendarDay, year=CalendarYear.objects.get(year=2026),
                                               date=date(2026, 3, 5), kind="rest", name="调休")),
    Case("I1.objection", bare, objection_to_the_appointed(state="received")),
    Case("I1.objection", bare, objection_to_the_appointed(state="decided", upheld=True)),
    Case("I1.people", past.applied, lambda it: put(it.term, decided_by_id=it.application.applicant_id)),
    Case("I1.people", past.applied, double_review),
    Case("I2.evidence", past.applied, lambda it: put(it.term, category=8)),
    Case("I2.evidence", bare, lambda it: put(Document.objects.get(application=it), replaced_at=clock.now())),
    Case("I2.evidence", bare, lambda it: put(Document.objects.get(application=it), state="rejected")),
    Case("I2.years", bare, lambda it: put(it.periods.get(), first=date(2022, 4, 1))),
    Case("I2.years", lambda: bare(category=4), lambda it: put(it.periods.get(), in_field=False)),
    Case("I2.years", lambda: bare(category=7), lambda it: put(it.periods.get(), managed=False)),
    Case("I2.title", bare, lambda it: put(it, profession="law")),
    Case("I2.title", lambda: bare(category=3, title_level="middle"), lambda it: put(it, title_level="junior")),
    Case("I2.judged", lambda: judged(bare()), lambda it: put(it, met=False)),
    Case("I2.judged", lambda: judged(bare()), lambda it: put(it, by_id=it.application.applicant_id)),
    Case("I3.notice", listed, lambda it: put(it.notice, statement="拟聘任以下两位。")),
    Case("I3.notice", listed, lambda it: put(it.notice, days=3)),
    Case("I3.notice", listed, lambda it: put(it, name="王方")),
    Case("I3.notice", listed, taken),
    Case("I3.period", listed, lambda it: put(it.notice, ends_at=clock.instant(date(2026, 3, 6), 18))),
    Case("I3.period", listed, lambda it: forged(it.notice, since="published", digest="0" * 64)),
    Case("I3.objection", make.make_bare_objection, lambda it: put(it, counts=False)),
    Case("I3.objection", make.make_bare_objection, lambda it: put(it, received_at=clock.now())),
    Case("I3.objection", make.make_bare_objection, lambda it: put(it, notice_id=make.make_bare_notice().pk)),
    Case("I4.overlap", make.make_appointment, lambda it: copied(it, number="并创专〔2026〕999号", token="x")),
    Case("I4.overlap", lambda: make.make_appointment(first_day=date(2023, 2, 27)), lambda it: copied(
        it, number="并创专〔2026〕999号", token="x", first_day=date(2026, 2, 26), last_day=date(2029, 2, 25))),
    Case("I4.length", make.make_appointment, lambda it: put(it, category=9)),
    Case("I4.length", make.make_appointment, lambda it: put(it, last_day=it.first_day)),
    Case("I4.years", make.make_appointment, lambda it: put(it, last_day=date(2029, 3, 1))),
    Case("I4.years", lambda: make.make_appointment(first_day=date(2024, 2, 29)),
         lambda it: put(it, last_day=date(2027, 3, 1))),
    Case("I6.number", make.make_appointment, lambda it: put(make.make_appointment(), number=it.number)),
    Case("I6.number", make.make_appointment, lambda it: put(make.make_appointment(), token=it.token)),
    Case("I6.certificate", make.make_appointment, lambda it: put(it, last_day=date(2028, 2, 28))),
    Case("I6.certificate", make.make_appointment, lambda it: put(it, name="王方")),
    Case("I6.certificate", left, lambda it: put(it, void_from=None)),
]  # fmt: skip
