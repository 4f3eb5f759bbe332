"""Who could cheat in a draw, and what stops him: the fourteen cheats of the protocol's own table (Article 10(4))."""

import copy
import hashlib
from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from expertteam import clock
from expertteam.models import Notification, User
from expertteam.regulation import Refused
from expertteam.workflow import LINK
from services import draw as protocol
from services import transcripts
from services.actions import draw, seat
from services.actions import panel as reviewing
from services.models import Draw, DrawParty, PanelReading, PoolEntry
from tests import make
from tests.conftest import person
from tests.services import panels
from tests.services.panels import (
    BEGINS,
    SECRETS,
    drawn,
    frozen,
    inspector,
    operator,
    promised,
    stand_down,
    transcript,
    verify,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture(autouse=True)
def team():
    return panels.experts()


def raw(statement, *values):
    """As somebody with the database in his hands would."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def opened(it):
    """The transcript as it will be once the names are public."""
    return transcript(it) | {"opened": transcripts.opened(it)}


def test_1_the_operator_cannot_pick_who_is_in_the_pool():
    it = drawn()
    favourite = make.make_expert(first_day=date(2026, 4, 1))
    entry = it.entries.first()

    with pytest.raises(IntegrityError), transaction.atomic():
        PoolEntry.objects.create(
            draw=it, expert=favourite, h="f" * 64, g=entry.g, salt="0" * 32, employer="x", strata=["any"]
        )
    with pytest.raises(IntegrityError):
        raw("DELETE FROM services_poolentry WHERE id = %s", entry.pk)
    whole = opened(it)
    with pytest.raises(ValueError, match="experts in term"):
        verify(whole, [code for code in transcripts.directory(it) if code != entry.expert.no])
    assert verify(whole, transcripts.directory(it))  # the control


def test_2_a_favourite_listed_twice_is_refused_and_seen_when_the_names_open():
    it = frozen()
    entry = it.entries.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        PoolEntry.objects.create(
            draw=it, expert=entry.expert, h="f" * 64, g=entry.g, salt="0" * 32, employer="x", strata=["any"]
        )

    whole = opened(drawn(promised(it)))
    first, second, *_ = whole["opened"]["who"]
    code, employer, _ = whole["opened"]["who"][first]
    whole["opened"]["who"][second] = [code, employer, whole["opened"]["who"][second][2]]

    with pytest.raises(ValueError, match="wrong name behind"):
        verify(whole)


def test_2_twelve_salts_of_one_favourite_verify_sealed_and_not_opened():
    """What the sealed transcript cannot show: hence the inspector's look at the freeze, and the opening."""
    whole = panels_own_transcript(["TY-0001"] * 12 + ["TY-0002"])
    sealed = {key: value for key, value in whole.items() if key != "opened"}

    assert verify(sealed)
    with pytest.raises(ValueError, match="listed twice"):
        verify(whole)


def panels_own_transcript(codes):
    """A transcript that a dishonest server made of such a list."""
    who, pool, draw_id = {}, [], "PS-2026-0042-R1"
    for n, code in enumerate(codes):
        employer, salt = f"firm {n}", f"{n:032d}"
        h = protocol.member_hash("sha256", draw_id, code, employer, salt)
        who[h] = [code, employer, salt]
        pool.append(protocol.Member(h, ("any",), protocol.group_hash("sha256", draw_id, employer, "5" * 32)))
    root = protocol.pool_root("sha256", pool)
    parties = [
        {"role": role, "id": role, "commit": protocol.commitment("sha256", draw_id, role, role, root, SECRETS[role])}
        for role in ("operator", "inspector")
    ]
    header = {
        "v": "draw/1", "hash": "sha256", "draw_id": draw_id, "frozen_at": "2026-05-12T10:00:00+08:00",
        "pool": protocol.listed(pool), "pool_root": root, "excluded": [], "need": [["any", 1]], "parties": parties,
        "public": None,
    }  # fmt: skip
    reveals = {role: SECRETS[role] for role in ("operator", "inspector")}
    return protocol.record(header, reveals, "", []) | {"opened": {"salt": "5" * 32, "who": who}}


def test_3_salts_and_order_of_the_pool_decide_nothing_that_could_be_foreseen():
    it = frozen()
    with pytest.raises(IntegrityError):
        raw("UPDATE services_poolentry SET h = %s WHERE id = %s", "0" * 64, it.entries.first().pk)

    whole = transcript(drawn(promised(it)))
    whole["header"]["pool"].reverse()

    with pytest.raises(ValueError, match="not in order"):
        verify(whole)


def test_4_no_secret_is_on_the_server_before_the_conditions_are_fixed():
    it = frozen()
    draw.commit(it, by=operator(), commitment=panels.commitment(it, "operator"))

    with pytest.raises(Refused, match="现在的状态是"):
        draw.reveal(it, by=operator(), secret=SECRETS["operator"])
    with pytest.raises(IntegrityError):
        raw("UPDATE services_drawparty SET secret = 'x' WHERE draw_id = %s", it.pk)
    assert set(DrawParty.objects.values_list("secret", flat=True)) == {""}
    assert set(DrawParty.history.values_list("secret", flat=True)) == {""}


def test_5_a_promise_made_without_our_page_is_as_good():
    """By dice and any program that can hash, as the page without script says."""
    it, dice = frozen(), "4 6 1 3 3 5 2 6 6 1 4 2 5 5 3 1 6 4 2 2 1 5"
    parts = [
        b"commit",
        it.draw_id.encode(),
        b"inspector",
        f"u{inspector().pk}".encode(),
        it.pool_root.encode(),
        dice.encode(),
    ]
    own = hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).hexdigest()

    draw.commit(it, by=operator(), commitment=panels.commitment(it, "operator"))
    draw.read_pool(it, by=inspector())
    draw.commit(it, by=inspector(), commitment=own)
    draw.fix(it, by=operator())
    draw.reveal(it, by=inspector(), secret=dice)
    draw.reveal(it, by=operator(), secret=SECRETS["operator"])

    assert verify(transcript(it))


def aborted(it):
    """The operator walks away from what the inspector has shown; inspector and leader sign for the abort."""
    draw.reveal(it, by=inspector(), secret=SECRETS["inspector"])
    draw.ask_abort(it, by=inspector(), reason="经办人没有公开随机数")
    with pytest.raises(Refused, match="局领导同意"):
        draw.abort(it, by=operator())  # whoever has yet to show his secret knows the result already
    draw.abort(it, by=panels.leader())
    return Draw.objects.get(pk=it.pk)


def test_6_who_refuses_to_show_his_secret_is_named_and_the_second_time_forces_a_public_value():
    review = panels.drafted()
    first = aborted(promised(frozen(review)))
    aborted(promised(frozen(review)))

    assert (first.state, first.abort_due_to) == ("aborted", "经办")
    with pytest.raises(Refused, match="已有两次抽取作废"):
        frozen(review)
    later = clock.now() + timedelta(hours=5)
    assert frozen(review, profile="B", source="kl8", issue="2026061", due_at=later).draw_id.endswith("-R3")


def test_7_a_witness_stands_against_an_operator_and_an_inspector_of_one_mind():
    it = promised(witness="申建新", organisation="市工商联", phone="13900005555")
    drawn(it)

    assert it.state == "fixed"  # without the witness there is no result
    draw.reveal(it, by=LINK, secret=SECRETS["witness"])
    whole = transcript(it)
    other = protocol.Lots(whole["header"], whole["reveals"] | {"witness": "4" * 64})
    assert verify(whole)
    assert other.seed != protocol.Lots(whole["header"], whole["reveals"]).seed


def overnight():
    """Profile B: all secrets shown today, the lottery of this evening decides."""
    due = clock.now() + timedelta(hours=12)
    it = drawn(promised(profile="B", source="kl8", issue="2026061", due_at=due))
    assert it.state == "fixed"
    return it, due + timedelta(minutes=5)


NUMBERS = "3 7 11 14 19 22 28 31 35 40 44 47 52 55 58 61 66 70 75 80"


def test_8_a_public_value_that_two_people_do_not_type_alike_decides_nothing():
    it, evening = overnight()
    with clock.at(evening):
        draw.enter_value(it, by=operator(), value=NUMBERS)
        with pytest.raises(Refused, match="和第一次录入的不一样"):
            draw.enter_value(it, by=inspector(), value=NUMBERS.replace("80", "79"))
        draw.enter_value(it, by=operator(), value=NUMBERS)  # once more by the same hand is not a second

        assert Draw.objects.get(pk=it.pk).state == "fixed"
        draw.enter_value(it, by=inspector(), value=NUMBERS)

    whole = transcript(it)
    assert whole["public_value"].startswith("03 07 11 14")
    assert verify(whole)
    with pytest.raises(ValueError, match="panel|record_hash"):
        verify(whole | {"public_value": whole["public_value"].replace("80", "79")})


def test_8_the_public_value_cannot_be_entered_before_it_exists_nor_a_secret_shown_after():
    it, evening = overnight()
    with pytest.raises(Refused, match="还没有产生"):
        draw.enter_value(it, by=operator(), value=NUMBERS)

    late = promised(
        frozen(panels.drafted(), profile="B", source="kl8", issue="1", due_at=clock.now() + timedelta(hours=1))
    )
    with clock.at(clock.now() + timedelta(hours=1)), pytest.raises(Refused, match="不能再公开随机数"):
        draw.reveal(late, by=operator(), secret=SECRETS["operator"])


def test_9_a_manipulated_lottery_meets_secrets_that_nobody_knew():
    it, _ = overnight()
    header = transcripts.header_of(it)
    reveals = {"operator": SECRETS["operator"], "inspector": SECRETS["inspector"]}

    panels_of = {
        secret: protocol.Lots(header, reveals | {"inspector": secret}, "03 07").drawn() for secret in ("a", "b", "c")
    }

    assert len({str(each) for each in panels_of.values()}) > 1


def test_10_no_second_draw_while_one_stands_and_no_abort_on_one_signature():
    it = drawn()
    with pytest.raises(Refused):
        draw.freeze(it.panel, by=operator(), profile="A")
    with pytest.raises(IntegrityError), transaction.atomic():
        Draw.objects.create(
            panel=it.panel, draw_id="PS-2026-9999-R2", operator=operator(), pool_root="0", group_salt="s"
        )

    with pytest.raises(Refused, match="局领导同意"):
        draw.ask_abort(it, by=operator(), reason="不满意")  # the result is known: the inspector asks, the leader agrees
    draw.ask_abort(it, by=inspector(), reason="不满意")
    with pytest.raises(Refused, match="应由另一人签字"):
        draw.abort(it, by=inspector())
    with pytest.raises(Refused, match="局领导同意"):
        draw.abort(it, by=operator())
    with pytest.raises(IntegrityError):
        raw("UPDATE services_draw SET state = 'aborted' WHERE id = %s", it.pk)
    assert Draw.objects.get(pk=it.pk).state == "drawn"


def test_11_nobody_is_passed_over_as_unreachable_without_three_tries_two_signatures_and_a_word_to_him():
    it = drawn()
    member = it.seats.get(place=1)
    with pytest.raises(Refused, match="要联系满3次，现在是1次"):
        seat.report_unreachable(member, by=operator())
    for minutes in (20, 40):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            seat.try_again(member, by=operator(), note="无人接听")
    with clock.at(clock.now() + timedelta(hours=4, minutes=1)):
        seat.report_unreachable(member, by=operator())
        with pytest.raises(PermissionDenied):
            seat.stand_down(member, by=operator())
        seat.stand_down(member, by=inspector())

    assert Notification.objects.filter(key__startswith=f"seat-down:{member.pk}:", to=member.expert.user).exists()
    whole = transcript(it)
    assert [skip["why"] for skip in whole["skips"]] == ["unreachable"]
    assert verify(whole)
    with pytest.raises(ValueError, match="two signatures"):
        verify(whole | {"skips": [whole["skips"][0] | {"by": ["u1", "u1"]}]})


def test_12_a_sealed_transcript_names_nobody_and_a_look_at_a_seat_is_on_record(team):
    it = drawn()
    sealed = str(transcript(it))
    member = it.seats.get(place=2)

    assert not any(each.no in sealed or each.user.name in sealed for each in team)
    assert not seat.is_shown(member, operator())
    seat.look_up(member, by=operator())
    assert seat.is_shown(member, operator())
    assert PanelReading.objects.get(seat=member).reader == operator()
    seat.accept(member, by=member.expert.user)
    with pytest.raises(Refused, match="保密"):
        seat.look_up(member, by=operator())


@pytest.mark.parametrize("where", ["panel", "record_hash", "header_hash", "seed"])
def test_13_a_server_that_computes_something_else_is_seen(where):
    whole = copy.deepcopy(transcript(drawn()))
    if where == "panel":
        sitting = {h for _, h in whole["panel"]}
        whole["panel"][0][1] = next(each["h"] for each in whole["header"]["pool"] if each["h"] not in sitting)
    elif where == "seed":
        whole["reveals"]["operator"] = "9" * 64
    else:
        whole[where] = "0" * 64

    with pytest.raises(ValueError, match="panel|record_hash|header_hash|promised"):
        verify(whole)


def test_14_a_draw_cannot_be_back_dated():
    it = drawn()
    with pytest.raises(IntegrityError):
        raw("UPDATE services_draw SET frozen_at = %s WHERE id = %s", BEGINS, it.pk)
    with pytest.raises(IntegrityError):
        raw("UPDATE services_draw SET header = 'x' WHERE id = %s", it.pk)

    whole = transcript(it)
    whole["header"]["frozen_at"] = "2026-03-01T09:00:00+08:00"
    with pytest.raises(ValueError, match="header_hash"):
        verify(whole)


def test_the_inspector_looks_at_the_list_before_he_promises():
    it = frozen()
    with pytest.raises(Refused, match="请先看候选池和回避名单"):
        draw.commit(it, by=inspector(), commitment=panels.commitment(it, "inspector"))

    draw.read_pool(it, by=inspector())
    draw.commit(it, by=inspector(), commitment=panels.commitment(it, "inspector"))
    assert PanelReading.objects.get().reader == inspector()


def dual_hat():
    """The operator with the inspector's role as well."""
    user = operator()
    user.groups.add(Group.objects.get(name="inspector"))
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("drew", [False, True])
def test_who_drafts_a_review_or_draws_for_it_does_not_look_at_the_list(drew):
    it = panels.drafted()
    other = person("another", "intake", "inspector")
    draw.freeze(it, by=other if drew else operator(), profile="A")
    found = draw.frozen_for(it)

    with pytest.raises(PermissionDenied):
        draw.read_pool(found, by=other if drew else dual_hat())
    draw.read_pool(found, by=inspector())
    assert [each.reader for each in it.readings.all()] == [inspector()]


@pytest.mark.parametrize("reads", [False, True])
def test_who_has_looked_at_the_list_does_not_draw_anew(reads):
    it, other = panels.drafted(), person("another", "intake", "inspector")
    found = frozen(it)
    if reads:
        draw.read_pool(found, by=other)
    draw.ask_abort(found, by=operator(), reason="条件写错了")
    draw.abort(found, by=inspector())

    with pytest.raises(Refused, match="看过候选池名单的人不能经办抽取") if reads else nullcontext():
        draw.freeze(it, by=other, profile="A")
    assert it.draws.live().exists() is not reads


@pytest.mark.parametrize("reads", [False, True])
def test_who_has_looked_at_the_list_does_not_lead_the_review(reads):
    it, other = panels.drafted(), person("another", "intake", "inspector")
    found = frozen(it)
    if reads:
        draw.read_pool(found, by=other)
    panels.drawn(panels.promised(found))
    for who in (operator(), inspector()):
        draw.sign(found, by=who)
    panels.accepted(it)
    with clock.at(panels.BEGINS):
        panels.arrived(it)
        with pytest.raises(Refused, match="看过候选池名单的人不能主持评审") if reads else nullcontext():
            reviewing.convene(it, by=other)


@pytest.mark.parametrize(("watcher", "barred"), [("drafter", True), ("drawer", True), ("other", False)])
def test_who_drafted_the_review_or_drew_for_it_does_not_watch_over_it(watcher, barred):
    it, drawer = panels.drafted(), person("another", "intake", "inspector")
    draw.freeze(it, by=drawer, profile="A")
    who = {"drafter": dual_hat, "drawer": lambda: drawer, "other": inspector}[watcher]()

    with clock.at(BEGINS), pytest.raises(Refused, match="不能监督") if barred else nullcontext():
        reviewing.take_seat(it, by=who)


@pytest.mark.parametrize("watches", [False, True])
def test_who_watches_over_the_review_does_not_draw_for_it(watches):
    it, other = panels.drafted(), person("another", "intake", "inspector")
    found = frozen(it)
    with clock.at(BEGINS - timedelta(minutes=50)):
        if watches:
            reviewing.take_seat(it, by=other)
        draw.ask_abort(found, by=operator(), reason="条件写错了")
        draw.abort(found, by=inspector())
        with pytest.raises(Refused, match="到场监督的人不能经办抽取") if watches else nullcontext():
            draw.freeze(it, by=other, profile="A")
    assert it.draws.live().exists() is not watches


def test_the_inspector_and_the_operator_are_two_people():
    it = frozen()
    draw.commit(it, by=operator(), commitment=panels.commitment(it, "operator"))

    with pytest.raises(Refused, match="已经提交过承诺"):
        draw.commit(it, by=dual_hat(), commitment="0" * 64)
    with pytest.raises(IntegrityError):
        raw("UPDATE services_draw SET inspector_id = operator_id WHERE id = %s", it.pk)


def test_a_stand_down_hands_on_exactly_one_seat():
    it = drawn()
    before = {each.place: each.expert_id for each in it.seats.live()}
    stand_down(it.seats.get(place=3))
    after = {each.place: each.expert_id for each in it.seats.live()}

    assert [place for place in before if before[place] != after[place]] == [3]
    assert verify(transcript(it))
    assert Draw.objects.get(pk=it.pk).record_hash == transcript(it)["record_hash"]
