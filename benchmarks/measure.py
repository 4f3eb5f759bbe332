"""CPU time of this process, medians of interleaved rounds, so that the machine's speed cancels out."""

import statistics
import time
from collections.abc import Callable


def medians(rounds: int, **calls: Callable) -> dict[str, float]:
    """CPU milliseconds of each call: every round runs each of them once, after one round unmeasured."""
    taken = {name: [] for name in calls}
    for round_number in range(rounds + 1):
        for name, call in calls.items():
            start = time.process_time()
            call()
            if round_number:
                taken[name].append((time.process_time() - start) * 1000)
    return {name: statistics.median(times) for name, times in taken.items()}


def once(call: Callable) -> float:
    """CPU milliseconds of what can be done but once."""
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1000


def report(what: str, ours: float, plain: float, reach: float):
    """One line: the ratio, what it is made of, and the one to reach."""
    ratio = ours / plain
    verdict = "ok" if ratio <= reach else "OVER"
    print(f"{what:46} {ratio:6.2f} × (reach ≤ {reach:g})  {ours:8.2f} / {plain:.2f} ms  {verdict}", flush=True)
