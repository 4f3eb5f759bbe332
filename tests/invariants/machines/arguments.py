"""What is said when a move is made: something for everything that it asks for, as the form of it would let it through."""

import inspect
import re
from datetime import timedelta
from decimal import Decimal

from django.db.models import Field

from evaluations.models import Delivery, Dismissal, Rating, RatingCase, Refusal, Report
from evaluations.models.rating import Grade, Trouble
from experts.models import Expert
from expertteam import clock
from expertteam.models import Notification
from expertteam.workflow import LINK, SYSTEM, Transition
from services import draw as protocol
from services.actions.holding import code_of
from services.models import Pairing, ReviewProject, Seat
from tests.invariants.machines.world import World
from tests.make import pdf
from tests.services import panels


def said(world: World, move: Transition, record, by) -> dict:
    """All that this move asks for of this record."""
    whole = f"{type(record).__name__}.{move.verb}"
    if whole in WHOLE:
        return WHOLE[whole](world, record, by)
    given = {}
    for name, parameter in list(inspect.signature(move.body).parameters.items())[2:]:
        if parameter.kind is parameter.VAR_KEYWORD or (parameter.default is not parameter.empty and name not in EACH):
            continue
        given[name] = EACH.get(name, by_its_field)(world, record, name)
    return given


def by_its_field(world: World, record, name: str):
    """Where the record has a field of this name, one of its choices; else words."""
    field = record._meta.fields_map.get(name) or next((each for each in record._meta.fields if each.name == name), None)
    if isinstance(field, Field) and field.choices:
        return world.any_of([value for value, _ in field.choices if value])
    return world.words()


WORST = {
    RatingCase: RatingCase.Finding.UPHELD_ATTITUDE,
    Refusal: Refusal.Finding.NO_REASON,
}  # said as often as all else

EACH = {  # what a parameter of this name is given, in whatever move
    "alternates": lambda world, *_: [each.pk for each in world.some_of(Expert.objects.order_by("pk"))][:2],
    "approval": lambda *_: "晋评组发〔2026〕3号",
    "at": lambda world, *_: world.soon(60),
    "break_minutes": lambda world, *_: world.any_of([0, 0, 10]),
    "claimed_minutes": lambda world, *_: world.any_of([None, 30, 90]),
    "code": lambda world, record, _: code_of(record.request) if record.request and world.happens(0.5) else "",
    "conflicts": lambda world, record, _: {
        each.pk: world.words() for each in record.panel.projects.all() if world.happens(0.05)
    },
    "expert": lambda world, *_: world.expert(),
    "extension": lambda world, *_: world.words(),
    "files": lambda *_: [pdf()],
    "finding": lambda world, record, _: world.any_of(
        [WORST[type(record)]] if world.happens(0.5) else type(record).Finding.values
    ),
    "genuine": lambda world, *_: world.happens(0.8),
    "grade": lambda world, *_: world.any_of(Grade.values),
    "items": lambda world, *_: world.some_of(["basics", "history", "skills", "proof"]),
    "lines": lambda world, record, _: list(record.lines.all()) if world.happens(0.7) else world.some_of(record.lines.all()),
    "marks": lambda world, record, _: {
        each["key"]: Decimal(world.chance.randint(int(each["most"] * 0.6), each["most"])) for each in record.panel.criteria
    },
    "opinion": lambda world, *_: world.words(),
    "original_seen": lambda world, *_: world.happens(0.5),
    "override": lambda world, *_: world.words(),
    "points": lambda world, record, _: [world.words()] if isinstance(record, Dismissal) else Decimal(world.chance.randint(-2, 2)),
    "project": lambda world, record, _: world.any_of(record.panel.projects.all() if isinstance(record, Seat) else record.projects.all()),
    "proof": lambda *_: pdf(),
    "reason_kind": lambda world, *_: world.any_of(["busy", "ill", "other", "other"]),
    "result": lambda world, *_: world.any_of(Pairing.Result.values),
    "ruled_minutes": lambda world, *_: world.chance.randint(1, 120),
    "upheld": lambda world, *_: world.happens(0.3),
    "upload": lambda *_: pdf(),
    "warned": lambda world, *_: world.happens(0.5),
    "why": lambda world, record, _: world.any_of(Report.Why.values if isinstance(record, Report) else ["declined", "ill"]),
}  # fmt: skip


def time_or_none(world, record, by):
    return {"starts_at": world.soon() if world.happens(0.6) else None}


def offered(world, record, by):
    starts_at = world.soon() if world.happens(0.8) else None
    return {
        "expert": world.expert(), "starts_at": starts_at, "room": "2号洽谈室", "override": world.words(),
        "alternates": EACH["alternates"](world),
    }  # fmt: skip


def logged(world, service, by):
    """What an expert types in; where nobody booked, also when it was and for whom."""
    entered = {"summary": world.words(), "kind": "consulting", "code": EACH["code"](world, service, "code")}
    if not service.request:
        began = clock.now() - timedelta(hours=world.chance.randint(1, 100))
        entered |= {"started_at": began, "minutes": 60, "name": "刘小满", "phone": world.phone()}
    return entered


def rated(world, rating, by):
    grade = world.any_of(Grade.values)
    said = {"grade": grade, "wrong": world.some_of(Trouble.values) or ["attitude"], "text": world.words()}
    said |= {"may_publish": world.happens(0.5), "network": world.any_of(["", "a"]), "device": world.any_of(["", "b"])}
    if world.happens(0.1):
        said["reader"] = rating.expert.user
    return said | ({} if by is LINK else {"channel": Rating.Channel.PHONE})


def rated_anew(world, rating, by):
    given = rated(world, rating, by)
    given.pop("channel", None)
    return given


def facts_of_an_activity(world, activity, by):
    starts_at = world.soon()
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)} if world.happens(0.7) else {}
    kept = {name: getattr(activity, name) for name in ("starts_at", "ends_at", "place", "capacity")}
    return kept | {"capacity": world.chance.randint(1, 4)} | times


def amended(world, activity, by):
    return facts_of_an_activity(world, activity, by) | {"amendment": world.words()}


def attended(world, activity, by):
    times = {role.pk: world.any_of([None, 60, role.minutes]) for role in activity.roles.all()}
    return {"attended": times}


def conditions(world, panel, by):
    starts_at = world.soon(4)
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=3)}


def entry_of_a_project(world, panel, by):
    return {"name": f"项目{world.chance.randint(1, 99)}", "applicant": "太原某孵化器公司", "parties": panels.PARTIES}


def frozen(world, panel, by):
    """Within the hour, or with a public value that comes before the review."""
    witness = (
        {"witness": "刘公证", "organisation": "太原某公证处", "phone": "13900005555"} if world.happens(0.2) else {}
    )
    if world.happens(0.7):
        return {"profile": "A"} | witness
    due = clock.now() + (panel.starts_at - clock.now()) / 2
    return {"profile": "B", "source": "sse", "issue": "2026-03-02", "due_at": due} | witness


def chosen(world, panel, by):
    """As many as the empty places want, or one too few; mostly of those who sit nowhere else then."""
    wanted = [stratum for stratum, count in panel.need for _ in range(count - panel.seats.live().count())]
    taken = {"seats__panel__starts_at": panel.starts_at} if world.happens(0.7) else {"seats__panel": panel}
    experts = list(Expert.objects.exclude(**taken).order_by("pk"))
    picked = world.chance.sample(experts, min(len(wanted), len(experts)))
    return {"reason": world.words(), "chosen": list(zip(wanted, picked, strict=False))[world.happens(0.1) :]}


def role_in(draw, by) -> str:
    if by is LINK:
        return "witness"
    return "operator" if by is not SYSTEM and by.pk == draw.operator_id else "inspector"


def promised(world, draw, by):
    role = role_in(draw, by)
    party = draw.parties.filter(role=role).first()
    ident = party.ident if party and role == "witness" else f"u{getattr(by, 'pk', 0)}"
    return {
        "commitment": protocol.commitment(
            draw.algorithm, draw.draw_id, role, ident, draw.pool_root, panels.SECRETS[role]
        )
    }


def proved(world, change, by):
    """The code that the new number was sent, or one that it was not."""
    sent = [each for each in Notification.objects.filter(subject="验证新手机号") if each.address == change.phone]
    return {"code": re.search(r"\d{6}", sent[0].body)[0] if sent and world.happens(0.8) else "000000"}


def shown(world, draw, by):
    return {"secret": panels.SECRETS[role_in(draw, by)] if world.happens(0.9) else "0" * 64}


def served(world, dismissal, by):
    channel = world.any_of(Delivery.Channel.values)
    back = world.chance.randint(30, 40) if channel == Delivery.Channel.PUBLIC else world.chance.randint(0, 3)
    return {
        "channel": channel,
        "served_on": clock.today() - timedelta(days=back),
        "proof": pdf(),
        "note": world.words(),
    }


def recorded(world, dismissal, by):
    how = world.any_of([Dismissal.Heard.STATEMENT, Dismissal.Heard.WAIVER])
    points = [world.words()] if how == Dismissal.Heard.STATEMENT else []
    return {"how": how, "day": world.day(2), "proof": pdf(), "points": points}


def weighed(world, dismissal, by):
    answers = {plea.pk: (world.happens(0.3), world.words()) for plea in dismissal.pleas.all()}
    return {"answers": answers, "opinion": world.words(), "advice": world.any_of(Dismissal.Advice.values)}


def revised_schedule(world, schedule, by):
    begins = schedule.effective_from + timedelta(days=world.chance.randint(-40, 40))
    return {
        "effective_from": begins,
        "rates": [{"kind": "review", "amount": Decimal("350.00")}][: world.chance.randint(0, 1)],
    }


def checked(world, batch, by):
    return {"lines": EACH["lines"](world, batch, "lines"), "check_note": world.any_of(["", "已逐笔核对", "已逐笔核对"])}


def followed_up(world, case, by):
    return {"grade": world.any_of(Grade.values)} | ({"reader": case.rating.expert.user} if world.happens(0.1) else {})


WHOLE = {  # what hangs together is said together
    "ServiceRequest.offer": offered,
    "ServiceRequest.change_time": time_or_none,
    "ServiceRequest.reschedule": lambda world, *_: {"starts_at": world.soon()},
    "ServiceRequest.arrange": lambda world, *_: {"starts_at": world.soon()},
    "Offer.accept": lambda world, offer, by: {} if offer.starts_at else time_or_none(world, offer, by),
    "Service.log": logged,
    "Rating.give": rated,
    "Rating.revise": rated_anew,
    "RatingCase.follow_up": followed_up,
    "Activity.revise": facts_of_an_activity,
    "Activity.amend": amended,
    "Activity.close": attended,
    "ReviewPanel.revise": conditions,
    "ReviewPanel.add_project": entry_of_a_project,
    "ReviewPanel.drop_project": lambda world, panel, by: {"project": world.one(ReviewProject, panel=panel)},
    "ReviewPanel.freeze": frozen,
    "ReviewPanel.choose": chosen,
    "AccountChange.prove": proved,
    "AccountChange.stop": lambda world, *_: {"stop_note": world.words()},
    "Dismissal.hand_on": lambda world, *_: {"to": world.officer("evaluations.take_up_dismissal")},
    "Draw.commit": promised,
    "Draw.reveal": shown,
    "Draw.enter_value": lambda *_: {"value": "3300.12"},
    "Dismissal.serve_notice": served,
    "Dismissal.serve_decision": served,
    "Dismissal.record_defence": recorded,
    "Dismissal.record_hearing_request": lambda world, *_: {
        "way": world.any_of(Dismissal.Way.values), "day": world.day(2), "proof": pdf(),
    },
    "Dismissal.weigh": weighed,
    "Batch.approve": checked,
    "RateSchedule.revise": revised_schedule,
    "RateSchedule.attach": lambda *_: {"files": [pdf()]},
    "RateSchedule.confirm_schedule": lambda *_: {},
    "RatingCase.call_back": lambda world, *_: {"note": world.words()},
    "RatingCase.give_up_call": lambda world, *_: {"note": world.words()},
    "Service.confirm": lambda *_: {},
    "Objection.report": lambda world, *_: {"report": world.words()},
}  # fmt: skip
