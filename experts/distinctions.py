"""What an expert was publicly praised for, as the floor above tells it.

Here nobody knows about honours; ``evaluations`` enters one function.
"""

from collections.abc import Callable

TOLD: list[Callable[[int], list[str]]] = []


def told(expert: int) -> list[str]:
    """One line for each, the latest first; nothing as long as nobody tells."""
    return TOLD[0](expert) if TOLD else []
