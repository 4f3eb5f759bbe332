from datetime import date

import pytest

from expertteam import clock
from expertteam.regulation import Refused
from recruitment import actions
from recruitment.models import Application
from tests.make import course, make_complete_application, make_objection

State = Application.State
pytestmark = pytest.mark.usefixtures("today")


def test_submit_hands_the_draft_in_and_leaves_a_trace(db):
    application = make_complete_application()

    actions.submit(application, by=application.applicant)

    application.refresh_from_db()
    entry = application.history.first()
    assert application.state == State.SUBMITTED
    assert (entry.history_user, entry.history_change_reason) == (application.applicant, "提交报名（第11条）")


def test_appoint_after_the_notice_enters_the_expert_for_three_years(intake, reviewer, leader):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2))

    with clock.at(clock.instant(date(2026, 3, 9), 18, 1)):
        actions.appoint(it.application, by=leader)

    appointment = it.application.appointment
    assert it.application.state == State.APPOINTED
    assert (appointment.first_day, appointment.last_day) == (date(2026, 3, 9), date(2029, 3, 8))
    assert appointment.number == "并创专〔2026〕001号"


def test_appoint_refuses_at_the_last_minute_of_the_notice(intake, reviewer, leader):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2))

    with clock.at(clock.instant(date(2026, 3, 9), 18)), pytest.raises(Refused, match="公示未满"):
        actions.appoint(it.application, by=leader)


def test_an_objection_blocks_until_found_baseless(intake, reviewer, leader, inspector):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2))
    with clock.at(date(2026, 3, 4)):
        objection = make_objection(it.candidate)

    with clock.at(date(2026, 3, 10)):
        with pytest.raises(Refused, match="异议还没有办结"):
            actions.appoint(it.application, by=leader)
        actions.examine(objection, by=inspector)
        actions.report(objection, by=inspector, report="任职属实")
        actions.decide(objection, by=leader, upheld=False, decision="不成立")
        actions.appoint(it.application, by=leader)

    assert it.application.state == State.APPOINTED
