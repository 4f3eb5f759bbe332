"""Who lives in the demo, read from ``cast.toml``; none of the numbers can belong to a real person."""

import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

_entries = tomllib.loads((Path(__file__).parent / "cast.toml").read_text(encoding="utf8"))


@dataclass(frozen=True)
class Person:
    """One applicant; ``cast.toml`` explains the fields.  ``number`` is his place in the cast, from 1."""

    number: int
    name: str
    born: int
    round: int
    fate: str
    category: int
    employer: str
    position: str
    district: str
    topics: list[str]
    line: str
    biography: str
    work: list[list[str]]
    case: tuple[str, int, str] | None = None
    username: str = ""
    woman: bool = False
    id_kind: str = "resident_id"
    profession: str = ""
    award: str = ""
    title_level: str = "none"
    title_series: str = ""
    title: str = ""
    licence: bool = False
    visits: bool = False
    public_fields: list[str] = field(default_factory=list)
    mended: str = ""
    sent_back: str = ""
    reason: str = ""
    quiet: bool = False
    regrets: bool = False

    @property
    def phone(self) -> str:
        """A mobile number of a range that no carrier has been given."""
        return f"1540000{self.number:04d}"

    @property
    def id_number(self) -> str:
        if self.id_kind == "passport":
            return f"DEMO{self.number:05d}"
        area = "830000" if self.id_kind == "residence_permit" else "140199"  # Taiyuan has no district 99
        born = date(self.born, self.number % 12 + 1, self.number % 28 + 1)
        return with_check(f"{area}{born:%Y%m%d}0{self.number % 10}{8 if self.woman else 9}")


def with_check(digits: str) -> str:
    """Seventeen digits and their check character, by ISO 7064 MOD 11-2."""
    weighted = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(digits))
    return digits + "10X98765432"[weighted % 11]


PEOPLE = [Person(number, **entry) for number, entry in enumerate(_entries["people"], 1)]
OBJECTIONS = _entries["objections"]


def few() -> list[Person]:
    """One person of every fate in every round, and everybody about whom an objection is made."""
    told = {entry["about"] for entry in OBJECTIONS}
    firsts = {}
    for person in PEOPLE:
        firsts.setdefault((person.round, person.fate, bool(person.mended), person.regrets), person.number)
    return [person for person in PEOPLE if person.number in firsts.values() or person.name in told]
