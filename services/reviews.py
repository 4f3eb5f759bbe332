"""What waits of reviews for those who run, supervise and decide them; no row names a member (Articles 8(4) and 10(4))."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length
from django.urls import reverse

from expertteam import clock
from expertteam.waiting import Lot, Waiting, lot, open_to
from expertteam.workflow import may
from services.actions import choice, conclusion, draw, leaving, panel, scoring, seat, supervision
from services.models import Choice, Draw, DrawParty, Halt, RecusalRequest, ReviewPanel, Seat
from services.summons import SELECT, WITNESS

KIND = "项目评审"


def queue(user) -> list[Lot]:
    """Everything about reviews that this person can move now."""
    found = [lot(KIND, records(user), row) for records, row in ROWS]
    return [each for each in found if each.total]


def waiting(user) -> int:
    return sum(records(user).count() for records, _ in ROWS)


def at_work(records: QuerySet, user) -> QuerySet:
    """Without those of a review that stands still, or in which this person sits or is a party."""
    if records.query.is_empty():
        return records
    key = "pk" if records.model is ReviewPanel else "panel"
    own = Q(seats__expert__user_id=user.pk)
    if user.phone_index:
        own |= Q(projects__parties__phone_index=user.phone_index)
    left_out = ReviewPanel.objects.filter(own | Q(halts__state=Halt.State.STANDING))
    found = records.exclude(**{f"{key}__in": left_out.values("pk")})
    return (found if key == "pk" else found.select_related("panel")).order_by("pk")


# The draw


def to_draw(user) -> QuerySet:
    """Draws in which it is this person's turn: to promise, to fix, to show his secret, to sign."""
    if not may(user, draw.commit.permission):
        return Draw.objects.none()
    silent = DrawParty.objects.filter(draw=OuterRef("pk"), secret="")
    unbound = DrawParty.objects.filter(draw=OuterRef("pk"), commitment="")
    frozen, fixed, drawn = (Q(state=state) for state in ("frozen", "fixed", "drawn"))
    turn = frozen & Exists(unbound.filter(user=user))
    turn |= frozen & Q(operator=user) & ~Exists(unbound)
    turn |= fixed & Exists(silent.filter(user=user))
    turn |= fixed & Q(due_at__lte=clock.now()) & ~Exists(silent) & ~Q(typed_by=user)
    turn |= drawn & (Q(operator=user, operator_signed_at=None) | Q(inspector=user, inspector_signed_at=None))
    if may(user, WITNESS):
        turn |= frozen & Q(inspector=None)
    return at_work(Draw.objects.filter(turn), user)


def row_of_draw(each: Draw) -> Waiting:
    tips = {
        Draw.State.FROZEN: ("准备抽取", "候选池已锁定，等您提交承诺或固定条件"),
        Draw.State.FIXED: ("完成抽取", "条件已固定，等您公开随机数或录入公开数值"),
        Draw.State.DRAWN: ("签抽取记录", "已抽取，等您签字"),
    }
    return Waiting(each.panel.starts_at, *about(each, *tips[each.state]), "办理", each.get_absolute_url())


def to_abort(user) -> QuerySet:
    """Aborts that somebody else asked for, and that end by this person's word; few are asked for at a time."""
    asked = open_to(draw.abort, user).filter(abort_asked_by__isnull=False).select_related("abort_asked_by")
    leads = may(user, SELECT)  # who is wanted once the result is known
    ready = [
        each.pk
        for each in asked.prefetch_related("parties")
        if not draw.why_not_abort(each, user) and (draw.result_is_known(each) or not leads)
    ]
    return at_work(Draw.objects.filter(pk__in=ready), user)


def row_of_abort(each: Draw) -> Waiting:
    return Waiting(
        each.panel.starts_at, *about(each, "同意作废抽取", each.abort_reason), "查看", each.get_absolute_url()
    )


# Who has to stay away, and who is chosen


def requests(user) -> QuerySet:
    mine = open_to(supervision.uphold, user).exclude(recorded_by=user).exclude(expert__user=user)
    return at_work(mine, user)


def row_of_request(each: RecusalRequest) -> Waiting:
    return entry(each, "审查回避申请", "当事人申请回避，审查后才能锁定候选池", "审查", "recusals")


def to_support(user) -> QuerySet:
    return not_chosen(open_to(choice.support, user), user)


def to_approve(user) -> QuerySet:
    return not_chosen(open_to(choice.approve, user), user)


def not_chosen(records: QuerySet, user) -> QuerySet:
    own = Choice.objects.filter(Q(proposed_by=user) | Q(chosen__expert__user_id=user.pk))
    return at_work(records.exclude(pk__in=own.values("pk")), user)


def row_of_choice(each: Choice) -> Waiting:
    what = "审查定向选取" if each.state == Choice.State.PROPOSED else "批准定向选取"
    return entry(each, what, each.get_state_display(), "查看", "choices")


# Seats


def unanswered(user) -> QuerySet:
    """Called, and the time to answer is over, while there is still a review to come to."""
    now = clock.now()
    return at_work(open_to(seat.report_unreachable, user).filter(answer_due__lt=now, panel__ends_at__gt=now), user)


def row_of_unanswered(each: Seat) -> Waiting:
    row = entry(each, "催评审答复", f"第{each.place}席过了期限还没有答复，请打电话", "联系", "seats")
    return row._replace(due=each.answer_due)


def unable(user) -> QuerySet:
    """Members who cannot sit any more, of reviews that have not begun."""
    coming = open_to(seat.rule_out, user).filter(panel__convened_at=None, panel__ends_at__gt=clock.now())
    found = leaving.unable(coming.select_related("panel"))
    return at_work(Seat.objects.filter(pk__in=[each.pk for each in found]), user)


def row_of_unable(each: Seat) -> Waiting:
    return entry(each, "登记不能参加", f"第{each.place}席现在不能参加评审，由他人递补", "办理", "seats")


def given_up(user) -> QuerySet:
    return at_work(open_to(seat.pass_on, user), user)


def row_of_given_up(each: Seat) -> Waiting:
    return entry(each, "提请递补", f"第{each.place}席{each.get_why_display()}", "办理", "seats")


def passing(user) -> QuerySet:
    return at_work(open_to(seat.stand_down, user), user)


def row_of_passing(each: Seat) -> Waiting:
    return entry(each, "递补签字", f"第{each.place}席{each.get_why_display()}", "审查", "seats")


def objected(user) -> QuerySet:
    """The answer is kept encrypted: there is none where it has no length."""
    asked = open_to(seat.answer_objection, user).filter(objected_at__isnull=False)
    return at_work(asked.annotate(answered=Length("objection_answer")).filter(answered=0), user)


def row_of_objection(each: Seat) -> Waiting:
    return entry(each, "答复递补异议", f"第{each.place}席对递补有异议", "答复", "seats")._replace(due=None)


# The day of the review


def unheld(user) -> QuerySet:
    """Reviews whose time is over and that never began."""
    missed = open_to(panel.cancel, user).filter(convened_at=None, ends_at__lte=clock.now())
    return at_work(missed.annotate(is_drawn=Exists(Draw.objects.live().filter(panel=OuterRef("pk")))), user)


def row_of_unheld(each: ReviewPanel) -> Waiting:
    tip = "评审时间已过，没有开成；" + (
        "先由纪检提出作废、您同意作废，再取消" if each.is_drawn else "写明原因，取消评审"
    )
    return entry(each, "取消评审", tip, "查看")


def todays(records: QuerySet) -> QuerySet:
    begin = clock.instant(clock.today())
    return records.filter(starts_at__gte=begin, starts_at__lt=begin + timedelta(days=1))


def to_watch(user) -> QuerySet:
    others = open_to(panel.take_seat, user).exclude(Q(drafted_by=user) | Q(draws__operator=user))
    return at_work(todays(others).filter(inspector=None), user)


def row_of_watch(each: ReviewPanel) -> Waiting:
    return entry(each, "到场监督评审", f"在{each.place}", "登记到场")


def to_convene(user) -> QuerySet:
    return at_work(todays(open_to(panel.convene, user)).exclude(inspector=user), user)


def row_of_convene(each: ReviewPanel) -> Waiting:
    tip = f"在{each.place}，" + ("纪检已到场" if each.inspector_id else "等纪检到场")
    return entry(each, "开始评审", tip, "查看")


def to_close(user) -> QuerySet:
    """All sheets are in and explained; few reviews are open at a time."""
    ready = [each.pk for each in open_to(conclusion.close_scoring, user) if not scoring.left_to_do(each)]
    return at_work(ReviewPanel.objects.filter(pk__in=ready), user)


def row_of_close(each: ReviewPanel) -> Waiting:
    return entry(each, "截止评分", "评分表已收齐", "截止评分")._replace(due=each.ends_at)


def to_conclude(user) -> QuerySet:
    waits = Seat.objects.filter(panel=OuterRef("pk"), state=Seat.State.PRESENT)
    mine = open_to(conclusion.conclude, user).filter(~Exists(waits), inspector=user).exclude(convened_by=user)
    return at_work(mine, user)


def row_of_conclude(each: ReviewPanel) -> Waiting:
    return entry(each, "评审监督签字", "评审专家都已签字", "签字")._replace(due=None)


def to_publish(user) -> QuerySet:
    return at_work(open_to(conclusion.publish, user), user)


def row_of_publish(each: ReviewPanel) -> Waiting:
    return entry(each, "公布评审结果", "评审意见已形成", "公布")._replace(due=None)


def about(record, what: str, tip: str) -> tuple[str, str, str, str]:
    """What is to be done with which review, and why now."""
    review = record if isinstance(record, ReviewPanel) else record.panel
    return what, review.number, review.title, tip


def entry(record, what: str, tip: str, verb: str, part: str = "") -> Waiting:
    """A row that leads to a part of the page of its review, due when that begins."""
    review = record if isinstance(record, ReviewPanel) else record.panel
    url = reverse("services:panel", args=[review.pk])
    return Waiting(review.starts_at, *about(record, what, tip), verb, f"{url}#{part}" if part else url)


ROWS = [  # what is found, and how it is told
    (to_draw, row_of_draw),
    (to_abort, row_of_abort),
    (requests, row_of_request),
    (to_support, row_of_choice),
    (to_approve, row_of_choice),
    (unanswered, row_of_unanswered),
    (unable, row_of_unable),
    (given_up, row_of_given_up),
    (passing, row_of_passing),
    (objected, row_of_objection),
    (unheld, row_of_unheld),
    (to_watch, row_of_watch),
    (to_convene, row_of_convene),
    (to_close, row_of_close),
    (to_conclude, row_of_conclude),
    (to_publish, row_of_publish),
]
