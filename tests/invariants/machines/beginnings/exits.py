"""What begins or feeds a case, a year's assessment, an honour; and ratings as they come in."""

from datetime import timedelta
from decimal import Decimal

from evaluations import actions as evaluations
from evaluations import tasks as evaluation_tasks
from evaluations.actions.report import lodge as report
from evaluations.models import Honour, Merit, Rating, Report, Strike
from experts.models import Expert
from expertteam import clock
from expertteam.workflow import LINK
from services import actions as services
from services.models import Offer
from tests import make
from tests.invariants.machines.beginnings.jobs import job
from tests.invariants.machines.world import World


def resign(world: World):
    evaluations.resign(by=world.himself(world.expert()), words=world.words(), waives=world.happens(0.5))


def propose_dismissal(world: World):
    found = world.any_of([None, *Report.objects.filter(upheld=True).order_by("pk")])
    expert = found.expert if found else world.expert()
    ground = world.any_of(["12(4)", "12(5)", "12(6)", "12(2)"])
    by = world.officer(evaluations.PROPOSE)
    evaluations.propose(expert, by=by, ground=ground, clue=world.words(), report=found)


def report_(world: World):
    about = world.expert()
    said = {"name": "高明", "phone": world.phone()} if world.happens(0.7) else {}
    by = world.officer(evaluations.TAKE) if world.happens(0.4) else None
    whom = world.any_of([about.no, "某专家"])
    report(kind=world.any_of(Report.Kind.values), about=whom, facts=world.words(), by=by, **said)


def open_refusal(world: World):
    given_up = Offer.objects.filter(state__in=evaluations.NOT_DONE, refusal=None).order_by("pk")
    offer = world.any_of(given_up) if world.happens(0.5) else None
    expert = offer.expert if offer else world.expert()
    by = world.officer(evaluations.OPEN)
    evaluations.open_refusal(expert, by=by, day=world.day(20), what=world.words(), offer=offer)


def record_talk(world: World):
    by = world.officer(evaluations.TALK)
    ground = world.any_of(Strike.Ground.values)
    evaluations.record_talk(world.expert(), by=by, ground=ground, held_on=world.day(), note=world.words())


def year(world: World) -> int:
    return clock.today().year - world.any_of([0, 1, 1])


def assess(world: World):
    evaluations.assess(year(world), by=world.officer(evaluations.ASSESS))


def release_year(world: World):
    by = world.officer("evaluations.release_assessment")
    evaluations.release_year(year(world), by=by, reason=world.words())


def nominate(world: World):
    evaluations.nominate(
        world.expert(), by=world.officer(evaluations.NOMINATE), kind=world.any_of(Honour.Kind.values), year=year(world),
        criteria="全年服务满10次", deeds=world.words(),
    )  # fmt: skip


def enter_merit(world: World):
    kind = world.any_of(Merit.Kind.values)
    evaluations.enter_merit(
        expert=world.expert(), year=year(world), kind=kind, evidence=world.words(), points=Decimal(world.chance.randint(0, 5)),
        by=world.officer(evaluations.ENTER),
    )  # fmt: skip


def revoke_merit(world: World):
    evaluations.revoke_merit(world.one(Merit), by=world.officer("evaluations.revoke_merit"), reason=world.words())


def enter_by_phone(world: World):
    by = world.officer("evaluations.give_rating")
    said = {"grade": world.chance.randint(1, 5), "wrong": ["attitude"]}
    evaluations.enter_by_phone(world.one(Rating), by=by, channel="phone", **said)


def service_confirmed(world: World):
    """A meeting of some day ago that its client has confirmed; what follows from that follows."""
    began = clock.now() - timedelta(days=world.chance.randint(1, 9))
    expert = world.any_of(Expert.objects.serving(clock.local(began).date()).order_by("pk"))
    service = make.make_service(
        "logged", expert=expert, started_at=began, phone=world.phone(), logged_at=began + timedelta(hours=2)
    )
    services.confirm(service, by=LINK)


EXIT = [
    resign, propose_dismissal, report_, open_refusal, record_talk, assess, release_year, nominate, enter_merit,
    revoke_merit, enter_by_phone, service_confirmed,
    job(evaluation_tasks.lapse_statements, evaluation_tasks.collect_refusals, evaluation_tasks.lapse_reasons,
        evaluation_tasks.lapse_defences, evaluation_tasks.weigh_up_ledgers),
]  # fmt: skip
