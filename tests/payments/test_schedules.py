"""Rates: typed by one person, compared with the circular by another, never changed once in force (Article 13)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from expertteam import clock
from expertteam.models import Notification
from expertteam.regulation import Refused
from payments import actions, rate_rows, rules
from payments.models import Claim, Rate, RateSchedule
from tests import make
from tests.conftest import person
from tests.payments import pay

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)
NEW_NUMBER = "并人社发〔2026〕18号"
OTHERS = ["intake", "reviewer", "leader", "matcher", "inspector", "admin", "expert"]


@pytest.fixture(autouse=True)
def _late_in_may():
    with clock.at(date(2026, 5, 20)):
        yield


def drafted(by, scope="guidance", effective_from=MAY, rates=(), files=None, **facts):
    files = [make.pdf()] if files is None else files
    facts = {"title": "创业服务补贴标准", "document_number": NEW_NUMBER} | facts
    return actions.draft_schedule(by=by, scope=scope, effective_from=effective_from, rates=rates, files=files, **facts)


def consulting(amount="200", **more):
    return {"kind": "consulting", "unit": "session", "amount": Decimal(amount)} | more


def seeded(scope="guidance"):
    return RateSchedule.objects.get(scope=scope, state="provisional")


def sql(statement, **names):
    """Past every verb, as somebody at the database would."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(**names))


# What the portal brings along


def test_it_begins_with_both_circulars_to_be_confirmed():
    known = RateSchedule.objects.order_by("effective_from").values_list("document_number", "state", "effective_from")

    assert list(known) == [
        ("晋财购〔2021〕24号", "provisional", date(2021, 1, 1)),
        ("并人社发〔2024〕39号", "provisional", date(2024, 1, 1)),
    ]
    assert rules.describe(seeded("review").rates.get().tariff) == (
        "2小时以内300元，之后每小时100元，每天不超过800元；法定节假日加倍"
    )
    assert set(seeded().rates.values_list("amount", flat=True)) == {None}


# Drafted


LATER = {"unit": "day", "amount": Decimal("800"), "later_from": 3, "later_share": Decimal("0.50")}


def test_13_less_from_a_day_on_is_refused_where_one_piece_of_work_has_one_day(cashier):
    with pytest.raises(Refused, match="项目评审一笔只算一天，不能从第几天起减付。请清空这两项"):
        drafted(cashier, "review", rates=[{"kind": "review"} | LATER])

    assert not RateSchedule.objects.filter(state="draft").exists()


def test_13_less_from_a_day_on_is_neither_revised_nor_confirmed(cashier, auditor):
    schedule = drafted(cashier, rates=[{"kind": "training"} | LATER])  # the control: a training has several days
    with pytest.raises(Refused, match="结对帮扶一笔只算一天"):
        actions.revise(schedule, by=cashier, rates=[{"kind": "pairing"} | LATER])
    schedule.rates.filter(kind="pairing").update(**LATER)

    with pytest.raises(Refused, match="结对帮扶一笔只算一天"):
        actions.confirm_schedule(schedule, by=auditor)


def test_a_draft_begins_with_the_numbers_in_force(cashier):
    schedule = drafted(cashier, "review", rates=[{"kind": "review", "amount": Decimal("120")}])

    rate = schedule.rates.get()
    assert (schedule.state, schedule.supersedes, schedule.drafted_by) == ("draft", seeded("review"), cashier)
    assert schedule.history.get().history_change_reason == "录入报酬标准（第13条）"
    assert (rate.amount, rate.included_units, rate.included_amount) == (Decimal("120"), 2, Decimal("300"))
    assert (rate.day_cap, rate.extended_cap, rate.void_cap, rate.called_off) == (800, 1000, 400, 100)
    assert (rate.holiday_factor, rate.full_units, rate.unit) == (2, 8, "hour")


def test_a_draft_has_a_row_for_every_kind_and_those_without_amount_pay_nothing_yet(cashier):
    schedule = drafted(cashier, rates=[consulting()])

    kinds = list(schedule.rates.values_list("kind", flat=True))
    assert kinds == [
        "consulting", "guidance", "pairing", "visit", "lecture", "salon", "training", "contest", "policy", "survey",
        "following", "technical", "other",
    ]  # fmt: skip
    assert list(schedule.rates.exclude(amount=None).values_list("kind", "amount")) == [("consulting", Decimal("200"))]
    assert rules.describe(schedule.rates.get(kind="lecture").tariff) == "待局里录入标准"


def test_title_levels_are_told_apart_and_no_longer(cashier, auditor):
    lecture = {"kind": "lecture", "unit": "class_hour"}
    tiers = [lecture | {"amount": Decimal("300")}, lecture | {"tier": "senior", "amount": Decimal("500")}]
    first = drafted(cashier, rates=tiers)
    actions.confirm_schedule(first, by=auditor)

    second = drafted(cashier, effective_from=date(2026, 6, 1), gone={("lecture", "senior"), ("lecture", "")})

    said = [
        (rate.tier, str(rate.amount), rate.unit)
        for schedule in (first, second)
        for rate in schedule.rates.filter(kind="lecture")
    ]
    assert said == [("", "300.00", "class_hour"), ("senior", "500.00", "class_hour"), ("", "300.00", "class_hour")]


@pytest.mark.parametrize("first_day", [date(2023, 12, 31), date(2024, 1, 1)])
def test_it_begins_after_the_one_it_replaces(cashier, first_day):
    with pytest.raises(Refused, match="执行日期要晚于现行标准的2024年1月1日，请核对文件"):
        drafted(cashier, effective_from=first_day)

    assert drafted(cashier, effective_from=date(2024, 1, 2)).supersedes == seeded()


def test_it_is_valid_for_a_day_at_least(cashier):
    with pytest.raises(Refused, match="有效期要晚于执行日期"):
        drafted(cashier, valid_until=date(2026, 4, 30))

    assert drafted(cashier, valid_until=MAY).valid_until == MAY


def test_one_draft_of_a_scope_at_a_time(cashier):
    first = drafted(cashier)
    with pytest.raises(Refused, match="已有一份拟稿"):
        drafted(cashier, effective_from=date(2026, 6, 1))
    other = drafted(cashier, "review")

    actions.drop(first, by=cashier)

    assert (first.state, first.supersedes, other.state) == ("dropped", None, "draft")
    assert drafted(cashier).supersedes == seeded()


def test_a_circular_of_guidance_says_nothing_of_reviews(cashier):
    with pytest.raises(Refused, match="“项目评审”不在这个适用范围内"):
        drafted(cashier, rates=[{"kind": "review", "amount": Decimal("1")}])

    assert not RateSchedule.objects.filter(state="draft").exists()


@pytest.mark.parametrize("role", [*OTHERS, "auditor"])
def test_only_a_cashier_drafts_revises_attaches_and_drops(role):
    someone, schedule = person("someone", role), make.make_rate_schedule()

    with pytest.raises(PermissionDenied):
        drafted(someone, "review")
    for move, said in [(actions.revise, {}), (actions.attach, {"files": [make.pdf()]}), (actions.drop, {})]:
        with pytest.raises(PermissionDenied):
            move(schedule, by=someone, **said)


def test_a_draft_is_revised_and_keeps_what_is_not_typed_again(cashier):
    schedule = drafted(cashier, rates=[consulting()])

    actions.revise(schedule, by=cashier, rates=[consulting("260", day_cap=Decimal("520"))], note="按半天计", files=[])

    rate = schedule.rates.get(kind="consulting")
    assert (str(rate.amount), str(rate.day_cap), schedule.note) == ("260.00", "520.00", "按半天计")
    assert (schedule.rates.count(), schedule.files.count(), schedule.effective_from) == (13, 1, MAY)
    with pytest.raises(Refused, match="执行日期要晚于现行标准"):
        actions.revise(schedule, by=cashier, effective_from=date(2024, 1, 1))


@pytest.mark.parametrize("state", ["provisional", "confirmed", "dropped"])
def test_what_is_in_force_is_neither_revised_nor_dropped(cashier, state):
    schedule = make.make_rate_schedule(state)

    for move in (actions.revise, actions.drop):
        with pytest.raises(Refused, match="现在的状态是"):
            move(schedule, by=cashier)


# Confirmed


def test_another_person_confirms_it_with_the_document_at_hand(cashier, auditor):
    schedule = drafted(cashier, note="待核对")
    assert Notification.objects.get(to=auditor).subject == "有报酬标准待核对"

    actions.confirm_schedule(schedule, by=auditor, note="")

    assert (schedule.state, schedule.confirmed_by, schedule.note) == ("confirmed", auditor, "")
    assert schedule.history.first().history_change_reason == "核对确认标准（第13条）"
    assert Notification.objects.get(to=cashier).subject == "报酬标准已确认"
    assert not Notification.objects.filter(to=auditor, read_at=None).exists()


def test_whoever_drafted_does_not_confirm(cashier, auditor):
    cashier.groups.add(*auditor.groups.all())
    schedule = drafted(cashier)

    with pytest.raises(Refused, match="录入的人不能自己核对"):
        actions.confirm_schedule(schedule, by=type(cashier).objects.get(pk=cashier.pk))
    with pytest.raises(IntegrityError, match="art13_schedule_is_confirmed_by_another"):
        sql(CONFIRM + " WHERE id = {id}", id=schedule.pk, by=cashier.pk)
    sql(CONFIRM + " WHERE id = {id}", id=schedule.pk, by=auditor.pk)


CONFIRM = (
    "UPDATE payments_rateschedule SET state = 'confirmed', confirmed_by_id = {by}, confirmed_at = CURRENT_TIMESTAMP"
)


@pytest.mark.parametrize(("move", "said"), [(actions.revise, {}), (actions.attach, {"files": []})])
def test_whoever_revised_or_attached_does_not_confirm(cashier, move, said):
    schedule = drafted(cashier)
    both = person("both", "cashier", "auditor")
    move(schedule, by=both, **said)

    with pytest.raises(Refused, match="办理“修改拟稿、上传标准文件”的人不能再办理"):
        actions.confirm_schedule(schedule, by=both)


@pytest.mark.parametrize("role", [*OTHERS, "cashier"])
def test_only_an_auditor_confirms(role):
    with pytest.raises(PermissionDenied):
        actions.confirm_schedule(seeded(), by=person("someone", role))


def test_without_the_document_nothing_is_confirmed(cashier, auditor):
    schedule = seeded("review")
    with pytest.raises(Refused, match="还没有上传标准文件，先请经办上传"):
        actions.confirm_schedule(schedule, by=auditor)
    with pytest.raises(IntegrityError, match="art13_confirmed_schedule_has_its_document"):
        sql(CONFIRM + " WHERE id = {id}", id=schedule.pk, by=auditor.pk)

    actions.attach(schedule, by=cashier, files=[make.pdf("晋财购24号.pdf")])

    assert schedule.state == "provisional"
    assert Notification.objects.get(to=auditor).subject == "报酬标准文件已上传"
    assert actions.confirm_schedule(schedule, by=auditor).state == "confirmed"
    with pytest.raises(Refused, match="现在的状态是"):
        actions.attach(schedule, by=cashier, files=[make.pdf()])


# What it does to pay


def consulted(day):
    return make.make_service(state="confirmed", confirmed_via="link", started_at=clock.instant(day, 9), minutes=60)


def test_what_had_no_price_gets_it_with_the_new_circular_from_its_day_on(cashier, auditor):
    early, late = consulted(date(2026, 4, 30)), consulted(MAY)
    actions.collect()
    schedule = drafted(cashier, rates=[consulting()])
    actions.collect()
    assert not pay.claim_of(late).lines.exists()  # a draft prices nothing

    with clock.at(date(2026, 5, 21)):
        actions.confirm_schedule(schedule, by=auditor)
        actions.collect()

    line = pay.line_of(late)
    assert (str(line.amount), line.schedule, line.trace) == ("200.00", schedule, "1次：200")
    assert pay.claim_of(late).why_not == ""
    assert (pay.claim_of(early).why_not, pay.claim_of(early).lines.count()) == (Claim.WhyNot.UNPRICED, 0)


def test_what_was_priced_is_not_priced_again(cashier, auditor):
    before = pay.reviewed(day=date(2026, 5, 12), minutes=180)
    actions.collect()
    schedule = drafted(cashier, "review", rates=[{"kind": "review", "amount": Decimal("150")}])
    actions.confirm_schedule(schedule, by=auditor)
    after = pay.reviewed(day=date(2026, 5, 13), minutes=180)

    actions.collect()

    assert [str(line.amount) for line in pay.claim_of(before).lines.all()] == ["400.00"]
    assert pay.line_of(before).schedule == seeded("review")
    assert (str(pay.line_of(after).amount), pay.line_of(after).schedule) == ("450.00", schedule)


def test_where_the_circular_is_silent_on_a_review_that_came_to_nothing_the_rest_is_priced(cashier, auditor):
    schedule = drafted(cashier, "review", rates=[{"kind": "review", "called_off": None}])
    actions.confirm_schedule(schedule, by=auditor)
    seat = make.make_seat(state="stood_down", why="recused", signed_in_at=clock.instant(date(2026, 5, 12), 9))
    review = pay.reviewed(day=date(2026, 5, 13), minutes=180)

    actions.collect()

    assert seat.claim.why_not == Claim.WhyNot.UNPRICED
    assert str(pay.line_of(review).amount) == "400.00"


# What the database refuses


def in_force():
    """A confirmed schedule of guidance with its document, one rate of it priced."""
    schedule = drafted(person("typist", "cashier"), rates=[consulting()])
    return actions.confirm_schedule(schedule, by=person("checker", "auditor"))


SCHEDULE, RATE, FILE = "payments_rateschedule", "payments_rate", "payments_schedulefile"
NEVER = "art13_schedule_in_force_never_changes"
FORBIDDEN = [
    (NEVER, f"UPDATE {SCHEDULE} SET effective_from = '2026-06-01' WHERE id = {{id}}"),
    (NEVER, f"UPDATE {SCHEDULE} SET document_number = 'x' WHERE id = {{id}}"),
    (NEVER, f"UPDATE {SCHEDULE} SET title = 'x' WHERE id = {{id}}"),
    (NEVER, f"UPDATE {SCHEDULE} SET valid_until = '2027-01-01' WHERE id = {{id}}"),
    (NEVER, f"UPDATE {SCHEDULE} SET state = 'draft' WHERE id = {{id}}"),
    (NEVER, f"UPDATE {SCHEDULE} SET note = 'x' WHERE id = {{id}}"),
    (NEVER, f"UPDATE {SCHEDULE} SET confirmed_at = '2026-01-01 00:00:00+00:00' WHERE id = {{id}}"),
    ("art13_schedule_is_never_deleted", f"DELETE FROM {SCHEDULE} WHERE id = {{id}}"),
    ("art13_rates_in_force_never_change", f"UPDATE {RATE} SET amount = 999 WHERE schedule_id = {{id}}"),
    ("art13_rates_in_force_never_change", f"UPDATE {RATE} SET day_cap = 999 WHERE schedule_id = {{id}}"),
    ("art13_rates_in_force_never_change", f"UPDATE {RATE} SET tier = 'senior' WHERE schedule_id = {{id}}"),
    ("art13_rates_in_force_stay", f"DELETE FROM {RATE} WHERE schedule_id = {{id}}"),
    ("art13_document_in_force_stays", f"DELETE FROM {FILE} WHERE schedule_id = {{id}}"),
    ("art13_document_of_a_schedule_never_changes", f"UPDATE {FILE} SET digest = 'x' WHERE schedule_id = {{id}}"),
]


@pytest.mark.parametrize(("name", "statement"), FORBIDDEN)
def test_what_is_in_force_stays_as_it_is(name, statement):
    schedule = in_force()

    with pytest.raises(IntegrityError, match=name):
        sql(statement, id=schedule.pk)

    schedule.refresh_from_db()
    assert (schedule.state, schedule.effective_from, schedule.rates.count()) == ("confirmed", MAY, 13)


UNDONE = [each for each in FORBIDDEN if "DELETE FROM payments_rateschedule" not in each[1]]


@pytest.mark.parametrize(("name", "statement"), UNDONE)
def test_only_its_guard_stands_in_the_way(name, statement):
    """The control: without the guard each of these goes through."""
    schedule = in_force()

    with make.unguarded(name):
        sql(statement, id=schedule.pk)


@pytest.mark.parametrize("statement", [each for name, each in FORBIDDEN if name.startswith("art13_rates")])
def test_the_rates_of_a_draft_may_change(cashier, statement):
    sql(statement, id=drafted(cashier).pk)


def add_rate(schedule):
    with transaction.atomic():
        Rate.objects.create(schedule=schedule, kind="lecture", tier="senior", amount="900")


def test_no_rate_is_added_to_what_is_confirmed_or_already_pays(cashier):
    pay.reviewed(day=date(2026, 5, 12))
    actions.collect()
    add_rate(drafted(cashier, "review"))

    for schedule in (in_force(), seeded("review")):
        with pytest.raises(IntegrityError, match="art13_no_rate_is_added_later"):
            add_rate(schedule)
        with make.unguarded("art13_no_rate_is_added_later"):
            add_rate(schedule)


def test_no_document_is_added_to_what_is_confirmed(cashier):
    schedule = in_force()

    with pytest.raises(IntegrityError, match="art13_no_document_is_added_later"), transaction.atomic():
        make.make_schedule_file(schedule)
    make.make_schedule_file(drafted(cashier, "review"))
    make.make_schedule_file(seeded())


@pytest.mark.parametrize("scope", ["guidance", "review"])
def test_a_schedule_without_a_row_of_some_kind_is_not_confirmed(cashier, auditor, scope):
    schedule = drafted(cashier, scope)
    schedule.rates.filter(kind={"guidance": "lecture", "review": "review"}[scope]).delete()

    with pytest.raises(IntegrityError, match="art13_confirmed_schedule_is_complete"):
        sql(CONFIRM + " WHERE id = {id}", id=schedule.pk, by=auditor.pk)
    with pytest.raises(IntegrityError, match="art13_confirmed_schedule_is_complete"), transaction.atomic():
        actions.confirm_schedule(schedule, by=auditor)
    with make.unguarded("art13_confirmed_schedule_is_complete"):
        sql(CONFIRM + " WHERE id = {id}", id=schedule.pk, by=auditor.pk)


def test_every_valid_schedule_has_a_row_of_every_kind_of_its_scope():
    in_force()

    for schedule in RateSchedule.objects.valid():
        assert set(schedule.rates.values_list("kind", flat=True)) == set(rules.SCOPES[schedule.scope])


def begun(state="draft", scope="guidance", effective_from="2026-06-01", supersedes="NULL"):
    """Somebody at the database begins a schedule of his own."""
    sql(
        f"""INSERT INTO {SCHEDULE} (scope, title, document_number, effective_from, note, state, supersedes_id)
            VALUES ('{{scope}}', 't', 'n', '{{day}}', '', '{{state}}', {{before}})""",
        scope=scope, day=effective_from, state=state, before=supersedes,
    )  # fmt: skip


def test_no_gap_and_no_overlap():
    first, other = seeded().pk, seeded("review").pk

    with pytest.raises(IntegrityError, match="(?i)art13_one_first_schedule_of_a_scope|unique"):
        begun()  # a second beginning
    with pytest.raises(IntegrityError, match="(?i)art13_schedule_follows_the_one_it_supersedes"):
        begun(supersedes=other)  # of another scope
    for day in ("2024-01-01", "2023-05-01"):
        with pytest.raises(IntegrityError, match="art13_schedule_follows_the_one_it_supersedes"):
            begun(effective_from=day, supersedes=first)  # before the one it replaces
    begun(supersedes=first)
    with pytest.raises(IntegrityError, match="(?i)supersedes_id"):
        begun(effective_from="2026-07-01", supersedes=first)  # beside the one that replaces it
    draft = RateSchedule.objects.get(state="draft").pk
    with pytest.raises(IntegrityError, match="art13_schedule_follows_the_one_it_supersedes"):
        begun(effective_from="2026-07-01", supersedes=draft)  # after one that binds nobody


def test_every_day_has_one_schedule(cashier, auditor):
    """The chain, read day by day around its joints."""
    first, second = seeded(), in_force()
    third = actions.confirm_schedule(drafted(cashier, effective_from=date(2026, 7, 1)), by=auditor)
    first, second, third = RateSchedule.objects.filter(scope="guidance").order_by("effective_from").told()

    assert [each.last_day for each in (first, second, third)] == [date(2026, 4, 30), date(2026, 6, 30), None]
    assert (second.supersedes, third.supersedes) == (first, second)


def test_a_successor_that_is_only_drafted_ends_nothing(cashier):
    drafted(cashier)

    assert seeded().last_day is None


@pytest.mark.parametrize("state", ["confirmed", "dropped", "provisional"])
def test_nothing_begins_in_force(state):
    with pytest.raises(IntegrityError, match="art13_schedule_begins_as_a_draft"):
        begun(state, supersedes=seeded().pk)


@pytest.mark.parametrize("state", ["provisional"])
def test_a_draft_goes_no_other_way(cashier, state):
    schedule = drafted(cashier)

    with pytest.raises(IntegrityError, match=NEVER):
        sql(f"UPDATE {SCHEDULE} SET state = '{state}' WHERE id = {schedule.pk}")


# 今天


def waiting(user):
    return [
        (row.what, row.number, row.tip)
        for _, records, told in rate_rows.QUEUES
        for row in map(told, records(user))
    ]  # fmt: skip


def test_who_sees_what_waits(cashier, auditor, leader):
    actions.attach(seeded("review"), by=cashier, files=[make.pdf()])
    drafted(cashier)

    assert waiting(auditor) == [
        ("标准待核对确认", "晋财购〔2021〕24号", "对照文件逐项核对"),
        ("标准待核对确认", "并人社发〔2024〕39号", "文件还没有上传，先请经办上传"),
        ("标准待核对确认", NEW_NUMBER, "对照文件逐项核对"),
    ]
    assert waiting(cashier) == [("上传标准文件", "并人社发〔2024〕39号", "上传以后由财务复核对照确认")]
    assert waiting(leader) == []


def test_nothing_is_asked_of_a_schedule_that_was_replaced_before_it_priced_anything(cashier, auditor):
    make.make_rate_schedule(
        "confirmed", effective_from=date(2026, 3, 1), rates={"guidance": {"unit": "session", "amount": "150.00"}}
    )
    make.make_rate_schedule("confirmed", scope="review", effective_from=date(2026, 3, 1))

    assert (waiting(cashier), waiting(auditor)) == ([], [])


def test_a_replaced_schedule_that_priced_something_is_still_to_be_confirmed(cashier, auditor):
    pay.reviewed(day=date(2026, 3, 10))
    actions.collect()
    make.make_rate_schedule("confirmed", scope="review", effective_from=date(2026, 3, 20))

    assert "晋财购〔2021〕24号" in [number for _, number, _ in waiting(cashier)]
    assert "晋财购〔2021〕24号" in [number for _, number, _ in waiting(auditor)]


def test_nobody_is_asked_to_confirm_his_own():
    both = person("both", "cashier", "auditor")
    drafted(both)

    assert NEW_NUMBER not in [number for _, number, _ in waiting(both)]
