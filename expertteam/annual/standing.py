"""How content the clients were and what became of what went wrong, in the annual report (Articles 10(1) and 12)."""

from collections import Counter, defaultdict

from django.db.models import Count

from evaluations.models import Assessment, Dismissal, Grade, Honour, Rating, RatingCase, Refusal, Report, Strike
from evaluations.rules import is_satisfied, public_average
from expertteam.annual.openings import ALL, Rows, by, by_choice, rows
from expertteam.annual.tables import Table, counted, few, grouped, numbers, openly
from expertteam.figures import REST, UNKNOWN, merged, share, told
from expertteam.served import within
from expertteam.tally import Year
from services.models import ClientGroup, Kind

AVERAGED = "服务对象本人给出的评价，按评价日期，不含误评和恶意差评；很满意5分，很不满意1分，前三档算满意"
NOT_FOUND, GOING = "还没有认定", "正在办理"
GIVEN = Rating.State.GIVEN
OUTCOMES = {
    Dismissal.State.DISMISSED: "已解聘",
    Dismissal.State.CONFIRMED: "已解聘",
    Dismissal.State.KEPT: "不予解聘",
    Dismissal.State.DROPPED: "已撤案",
}


def ratings(it: Year) -> list[Table]:
    """Ratings that make averages, all together, by kind and by group."""
    made = Rating.objects.filter(**within("made_at", it.year))
    given = Rating.objects.averaged().filter(**within("given_at", it.year))
    alike = given.order_by("service__kind", "service__group", "grade")
    levels, kinds, groups = Counter(), defaultdict(Counter), defaultdict(Counter)
    for grade, kind, group, n in alike.values_list("grade", "service__kind", "service__group").annotate(Count("pk")):
        levels[grade] += n
        kinds[Kind(kind).label][grade] += n
        groups[ClientGroup(group).label if group else UNKNOWN][grade] += n
    main = numbers(
        "请评价按服务得到确认的日期，一次服务一份",
        ("请服务对象评价", few(made.count()), "次", rows(Rating, made_at__year=it.year)),
        ("其中已经评价", few(made.given().count()), "次", rows(Rating, made_at__year=it.year, state__exact=GIVEN)),
    )
    theirs = rows(Rating, given_at__year=it.year, averaged=1)
    by_kind = by_choice("service__kind__exact", Kind.choices)
    by_group = by_choice("service__group__exact", ClientGroup.choices) | by("service__group__exact", {UNKNOWN: ""})
    by_grade = theirs._replace(groups=by_choice("grade__exact", Grade.choices))
    return [
        main,
        grouped("评价等级", AVERAGED, "条", {grade.label: levels[grade] for grade in Grade}, by_grade),
        rated("各类服务的满意度", kinds, levels, theirs._replace(groups=by_kind)),
        rated("各类服务对象的满意度", groups, levels, theirs._replace(groups=by_group)),
    ]


def rated(name: str, groups: dict[str, Counter], levels: Counter, where: Rows) -> Table:
    """Number, share of the satisfied and average of each group and of all; small groups together."""
    found = merged({label: found.total() for label, found in groups.items()})
    shown = {row.label: groups[row.label] for row in found if row.label != REST}
    small = levels - sum(shown.values(), Counter())
    told_of = shown | ({REST: small} if small and shown else {}) | {ALL: levels}
    return Table(
        name,
        AVERAGED,
        ["分组", "评价（条）", "满意率（%）", "平均分"],
        [[label, *graded(found)] for label, found in told_of.items()],
        {(at, 1): where.of(label, told_of) for at, label in enumerate(told_of)},
    )


def graded(levels: Counter) -> list:
    """As many ratings, the percentage of satisfied ones, the average: nothing of fewer than five.

    Where so few are satisfied, or are not, that the percentage would tell how many, it is left out.
    """
    average = public_average(levels)
    if average is None:
        return [few(levels.total()), None, None]
    content = sum(n for grade, n in levels.items() if is_satisfied(grade))
    tellable = None not in (told(content), told(levels.total() - content))
    return [levels.total(), share(content, levels.total()) if tellable else None, float(average)]


def merits(it: Year) -> list[Table]:
    """Grades of the year as they were told to the experts, and what was conferred for it."""
    standing = Assessment.objects.standing().filter(year=it.year).order_by()
    given = Honour.objects.public().filter(year=it.year).order_by()
    kinds = {kind: label for kind, label in Honour.Kind.choices if kind != Honour.Kind.PROVINCIAL}
    grades, sorts = Assessment.Grade.choices, by_choice("kind__exact", kinds.items())
    told_of = rows(Assessment, by_choice("grade__exact", grades), year__exact=it.year, standing=1)
    conferred = rows(Honour, sorts, year__exact=it.year, state__exact=Honour.State.CONFERRED, kind__exact=[*kinds])
    return [
        grouped("年度评价等次", "已公布的年度评价，复核改过的按改后的", "位", counted(standing, "grade", dict(grades)), told_of),
        openly("表彰", "为这一年的工作授予的，撤销的不算", "人", counted(given, "kind", kinds), conferred),
    ]  # fmt: skip


def dealings(it: Year) -> list[Table]:
    """Poor ratings, refusals, reports, the ledger and dismissals; of single people, so that small numbers are not told."""
    return [*looked_into(it), *counted_against(it), *dismissals(it)]


def looked_into(it: Year) -> list[Table]:
    """What somebody was not content with, by what was found."""
    cases = RatingCase.objects.filter(**within("rating__given_at", it.year)).order_by()
    refusals = Refusal.objects.filter(day__year=it.year).exclude(state=Refusal.State.SET_ASIDE).order_by()
    pursued = [state for state in Refusal.State.values if state != Refusal.State.SET_ASIDE]
    findings, judged = dict(RatingCase.Finding.choices), dict(Refusal.Finding.choices)
    tables = [
        ("差评核实", "差评按评价日期，按认定结果", cases, findings, rows(RatingCase, rating__given_at__year=it.year)),
        (
            "不履职核实",
            "按发生日期，按认定结果，不再追究的不算",
            refusals,
            judged,
            rows(Refusal, day__year=it.year, state__exact=pursued),
        ),
    ]
    return [
        grouped(
            name, measure, "件", counted(records, "finding", labels | {"": NOT_FOUND}),
            where._replace(groups=by_choice("finding__exact", labels.items()) | by("finding__exact", {NOT_FOUND: ""})),
        )
        for name, measure, records, labels, where in tables
    ]  # fmt: skip


def counted_against(it: Year) -> list[Table]:
    """The ledger, and what was reported."""
    strikes = Strike.objects.counted().filter(day__year=it.year).order_by()
    reports = Report.objects.filter(**within("received_at", it.year)).order_by()
    upheld = {True: "属实", False: "不属实", None: "终止核实或正在核实"}
    grounds = by_choice("ground__exact", Strike.Ground.choices)
    results = by("result", {"属实": "upheld", "不属实": "not_upheld", "终止核实或正在核实": "open"})
    return [
        grouped(
            "计次", "按发生日期，仍有效的（第十二条）", "次", counted(strikes, "ground", dict(Strike.Ground.choices)),
            rows(Strike, grounds, day__year=it.year, state__exact=Strike.COUNTED),
        ),
        grouped(
            "举报", "按收到日期，按核实结果", "件", counted(reports, "upheld", upheld),
            rows(Report, results, received_at__year=it.year),
        ),
    ]  # fmt: skip


def dismissals(it: Year) -> list[Table]:
    opened = Dismissal.objects.filter(**within("opened_at", it.year)).order_by()
    outcomes, states = Counter(), defaultdict(list)
    for state in Dismissal.State:
        states[OUTCOMES.get(state, GOING)].append(state.value)
    for state, n in opened.order_by("state").values_list("state").annotate(Count("pk")):
        outcomes[OUTCOMES.get(state, GOING)] += n
    measure, where = "按提出日期", rows(Dismissal, opened_at__year=it.year)
    grounds, ends = by_choice("ground__exact", Dismissal.Ground.choices), by("state__exact", states)
    return [
        grouped(
            "解聘案件", f"{measure}，按情形（第十二条）", "件", counted(opened, "ground", dict(Dismissal.Ground.choices)),
            where._replace(groups=grounds),
        ),
        grouped("解聘案件结果", f"{measure}，现在的状态", "件", outcomes, where._replace(groups=ends)),
    ]  # fmt: skip
