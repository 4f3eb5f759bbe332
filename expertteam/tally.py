"""One year counted: experts, selection, notices and objections, services (Articles 3, 5, 7, 8, 10 and 11)."""

from collections import Counter
from datetime import date
from functools import cached_property

from django.db.models import Count
from django.db.models.functions import TruncMonth, TruncYear

from experts.models import CATEGORY_NAMES, Appointment, District, Expert, Speciality, Topic
from expertteam import clock
from expertteam.figures import FEW, UNKNOWN, Figure, Row, bars, change, columns, in_force, merged, month_ends, told
from expertteam.served import Served
from recruitment.models import Application, Notice, Objection

State = Application.State
STAGES = {State.RECOMMENDED: "初审推荐", State.APPROVED: "审核通过", State.APPOINTED: "正式聘任"}


class Year:
    """Everything known of a year up to today; what there is no data of is left out."""

    def __init__(self, year: int):
        self.year, today = year, clock.today()
        self.day = min(today, date(year, 12, 31))
        self.months = month_ends(year, today)
        self.terms = list(
            Appointment.objects.order_by().values_list("first_day", "last_day", "void_from").annotate(Count("pk"))
        )
        self.submitted = list(
            Application.objects.exclude(submitted_at=None)
            .annotate(month=TruncMonth("submitted_at"))
            .values("month", "round__name")
            .annotate(number=Count("pk"), appointed=Count("appointment"))
            .order_by("month", "round__opens_on")
        )
        self.notices = [clock.local(at).year for at in public_notices().values_list("begins_at", flat=True)]
        self.objections = list(
            Objection.objects.order_by()
            .annotate(year=TruncYear("received_at"))
            .values_list("year", "counts", "upheld")
            .annotate(Count("pk"))
        )

    @cached_property
    def known(self) -> list[int]:
        """The years that have data, the newest first."""
        today, years = clock.today(), set(self.notices)
        for first, last, void, _ in self.terms:
            years.update(range(first.year, min(void or last, last, today).year + 1))
        years.update(row["month"].year for row in self.submitted)
        years.update(at.year for at, *_ in self.objections)
        return sorted(years, reverse=True)

    @cached_property
    def applications(self) -> list[dict]:
        return [row for row in self.submitted if row["month"].year == self.year]

    @cached_property
    def served(self) -> Served:
        return Served(self.year, len(self.months))

    @property
    def applied(self) -> int:
        return sum(row["number"] for row in self.applications)

    @property
    def begun(self) -> list[tuple[int, int]]:
        """The terms that began this year and took effect: month and how many."""
        return [
            (first.month, n)
            for first, _, void, n in self.terms
            if first.year == self.year and first <= self.day and (void is None or void > first)
        ]

    @property
    def numbers(self) -> list[tuple[str, Row, str]]:
        """The four large numbers, each with its unit."""
        return [
            ("在聘专家", Row("", in_force(self.terms, self.day)), "位"),
            ("新聘任", Row("", sum(n for _, n in self.begun)), "人"),
            ("收到申请", Row("", told(self.applied)), "份"),
            ("公示", Row("", self.notices.count(self.year)), "次"),
        ]

    @property
    def figures(self) -> list[Figure]:
        drawn = [
            self.course(),
            *self.experts(),
            self.funnel(),
            *self.by_round(),
            *self.by_month(),
            self.objected(),
            *self.served.figures,
        ]
        return [figure for figure in drawn if figure]

    def course(self) -> Figure | None:
        """Experts in term at the end of each month."""
        rows = [Row(f"{day.month}月", in_force(self.terms, day)) for day in self.months]
        if len(rows) < 2 or not any(row.count for row in rows):
            return None
        finding = f"在聘专家{change(rows[0].count, rows[-1].count)}"
        measure = f"{self.year}年1月到{self.day.month}月，每月月末的人数"
        return Figure("line", "每月月末在聘专家", finding, measure, "位", rows, wide=True)

    def experts(self) -> list[Figure]:
        """The experts in term, by field, by category and by district; only counted, never listed."""
        serving = Expert.objects.serving(self.day).order_by()
        topics = Speciality.objects.filter(expert__in=serving).order_by().values_list("topic")
        categories = Appointment.objects.in_force(self.day).order_by().values_list("category")
        districts = serving.values_list("district")
        return [
            bars("在聘专家擅长领域", "擅长{}的专家最多", "按擅长领域，一位专家可以有几个", "位", named(topics, dict(Topic.choices))),
            bars("在聘专家类别", "{}最多", "在聘专家，按聘任类别（第五条）", "位", named(categories, CATEGORY_NAMES)),
            bars("在聘专家所在区县", "{}的专家最多", "在聘专家，按所在区县", "位", named(districts, dict(District.choices))),
        ]  # fmt: skip

    def funnel(self) -> Figure | None:
        """How far the applications handed in this year have come, by their histories."""
        if not self.applied:
            return None
        measure = "当年提交的申请里，走到每一步的份数"
        if told(self.applied) is None:
            return Figure("bars", "申请进展", f"收到的申请{FEW}份", measure, "份", [Row("提交申请", None)], wide=True)
        ours = Application.objects.filter(submitted_at__year=self.year).order_by().values("pk")
        reached = Application.history.filter(id__in=ours, state__in=STAGES).order_by().values_list("state")
        counts = dict(reached.annotate(Count("id", distinct=True)))
        rows = [Row("提交申请", self.applied)]
        rows += [Row(label, told(counts.get(state, 0))) for state, label in STAGES.items()]
        finding = (
            f"{self.applied}份申请，聘任{rows[-1].written}人" if rows[-1].count != 0 else f"收到{self.applied}份申请"
        )
        return Figure("bars", "申请进展", finding, measure, "份", rows, wide=True)

    def by_round(self) -> list[Figure | None]:
        applied, appointed = Counter(), Counter()
        for row in self.applications:
            applied[row["round__name"]] += row["number"]
            appointed[row["round__name"]] += row["appointed"]
        if len(applied) < 2:
            return []
        return [
            bars("各批次申请", "{}收到的申请最多", "当年提交的申请，按选聘批次", "份", applied),
            bars("各批次聘任", "{}聘任的人最多", "当年提交的申请里已聘任的，按选聘批次", "人", appointed),
        ]

    def by_month(self) -> list[Figure | None]:
        applied, begun = [0] * len(self.months), [0] * len(self.months)
        for row in self.applications:
            applied[row["month"].month - 1] += row["number"]
        for month, n in self.begun:
            begun[month - 1] += n
        return [
            columns("每月申请", "{}收到的申请最多", "按提交日期", "份", applied),
            columns("每月新聘任", "{}新聘任的专家最多", "按聘期首日", "人", begun),
        ]

    def objected(self) -> Figure | None:
        """Notices and what became of objections; how many there are of one notice is nobody's business."""
        published, outcomes = self.notices.count(self.year), Counter()
        for at, counts, upheld, n in self.objections:
            if at.year == self.year:
                outcomes[outcome(counts, upheld)] += n
        total = sum(outcomes.values())
        if not published and not total:
            return None
        said = f"收到异议和线索{Row('', told(total)).written}件" if total else "没有收到异议"
        measure = "按收到的日期；匿名的、公示期外收到的作为线索"
        kind, rows = ("strip", merged(outcomes)) if merged(outcomes) else ("bars", [Row("合计", told(total))])
        return Figure(kind, "异议和线索", f"公示{published}次，{said}", measure, "件", rows, wide=True)


def public_notices():
    """Every notice that is or was public; one that was annulled later was public too."""
    return Notice.objects.public(clock.now()).order_by()


def named(groups, labels) -> dict[str, int]:
    """Counted groups by their names, in the order of the vocabulary."""
    counts = dict(groups.annotate(Count("pk")))
    known = {label: counts.pop(code, 0) for code, label in labels.items()}
    return known | {UNKNOWN: sum(counts.values())}


def outcome(counts: bool, upheld: bool | None) -> str:
    """What became of something that was said of a notice."""
    if not counts:
        return "作为线索"
    return {True: "成立", False: "不成立", None: "正在核实"}[upheld]
