"""Short lives: a bureau with a team from the first of March, and some stories of one subject."""

from datetime import date

from django.db import transaction
from django.utils.module_loading import import_string

from expertteam import clock
from expertteam.celery import app
from expertteam.demo_life.agenda import Story
from expertteam.demo_life.life import silence
from expertteam.rehearsal import clocks, life
from tests import make

MARCH = date(2026, 3, 2)


def bureau(experts: int, until: date, *, seed=1) -> life.Rehearsal:
    """As on its first day, with so many experts who need no selection."""
    it = life.found(experts, until, seed)
    for number in range(experts):
        make.make_expert(name=f"王{number}", topics=[["management", "finance"], ["policy", "planning"]][number % 2])
    return it


def live(it: life.Rehearsal, *stories: Story):
    """These stories, from Monday 2026-03-02 to the end; what is refused is in ``it.agenda.refused``."""
    with silence(), transaction.atomic(), clock.at(clock.instant(MARCH, 8)):
        for story in stories:
            it.agenda.tell(story)
        it.agenda.live()


def jobs(it: life.Rehearsal, *names: str) -> list[Story]:
    """The periodic jobs of these names, day after day."""
    due = {name: app.conf.beat_schedule[name] for name in names}
    return [clocks.runs(it, name, import_string(job["task"]), job["schedule"]) for name, job in due.items()]
