"""What was done, in the annual report: services, activities, pairings, reviews (Articles 7, 8 and 10)."""

from collections import Counter, defaultdict

from django.db.models import Count, Q

from experts.models import District
from expertteam.annual.openings import Rows, by, by_choice, by_month, rows
from expertteam.annual.tables import Table, counted, crossing, few, grouped, numbers, openly, summed
from expertteam.figures import FEW, NO_CLIENT, UNKNOWN, monthly, told
from expertteam.served import APART, COUNTED, within
from expertteam.tally import Year
from services.models import (
    Activity,
    ClientGroup,
    Kind,
    Pairing,
    PairingMember,
    ReviewPanel,
    ReviewProject,
    Service,
    ServiceRequest,
    SignUp,
)

State = ServiceRequest.State
CAME_OF_IT = {
    State.HELD: "已服务",
    State.CONFIRMED: "已服务",
    State.RATED: "已服务",
    State.UNPLACED: State.UNPLACED.label,
    State.CANCELLED: State.CANCELLED.label,
    State.CLIENT_ABSENT: State.CLIENT_ABSENT.label,
}
GOING = "正在办理"
CAME_TO = {state.value: CAME_OF_IT.get(state, GOING) for state in State}
KINDS = by_choice("kind__exact", Kind.choices) | {NO_CLIENT: {"kind__exact": [kind.value for kind in Service.FOR_MANY]}}
GROUPS = dict(ClientGroup.choices) | {"": UNKNOWN}
PAIRED = [Pairing.State.ACTIVE, Pairing.State.CLOSED, Pairing.State.CALLED_OFF]
TOOK_PLACE = [Activity.State.HELD, Activity.State.CLOSED]


def services(it: Year) -> list[Table]:
    """Requests and what came of them; services by kind, group, district, month, and by two of these at once."""
    done, asked = it.served, ServiceRequest.objects.filter(**within("submitted_at", it.year)).order_by()
    received, served = rows(ServiceRequest, submitted_at__year=it.year), serviced(it.year)
    people = Service.objects.counted().filter(**within("started_at", it.year)).exclude(phone_index=None)
    hours = round(done.minutes / 60, 1) if told(done.number) is not None else FEW
    main = numbers(
        f"预约按提交日期；服务是{COUNTED}；人数按手机号，一个号码算一人",
        ("收到预约", few(asked.count()), "次", received),
        ("完成服务", few(done.number), "次", served),
        ("服务时长", hours, "小时", None),
        ("服务对象", few(people.aggregate(n=Count("phone_index", distinct=True))["n"]), "人", None),
    )
    return [main, *requests(asked, received), *by_one(done, served), *by_two(done, served)]


def serviced(year: int) -> Rows:
    """The services of the year that count."""
    return rows(Service, started_at__year=year, state__exact=Service.COUNTED)


def requests(asked, received: Rows) -> list[Table]:
    outcomes = Counter()
    for state, n in asked.order_by("state").values_list("state").annotate(Count("pk")):
        outcomes[CAME_OF_IT.get(state, GOING)] += n
    measure, states = "这一年提交的预约", defaultdict(list)
    for state, words in CAME_TO.items():
        states[words].append(state)
    ways = received._replace(groups=by_choice("channel__exact", ServiceRequest.Channel.choices))
    ends = received._replace(groups=by("state__exact", states))
    return [
        grouped("预约渠道", measure, "次", counted(asked, "channel", dict(ServiceRequest.Channel.choices)), ways),
        grouped("预约结果", f"{measure}，现在的状态", "次", outcomes, ends),
    ]


def by_one(done, served: Rows) -> list[Table]:
    """By each of the groupings alone; what several of them would tell together is asked of the register."""
    tables = [
        ("服务类型", f"{COUNTED}（第八条）", "kind", KINDS),
        ("服务对象类别", f"{COUNTED}（第七条）", "group", whose("whom", ClientGroup)),
        ("服务方式", COUNTED, "mode", by_choice("mode__exact", Service.Mode.choices)),
        ("服务对象所在区县", f"{COUNTED}；预约时填的区县", "district", whose("where", District)),
    ]
    months = served._replace(groups=by_month("started_at"))
    told_by = f"{COUNTED}；少于5的月份和相邻的合并"
    return [
        summed("每月服务", told_by, "次", monthly(done.monthly), done.number, months, "columns"),
        *(
            summed(name, measure, "次", done.rows(field), done.number, served._replace(groups=groups))
            for name, measure, field, groups in tables
        ),
    ]


def whose(name: str, vocabulary) -> dict:
    """What is known of a client, what is not, and what has no client."""
    codes = {label: code for code, label in vocabulary.choices}
    return by(name, codes | {UNKNOWN: "unknown", NO_CLIENT: "many"})


def by_two(done, served: Rows) -> list[Table]:
    """Kinds by groups, of services with a client; nothing where either side of that line is small."""
    counts = done.by("kind", "group")
    beyond = sum(n for (kind, _), n in counts.items() if kind in APART)
    if None in (told(beyond), told(done.number - beyond)):
        return []
    ours = {pair: n for pair, n in counts.items() if pair[0] not in APART}
    said = f"{COUNTED}，有服务对象的；少于5的行或列并入“其他（合并）”"
    kinds = {label: asked for label, asked in KINDS.items() if label not in APART}
    of_one = served.narrowed(kind__exact=[code for asked in kinds.values() for code in asked["kind__exact"]])
    across = served._replace(groups=whose("whom", ClientGroup))
    return crossing("服务类型和对象", said, ours, of_one._replace(groups=kinds), across)


def gatherings(it: Year) -> list[Table]:
    """Activities that took place, who came, and the pairings (Articles 8(2) and 8(3))."""
    held = Activity.objects.filter(**within("starts_at", it.year), state__in=TOOK_PLACE).order_by()
    came = SignUp.objects.filter(activity__in=held, state=SignUp.State.ATTENDED).order_by()
    begun = Pairing.objects.filter(starts_on__year=it.year, starts_on__lte=it.day, state__in=PAIRED).order_by()
    over = Pairing.objects.filter(**within("closed_at", it.year), state=Pairing.State.CLOSED).order_by()
    joined = PairingMember.objects.filter(pairing__in=begun).order_by()
    year, groups = it.year, by("group__exact", {label: code for code, label in GROUPS.items()})
    kinds, results = by_choice("kind__exact", Activity.Kind.choices), by_choice("result__exact", Pairing.Result.choices)
    events = rows(Activity, kinds, starts_at__year=year, state__exact=TOOK_PLACE)
    there = rows(SignUp, groups, state__exact=SignUp.State.ATTENDED, activity__state__exact=TOOK_PLACE)
    paired = rows(PairingMember, groups, pairing__starts_on__lte=it.day, pairing__state__exact=PAIRED)
    closed = rows(Pairing, results, closed_at__year=year, state__exact=Pairing.State.CLOSED)
    return [
        openly("专题活动", "已举办的活动，按活动日期", "场", counted(held, "kind", dict(Activity.Kind.choices)), events),
        grouped(
            "活动到场", "活动上签到的人次，按报名时填的类别", "人次", counted(came, "group", GROUPS),
            there.narrowed(activity__starts_at__year=year),
        ),
        grouped(
            "新结对对象", "这一年开始的结对里的创业者，按类别", "人", counted(joined, "group", GROUPS),
            paired.narrowed(pairing__starts_on__year=year),
        ),
        grouped("结对成效", "这一年办结的结对", "对", counted(over, "result", dict(Pairing.Result.choices)), closed),
    ]  # fmt: skip


def reviews(it: Year) -> list[Table]:
    """Reviews whose outcome everybody may read (Article 8(4))."""
    told_of = ReviewPanel.objects.filter(
        **within("published_at", it.year), state=ReviewPanel.State.PUBLISHED
    ).order_by()
    projects = ReviewProject.objects.filter(panel__in=told_of).aggregate(
        all=Count("pk"), passed=Count("pk", Q(passed=True))
    )
    measure, published = "结果已公布的评审，按公布日期", ReviewPanel.State.PUBLISHED
    judged = rows(ReviewProject, panel__published_at__year=it.year, panel__state__exact=published)
    panels = by_choice("kind__exact", ReviewPanel.Kind.choices)
    return [
        numbers(
            measure,
            ("参评项目", projects["all"], "个", judged),
            ("通过", projects["passed"], "个", judged.narrowed(passed__exact=1)),
        ),
        openly(
            "评审对象", measure, "次", counted(told_of, "kind", dict(ReviewPanel.Kind.choices)),
            rows(ReviewPanel, panels, published_at__year=it.year, state__exact=published),
        ),
    ]  # fmt: skip
