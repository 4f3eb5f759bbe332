"""What matching looks at: one request, one expert, where they are; and what it says of them."""

from dataclasses import dataclass, field
from datetime import date, datetime

WEEKDAYS = "一二三四五六日"
# Districts with a common border; those on the two banks of the Fen have bridges.
BORDERS = frozenset(
    frozenset(pair.split())
    for pair in (
        "小店区 迎泽区", "小店区 晋源区", "小店区 万柏林区", "小店区 清徐县", "迎泽区 杏花岭区", "迎泽区 万柏林区",
        "杏花岭区 万柏林区", "杏花岭区 尖草坪区", "杏花岭区 阳曲县", "尖草坪区 万柏林区", "尖草坪区 阳曲县", "尖草坪区 古交市",
        "万柏林区 晋源区", "万柏林区 古交市", "晋源区 清徐县", "晋源区 古交市", "清徐县 古交市", "阳曲县 古交市", "古交市 娄烦县",
        "山西转型综改示范区 小店区", "山西转型综改示范区 清徐县", "山西转型综改示范区 阳曲县", "山西转型综改示范区 尖草坪区",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Need:
    """What one request asks for: labels of topics, group and district, the asked time in local time, an expert's no."""

    topics: tuple[str, ...] = ()
    group: str = ""
    district: str = ""
    visit: bool = False
    online: bool = False
    starts_at: datetime | None = None
    wanted: str = ""


@dataclass(frozen=True)
class Person:
    """What is known of one expert with regard to that request.

    ``terms`` hold first day, last day and the first day that no longer holds; ``pauses`` first and last
    day; last days are inclusive.  ``booked`` are the days of his meetings.  ``served`` counts what he did
    and has arranged in the month of the meeting, ``average`` is the team's.  ``free`` is whether the asked
    time is free, ``soonest`` the first free time; both ``None`` where no hours are published.  ``suspended``: given nothing new.
    ``pledged``: has undertaken secrecy, as whoever came from the former team has not before he was here.
    """

    no: str
    topics: frozenset[str] = frozenset()
    district: str = ""
    visits: bool = False
    terms: tuple[tuple[date, date, date | None], ...] = ()
    pauses: tuple[tuple[date, date | None], ...] = ()
    is_client: bool = False
    related: str = ""
    answered: str = ""
    suspended: bool = False
    pledged: bool = True
    cap: int = 12
    booked: tuple[date, ...] = ()
    served: int = 0
    average: float = 0.0
    helped: int = 0
    services: int = 0
    displeased: bool = False
    free: bool | None = None
    soonest: datetime | None = None


@dataclass(frozen=True)
class Obstacle:
    """Why this person cannot be asked; nobody may override it."""

    code: str
    words: str
    article: str


@dataclass(frozen=True)
class Caution:
    """What the matcher should know before asking this person, and give a reason for if he does."""

    code: str
    words: str
    article: str


@dataclass(frozen=True)
class Part:
    """One stated term of the score."""

    name: str
    points: int
    words: str


@dataclass(frozen=True)
class Judged:
    """One person held against one request."""

    person: Person
    obstacles: list[Obstacle] = field(default_factory=list)
    cautions: list[Caution] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    @property
    def score(self) -> int:
        return sum(part.points for part in self.parts)


def met_on(need: Need, person: Person, on: date) -> date:
    """The day of the meeting: as asked for, else the person's first free day, else today."""
    moment = need.starts_at or person.soonest
    return moment.date() if moment else on


def near(one: str, other: str) -> bool:
    """The same district or neighbours."""
    return one == other or frozenset((one, other)) in BORDERS


def written(day: date) -> str:
    """10月22日."""
    return f"{day.month}月{day.day}日"


def hour(moment: datetime) -> str:
    """周四14:00."""
    return f"周{WEEKDAYS[moment.weekday()]}{moment:%H:%M}"


def whole(moment: datetime) -> str:
    """10月22日（周四）14:00."""
    return f"{written(moment)}（周{WEEKDAYS[moment.weekday()]}）{moment:%H:%M}"
