"""What begins or adds to a selection, without being a move of a record with a state."""

from datetime import timedelta

from allauth.mfa.models import Authenticator

from experts import actions as experts
from experts import tasks as expert_tasks
from experts.models import Partner, PartnerKey
from expertteam import account_changes as changes
from expertteam import actions as roles
from expertteam import clock, departures, tasks
from expertteam.models import STAFF_ROLES, CalendarYear
from recruitment import actions as recruitment
from recruitment import tasks as recruitment_tasks
from recruitment.models import Application, Candidate, Document, Notice, Objection, Round, Wish
from recruitment.progress import PLEDGES
from tests import make
from tests.invariants.machines.beginnings.jobs import job
from tests.invariants.machines.world import World
from tests.recruitment import former


def open_a_round(world: World):
    """The office opens one that runs for two weeks from today."""
    day = clock.today()
    dates = {name: day + timedelta(days=days) for name, days in
             {"opens_on": 0, "closes_on": 14, "screening_until": 30, "review_until": 45}.items()}  # fmt: skip
    make.make_round(purpose=world.any_of(Round.Purpose.values), **dates)


def enter_the_next_year(world: World):
    last = CalendarYear.objects.order_by("year").last().year
    CalendarYear.objects.create(year=last + 1, source="试录")


def start(world: World):
    recruitment.start(world.anybody(), round=world.one(Round))


def somebody_applies(world: World):
    """All that the form asks for is filled in; submitting it is another step."""
    user = world.anybody() if world.happens(0.2) else None
    rounds = Round.objects.open_on(clock.today()).filter(purpose=Round.Purpose.OPEN)
    if user and Application.objects.filter(applicant=user).exists():
        return recruitment.start(user, round=world.any_of(rounds))
    return make.make_complete_application(applicant=user, round=world.any_of(rounds))


def attach(world: World):
    application = world.one(Application, state="draft") if world.happens(0.5) else world.one(Application)
    by = application.applicant if world.happens(0.9) else world.anybody()
    kind = world.one(Document).kind
    recruitment.attach(application, by=by, kind=kind, upload=make.pdf())


def judge(world: World):
    """The officer goes through all that no rule can measure; now and then something is not met."""
    application = world.one(Application, state="submitted")
    by = world.officer("recruitment.recommend_application")
    unmet = world.any_of(ARTICLES) if world.happens(0.1) else ""
    for article in ARTICLES:
        recruitment.judge(application, by=by, article=article, met=article != unmet, note="已核实")


ARTICLES = ["5(1)", "5(2)", "5(3)", "5(6)", "5(8)", "6(1)", "6(2)", "6(3)", "6(4)", "6(5)"]


def verify_all(world: World):
    application = world.one(Application, state="submitted")
    by = world.officer("recruitment.verify_document")
    for document in application.documents.current().filter(state__in=["received", "rejected"]):
        recruitment.verify(document, by=by)


def draft_notice(world: World):
    approved = world.some_of(Application.objects.filter(state="approved").order_by("pk")) or [world.one(Application)]
    recruitment.draft_notice(
        by=world.officer("recruitment.publish_notice"), round=approved[0].round, title="拟聘任人选公示",
        statement="拟聘任以下人选。", applications=approved,
    )  # fmt: skip


def object_(world: World):
    """About a person, or the whole list; with a name or without."""
    notice = world.one(Notice)
    candidate = world.one(Candidate, notice=notice) if world.happens(0.8) else None
    said = {"name": "高明", "phone": "13900000001"} if world.happens(0.7) else {}
    kind = world.any_of(Objection.Kind.values)
    recruitment.lodge(notice, candidate=candidate, kind=kind, facts=world.words(), **said)


def wish(world: World):
    said = {"words": world.words(), "agreed": PLEDGES if world.happens(0.8) else PLEDGES[:2]}
    if world.happens(0.3):
        return recruitment.renew(world.expert().user, round=world.one(Round), **said)
    return recruitment.wish(world.expert().user, **said)


def take_back_wish(world: World):
    kept = world.one(Wish)
    recruitment.take_back_wish(kept, by=world.himself(kept.term.expert))


def propose_role(world: World):
    by = world.officer("expertteam.propose_rolegrant")
    roles.propose(world.anybody(), by=by, role=world.any_of([*sorted(STAFF_ROLES), "expert"]))


def issue_key(world: World):
    """For a site that shows the directory, or sends bookings."""
    lasts = timedelta(days=world.any_of([1, 30, 365, 366]))
    experts.issue_key(
        Partner.objects.first() or make.make_partner(), by=world.officer("experts.issue_partnerkey"),
        scope=world.any_of(PartnerKey.Scope.values), last_day=clock.today() + lasts,
    )  # fmt: skip


def read_former(world: World):
    """A table of one to three people of the old team, of whom some are there already, or something is wrong."""
    people = [former.somebody(world.chance.randint(1, 40)) for _ in range(world.chance.randint(1, 3))]
    if world.happens(0.2):
        people.append(former.PERSON | {"手机号": "1"})
    recruitment.read_former(former.table(*people), by=world.officer(recruitment.READ))


def ask_for_another_number(world: World):
    user = world.anybody()
    by = user if world.happens(0.3) else world.officer(changes.ASK)
    changes.ask_phone(user, by=by, phone=world.phone(), way=world.any_of(changes.Way.values), note=world.words())


def lose_a_factor(world: World):
    user = world.anybody()
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {}})
    changes.propose_factor(user, by=world.officer(changes.PROPOSE), note=world.words())


def close_an_account(world: World):
    """Everything goes to one colleague; now and then it is an emergency."""
    user, to = world.anybody(), world.officer(departures.TAKES)
    takers = {work.record.pk: to for work in departures.open_work(user)}
    said = {"reason": world.words(), "takers": takers, "emergency": world.happens(0.2)}
    departures.leave(user, by=world.officer(departures.CLOSE), **said)


SELECTION = [
    open_a_round, enter_the_next_year, start, somebody_applies, attach, judge, verify_all, draft_notice, object_, wish,
    take_back_wish, propose_role, issue_key, read_former, ask_for_another_number, lose_a_factor,
    close_an_account,
    job(recruitment_tasks.settle_notices, recruitment_tasks.lapse_supplements, recruitment_tasks.tell_of_finished_notices,
        recruitment_tasks.carry_wishes, tasks.settle_account_changes, expert_tasks.warn_of_ending_terms),
]  # fmt: skip
