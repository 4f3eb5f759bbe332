"""What a selection begins with."""

import re
from datetime import date

from expertteam import account_changes as changes
from expertteam import clock
from expertteam.models import Notification
from expertteam.workflow import LINK
from recruitment import actions as recruitment
from tests import make
from tests.invariants.machines.seeds.office import he, office
from tests.invariants.machines.world import give
from tests.recruitment import former


def selection():
    """A year's end whose successor nobody has entered: drafts, cases under review, notices over and running, objections."""
    office()
    dates = {"opens_on": date(2026, 12, 1), "closes_on": date(2027, 1, 31), "screening_until": date(2027, 2, 15)}
    round = make.make_round(review_until=date(2027, 3, 1), **dates)
    officers = {"intake": he("intake"), "reviewer": he("reviewer")}
    for _ in range(2):
        make.make_complete_application(round=round)
    make.make_recommendable(make.make_complete_application(round=round), by=he("intake"))
    officer = make.make_complete_application(round=round)
    give(officer.applicant, "intake", "reviewer", "leader")
    recruitment.submit(officer, by=officer.applicant)
    with clock.at(date(2026, 12, 14)):
        make.make_approved(round=round, **officers)
        returned = make.make_recommendable(make.make_complete_application(round=round), by=he("intake"))
        recruitment.send_back(returned, by=he("intake"), items=["proof"], note="请补充")
        recruitment.draft_notice(
            by=he("reviewer"), round=round, title="拟聘任人选公示", statement="拟聘任以下人选。",
            applications=[make.make_approved(round=round, **officers)],
        )  # fmt: skip
        make.course(round=round, released=date(2026, 12, 14), **officers)
        make.course(round=round, released=date(2026, 12, 14), intake=he("intake"), reviewer=he("reviewer-leader"))
    running = make.course(round=round, released=date(2026, 12, 18), **officers)
    objection = make.make_objection(running.candidate)
    recruitment.examine(objection, by=he("inspector"))
    recruitment.report(objection, by=he("inspector"), report="不属实")
    make.course(round=round, released=date(2026, 12, 25), **officers)
    recruitment.read_former(former.table(former.somebody(1), former.somebody(2)), by=he("intake"))
    former.taken(he("intake"), he("reviewer"), former.somebody(3))
    proved_number("13955500001")
    make.make_wish(term=make.make_appointment(first_day=date(2024, 3, 1)))
    make.make_appointment(first_day=date(2024, 2, 1))


def proved_number(phone: str):
    """Somebody asked for another mobile number, and has typed the code that went there."""
    owner = make.make_user(phone="13955500000")
    change = changes.ask_phone(owner, by=owner, phone=phone)
    sent = next(each for each in Notification.objects.order_by("-pk") if each.address == phone)
    changes.prove(change, by=LINK, code=re.search(r"\d{6}", sent.body)[0])
