"""What begins a review, and what its people do beside its moves."""

from datetime import timedelta

from services.actions import draw, panel, scoring, seat, supervision
from services.models import (
    Draw,
    ReviewPanel,
    ReviewProject,
    Seat,
)
from tests.invariants.machines.arguments import promised
from tests.invariants.machines.beginnings.service import disclose, end_disclosure
from tests.invariants.machines.world import World
from tests.services import panels


def draft_panel(world: World):
    """With all that is asked for before somebody can be selected."""
    starts_at = world.soon(4)
    found = panel.draft(
        by=world.officer("services.draft_reviewpanel"), title="孵化基地评审", kind="incubator", starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3), place="三层", template=panels.template(), need=[["any", 5]], alternates=1,
    )  # fmt: skip
    by = world.officer("services.add_project_reviewpanel")
    panel.add_project(found, by=by, name="项目", applicant="太原某孵化器公司", parties=panels.PARTIES)


def record_recusal(world: World):
    project = world.any_of(ReviewProject.objects.filter(panel__state="draft").order_by("pk"))
    supervision.record_recusal(
        project.panel, by=world.officer("services.record_recusalrequest"), project=project, expert=world.expert(),
        reason=world.words(),
    )  # fmt: skip


def halt(world: World):
    supervision.halt(world.one(ReviewPanel), by=world.officer("services.call_halt"), reason=world.words())


def try_again(world: World):
    seat.try_again(
        world.one(Seat, state="called"), by=world.officer("services.report_unreachable_seat"), note=world.words()
    )


def look_up(world: World):
    seat.look_up(world.one(Seat), by=world.officer("services.look_up_seat"))


def read_pool(world: World):
    draw.read_pool(world.one(Draw), by=world.officer("services.view_poolentry"))


def promise_as_inspector(world: World):
    """He looks at the list, and promises."""
    found, by = world.one(Draw, state="frozen"), world.officer("services.view_poolentry")
    draw.read_pool(found, by=by)
    draw.commit(found, by=by, **promised(world, found, by))


def invite_witness(world: World):
    found = world.one(Draw, parties__role="witness")
    draw.invite_witness(found, by=found.operator if world.happens(0.9) else world.anybody())


def open_sheet(world: World):
    member = world.any_of(Seat.objects.filter(state="present").order_by("pk"))
    scoring.sheet_of(member, world.any_of(member.panel.projects.all()))


REVIEWS = [
    draft_panel, record_recusal, halt, try_again, look_up, read_pool, promise_as_inspector, invite_witness, open_sheet, disclose, end_disclosure,
]  # fmt: skip
