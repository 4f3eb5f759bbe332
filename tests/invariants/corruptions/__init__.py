"""At least two corruptions of every invariant, different in kind."""

from tests.invariants.corruptions import conduct, exits, money, panels, people, traces

CASES = [*people.CASES, *conduct.CASES, *panels.CASES, *exits.CASES, *money.CASES, *traces.CASES]
