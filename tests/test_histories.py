"""Every table that keeps a history: it grows, and the database lets nobody change or take away a row of it."""

from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import IntegrityError, connection, transaction
from simple_history.admin import SimpleHistoryAdmin

from evaluations.models import Assessment, Dismissal, Honour, Plea, Rating, RatingCase, Refusal, Report, Strike
from experts.models import Appointment, Disclosure, Expert, Partner, PartnerKey
from expertteam import clock, consents
from expertteam.models import AccountChange, CalendarDay, CalendarYear, Consent, Policy, RoleGrant, User
from payments.models import BankAccount, BankReturn, Batch, Correction, Payee, RateSchedule
from recruitment.models import (
    Application,
    Document,
    FormerImport,
    Judgement,
    Notice,
    Objection,
    Round,
    SuccessCase,
    Wish,
    WorkPeriod,
)
from services.models import (
    Activity,
    ActivityRole,
    Choice,
    DayException,
    Diary,
    Draw,
    DrawParty,
    Engagement,
    Halt,
    Offer,
    Pairing,
    PairingMember,
    Party,
    Pause,
    Recusal,
    RecusalRequest,
    ReviewPanel,
    ReviewProject,
    ScoreSheet,
    ScoreTemplate,
    Seat,
    Service,
    ServiceRequest,
    SignUp,
    WeeklyHours,
)
from tests import make

pytestmark = pytest.mark.usefixtures("today")
DAY = date(2026, 3, 5)


def of_application(model, **fields):
    return model.objects.create(application=make.make_document().application, **fields)


def recused(sheet):
    return Recusal.objects.create(seat=sheet.seat, project=sheet.project, reason="同门")


RECORDS = {  # one record of every table that keeps a history
    AccountChange: make.make_account_change,
    Activity: make.make_activity,
    ActivityRole: make.make_activity_role,
    Application: lambda: make.make_document().application,
    Appointment: make.make_appointment,
    Assessment: make.make_assessment,
    BankAccount: make.make_bank_account,
    BankReturn: make.make_bank_return,
    Batch: make.make_batch,
    CalendarDay: lambda: CalendarDay.objects.first(),
    CalendarYear: lambda: CalendarYear.objects.first(),
    Choice: make.make_choice,
    Consent: lambda: consents.sign(make.make_user(), "confidentiality"),
    Correction: make.make_correction,
    DayException: lambda: DayException.objects.create(expert=make.make_expert(), date=DAY, kind="off"),
    Diary: lambda: Diary.objects.create(expert=make.make_expert(), monthly_cap=8),
    Disclosure: lambda: Disclosure.objects.create(
        expert=make.make_expert(), kind="investment", name="太原某米业公司", detail="持股10%", begins_on=DAY
    ),
    Dismissal: make.make_dismissal,
    Document: make.make_document,
    Draw: make.make_draw,
    DrawParty: make.make_draw_party,
    Engagement: lambda: make.make_engagement(make.make_expert(), clock.instant(DAY, 14)),
    Expert: make.make_expert,
    FormerImport: make.make_former_import,
    Halt: make.make_halt,
    Honour: make.make_honour,
    Judgement: lambda: of_application(Judgement, article="6(1)", met=True, note="已核实", by=make.make_user()),
    Notice: make.make_bare_notice,
    Objection: make.make_bare_objection,
    Offer: make.make_offer,
    Pairing: make.make_pairing,
    PairingMember: lambda: make.make_pairing().members.first(),
    Partner: make.make_partner,
    PartnerKey: make.make_partner_key,
    Party: lambda: Party.objects.create(project=make.make_project(make.make_panel()), role="head", name="郝建功"),
    Payee: lambda: Payee.objects.create(expert=make.make_expert(), tier="senior"),
    Pause: lambda: Pause.objects.create(expert=make.make_expert(), first_day=DAY),
    Plea: lambda: Plea.objects.create(
        dismissal=make.make_dismissal("told"), place=1, words="课程是免费的", entered_by=make.make_user()
    ),
    Policy: lambda: Policy.objects.create(key="notice_days", value=7, effective_from=DAY, source="局务会纪要"),
    RateSchedule: make.make_rate_schedule,
    Rating: make.make_rating,
    RatingCase: make.make_rating_case,
    Recusal: lambda: recused(make.make_score_sheet()),
    RecusalRequest: make.make_recusal_request,
    Refusal: make.make_refusal,
    Report: make.make_report,
    ReviewPanel: make.make_panel,
    ReviewProject: lambda: make.make_project(make.make_panel()),
    RoleGrant: make.make_role_grant,
    Round: make.make_round,
    ScoreSheet: make.make_score_sheet,
    ScoreTemplate: make.make_score_template,
    Seat: make.make_seat,
    Service: make.make_service,
    ServiceRequest: make.make_request,
    SignUp: make.make_sign_up,
    Strike: make.make_strike,
    SuccessCase: lambda: of_application(SuccessCase, client="某面馆", year=2024, story="扭亏"),
    User: make.make_user,
    WeeklyHours: lambda: make.make_hours(make.make_expert(), 0, "09:00", "12:00"),
    Wish: make.make_wish,
    WorkPeriod: lambda: of_application(WorkPeriod, employer="某厂", position="厂长", first=date(2015, 1, 1)),
}


def test_every_history_is_tried_here():
    kept = {model for model in apps.get_models() if hasattr(model._meta, "simple_history_manager_attribute")}

    assert set(RECORDS) == kept


def test_a_register_shows_the_history_of_what_keeps_one():
    registers = {model for model, register in admin.site._registry.items() if isinstance(register, SimpleHistoryAdmin)}

    assert registers <= set(RECORDS)


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("statement", ["UPDATE {} SET history_change_reason = 'x'", "DELETE FROM {}"])
def test_a_history_is_added_to_and_never_changed(db, model, statement):
    record = RECORDS[model]()
    table = model.history.model._meta.db_table
    rows = record.history.count()

    with pytest.raises(IntegrityError, match=f"append_only_{table}"), transaction.atomic():
        connection.cursor().execute(statement.format(table))

    assert rows > 0
    assert record.history.count() == rows
