"""What has to be looked at before lines are paid: said first, in as many questions for one as for thirty (Article 13)."""

from datetime import date

import pytest

from expertteam import clock
from expertteam.regulation import Refused
from payments import actions
from payments.checking import look
from payments.models import Line, Payee
from tests import make
from tests.payments import pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def expert(_in_april):
    """Paid before into an account that has cooled, by rates that are confirmed: nothing to look at."""
    pay.confirm_rates()
    expert = make.make_expert()
    pay.account(expert)
    return expert


def codes(*services):
    """What is doubtful about the line of each, the first payment left aside."""
    actions.collect()
    lines = [pay.line_of(each) for each in services]
    found = [[doubt.code for doubt in each.doubts if doubt.code != "first_payment"] for each in look(lines)]
    return found[0] if len(found) == 1 else found


def test_of_a_plain_line_there_is_nothing_to_say_but_that_its_account_is_new(expert):
    service = pay.reviewed(expert)
    actions.collect()

    [looked] = look([pay.line_of(service)])

    assert [doubt.code for doubt in looked.doubts] == ["first_payment"]
    assert not looked.hard


def test_after_a_first_payment_the_account_is_known_until_one_comes_back(expert, cashier, auditor, leader):
    service = pay.reviewed(expert)
    batch = pay.released(cashier, auditor, leader)
    later = pay.reviewed(expert, day=date(2026, 3, 20))
    actions.collect()
    [after] = look([pay.line_of(later)])
    pay.answered(batch.payouts.get(), cashier, paid=False)
    [returned] = look([pay.line_of(later)])

    assert ([each.code for each in after.doubts], [each.code for each in returned.doubts]) == ([], ["failed"])
    assert pay.line_of(service).replaces is not None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"day": date(2026, 3, 10), "minutes": 600}, "over_cap"),
        ({"day": date(2026, 5, 1)}, "holiday"),
        ({"day": date(2026, 5, 4)}, "near_holiday"),
    ],
)
def test_caps_and_holidays(expert, fields, code):
    assert codes(pay.reviewed(expert, **fields)) == [code]
    assert codes(pay.reviewed(expert, day=date(2026, 3, 24), minutes=240)) == []


@pytest.mark.parametrize(
    ("day", "hour", "overlap"),
    [
        (date(2026, 3, 10), 12, True),
        (date(2026, 3, 10), 13, False),  # begins as the other ends
        (date(2026, 3, 11), 9, False),
    ],
)
def test_what_took_place_at_the_same_time(expert, day, hour, overlap):
    first = pay.reviewed(expert, day=date(2026, 3, 10), hour=9, minutes=240)
    second = pay.reviewed(expert, day=day, hour=hour, minutes=60)

    assert codes(first, second) == ([["overlap"], ["overlap"]] if overlap else [[], []])


@pytest.mark.parametrize(("hour", "overlap"), [(0, True), (1, False)])
def test_past_midnight_as_well(expert, hour, overlap):
    night = pay.reviewed(expert, day=date(2026, 3, 10), hour=22, minutes=180)
    morning = pay.reviewed(expert, day=date(2026, 3, 11), hour=hour, minutes=60)

    assert codes(night, morning) == ([["overlap"], ["overlap"]] if overlap else [[], []])


def test_another_expert_may_sit_at_the_same_time(expert):
    other = make.make_expert()
    pay.account(other)

    assert codes(pay.reviewed(expert), pay.reviewed(other)) == [[], []]


@pytest.mark.parametrize(("via", "found"), [("phone", ["no_sign_in"]), ("link", ["no_sign_in"]), ("review", [])])
def test_where_people_sign_in_the_list_counts(expert, via, found):
    service = pay.reviewed(expert)
    type(service).objects.filter(pk=service.pk).update(confirmed_via=via)

    assert codes(service) == found


# Hard


@pytest.fixture
def refused(cashier, auditor):
    def refused(*services):
        batch = pay.submitted(cashier)
        lines = [pay.line_of(each) for each in services]
        with pytest.raises(Refused) as refusal:
            actions.approve(batch, by=auditor, lines=lines, check_note="已核对")
        return str(refusal.value)

    return refused


def test_without_an_account_nothing_is_paid(refused):
    service = pay.reviewed()

    assert codes(service)[0] == "no_account"
    assert "还没有收款账户" in refused(service)


@pytest.mark.parametrize("state", ["entered", "refused", "disputed", "replaced"])
def test_an_account_that_does_not_stand_is_none(state):
    expert = make.make_expert()
    make.make_bank_account(state, expert=expert)

    assert codes(pay.reviewed(expert))[0] == "no_account"


@pytest.mark.parametrize(("hour", "found"), [(8, ["cooling"]), (9, [])])
def test_an_account_cools_to_the_hour(expert, hour, found):
    other = make.make_expert()
    pay.account(other, confirmed_at=clock.instant(date(2026, 4, 2), 8), usable_from=clock.instant(date(2026, 4, 5), 9))
    service = pay.reviewed(other)
    with clock.at(clock.instant(date(2026, 4, 5), hour)):
        assert codes(service) == found


def test_an_official_takes_the_consent_of_his_unit(expert, leader, refused):
    payee = Payee.objects.create(expert=expert, official=True)
    service = pay.reviewed(expert)
    before = codes(service)
    words = refused(service)
    payee.consent_basis, payee.consented_by, payee.consented_at = "单位同意函", leader, clock.now()
    payee.save()

    assert (before, codes(service)) == (["official"], [])
    assert "公职人员" in words


@pytest.mark.parametrize(
    ("category", "official", "found"), [(5, None, ["official"]), (5, False, ["official"]), (2, None, [])]
)
def test_whoever_was_appointed_as_of_an_office_is_an_official_whatever_the_form_says(category, official, found):
    pay.confirm_rates()
    expert = make.make_expert(category=category)
    pay.account(expert)
    Payee.objects.create(expert=expert, official=official)

    assert codes(pay.reviewed(expert)) == found


# To be looked at


def test_what_is_doubtful_takes_a_word_of_the_checker(expert, cashier, auditor):
    pay.reviewed(expert, minutes=600)
    batch = pay.submitted(cashier)
    lines = list(batch.lines.all())

    with pytest.raises(Refused, match="1笔要确认"):
        actions.approve(batch, by=auditor, lines=lines)
    assert actions.approve(batch, by=auditor, lines=lines, check_note="延时没有批准，按800").state == "approved"


def test_a_standard_that_has_run_out_or_is_to_be_confirmed():
    expert = make.make_expert()
    pay.account(expert)
    service = pay.reviewed(expert)
    assert codes(service) == ["unconfirmed"]
    pay.confirm_rates()
    make.make_rate_schedule(
        "confirmed", rates={"review": {"unit": "hour", "amount": "100"}}, scope="review",
        effective_from=date(2026, 3, 15), valid_until=date(2026, 3, 20),
    )  # fmt: skip

    on, after = (pay.reviewed(expert, day=date(2026, 3, day)) for day in (20, 21))
    assert codes(service, on, after) == [[], [], ["expired"]]


# As many questions for thirty as for three


def test_thirty_ask_no_more_than_three(expert, django_assert_max_num_queries):
    counts = []
    for many, month in ((3, 3), (30, 4)):
        for number in range(many):
            other = make.make_expert()
            pay.account(other)
            pay.reviewed(other, day=date(2026, month, 1 + number))
        actions.collect()
        lines = list(Line.objects.filter(claim__day__month=month).told())
        with django_assert_max_num_queries(50) as asked:
            assert len(look(lines)) == many
        counts.append(len(asked))

    assert counts[0] == counts[1]
