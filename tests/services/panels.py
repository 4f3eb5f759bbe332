"""A review on its way: each step as the people of the bureau make it, with secrets that are written out."""

import importlib.util
from datetime import date, timedelta
from pathlib import Path

from expertteam import clock
from expertteam.models import User
from services import draw as protocol
from services import transcripts
from services.actions import draw, panel, scoring, seat
from services.models import Draw, ReviewPanel, ScoreTemplate, Seat
from tests import make
from tests.conftest import person

BEGINS = clock.instant(date(2026, 3, 3), 9, 30)  # the day after the tests' today
SECRETS = {"operator": "1" * 64, "inspector": "2" * 64, "witness": "3" * 64}
PARTIES = [{"role": "applicant", "name": "太原某孵化器公司"}]
CRITERIA = [
    {"key": "team", "group": "", "name": "团队", "most": 40},
    {"key": "plan", "group": "", "name": "计划", "most": 60},
]


def verifier():
    """The stand-alone program, loaded by its path as anybody would."""
    path = Path(__file__).parents[2] / "services" / "verify_draw.py"
    spec = importlib.util.spec_from_file_location("verify_draw", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verify = verifier().verify


def officer(username, role):
    return User.objects.filter(username=username).first() or person(username, role)


def operator():
    return officer("operator", "intake")


def inspector():
    return officer("watcher", "inspector")


def leader():
    return officer("head", "leader")


def experts(count=9, **fields):
    """So many experts in term, each working for himself."""
    return [make.make_expert(**fields) for _ in range(count)]


def template(name="测试评分表"):
    return ScoreTemplate.objects.get_or_create(name=name, defaults={"criteria": CRITERIA})[0]


def drafted(projects=1, **conditions) -> ReviewPanel:
    """Five seats without a condition, one alternate, one project of a firm nobody is tied to."""
    whole = {
        "title": "创业孵化示范基地评审", "kind": "incubator", "starts_at": BEGINS, "ends_at": BEGINS + timedelta(hours=3),
        "place": "三层评审室", "template": template(), "need": [["any", 5]], "alternates": 1,
    }  # fmt: skip
    it = panel.draft(by=operator(), **whole | conditions)
    for n in range(1, projects + 1):
        panel.add_project(it, by=operator(), name=f"项目{n}", applicant="太原某孵化器公司", parties=PARTIES)
    return it


def frozen(it=None, **how) -> Draw:
    it = it or drafted()
    draw.freeze(it, by=operator(), **{"profile": "A"} | how)
    return draw.frozen_for(it)


def commitment(it: Draw, role: str, secret: str = "") -> str:
    ident = (
        it.parties.get(role=role).ident
        if role == "witness"
        else f"u{(operator() if role == 'operator' else inspector()).pk}"
    )
    return protocol.commitment(it.algorithm, it.draw_id, role, ident, it.pool_root, secret or SECRETS[role])


def promise(it: Draw, role: str) -> Draw:
    """This party makes its promise; the inspector looks at the list before."""
    who = {"operator": operator, "inspector": inspector}[role]()
    if role == "inspector":
        draw.read_pool(it, by=who)
    return draw.commit(it, by=who, commitment=commitment(it, role))


def promised(it=None, **how) -> Draw:
    """Operator and inspector have promised their secrets, and the conditions are fixed."""
    it = it or frozen(**how)
    promise(it, "operator")
    promise(it, "inspector")
    if it.has_witness:
        draw.commit(it, by=draw.LINK, commitment=commitment(it, "witness"))
    draw.fix(it, by=operator())
    return it


def drawn(it=None, **how) -> Draw:
    """All secrets shown: five members are called."""
    it = it or promised(**how)
    draw.reveal(it, by=inspector(), secret=SECRETS["inspector"])
    draw.reveal(it, by=operator(), secret=SECRETS["operator"])
    it.refresh_from_db()
    return it


def stand_down(member: Seat, why="declined"):
    """A member declines, and both sign for it."""
    seat.decline(member, by=member.expert.user, why=why, reason="那天在外地")
    seat.pass_on(member, by=operator())
    seat.stand_down(member, by=inspector())


def accepted(it: ReviewPanel):
    for member in it.seats.filter(state="called"):
        seat.accept(member, by=member.expert.user)


def arrived(it: ReviewPanel):
    """Whoever accepted is in the room and has signed in, and the inspector is there."""
    for member in it.seats.filter(state="accepted"):
        seat.sign_in(member, by=member.expert.user)
    panel.take_seat(it, by=inspector())


def convened(it=None, **conditions) -> ReviewPanel:
    """Drawn, accepted, signed for and in the room: open since 09:30, with everybody's declaration made."""
    it = it or drafted(**conditions)
    found = drawn(promised(frozen(it)))
    for who in (operator(), inspector()):
        draw.sign(found, by=who)
    accepted(it)
    with clock.at(BEGINS):
        arrived(it)
        panel.convene(it, by=operator())
        for member in it.seats.filter(state="present"):
            scoring.declare(member, by=member.expert.user, conflicts={})
    return it


def transcript(it: Draw) -> dict:
    return transcripts.transcript(Draw.objects.get(pk=it.pk))
