"""Who asks for advice, by web and telephone, and how it goes until they have met (Articles 7, 10(3) and 14)."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta

from experts.models import Expert
from expertteam import clock
from expertteam.demo_life.agenda import Story
from expertteam.demo_life.clients import ROOMS
from expertteam.regulation import Refused
from expertteam.rehearsal.clientele import WORDS, Client, Clientele, matter
from expertteam.rehearsal.rhythm import all_along
from expertteam.rehearsal.words import by_client, logged, state_of
from services import actions, matching, slots
from services.actions.offer import visit_is_settled
from services.models import Offer, Place, ServiceRequest, Wish

State = ServiceRequest.State
ASKED = 1.2  # requests for each expert and year, of which about one becomes a service
FIRST_NUMBER = 30_000
TRIES = 4  # experts who are asked about one request, then it is given up for the time being
PHONE, NAMED, VISITED, FRIVOLOUS = 0.35, 0.75, 0.08, 0.2  # shares of requests; the last of visits that need leave
DECLINED, LAPSED, TAKEN_BACK = 0.1, 0.04, 0.01  # of offers
CANCELLED, MOVED, STOOD_DOWN = 0.03, 0.04, 0.02  # of what is arranged
CLIENT_ABSENT, EXPERT_ABSENT = 0.04, 0.01  # of meetings
ENOUGH_TIME = timedelta(hours=3)  # before a meeting that is still to be matched


def stories(it) -> Iterator[Story]:
    people = Clientele(FIRST_NUMBER)
    yield all_along(it, ASKED, lambda day: request(it, people.somebody(it), day))


def request(it, client: Client, day: date, sore: int | None = None) -> Story:
    """One request, from asking that day or soon after to the last word.

    ``sore``: the key of the expert whom this client asks for, and of whose manner he will complain.
    """
    by_phone = it.happens(PHONE)
    yield it.hours.office(day) if by_phone else it.hours.evening(day)
    said = matter(it) | of_client(client) | place_of(it, visited=not sore and it.happens(VISITED))
    said |= when(it, sore) if sore else when(it, somebody_named(it))
    if not Expert.objects.serving(clock.today()).exists():
        return
    asked = ask(it, client, by_phone, said)
    while (state := state_of(asked)) in STEPS:
        yield from STEPS[state](it, asked, sore)


def somebody_named(it) -> int | None:
    """The expert whom a client asks for, by key, where he asks for one."""
    team = Expert.objects.serving(clock.today()).order_by("pk").values_list("pk", flat=True)
    return it.any_of(list(team)) if it.happens(NAMED) else None


def ask(it, client: Client, by_phone: bool, said: dict) -> ServiceRequest:
    """As the public form or the clerk's twin of it does."""
    if by_phone:
        return actions.ask_by_phone(by=it.accounts["intake"], channel=ServiceRequest.Channel.PHONE, note="来电", **said)
    return actions.ask(by=client.user, channel=ServiceRequest.Channel.WEB, **said)


def of_client(client: Client) -> dict:
    """What he says of himself."""
    return {name: getattr(client, name) for name in ("name", "phone", "group", "district", "enterprise")}


def place_of(it, visited: bool) -> dict:
    if not visited:
        return {"place": Place.CENTRE, "address": "", "visit_reason": ""}
    return {"place": Place.VISIT, "address": it.any_of(WORDS["villages"]), "visit_reason": it.any_of(WORDS["reasons"])}


def when(it, named: int | None) -> dict:
    """One of the free times of the expert who is asked for; else what suits the client, and the centre finds the time."""
    free = free_times(named) if named else []
    wanted = Expert.objects.select_related("user").get(pk=named) if named else None
    if not free:
        return {"wanted": wanted, "wishes": it.any_of([[], [Wish.MORNING], [Wish.AFTERNOON], [Wish.WEEKEND]])}
    slot = it.any_of(free)
    return {
        "wanted": wanted,
        "starts_at": slot.starts_at,
        "minutes": (slot.ends_at - slot.starts_at) // clock.ONE_MINUTE,
    }


def free_times(expert: int) -> list[slots.Slot]:
    """From the day after tomorrow on, for two weeks."""
    return slots.free([expert], clock.today() + timedelta(days=3), 14, clock.now())[expert]


def matched(it, asked: ServiceRequest, sore: int | None) -> Story:
    """The matcher finds somebody, once it is settled whether the expert may call at the door."""
    asked.refresh_from_db()
    yield max(clock.now(), min(it.hours.soon(2), asked.answer_due))
    asked.refresh_from_db()
    if asked.state != State.SUBMITTED:
        return
    if not visit_is_settled(asked):
        if it.happens(FRIVOLOUS):
            actions.turn_away(asked, by=it.accounts["matcher"], note="这件事在中心谈就可以，请改约到中心")
            return
        actions.allow_visit(asked, by=it.accounts["intake"], note="电话核实，确有需要")
    if asked.starts_at and asked.starts_at < clock.now() + ENOUGH_TIME:
        change = {"wishes": [Wish.MORNING, Wish.AFTERNOON], "call_note": "原来的时间来不及了"}
        actions.by_phone(actions.change_time, asked, by=it.accounts["intake"], **change)
    tries = asked.offers.count()
    if tries >= TRIES or not ((not tries and offered_as_wanted(it, asked)) or offered_as_suggested(it, asked)):
        actions.turn_away(asked, by=it.accounts["matcher"], note="近期没有合适的时间，下月再为您联系")


def offered_as_wanted(it, asked: ServiceRequest) -> bool:
    """To the expert whom the client named, unless something stands against it; whether it was."""
    if not asked.wanted_id:
        return False
    said = {"starts_at": asked.starts_at, "room": room(it, asked), "override": "对方点名想约这位老师"}
    with suppress(Refused):
        actions.offer(asked, by=it.accounts["matcher"], expert=asked.wanted, **said)
        return True
    asked.refresh_from_db()
    return False


def offered_as_suggested(it, asked: ServiceRequest) -> bool:
    """To the first of those suggested, two more stand behind him; whether there was one."""
    first, *others = matching.suggest(asked) or [None]
    if first is None:
        return False
    actions.offer(
        asked, by=it.accounts["matcher"], expert=first.expert, starts_at=first.slot, room=room(it, asked),
        alternates=[each.expert.pk for each in others[:2]],
        override="近期没有完全对口的老师，先请经验相近的" if first.warnings else "",
    )  # fmt: skip
    return True


def room(it, asked: ServiceRequest) -> str:
    return "" if asked.place == Place.VISIT else it.any_of(ROOMS)


def live(asked: ServiceRequest) -> Offer | None:
    """What an expert has before him or has taken on, with who he is."""
    return Offer.objects.live().filter(request=asked.pk).select_related("expert__user").first()


def answered(it, asked: ServiceRequest, sore: int | None) -> Story:
    """The expert accepts, sometimes cannot come, sometimes does not look; then the next is asked by itself."""
    offer = live(asked)
    mood = 1 if sore else it.hours.random.random()
    replies = clock.now() + timedelta(minutes=it.hours.random.randint(5, 150))
    if mood < LAPSED or replies > offer.answer_due:
        yield max(offer.answer_due, clock.now()) + timedelta(days=1)
        overlooked(it, offer)
        return
    yield replies
    if live(asked) != offer:  # he has left the team meanwhile
        return
    if mood < LAPSED + DECLINED:
        declined(it, offer)
        return
    actions.accept(offer, by=offer.expert.user)
    if mood < LAPSED + DECLINED + TAKEN_BACK:
        yield clock.now() + timedelta(minutes=4)
        actions.take_back(offer, by=offer.expert.user)


def overlooked(it, offer: Offer):
    """By now time has passed it on; unless nobody knows yet whether the last day was a working day."""
    offer.refresh_from_db()
    if offer.state == Offer.State.OFFERED:
        actions.replace(offer, by=it.accounts["matcher"], note="一直没有答复，电话也没有接通")


def declined(it, offer: Offer):
    """For one of the reasons of the form, sometimes for one of his own."""
    reason = it.any_of([*Offer.Reason.values, Offer.Reason.BUSY, Offer.Reason.AWAY])
    words = "最近不想接这类咨询" if reason == Offer.Reason.OTHER else ""
    actions.decline(offer, by=offer.expert.user, reason_kind=reason, reason=words)


def settled(it, asked: ServiceRequest, sore: int | None) -> Story:
    """The expert has said yes without a time: the centre agrees upon one with both, or finds another expert."""
    yield it.hours.soon(1)
    asked.refresh_from_db()
    if asked.state != State.ACCEPTED:
        return
    free = [slot.starts_at for slot in free_times(asked.expert_id)]
    with suppress(Refused):
        starts_at = it.any_of(free) or it.hours.office(clock.today(), 4)
        actions.arrange(asked, by=it.accounts["matcher"], starts_at=starts_at, room=room(it, asked))
        return
    actions.replace(live(asked), by=it.accounts["matcher"], note="与对方约不到一起")


def held(it, asked: ServiceRequest, sore: int | None) -> Story:
    """They meet, unless one of them finds before that he cannot."""
    asked.refresh_from_db()
    mood = 1 if sore else it.hours.random.random()
    if mood < CANCELLED + MOVED + STOOD_DOWN and asked.starts_at > clock.now() + timedelta(days=2):
        yield clock.now() + timedelta(hours=it.hours.random.randint(2, 20))
        if state_of(asked) == State.ARRANGED:
            called_off(it, asked, mood)
        return
    yield asked.starts_at + timedelta(minutes=40)
    if state_of(asked) != State.ARRANGED:
        return
    if not sore and it.happens(EXPERT_ABSENT):
        by_client(it, actions.report_absence, live(asked), reason="等了40分钟，没有人来")
    elif not sore and it.happens(CLIENT_ABSENT):
        offer = live(asked)
        actions.report_client_absent(offer, by=offer.expert.user, reason="等了半小时，电话没有接通")
    else:
        yield from logged(it, asked, sore)


def called_off(it, asked: ServiceRequest, mood: float):
    """The client calls it off or moves it, or the expert cannot come after all."""
    if mood < CANCELLED:
        by_client(it, actions.cancel, asked, note="事情已经解决了")
    elif mood < CANCELLED + MOVED:
        free = free_times(asked.expert_id)
        if free:
            by_client(it, actions.reschedule, asked, starts_at=it.any_of(free).starts_at)
    else:
        offer = live(asked)
        actions.stand_down(offer, by=offer.expert.user, reason_kind=it.any_of(Offer.Reason.values[:3]), reason="")


STEPS = {State.SUBMITTED: matched, State.OFFERED: answered, State.ACCEPTED: settled, State.ARRANGED: held}
