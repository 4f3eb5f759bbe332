"""The team in the annual report: who is in it, who came and went, how it was chosen (Articles 3, 5 and 11)."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q

from experts.models import CATEGORY_NAMES, Appointment, District, Expert, Speciality, Topic
from expertteam.annual.openings import Rows, by, by_month, rows
from expertteam.annual.tables import Table, cell, drawn, numbers
from expertteam.calendar import ONE_DAY
from expertteam.figures import UNKNOWN, in_force
from expertteam.tally import STAGES, Year
from recruitment.models import Application, Notice, Objection, Round

OUTCOMES = {"成立": "upheld", "不成立": "not_upheld", "正在核实": "pending", "作为线索": "lead"}


def team(it: Year) -> list[Table]:
    """The main numbers and the groups of those in term on the day of count."""
    eve = date(it.year, 1, 1) - ONE_DAY
    first, renewed = begun(it)
    expired, early = ended(it)
    main = numbers(
        "上年末的人数，加上这一年聘任的，减去这一年不再在聘的，就是截至日的人数；聘任按聘期首日，届满和提前结束按不再在聘的第一天",
        ("上年末在聘专家", in_force(it.terms, eve), "位", rows(Appointment, on=eve)),
        ("首次聘任", first, "人", began(it).narrowed(begun="first")),
        ("续聘", renewed, "人", began(it).narrowed(begun="renewed")),
        ("聘期届满", expired, "人", rows(Appointment, ended="expired", last_day__gte=eve, last_day__lt=it.day)),
        (
            "提前结束（解聘、本人提出）",
            early,
            "人",
            rows(Appointment, ended="early", void_from__gt=eve, void_from__lte=it.day),
        ),
        ("截至日在聘专家", in_force(it.terms, it.day), "位", rows(Appointment, on=it.day)),
    )
    month_ends = by("on", {f"{day.month}月": day for day in it.months})
    found = [
        (it.course(), rows(Appointment, month_ends)),
        *zip(
            it.experts(),
            [
                rows(Speciality, by("topic__exact", coded(Topic)), on=it.day),
                rows(Appointment, by("category", {name: code for code, name in CATEGORY_NAMES.items()}), on=it.day),
                rows(Expert, by("district__exact", coded(District) | {UNKNOWN: ""}), on=it.day),
            ],
            strict=True,
        ),
    ]
    return [main, *(drawn(figure, where) for figure, where in found if figure)]


def coded(vocabulary) -> dict[str, str]:
    """Its labels with their codes."""
    return {label: code for code, label in vocabulary.choices}


def began(it: Year) -> Rows:
    """Terms that began this year and took effect."""
    fixed = {"first_day__year": it.year, "first_day__lte": it.day, "begun": ["first", "renewed"]}
    return rows(Appointment, by_month("first_day"), **fixed)


def begun(it: Year) -> tuple[int, int]:
    """Terms that began and took effect: for the first time, and of people who had one before."""
    terms = Appointment.objects.filter(first_day__year=it.year, first_day__lte=it.day)
    terms = terms.filter(Q(void_from=None) | Q(void_from__gt=F("first_day")))
    earlier = Appointment.objects.filter(expert=OuterRef("expert"), first_day__lt=OuterRef("first_day"))
    renewed = terms.filter(Exists(earlier)).count()
    return terms.count() - renewed, renewed


def ended(it: Year) -> tuple[int, int]:
    """Terms that ran out and terms that ended before, by the first day without them."""
    start, day = date(it.year, 1, 1), it.day
    whole = Q(void_from=None) | Q(void_from__gt=F("last_day"))
    expired = Appointment.objects.filter(whole, last_day__gte=start - ONE_DAY, last_day__lt=day)
    early = Appointment.objects.exclude(whole).filter(void_from__gt=F("first_day"))
    return expired.count(), early.filter(void_from__gte=start, void_from__lte=day).count()


def selection(it: Year) -> list[Table]:
    """Applications, notices and what was said of them."""
    submitted = rows(Application, by_month("submitted_at"), submitted_at__year=it.year)
    where = {"收到申请": submitted, "公示": rows(Notice, begins_at__year=it.year, public=1)}
    main = numbers(
        "申请按第一次提交的日期，公示按公示期首日",
        *((name, cell(row.count), unit, where[name]) for name, row, unit in it.numbers if name in where),
    )
    rounds = by("round__id__exact", dict(Round.objects.order_by("opens_on").values_list("name", "pk")))
    steps = by("reached", {label: state.value for state, label in STAGES.items()}) | {"提交申请": {}}
    of_round = submitted._replace(groups=rounds)
    found = [
        (it.funnel(), submitted._replace(groups=steps)),
        *zip(it.by_round(), [of_round, of_round.narrowed(reached="appointed")], strict=False),
        *zip(it.by_month(), [submitted, began(it)], strict=True),
        (it.objected(), rows(Objection, by("outcome", OUTCOMES), received_at__year=it.year)),
    ]
    return [main, *(drawn(figure, where) for figure, where in found if figure)]
