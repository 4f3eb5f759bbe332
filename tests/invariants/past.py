"""What the bureau has done before somebody lays hands on it: each the whole way through the verbs."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from evaluations import actions as evaluations
from expertteam import clock
from expertteam.models import User
from expertteam.workflow import LINK
from payments.models import Claim, Line, Payout
from recruitment import actions as recruitment
from services import actions as services
from services.actions import conclusion, scoring, seat
from tests import make
from tests.conftest import person
from tests.payments import pay
from tests.services import panels

MONDAY = date(2026, 3, 2)


def officer(role):
    return User.objects.filter(username=role).first() or person(role, role)


def people(*roles):
    return {role: officer(role) for role in roles}


def applied(**fields):
    """Appointed by the Measures on 2026-03-10: ``application``, ``notice``, ``candidate``, ``term``."""
    with clock.at(MONDAY):
        it = make.course(**people("intake", "reviewer"), **fields)
    with clock.at(date(2026, 3, 10)):
        recruitment.appoint(it.application, by=officer("leader"))
    it.application.refresh_from_db()
    it.term = it.application.appointment
    return it


def objected():
    """An objection found without ground, and answered."""
    with clock.at(MONDAY):
        listed = make.course(**people("intake", "reviewer")).candidate
    with clock.at(date(2026, 3, 4)):
        it = make.make_objection(listed)
        recruitment.examine(it, by=officer("inspector"))
        recruitment.report(it, by=officer("inspector"), report="已核实")
        recruitment.decide(it, by=officer("leader"), upheld=False, decision="不成立")
        recruitment.answer(it, by=officer("inspector"), answer="不成立")
    return it


def arranged(**said):
    """A request that an expert has accepted; it is Monday."""
    with clock.at(MONDAY):
        return make.make_arranged(make.make_expert(), **said)


def logged():
    with clock.at(MONDAY):
        return make.make_logged(make.make_expert())


def rated(grade=4, **said):
    """Held, confirmed and rated by the client through his links."""
    with clock.at(MONDAY):
        service = make.make_logged(make.make_expert())
    with clock.at(date(2026, 3, 6)):
        services.confirm(service, by=LINK)
        return evaluations.give(service.rating, by=LINK, grade=grade, **said)


def poorly_rated():
    return rated(2, wrong=["attitude"])


def drawn():
    """A draw whose five members are called."""
    panels.experts()
    with clock.at(MONDAY):
        return panels.drawn()


def handed_on():
    """Somebody was looked up to be rung up, one of them has stood down, and the next was called."""
    it = drawn()
    with clock.at(MONDAY):
        seat.look_up(it.seats.order_by("place").last(), by=panels.operator())
        panels.stand_down(it.seats.order_by("place").first())
    it.refresh_from_db()
    return it


def reviewed():
    """A review from the draw to the published result: its panel."""
    panels.experts()
    with clock.at(MONDAY):
        it = panels.convened()
    with clock.at(panels.BEGINS):
        for member in it.seats.judging():
            sheet = scoring.sheet_of(member, it.projects.get())
            scoring.submit(sheet, by=member.expert.user, marks={"team": Decimal(30), "plan": Decimal(50)})
        conclusion.close_scoring(it, by=panels.operator())
        for member in it.seats.judging():
            conclusion.sign(member, by=member.expert.user)
        conclusion.conclude(it, by=panels.inspector())
        conclusion.publish(it, by=officer("reviewer"), statement="经局务会同意")
    it.refresh_from_db()
    return it


def paid():
    """A batch that was released, with what is in it."""
    expert = make.make_expert()
    account, service = pay.account(expert), pay.reviewed(expert)
    batch = pay.released(*people("cashier", "auditor", "leader").values())
    it = SimpleNamespace(expert=expert, account=account, service=service, batch=batch)
    it.payout, it.line, it.claim = Payout.objects.get(), Line.objects.get(), Claim.objects.get()
    return it


def settled():
    """And what the bank says of it."""
    it = paid()
    pay.answered(it.payout, officer("cashier"))
    return it
