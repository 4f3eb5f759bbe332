"""What time brings about by itself."""

from tests.invariants.machines.world import World


def job(*tasks):
    """Any of the jobs that beat starts, as often as it likes."""

    def run_a_job(world: World):
        world.any_of(tasks)()

    return run_a_job
