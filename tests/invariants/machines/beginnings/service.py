"""What begins a service, an activity or a pairing, and what an expert says of his time and his interests."""

from datetime import time, timedelta

from experts import actions as experts
from experts.models import Disclosure
from expertteam import clock
from expertteam.workflow import LINK
from services import actions as services
from services import tasks as service_tasks
from services.actions import activity, availability, pairing, sign_up
from services.models import (
    Activity,
    ActivityRole,
    DayException,
    Pairing,
    PairingMember,
    Pause,
    Service,
    ServiceRequest,
    SignUp,
)
from tests.invariants.machines.beginnings.jobs import job
from tests.invariants.machines.world import World


def founder(world: World) -> dict:
    return {"name": "刘小满", "phone": world.phone(), "group": "veteran", "topics": ["finance"]}


def ask(world: World):
    """On the web: an expert and a time may be asked for, or a visit."""
    wanted = {"wanted": world.expert(), "starts_at": world.soon()} if world.happens(0.4) else {}
    place = {"place": "visit", "visit_reason": "行动不便"} if world.happens(0.2) else {}
    by = world.anybody() if world.happens(0.2) else None
    services.ask(by=by, channel="web", question="担保贷款怎么办？", **founder(world), **wanted, **place)


def ask_by_phone(world: World):
    by = world.officer("services.ask_servicerequest")
    services.ask_by_phone(by=by, channel="phone", question="担保贷款怎么办？", **founder(world))


def start_log(world: World):
    """For a request that was arranged, a pairing, or for nothing that anybody had booked."""
    if world.happens(0.6):
        request = world.any_of(ServiceRequest.objects.filter(state="arranged").order_by("pk"))
        return services.start_log(by=world.himself(request.expert), request=request)
    if world.happens(0.6):
        found = world.one(Pairing)
        return services.start_log(by=world.himself(found.expert), pairing=found)
    return services.start_log(by=world.himself(world.expert()))


def keep_draft(world: World):
    service = world.one(Service)
    services.keep_draft(service, by=world.himself(service.expert), summary=world.words())


def call_back(world: World):
    service = world.one(Service)
    by = world.officer("services.verify_service")
    outcome = world.any_of(["true", "other", "away"])
    services.call_back(service, by=by, outcome=outcome, note=world.words(), claimed_minutes=30)


def show_number(world: World):
    services.show_number(world.one(ServiceRequest), by=world.officer("services.see_number_call"))


def talk(world: World):
    services.talk(world.one(ServiceRequest), by=world.officer("services.ask_servicerequest"), note=world.words())


def set_hours(world: World):
    expert = world.expert()
    begins = time(world.chance.randint(8, 14))
    availability.set_hours(expert, [(world.chance.randint(0, 6), begins, time(18))], by=world.himself(expert))


def except_day(world: World):
    expert = world.expert()
    availability.except_day(
        expert, world.soon().date(), by=world.himself(expert), kind=world.any_of(DayException.Kind.values),
        begins=time(9), ends=time(12),
    )  # fmt: skip


def clear_day(world: World):
    entry = world.one(DayException)
    availability.clear_day(entry, by=world.himself(entry.expert))


def pause(world: World):
    expert = world.expert()
    first = world.soon().date()
    last = first + timedelta(days=9) if world.happens(0.8) else None
    availability.pause(expert, by=world.himself(expert), first_day=first, last_day=last)


def resume(world: World):
    entry = world.one(Pause)
    availability.resume(entry, by=world.himself(entry.expert))


def set_limits(world: World):
    expert = world.expert()
    availability.set_limits(expert, by=world.himself(expert), monthly_cap=world.chance.randint(1, 9), slot_minutes=60)


def draft_activity(world: World):
    starts_at = world.soon()
    activity.draft(
        by=world.officer("services.draft_activity"), kind=world.any_of(Activity.Kind.values), title="小店怎么记账",
        text="带上流水账。", starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), place="二楼", capacity=2,
    )  # fmt: skip


def invite(world: World):
    found = world.any_of(Activity.objects.filter(starts_at__gt=clock.now()).order_by("pk"))
    by = world.officer("services.invite_activityrole")
    services.activity_role.invite(
        found,
        by=by,
        expert=world.expert(),
        role=world.any_of(ActivityRole.Role.values),
        starts_at=found.starts_at,
        minutes=60,
    )


def sign_up_(world: World):
    """By the web, or by a clerk for whoever rings up."""
    found = world.one(Activity)
    said = {"name": "刘小满", "phone": world.phone()}
    if world.happens(0.6):
        return sign_up.sign_up(found, by=LINK, **said)
    return services.sign_up_by_phone(found, by=world.officer("services.take_signup"), channel="phone", **said)


def mark(world: World):
    entry = world.any_of(
        SignUp.objects.filter(activity__starts_at__lte=clock.now() + timedelta(hours=1)).order_by("pk")
    )
    sign_up.mark(entry, by=world.officer("services.check_in_signup"), came=world.happens(0.7))


def cancel_sign_up(world: World):
    sign_up.cancel(world.one(SignUp), by=LINK)


def member(world: World) -> dict:
    said = {"commissioned_on": world.day(3), "channel": "phone", "enterprise": world.any_of(FIRMS)}
    return {"name": "刘小满", "phone": world.phone()} | said


def propose_pairing(world: World):
    begins = clock.today() + timedelta(days=world.chance.randint(0, 5))
    pairing.propose(
        by=world.officer("services.propose_pairing"), expert=world.expert(), goals="理顺成本核算", cadence_days=30,
        starts_on=begins, ends_on=begins + timedelta(days=world.chance.randint(30, 300)), members=[member(world)],
    )  # fmt: skip


def add_member(world: World):
    pairing.add_member(world.one(Pairing), by=world.officer("services.add_member_pairing"), **member(world))


def release_member(world: World):
    pairing.release_member(world.one(PairingMember), by=world.officer("services.release_member_pairing"))


FIRMS = ["太原某面馆", "太原某孵化器公司", "太原某装备公司"]


def disclose(world: World):
    expert = world.expert()
    kind = world.any_of(Disclosure.Kind.values)
    experts.disclose(expert, by=world.himself(expert), kind=kind, name=world.any_of(FIRMS), begins_on=world.day())


def end_disclosure(world: World):
    found = world.one(Disclosure)
    experts.end_disclosure(found, by=world.himself(found.expert), ends_on=world.day())


SERVICE = [
    ask, ask_by_phone, start_log, keep_draft, call_back, show_number, talk, set_hours, except_day, clear_day, pause,
    resume, set_limits, draft_activity, invite, sign_up_, mark, cancel_sign_up, propose_pairing, add_member,
    release_member, disclose, end_disclosure,
    job(service_tasks.lapse_offers, service_tasks.pass_to_call_back, service_tasks.remind_of_appointments,
        service_tasks.remind_of_answers, service_tasks.remind_of_logs, service_tasks.remind_of_pairing_contacts,
        service_tasks.remind_of_activities),
]  # fmt: skip
