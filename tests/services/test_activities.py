"""The course of an activity (Article 8(3)): experts, seats, the waiting list, presence, and hours that count."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from experts.models import Appointment
from expertteam import clock
from expertteam.models import Notification
from expertteam.regulation import Refused
from expertteam.workflow import LINK, SYSTEM
from services import tasks, tickets
from services.actions import activity as actions
from services.actions import activity_role as roles
from services.actions import sign_up as seats
from services.models import Activity, ActivityRole, Engagement, Service, SignUp
from tests import make
from tests.conftest import person
from tests.make import make_activity, make_activity_role, make_engagement, make_expert, make_sign_up

State, Seat, Role = Activity.State, SignUp.State, ActivityRole.State
DAY = date(2026, 3, 20)
BEGINS, ENDS = clock.instant(DAY, 14), clock.instant(DAY, 16)
CANARY_NAME, CANARY_PHONE = "鹪鹩鸲", "13655550147"
FACTS = {
    "kind": "salon", "title": "小店怎么记账", "text": "带上流水账。", "starts_at": BEGINS, "ends_at": ENDS,
    "place": "服务中心二楼", "capacity": 2,
}  # fmt: skip
pytestmark = pytest.mark.usefixtures("db", "today")


@pytest.fixture
def pro():
    return make_expert()


def sign_up(activity, number=1, **fields):
    return seats.sign_up(activity, **{"by": LINK, "name": "刘小满", "phone": f"136{number:08d}"} | fields)


def states(activity):
    return [str(entry.state) for entry in activity.sign_ups.order_by("line")]


def invite(activity, by, expert, **fields):
    return roles.invite(
        activity, **{"by": by, "expert": expert, "role": "speaker", "starts_at": BEGINS, "minutes": 60} | fields
    )


# From the draft to hours that count


def test_an_activity_goes_from_the_draft_to_confirmed_hours(matcher, reviewer, pro):
    activity = actions.draft(by=matcher, **FACTS)
    role = invite(activity, matcher, pro)
    actions.publish(activity, by=reviewer)
    roles.accept(role, by=pro.user)
    came, stayed_away = sign_up(activity, 1), sign_up(activity, 2)
    with clock.at(BEGINS):
        seats.mark(came, by=matcher, came=True)
        actions.hold(activity, by=matcher)
    with clock.at(ENDS):
        actions.close(activity, by=matcher, attended={role.pk: 50})

    service = Service.objects.get()
    role.refresh_from_db()
    assert (activity.number, activity.state, role.state) == ("HD26030001", State.CLOSED, Role.SERVED)
    assert (service.expert, service.kind, service.state, service.minutes) == (pro, "activity", "confirmed", 50)
    assert (service.activity, service.confirmed_via, service.started_at) == (activity, "attendance", BEGINS)
    assert states(activity) == [Seat.ATTENDED, Seat.ABSENT]
    assert list(Service.objects.counted()) == [service]
    stayed_away.refresh_from_db()
    assert stayed_away.state == Seat.ABSENT


@pytest.mark.parametrize(("kind", "counts_as"), [("contest", "activity"), ("other", "other")])
def test_8_6_an_activity_of_another_kind_counts_as_such(matcher, kind, counts_as):
    activity = make_activity(state="held", kind=kind)
    role = make_activity_role(state="accepted", activity=activity)
    make_sign_up(state="attended", activity=activity)

    with clock.at(ENDS):
        actions.close(activity, by=matcher, attended={role.pk: 60})

    assert Service.objects.get().kind == counts_as


def test_who_did_not_come_and_who_never_answered_gets_no_hours(matcher):
    activity = make_activity(state="held")
    absent = make_activity_role(state="accepted", activity=activity)
    silent = make_activity_role(state="invited", activity=activity)
    make_sign_up(state="attended", activity=activity)

    with clock.at(ENDS):
        actions.close(activity, by=matcher, attended={absent.pk: None})

    ended = [ActivityRole.objects.get(pk=each.pk).state for each in (absent, silent)]
    assert (ended, Service.objects.count()) == ([Role.ABSENT, Role.RELEASED], 0)


def test_an_expert_never_confirms_his_own_part():
    both = person("both", "matcher")
    activity = make_activity(state="held")
    role = make_activity_role(state="accepted", activity=activity, expert=make_expert(user=both))
    make_sign_up(state="attended", activity=activity)

    with clock.at(ENDS), pytest.raises(Refused, match="与您本人有关"):
        actions.close(activity, by=both, attended={role.pk: 60})

    assert not Service.objects.exists()


def test_without_anybody_on_the_list_no_hours_count(matcher):
    activity = make_activity(state="held")
    role = make_activity_role(state="accepted", activity=activity)

    with clock.at(ENDS), pytest.raises(Refused, match="签到名单还是空的"):
        actions.close(activity, by=matcher, attended={role.pk: 60})


def test_an_activity_to_which_nobody_came_is_closed_without_hours(matcher):
    activity = make_activity(state="held")
    role = make_activity_role(state="accepted", activity=activity)

    with clock.at(ENDS):
        actions.close(activity, by=matcher, attended={role.pk: None})

    role.refresh_from_db()
    assert (activity.state, role.state) == ("closed", "absent")
    assert not Service.objects.exists()


@pytest.mark.parametrize(
    ("at", "minutes", "refused"),
    [
        (ENDS - timedelta(minutes=61), 60, "还没有结束"),
        (ENDS + timedelta(hours=1), 121, "1到120分钟"),
        (ENDS, 0, "1到120分钟"),
    ],
)
def test_hours_are_attested_when_over_and_no_longer_than_the_activity(matcher, at, minutes, refused):
    activity = make_activity(state="held")
    role = make_activity_role(state="accepted", activity=activity)
    make_sign_up(state="attended", activity=activity)

    with clock.at(at), pytest.raises(Refused, match=refused):
        actions.close(activity, by=matcher, attended={role.pk: minutes})

    role.refresh_from_db()
    activity.refresh_from_db()
    assert (activity.state, role.state, Service.objects.count()) == (State.HELD, Role.ACCEPTED, 0)


@pytest.mark.parametrize(
    ("verb", "state", "role"),
    [
        ("publish", "draft", "matcher"),
        ("publish", "draft", "intake"),
        ("close", "held", "reviewer"),
        ("hold", "open", "leader"),
        ("cancel", "open", "intake"),
    ],
)
def test_each_step_is_for_its_own_role(verb, state, role):
    activity = make_activity(state=state)

    with pytest.raises(PermissionDenied):
        getattr(actions, verb)(activity, by=person("other", role))


@pytest.mark.parametrize("state", [None, "declined"])
def test_8_3_nothing_is_announced_without_an_expert_asked(reviewer, state):
    activity = make_activity(state="draft")
    if state:
        make_activity_role(state=state, activity=activity)

    with pytest.raises(Refused, match="还没有邀请专家"):
        actions.publish(activity, by=reviewer)


# The experts


def test_whoever_accepts_gives_the_time_and_whoever_declines_takes_it_back(matcher, pro):
    role = invite(make_activity(), matcher, pro)
    roles.accept(role, by=pro.user)
    assert Engagement.objects.live().get().activity == role.activity

    roles.decline(role, by=pro.user, reason="出差")

    assert (role.state, role.engagement, Engagement.objects.live().exists()) == (Role.DECLINED, None, False)


def test_an_expert_who_is_taken_at_that_time_cannot_accept(matcher, pro):
    role = invite(make_activity(), matcher, pro)
    make_engagement(pro, BEGINS)

    with pytest.raises(Refused, match="刚被别人约走"):
        roles.accept(role, by=pro.user)


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"starts_at": BEGINS - timedelta(minutes=15)}, "开始和结束之间"),
        ({"minutes": 121}, "开始和结束之间"),
    ],
    ids=["before", "after"],
)
def test_a_part_lies_within_the_activity(matcher, pro, change, refused):
    with pytest.raises(Refused, match=refused):
        invite(make_activity(), matcher, pro, **change)


def test_3_nobody_is_asked_for_a_day_beyond_his_term(matcher, pro):
    make.end_early(Appointment.objects, DAY)

    with pytest.raises(Refused, match="不在这位专家的聘期"):
        invite(make_activity(), matcher, pro)


def test_nobody_is_asked_twice_nor_after_it_is_over(matcher, pro):
    activity = make_activity()
    invite(activity, matcher, pro)

    with pytest.raises(Refused, match="已经邀请过"):
        invite(activity, matcher, pro)
    with pytest.raises(Refused, match="已经举办或取消"):
        invite(make_activity(state="cancelled"), matcher, pro)


def test_only_the_expert_asked_answers(matcher, pro):
    role = invite(make_activity(), matcher, pro)

    for other in (make_expert().user, matcher):
        with pytest.raises(PermissionDenied):
            roles.accept(role, by=other)


def test_another_time_asks_the_experts_anew_and_tells_who_signed_up(matcher):
    activity = make_activity()
    role = make_activity_role(state="accepted", activity=activity)
    make_sign_up(activity=activity)
    later = BEGINS + timedelta(days=1)

    changed = FACTS | {"starts_at": later, "ends_at": later + timedelta(minutes=30)}
    facts = {name: changed[name] for name in ("starts_at", "ends_at", "place", "capacity")}
    actions.amend(activity, by=matcher, amendment="改到周六", **facts)

    role.refresh_from_db()
    assert (role.state, role.starts_at, role.minutes) == (Role.INVITED, later, 30)
    assert not Engagement.objects.live().exists()
    assert Notification.objects.filter(channel="sms", key__startswith="amended:").count() == 1


def test_calling_off_frees_everybody_and_tells_them(matcher):
    activity = make_activity()
    role = make_activity_role(state="accepted", activity=activity)
    make_sign_up(activity=activity)
    make_sign_up(state="waiting", activity=activity)
    make_sign_up(state="cancelled", activity=activity)

    actions.cancel(activity, by=matcher, reason="场地停电")

    role.refresh_from_db()
    assert (role.state, Engagement.objects.live().exists()) == (Role.RELEASED, False)
    assert Notification.objects.filter(channel="sms", key__startswith="cancelled:").count() == 2


# Seats and the waiting list


def test_seats_go_in_the_order_of_signing_up_and_the_rest_waits(today):
    activity = make_activity()

    for number in range(4):
        sign_up(activity, number)

    assert states(activity) == ["seated", "seated", "waiting", "waiting"]


def test_a_seat_given_back_goes_to_the_first_in_line_who_is_told():
    activity = make_activity()
    first, _, third, _ = [sign_up(activity, number) for number in range(4)]

    seats.cancel(first, by=LINK)

    assert states(activity) == ["cancelled", "seated", "seated", "waiting"]
    told = Notification.objects.get(key=f"moved-up:{third.pk}:sms")
    assert (told.address, told.body[:4]) == (third.phone, "有座位了")


def test_who_leaves_the_line_moves_nobody_up():
    activity = make_activity()
    *_, third, fourth = [sign_up(activity, number) for number in range(4)]

    seats.cancel(third, by=LINK)

    assert states(activity) == ["seated", "seated", "cancelled", "waiting"]
    assert fourth.state == Seat.WAITING


def test_more_room_seats_those_who_wait_and_less_than_are_seated_is_refused(matcher):
    activity = make_activity()
    for number in range(4):
        sign_up(activity, number)
    facts = {name: FACTS[name] for name in ("starts_at", "ends_at", "place")}

    actions.amend(activity, by=matcher, amendment="换大教室", capacity=3, **facts)

    assert states(activity) == ["seated", "seated", "seated", "waiting"]
    with pytest.raises(Refused, match="已报上3人"):
        actions.amend(activity, by=matcher, amendment="换小教室", capacity=2, **facts)


@pytest.mark.parametrize("state", ["seated", "attended"])
def test_the_database_itself_gives_no_seat_without_room(state):
    activity = make_activity(capacity=1)
    make_sign_up(activity=activity)
    waiting = make_sign_up(state="waiting", activity=activity)

    with pytest.raises(IntegrityError, match="art8_3_no_seat_without_room"), transaction.atomic():
        make_sign_up(state=state, activity=activity)
    with pytest.raises(IntegrityError, match="art8_3_no_seat_without_room_later"), transaction.atomic():
        raw("UPDATE services_signup SET state = %s WHERE id = %s", state, waiting.pk)


def test_the_database_itself_takes_no_seat_away():
    activity = make_activity(capacity=2)
    make_sign_up(activity=activity)
    make_sign_up(activity=activity)

    raw("UPDATE services_activity SET capacity = 3 WHERE id = %s", activity.pk)
    with pytest.raises(IntegrityError, match="art8_3_seats_are_never_taken_away"), transaction.atomic():
        raw("UPDATE services_activity SET capacity = 1 WHERE id = %s", activity.pk)


def raw(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_number_signs_up_once_and_again_after_cancelling():
    activity = make_activity()
    first = sign_up(activity)
    with pytest.raises(Refused, match="已经报过名"):
        sign_up(activity)

    seats.cancel(first, by=LINK)

    assert sign_up(activity).line == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        make_sign_up(activity=activity, phone=first.phone)


@pytest.mark.parametrize(
    ("state", "at", "refused"),
    [
        ("draft", date(2026, 3, 2), "现在不能报名"),
        ("cancelled", date(2026, 3, 2), "现在不能报名"),
        ("held", date(2026, 3, 2), "现在不能报名"),
        ("open", BEGINS, "已经开始"),
    ],
)
def test_nobody_signs_up_for_what_is_not_open(state, at, refused):
    activity = make_activity(state=state)

    with clock.at(at), pytest.raises(Refused, match=refused):
        sign_up(activity)


def test_a_clerk_signs_up_a_caller_and_is_named(intake):
    entry = sign_up(make_activity(), by=intake, channel="phone")

    assert (entry.channel, entry.taken_by, entry.history.get().history_user) == ("phone", intake, intake)
    with pytest.raises(PermissionDenied):
        sign_up(entry.activity, 2, by=person("other", "cashier"), channel="phone")


def test_the_consent_is_kept_with_its_version_and_digest():
    entry = sign_up(make_activity())

    assert (entry.consent_version, len(entry.consent_digest)) == ("2026-1", 64)


# Presence


@pytest.mark.parametrize(
    ("by", "at", "refused"),
    [
        (LINK, clock.instant(DAY, 12, 59), "还没有到签到时间"),
        (LINK, clock.instant(DAY, 13), None),
        (LINK, clock.instant(DAY, 18), None),
        (LINK, clock.instant(DAY, 18, 1), "现在不是签到时间"),
        ("matcher", clock.instant(DAY, 12, 59), "还没有到签到时间"),
        ("matcher", clock.instant(date(2026, 3, 23), 9), None),
    ],
)
def test_people_check_in_around_the_time_and_the_organiser_until_the_close(matcher, by, at, refused):
    entry = make_sign_up()

    with clock.at(at):
        if refused:
            with pytest.raises(Refused, match=refused):
                seats.mark(entry, by=matcher if by == "matcher" else by, came=True)
        else:
            seats.mark(entry, by=matcher if by == "matcher" else by, came=True)
            assert (entry.state, entry.attended_at) == (Seat.ATTENDED, at)


def test_a_slip_of_the_tick_is_mended_until_the_close(matcher):
    entry = make_sign_up(activity=make_activity(state="held"))
    with clock.at(ENDS):
        seats.mark(entry, by=matcher, came=False)
        seats.mark(entry, by=matcher, came=True)
        seats.mark(entry, by=matcher, came=False)
    assert (entry.state, entry.attended_at) == (Seat.ABSENT, None)

    closed = make_sign_up(activity=make_activity(state="closed"))

    with clock.at(ENDS), pytest.raises(Refused, match="名单不能再改"):
        seats.mark(closed, by=matcher, came=True)


def test_nobody_ticks_himself(matcher):
    matcher.phone = "13600000001"
    matcher.save()
    entry = sign_up(make_activity())

    with clock.at(BEGINS), pytest.raises(Refused, match="与您本人有关"):
        seats.mark(entry, by=matcher, came=True)


def test_the_code_is_of_one_activity_and_one_day():
    one, other = make_activity(), make_activity()
    codes = {tickets.code(one, DAY), tickets.code(other, DAY), tickets.code(one, date(2026, 3, 21))}

    assert len(codes) == 3
    assert all(re.fullmatch(r"\d{6}", code) for code in codes)
    with clock.at(DAY):
        assert (tickets.is_code(one, tickets.code(one, DAY)), tickets.is_code(other, tickets.code(one, DAY))) == (
            True,
            False,
        )


@pytest.mark.parametrize(
    ("change", "on", "found"),
    [
        (lambda token: token, DAY, True),
        (lambda token: token, date(2026, 4, 19), True),
        (lambda token: token, date(2026, 4, 20), False),
        (lambda token: token[:-1] + "g", DAY, False),
        (lambda token: "9" * 30, DAY, False),
        (lambda token: "", DAY, False),
    ],
)
def test_a_link_opens_its_own_sign_up_alone_for_a_month(change, on, found):
    entry = make_sign_up()

    with clock.at(on):
        assert (tickets.find(entry.activity_id, change(tickets.token(entry))) == entry) is found
    assert tickets.find(make_activity().pk, tickets.token(entry)) is None


# Who may know, and what is told


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("matcher", True),
        ("intake", True),
        ("leader", False),
        ("inspector", False),
        ("reviewer", False),
        ("expert", False),
    ],
)
def test_who_comes_is_for_those_at_the_door(role, sees):
    make_sign_up()

    assert SignUp.objects.visible_to(person("reader", role)).exists() is sees


@pytest.mark.parametrize(("state", "sees"), [("draft", False), ("open", True), ("cancelled", True), ("closed", True)])
def test_everybody_sees_what_is_announced(stranger, state, sees):
    make_activity(state=state)

    assert Activity.objects.visible_to(stranger).exists() is sees


def test_an_expert_sees_the_draft_he_is_asked_for(pro):
    role = make_activity_role(activity=make_activity(state="draft"), expert=pro)

    assert list(Activity.objects.visible_to(pro.user)) == [role.activity]
    assert list(ActivityRole.objects.visible_to(make_expert().user)) == []


def test_who_comes_stands_nowhere_in_clear_and_in_no_text():
    entry = sign_up(make_activity(), name=CANARY_NAME, phone=CANARY_PHONE)
    seats.cancel(entry, by=LINK)

    told = "".join(f"{each.subject}{each.body}" for each in Notification.objects.all())
    with connection.cursor() as cursor:
        for table in ("services_signup", "services_historicalsignup", "expertteam_notification"):
            cursor.execute(f"SELECT * FROM {table}")
            told += str(cursor.fetchall())
    assert [canary for canary in (CANARY_NAME, CANARY_PHONE) if canary in told] == []


def test_the_day_before_everybody_with_a_seat_is_reminded_once():
    activity = make_activity()
    make_sign_up(activity=activity)
    make_sign_up(state="waiting", activity=activity)
    make_sign_up(activity=make_activity(state="cancelled"))

    for day in (date(2026, 3, 18), date(2026, 3, 19), date(2026, 3, 19)):
        with clock.at(day):
            tasks.remind_of_activities()

    assert Notification.objects.filter(key__startswith="soon:").count() == 1


def test_every_text_fits_an_sms(matcher, reviewer):
    title = "小微企业主和个体工商户怎样用好普惠贷款贴息政策，以及申请材料怎么准备，现场逐个答疑"
    activity = actions.draft(
        by=matcher,
        **FACTS
        | {
            "title": title,
            "capacity": 1,
            "starts_at": clock.instant(date(2027, 11, 20), 14),
            "ends_at": clock.instant(date(2027, 11, 20), 16),
        },
    )
    pro = make_expert()
    pro.user.phone = "13800000009"
    pro.user.save()
    role = invite(activity, matcher, pro, role="trainer", starts_at=activity.starts_at)
    actions.publish(activity, by=reviewer)
    roles.accept(role, by=pro.user)
    first, *_ = [sign_up(activity, number) for number in range(3)]
    seats.cancel(first, by=LINK)
    facts = {name: getattr(activity, name) for name in ("starts_at", "ends_at", "capacity")}
    actions.amend(activity, by=matcher, amendment="换教室", place="三楼", **facts)
    with clock.at(date(2027, 11, 19)):
        tasks.remind_of_activities()
    actions.cancel(activity, by=matcher, reason="停电")

    texts = {each.key.split(":")[0]: each.body for each in Notification.objects.filter(channel="sms")}
    assert {"sign-up", "moved-up", "given-up", "amended", "cancelled", "soon", "role", "role-released"} <= set(texts)
    assert {key: text for key, text in texts.items() if len(text) > 70} == {}


def test_the_system_marks_nobody_present():
    with clock.at(BEGINS), pytest.raises(PermissionDenied):
        seats.check_in(make_sign_up(), by=SYSTEM)
