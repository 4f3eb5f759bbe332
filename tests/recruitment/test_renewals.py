"""Another term: the wish, the application that comes of it, the new term beside the old one (Article 3)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from experts import actions as experts
from experts.models import Appointment
from expertteam import clock, consents
from expertteam.models import Consent, Notification, Policy
from expertteam.regulation import Refused
from recruitment import actions
from recruitment.models import Application, Document, Round, Wish
from recruitment.progress import PLEDGES
from recruitment.tasks import carry_wishes
from tests.make import (
    end_early,
    make_appointment,
    make_complete_application,
    make_dismissal,
    make_notice,
    make_recommendable,
    make_round,
    make_user,
    make_wish,
)

State = Application.State
TODAY = date(2026, 3, 2)
LAST = date(2026, 4, 30)
SAID = {"words": "还想继续帮创业者。", "changes": "去年评上了高级经济师。", "agreed": PLEDGES}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def term(expert):
    """Ends on 2026-04-30, fifty-nine days from today."""
    return make_appointment(user=expert, first_day=date(2023, 5, 1))


@pytest.fixture
def earlier(term):
    """His application of the first time, as far as it is looked at again; it was in a round of its own."""
    with clock.at(TODAY):
        application = make_complete_application(applicant=term.expert.user, title="经济师", title_level="middle")
        actions.submit(application, by=application.applicant)
        actions.withdraw(application, by=application.applicant)
    return application


def renewal_round(**fields):
    return make_round(purpose=Round.Purpose.RENEWAL, **fields)


def told(user):
    """Whatever the day on which the test asks."""
    inapp = Notification.objects.filter(to=user, channel=Notification.Channel.INAPP)
    return list(inapp.order_by("pk").values_list("subject", flat=True))


# The wish


def test_a_wish_keeps_the_words_and_what_was_agreed_to_once_more(expert, term):
    wish = actions.wish(expert, **SAID)

    entry = wish.history.get()
    text = consents.TEXTS["truthful"]
    assert (wish.term, wish.words, wish.changes) == (term, "还想继续帮创业者。", "去年评上了高级经济师。")
    assert wish.at == clock.now()
    assert wish.consents[0] == {"kind": "truthful", "version": text.version, "digest": text.digest}
    assert [each["kind"] for each in wish.consents] == PLEDGES
    assert consents.signed(expert) >= set(PLEDGES)
    assert (entry.history_user, entry.history_change_reason) == (expert, "提出续聘意愿（第3条）")


def test_to_agree_once_more_leaves_the_first_signature_where_it_is(expert, term):
    before = Consent.objects.get(user=expert, kind="confidentiality")

    with clock.at(date(2026, 3, 3)):
        actions.wish(expert, **SAID)

    assert Consent.objects.get(user=expert, kind="confidentiality") == before


@pytest.mark.parametrize(
    ("on", "open_"),
    [
        (date(2025, 10, 31), False),
        (date(2025, 11, 1), True),
        (LAST, True),
        (date(2026, 5, 1), False),
    ],
)
def test_the_wish_is_spoken_in_the_last_180_days(expert, term, on, open_):
    with clock.at(on):
        if open_:
            assert actions.wish(expert, **SAID).pk
        else:
            with pytest.raises(Refused, match="不在提出续聘意愿的时间内"):
                actions.wish(expert, **SAID)


def test_the_bureau_may_name_another_number_of_days(expert, term):
    Policy.objects.create(key="renewal_window_days", value=58, effective_from=TODAY, source="局务会纪要")

    with pytest.raises(Refused, match="不在提出续聘意愿的时间内"):
        actions.wish(expert, **SAID)
    with clock.at(date(2026, 3, 3)):
        assert actions.wish(expert, **SAID).pk


@pytest.mark.parametrize("lacking", PLEDGES)
def test_every_undertaking_is_agreed_to_once_more(expert, term, lacking):
    agreed = [kind for kind in PLEDGES if kind != lacking]

    with pytest.raises(Refused, match=f"还没有再次同意：{consents.TEXTS[lacking].title}"):
        actions.wish(expert, **SAID | {"agreed": agreed})


def test_there_is_one_wish_for_a_term(expert, term):
    wish = actions.wish(expert, **SAID)

    with pytest.raises(Refused, match="已经提出"):
        actions.wish(expert, **SAID)

    assert Wish.objects.get() == wish


def test_nobody_wishes_who_is_no_expert_or_whose_term_was_ended(client, expert, term):
    end_early(Appointment.objects.filter(pk=term.pk), TODAY)

    for user in (client, expert):
        with pytest.raises(Refused, match="不在提出续聘意愿的时间内"):
            actions.wish(user, **SAID)


def test_the_office_is_told_of_a_wish_where_no_round_is_open(expert, term, reviewer, intake, leader):
    actions.wish(expert, **SAID)

    assert (told(reviewer), told(intake), told(leader)) == (["有专家想续聘"], [], [])


@pytest.mark.parametrize("purpose", Round.Purpose)
def test_the_office_need_not_be_told_where_a_round_is_open(expert, term, reviewer, purpose):
    make_round(purpose=purpose)

    actions.wish(expert, **SAID)

    assert told(reviewer) == []


def test_a_wish_is_taken_back_and_spoken_anew(expert, term, reviewer):
    wish = actions.wish(expert, **SAID)

    with clock.at(date(2026, 3, 3)):
        actions.take_back_wish(wish, by=expert)
    assert not Wish.objects.standing().exists()
    with clock.at(date(2026, 3, 4)):
        again = actions.wish(expert, **SAID | {"words": "想好了，还是继续。"})

    assert (again, again.words, again.withdrawn_at) == (wish, "想好了，还是继续。", None)
    assert again.history.count() == 3
    assert told(reviewer) == ["有专家想续聘"] * 2


def test_nobody_takes_back_the_wish_of_another(expert, term, reviewer):
    wish = actions.wish(expert, **SAID)

    with pytest.raises(PermissionDenied):
        actions.take_back_wish(wish, by=reviewer)
    actions.take_back_wish(wish, by=expert)
    with pytest.raises(Refused, match="已经撤回"):
        actions.take_back_wish(wish, by=expert)


def test_a_wish_of_which_an_application_was_made_is_not_taken_back(expert, term):
    actions.renew(expert, round=renewal_round(), **SAID)

    with pytest.raises(Refused, match="请撤回报名"):
        actions.take_back_wish(Wish.objects.get(), by=expert)


# The application that comes of it


def test_what_is_known_is_taken_over_into_a_draft(expert, term, earlier):
    experts.change_profile(term.expert, by=expert, line="帮小店看懂账", visits=True)
    term.expert.employer, term.expert.position = "太原某咨询公司", "合伙人"
    term.expert.save()

    application = actions.renew(expert, round=renewal_round(), **SAID)

    application.refresh_from_db()
    assert (application.state, application.renews) == (State.DRAFT, term)
    assert (application.employer, application.position, application.line) == (
        "太原某咨询公司",
        "合伙人",
        "帮小店看懂账",
    )
    assert (application.visits, application.topics) == (True, ["management"])  # of the entry on the team
    assert (application.category, application.profession, application.title_level) == (2, "manager", "middle")
    period, case = application.periods.get(), application.success_cases.get()
    assert (period.employer, period.first, period.last, period.managed) == (
        "太原某装备公司",
        date(2015, 1, 1),
        None,
        True,
    )
    assert (case.client, case.year) == ("某面馆", 2024)
    reasons = [entry.history_change_reason for entry in application.history.order_by("history_id")]
    assert reasons == ["续聘报名（第3条）", "沿用上一届资料（第3条）"]


def test_evidence_is_taken_over_and_has_to_be_verified_anew(expert, term, earlier, intake):
    with clock.at(TODAY):
        rejected, *kept = earlier.documents.order_by("pk")
        Document.objects.filter(pk=kept[0].pk).update(original_seen=True, uploaded_at=clock.instant(date(2023, 3, 1)))
    force_state(rejected, "rejected")
    force_state(kept[0], "verified")

    application = actions.renew(expert, round=renewal_round(), **SAID)

    copies = application.documents.order_by("pk")
    assert [copy.carried_from for copy in copies] == kept
    assert {copy.state for copy in copies} == {"received"}
    assert [copy.kind for copy in copies] == [each.kind for each in kept]
    assert (copies[0].original_seen, copies[0].uploaded_at) == (False, clock.instant(date(2023, 3, 1)))
    assert (copies[0].file.name, copies[0].digest) == (kept[0].file.name, kept[0].digest)
    kept[0].refresh_from_db()
    assert (kept[0].state, kept[0].application) == ("verified", earlier)


def force_state(document, state):
    """Write the state past every verb."""
    statement = "UPDATE recruitment_document SET state = %s, reason = '不清楚' WHERE id = %s"
    connection.cursor().execute(statement, [state, document.pk])


def test_whoever_never_applied_here_begins_with_his_entry_on_the_team(expert, term):
    experts.change_profile(term.expert, by=expert, line="帮小店看懂账")

    application = actions.renew(expert, round=renewal_round(), **SAID)

    assert (application.category, application.line, application.topics) == (2, "帮小店看懂账", ["management"])
    assert not application.periods.exists()
    assert not application.documents.exists()


def test_a_wish_spoken_before_is_carried_into_the_application(expert, term):
    wish = actions.wish(expert, **SAID)

    application = actions.renew(expert, round=renewal_round())

    assert (application.renews, Wish.objects.get()) == (term, wish)


def test_pressing_twice_makes_one_application(expert, term):
    round = renewal_round()

    first, second = (actions.renew(expert, round=round, **SAID) for _ in range(2))

    assert first == second
    assert Application.objects.count() == 1


def test_an_open_round_takes_renewals_too_and_one_draft_is_enough(expert, term):
    application = actions.renew(expert, round=make_round(), **SAID)

    assert application.renews == term
    assert actions.renew(expert, round=renewal_round()) == application


def test_a_draft_begun_by_himself_becomes_the_renewal_and_keeps_what_he_typed(expert, term, earlier):
    round = make_round()
    draft = actions.start(expert, round=round)
    actions.fill_in(draft, by=expert, task="kind", category=3, title_level="associate")

    application = actions.renew(expert, round=round, **SAID)

    assert (application, application.renews, application.category) == (draft, term, 3)
    assert not application.periods.exists()


def test_whoever_is_being_decided_upon_does_not_begin_once_more(expert, term, earlier):
    round = make_round()
    ordinary = make_complete_application(applicant=expert, round=round)
    actions.submit(ordinary, by=expert)

    with pytest.raises(Refused, match="已经有一份报名"):
        actions.renew(expert, round=round, **SAID)
    with pytest.raises(Refused, match="已有一份报名在办理"):
        actions.renew(expert, round=renewal_round(), **SAID)


@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2026, 4, 1)])
def test_a_round_takes_renewals_on_its_days_only(expert, term, day):
    round = renewal_round()

    with clock.at(day), pytest.raises(Refused, match="不在报名时间内"):
        actions.renew(expert, round=round, **SAID)


def test_a_round_for_renewal_takes_no_newcomer(db):
    with pytest.raises(Refused, match="只办理续聘"):
        actions.start(make_user(), round=renewal_round())


# Wishes that wait


def test_a_wish_waits_for_a_round_and_is_carried_into_it_once(expert, term, earlier):
    wish = actions.wish(expert, **SAID)
    carry_wishes()
    assert not Application.objects.filter(renews=term).exists()

    round = renewal_round()
    for _ in range(2):
        carry_wishes()

    application = Application.objects.get(renews=term)
    entry = application.history.last()
    assert (application.round, application.state, application.profession) == (round, State.DRAFT, "manager")
    assert (entry.history_user, entry.history_change_reason) == (None, "续聘报名（第3条）")
    assert told(expert).count("续聘可以报名了") == 1
    assert list(Wish.objects.waiting(TODAY)) == []
    assert wish in Wish.objects.standing()


def test_a_round_made_for_renewal_is_taken_before_an_open_one(expert, term):
    make_round(closes_on=date(2026, 3, 10))
    made_for_it = renewal_round()
    actions.wish(expert, **SAID)

    carry_wishes()

    assert Application.objects.get(renews=term).round == made_for_it


def test_a_wish_spoken_in_time_is_carried_into_a_round_that_opens_late(expert, term):
    actions.wish(expert, **SAID)
    late = renewal_round(
        opens_on=date(2026, 5, 6), closes_on=date(2026, 5, 29), screening_until=date(2026, 6, 5),
        review_until=date(2026, 6, 12),
    )  # fmt: skip

    with clock.at(date(2026, 5, 6)):
        carry_wishes()

    assert Application.objects.get(renews=term).round == late


def test_a_draft_that_missed_its_round_lets_the_wish_wait_again(expert, term):
    actions.renew(expert, round=renewal_round(closes_on=date(2026, 3, 3)), **SAID)
    assert not Wish.objects.waiting(TODAY).exists()
    second = renewal_round(opens_on=date(2026, 3, 4))

    with clock.at(date(2026, 3, 4)):
        assert Wish.objects.waiting(date(2026, 3, 4)).exists()
        carry_wishes()

    assert Application.objects.filter(renews=term, round=second).exists()


def test_nothing_is_carried_for_whom_it_was_decided_withdrawn_or_ended(expert, term):
    application = actions.renew(expert, round=renewal_round(), **SAID)
    actions.withdraw(application, by=expert)
    taken_back = make_wish(withdrawn_at=clock.now())
    ended = make_wish()
    end_early(Appointment.objects.filter(pk=ended.term_id), TODAY)
    followed = make_wish()
    make_appointment(user=followed.term.expert.user, first_day=date(2026, 5, 1))
    waiting = make_wish()
    renewal_round()

    carry_wishes()

    assert list(Application.objects.exclude(pk=application.pk).values_list("renews", flat=True)) == [waiting.term_id]
    assert taken_back.withdrawn_at


# The way to the new term


def approved(application, intake, reviewer):
    make_recommendable(application, by=intake)
    actions.recommend(application, by=intake, opinion="三年指导八十多次，满意度高，没有计次，建议续聘")
    actions.approve(application, by=reviewer, opinion="同意")
    return application


@pytest.fixture
def on_notice(expert, earlier, intake, reviewer):
    """Its notice ends on 2026-03-09 at 18:00."""
    application = approved(actions.renew(expert, round=renewal_round(), **SAID), intake, reviewer)
    make_notice(application, by=reviewer)
    return application


def row(term):
    return Appointment.objects.filter(pk=term.pk).values().get()


def test_a_renewal_is_a_new_term_from_the_day_after_and_the_old_one_stays_as_it_was(on_notice, term, leader):
    before, told_before = row(term), term.history.count()

    with clock.at(date(2026, 3, 10)):
        actions.appoint(on_notice, by=leader)

    new = on_notice.appointment
    assert (new.first_day, new.last_day) == (date(2026, 5, 1), date(2029, 4, 30))
    assert new.pk != term.pk
    assert new.number == "并创专〔2026〕001号" != term.number
    assert new.expert == term.expert
    assert (row(term), term.history.count()) == (before, told_before)


def test_it_begins_today_where_the_old_term_has_run_out(on_notice, leader):
    with clock.at(date(2026, 5, 11)):
        actions.appoint(on_notice, by=leader)

    assert on_notice.appointment.first_day == date(2026, 5, 11)


@pytest.mark.parametrize(("first_day", "free"), [(LAST, False), (date(2026, 5, 1), True), (date(2026, 5, 20), True)])
def test_the_terms_never_overlap(on_notice, leader, first_day, free):
    with clock.at(date(2026, 3, 10)):
        if free:
            actions.appoint(on_notice, by=leader, first_day=first_day)
            assert on_notice.appointment.first_day == first_day
        else:
            with pytest.raises(Refused, match="与已有的聘期重叠"):
                actions.appoint(on_notice, by=leader, first_day=first_day)


@pytest.mark.parametrize("opinion", ["", "  \n "])
def test_a_renewal_is_not_recommended_without_reasons(expert, earlier, intake, opinion):
    application = make_recommendable(actions.renew(expert, round=renewal_round(), **SAID), by=intake)

    with pytest.raises(Refused, match="推荐续聘要写明理由"):
        actions.recommend(application, by=intake, opinion=opinion)


def test_a_first_application_is_recommended_as_before(intake):
    application = make_recommendable(make_complete_application(), by=intake)

    actions.recommend(application, by=intake, opinion="")

    assert application.state == State.RECOMMENDED


def test_nothing_is_renewed_of_a_term_that_was_ended_meanwhile(on_notice, term, leader):
    end_early(Appointment.objects.filter(pk=term.pk), date(2026, 3, 10))

    with clock.at(date(2026, 3, 10)), pytest.raises(Refused, match="提前结束"):
        actions.appoint(on_notice, by=leader)


def test_a_draft_of_a_term_that_was_ended_is_not_submitted(expert, term, earlier):
    application = actions.renew(expert, round=renewal_round(), **SAID)
    end_early(Appointment.objects.filter(pk=term.pk), TODAY)

    with pytest.raises(Refused, match="提前结束"):
        actions.submit(application, by=expert)


# Whoever was dismissed


def dismissed(ground="12(4)"):
    """A former expert; the decision took effect on 2026-03-06, from which day the term is void."""
    case = make_dismissal("dismissed", ground=ground, expert=make_appointment(first_day=date(2026, 3, 1)).expert)
    assert case.effective_on == date(2026, 3, 6)
    return case.expert.user


def apply_on(user, day):
    """From the beginning to the submission, in a round that is open around that day."""
    last = date(day.year, 12, 31)
    with clock.at(day):
        round = make_round(opens_on=day, closes_on=day, screening_until=last, review_until=last)
        draft = make_complete_application(applicant=user, round=round)
        actions.submit(draft, by=user)
    return draft


@pytest.mark.parametrize(("day", "free"), [(date(2029, 3, 5), False), (date(2029, 3, 6), True)])
def test_whoever_was_dismissed_waits_before_he_submits(day, free):
    user = dismissed()

    if free:
        assert apply_on(user, day).state == State.SUBMITTED
    else:
        with pytest.raises(Refused, match="解聘未满3年，从2029年3月6日起才能再报名") as refusal:
            apply_on(user, day)
        assert refusal.value.article == "12(4)"


def test_he_is_told_before_he_fills_anything_in():
    user = dismissed()
    too_early = make_round(closes_on=date(2026, 3, 31))
    late_enough = make_round(
        closes_on=date(2029, 3, 6), screening_until=date(2029, 4, 1), review_until=date(2029, 5, 1)
    )

    with clock.at(date(2026, 3, 10)):
        with pytest.raises(Refused, match="才能再报名"):
            actions.start(user, round=too_early)
        assert actions.start(user, round=late_enough).state == State.DRAFT


def test_the_bureau_may_bar_nobody():
    user = dismissed()
    Policy.objects.create(key="reapply_years", value=0, effective_from=TODAY, source="局务会纪要")

    assert apply_on(user, date(2026, 3, 6)).state == State.SUBMITTED


def test_nobody_waits_who_left_at_his_own_request():
    assert apply_on(dismissed("12(1)"), date(2026, 3, 6)).state == State.SUBMITTED


def test_a_dismissal_decided_meanwhile_keeps_the_appointment_back(on_notice, term, leader):
    make_dismissal("dismissed", expert=term.expert)

    with clock.at(date(2026, 3, 10)), pytest.raises(Refused, match="解聘未满3年"):
        actions.appoint(on_notice, by=leader)


@pytest.mark.parametrize(
    ("state", "open_"), [("proposed", True), ("confirmed", True), ("kept", False), ("dropped", False)]
)
def test_nobody_is_appointed_while_a_case_against_him_is_open(on_notice, term, leader, state, open_):
    make_dismissal(state, expert=term.expert)

    with clock.at(date(2026, 3, 10)):
        if open_:
            with pytest.raises(Refused, match="解聘案件还没有办结，不能聘任"):
                actions.appoint(on_notice, by=leader)
        else:
            actions.appoint(on_notice, by=leader)
            assert on_notice.state == State.APPOINTED
