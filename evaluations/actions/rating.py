"""A client's rating: awaited, given, changed once; its text shown or not (Article 10(1))."""

from datetime import timedelta
from functools import partial

from django.db import transaction

from evaluations import messages, rules
from evaluations.actions.opening import open_case
from evaluations.models import Rating, RatingCase
from experts.models import Expert
from expertteam import clock
from expertteam.models import Policy, User
from expertteam.regulation import Refused, article
from expertteam.workflow import LINK, SYSTEM, transition
from services.actions import mark_rated
from services.actions.request import spoke
from services.models import Service, ServiceRequest

State, Channel, Quote = Rating.State, Rating.Channel, Rating.Quote


@article("10(1)")
def await_rating(service: Service):
    """根据服务对象满意度: a counted service with a client of its own may be rated by him from now on, once.

    None for an activity, where nobody in particular was advised, nor where the number is the expert's own.
    """
    if service.activity_id or not service.phone:
        return
    own = Expert.objects.filter(pk=service.expert_id, user__phone_index=service.phone_index)
    if own.exists() or Rating.objects.filter(service=service).exists():
        return
    days = Policy.objects.number("rating_days", clock.today())
    made = clock.now()
    rating = Rating(service=service, expert_id=service.expert_id, made_at=made, until=made + timedelta(days=days))
    rating._change_reason = "等待服务对象评价（第10(1)条）"
    rating.save()
    messages.asked(rating)


@transition(Rating, source=[State.OPEN], target=State.GIVEN, article="10(1)", guest=True)
def give(rating, *, by, reader: User | None = None, channel=Channel.PHONE, **said):
    """评价"""
    not_the_expert(rating, reader)
    if not rules.may_rate(rating.until, clock.now()):
        raise Refused("评价时间已过，有话请打电话告诉我们", "10(1)")
    rating.channel = Channel.LINK if by is LINK else channel
    rating.given_at = clock.now()
    enter(rating, **said)
    return partial(settle, rating)


@article("10(1)")
@transaction.atomic
def enter_by_phone(rating: Rating, *, by: User, channel: str, note="", **said) -> Rating:
    """根据服务对象满意度: read out and entered by a clerk, in the marked channel, with the call; or put right there."""
    if rating.state == State.OPEN:
        give(rating, by=by, channel=channel, **said)
    else:
        revise(rating, by=by, **said)
    spoke(by, "代录评价", service=rating.service, note=note)
    return rating


def may_be_revised(rating: Rating) -> bool:
    """Whether its client may still change it."""
    hours = Policy.objects.number("rating_change_hours", clock.today())
    in_time = rating.state == State.GIVEN and rules.may_revise(rating.given_at, rating.changed_at, clock.now(), hours)
    return in_time and not is_found(rating)


@article("12(2)")
def is_found(rating: Rating) -> bool:
    """经服务对象多次反馈不满意的: what somebody has found on this feedback, which stays as it was found."""
    return RatingCase.objects.filter(rating=rating).exclude(finding="").exists()


@transition(Rating, source=[State.GIVEN], target=State.GIVEN, article="10(1)", guest=True)
def revise(rating, *, by, reader: User | None = None, **said):
    """修改评价"""
    not_the_expert(rating, reader)
    if is_found(rating):
        raise Refused("这次评价已经回访并作出认定，不能再改，有话请打电话告诉我们", "12(2)")
    if not may_be_revised(rating):
        hours = Policy.objects.number("rating_change_hours", clock.today())
        raise Refused(f"评价后{hours}小时内可以改一次，现在不能再改", "10(1)")
    if by is LINK:
        rating.channel = Channel.LINK
    elif rating.channel == Channel.LINK:
        raise Refused("本人用链接评的，只能由本人修改", "10(1)")
    rating.changed_at = clock.now()
    enter(rating, **said)
    return partial(settle, rating)


def not_the_expert(rating, reader: User | None):
    """Whoever is signed in as the expert does not rate himself, though he holds the link."""
    if reader is not None and rating.expert.user_id == reader.pk:
        raise Refused("不能评价自己的服务", "10(1)")


def enter(rating, *, grade: int, good=(), wrong=(), text="", may_publish=False, network="", device=""):
    """What was said: of a good rating what was good, of a poor one what was wrong, which has to be said."""
    if grade in rules.POOR and not wrong:
        raise Refused("请至少选一项不满意的地方")
    poor = grade in rules.POOR
    rating.grade, rating.text = grade, text
    rating.good, rating.wrong = ([], list(wrong)) if poor else (list(good), [])
    rating.may_publish = bool(may_publish and text)
    rating.quote = Quote.WAITING if rating.may_publish else Quote.NONE
    rating.network, rating.device = network or rating.network, device or rating.device


def settle(rating):
    """The service knows whether its client was content, its request is done with, a poor word opens a case."""
    service = rating.service
    request = service.request  # locked before the service, as everywhere
    if request and request.state == ServiceRequest.State.CONFIRMED:
        mark_rated(request, by=SYSTEM)
    note_satisfaction(service, rules.is_satisfied(rating.grade))
    if rating.is_poor:
        open_case(rating)


def note_satisfaction(service: Service, satisfied: bool | None):
    service.refresh_from_db(from_queryset=Service.objects.select_for_update(of=["self"]))
    service.satisfied = satisfied
    service._change_reason = "记下服务对象是否满意（第10(1)条）"
    service.save()


@transition(Rating, source=[State.OPEN], target=State.OPEN, article="10(1)")
def resend(rating, *, by):
    """重发评价短信"""
    if not rules.may_rate(rating.until, clock.now()):
        raise Refused("评价时间已过，不能再发", "10(1)")
    messages.asked(rating)


@transition(Rating, source=[State.GIVEN], target=State.GIVEN, article="10(1)")
def show_quote(rating, *, by):
    """公开文字"""
    if rating.quote not in (Quote.WAITING, Quote.WITHHELD) or not rating.may_publish:
        raise Refused("没有可以公开的文字，或已经公开", "10(1)")
    rating.quote, rating.quote_reason = Quote.SHOWN, ""


@transition(Rating, source=[State.GIVEN], target=State.GIVEN, article="10(1)")
def withhold_quote(rating, *, by, reason):
    """不公开文字"""
    if rating.quote not in (Quote.WAITING, Quote.SHOWN):
        raise Refused("没有待公开或已公开的文字", "10(1)")
    rating.quote, rating.quote_reason = Quote.WITHHELD, reason
