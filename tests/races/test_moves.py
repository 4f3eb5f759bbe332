"""Two officers press at once: one succeeds, the other is told."""

from datetime import date

import pytest
from django.db import connection, transaction

from experts import actions as experts
from experts.models import Appointment, Expert
from expertteam import clock, consents
from expertteam.models import Consent, Counter
from expertteam.regulation import Refused
from recruitment import actions
from recruitment.models import Application, Document, Objection
from tests.conftest import person
from tests.make import (
    course,
    make_appointment,
    make_complete_application,
    make_objection,
    make_recommendable,
    make_round,
    make_user,
)
from tests.races.contest import (
    kinds,
    overtaking,
    together,
    without_guard_locks,
    without_guards,
    without_row_locks,
)

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("today"),
]

DAY = date(2026, 3, 2)
BEFORE_THE_END = clock.instant(date(2026, 3, 9), 17, 59)
AFTER_THE_END = clock.instant(date(2026, 3, 9), 18, 1)
READS_THE_APPLICATION = r'FROM "recruitment_application" WHERE'


@pytest.fixture
def submitted(intake):
    return make_recommendable(make_complete_application(), by=intake)


def fresh(record):
    """The record as another request has it."""
    return type(record).objects.get(pk=record.pk)


def recommend_twice(application, officers):
    copies = [fresh(application) for _ in officers]
    return together(
        *(lambda copy=copy, officer=officer: actions.recommend(copy, by=officer, opinion="符合")
          for copy, officer in zip(copies, officers, strict=True)),
        meet=READS_THE_APPLICATION, moment=DAY,
    )  # fmt: skip


def times(application, reason):
    return application.history.filter(history_change_reason=reason).count()


def test_two_officers_recommend_at_once(submitted, intake):
    results = recommend_twice(submitted, [intake, person("second", "intake")])

    assert kinds(results) == ["Refused", "done"]
    assert times(submitted, "初审推荐（第11条）") == 1


def test_without_the_lock_both_would_recommend(submitted, intake, monkeypatch):
    officers = [intake, person("second", "intake")]

    with without_row_locks(monkeypatch):
        results = recommend_twice(submitted, officers)

    assert kinds(results) == ["done", "done"]
    assert times(submitted, "初审推荐（第11条）") == 2


def test_a_document_is_rejected_while_its_application_is_recommended(submitted, intake):
    document = Document.objects.first()
    second = person("second", "intake")

    results = overtaking(
        lambda: actions.reject(document, by=second, reason="不清楚"),
        lambda: actions.recommend(fresh(submitted), by=intake, opinion="符合"),
        hold='UPDATE "recruitment_document"', moments=[DAY, DAY],
    )  # fmt: skip

    assert kinds(results) == ["Refused", "done"]
    assert fresh(submitted).state == Application.State.SUBMITTED


def test_two_leaders_appoint_at_once(intake, reviewer, leader):
    it = course(intake=intake, reviewer=reviewer)
    leaders = [leader, person("second", "leader")]

    results = together(
        *(lambda each=each: actions.appoint(fresh(it.application), by=each) for each in leaders),
        meet=READS_THE_APPLICATION, moment=AFTER_THE_END,
    )  # fmt: skip

    assert kinds(results) == ["Refused", "done"]
    assert Appointment.objects.count() == 1


def test_two_applications_of_one_person_are_appointed_at_once(intake, reviewer, leader):
    applicant = make_user()
    both = [course(intake=intake, reviewer=reviewer, applicant=applicant).application for _ in range(2)]

    results = together(
        *(lambda each=each: actions.appoint(fresh(each), by=leader) for each in both),
        meet='FROM "expertteam_user" WHERE "expertteam_user"."id" = .* FOR', moment=AFTER_THE_END,
    )  # fmt: skip

    assert kinds(results) == ["Refused", "done"]
    assert "聘期重叠" in str(next(each for each in results if isinstance(each, Refused)))
    assert (Expert.objects.count(), Appointment.objects.count()) == (1, 1)


def write_two_terms(expert):
    """Two overlapping terms of one expert, written past all code."""
    decider = make_user(name="局领导")

    def write(number, first_day):
        with transaction.atomic():
            return Appointment.objects.create(
                expert=expert, name="王芳", category=2, number=number, first_day=first_day, last_day=date(2032, 1, 1),
                basis=Appointment.Basis.FORMER, decided_by=decider, decided_at=clock.now(),
            )  # fmt: skip

    with without_guards("art15_former_terms_come_by_import_alone"):
        return together(
            lambda: write("一", date(2029, 6, 1)), lambda: write("二", date(2029, 7, 1)),
            meet='INSERT INTO "experts_appointment"', moment=DAY,
        )  # fmt: skip


def test_two_terms_written_at_once_past_the_code_do_not_overlap(db):
    expert = make_appointment().expert

    results = write_two_terms(expert)

    assert kinds(results) == ["IntegrityError", "done"]
    assert "art3_terms_never_overlap" in str(next(each for each in results if isinstance(each, Exception)))


def test_without_the_guards_lock_they_would_overlap(db):
    expert = make_appointment().expert

    with without_guard_locks():
        results = write_two_terms(expert)

    assert kinds(results) == ["done", "done"]


# An objection and an appointment at the same moment


def lodged_first(it, leader):
    """An objection received at 17:59 whose transaction is still open when the leader appoints at 18:01."""
    return overtaking(
        lambda: make_objection(it.candidate),
        lambda: actions.appoint(fresh(it.application), by=leader),
        hold='INSERT INTO "recruitment_objection"', moments=[BEFORE_THE_END, AFTER_THE_END],
    )  # fmt: skip


def test_an_objection_still_being_received_holds_the_appointment_up(intake, reviewer, leader):
    it = course(intake=intake, reviewer=reviewer)

    results = lodged_first(it, leader)

    assert kinds(results) == ["Refused", "done"]
    assert "异议还没有办结" in str(results[1])
    assert Appointment.objects.count() == 0


def test_without_locks_in_the_code_the_database_still_holds_it_up(intake, reviewer, leader, monkeypatch):
    it = course(intake=intake, reviewer=reviewer)

    with without_row_locks(monkeypatch):
        results = lodged_first(it, leader)

    assert kinds(results) == ["IntegrityError", "done"]
    assert Appointment.objects.count() == 0


def test_without_any_lock_the_objection_would_come_too_late(intake, reviewer, leader, monkeypatch):
    it = course(intake=intake, reviewer=reviewer)

    with (
        without_row_locks(monkeypatch),
        without_guard_locks(),
        without_guards("art11_no_appointment_over_an_objection"),
    ):
        results = lodged_first(it, leader)

    assert kinds(results) == ["done", "done"]
    assert Objection.objects.blocking().count() == Appointment.objects.count() == 1


def test_whoever_objects_while_the_leader_appoints_is_late(intake, reviewer, leader):
    it = course(intake=intake, reviewer=reviewer)

    results = overtaking(
        lambda: actions.appoint(it.application, by=leader),
        lambda: make_objection(fresh(it.candidate)),
        hold='INSERT INTO "experts_appointment"', moments=[AFTER_THE_END, AFTER_THE_END],
    )  # fmt: skip

    assert kinds(results) == ["done", "done"]
    assert (results[1].counts, results[1].late) == (False, True)


def test_an_objection_dated_back_past_the_code_is_refused_after_the_appointment(intake, reviewer, leader):
    it = course(intake=intake, reviewer=reviewer)

    results = overtaking(
        lambda: actions.appoint(it.application, by=leader),
        lambda: Objection.objects.create(
            notice=it.notice, candidate=it.candidate, kind="untrue", facts="不实", name="高明", counts=True,
            state="received", receipt="YC1", received_at=BEFORE_THE_END,
        ),
        hold='UPDATE "recruitment_application"', moments=[AFTER_THE_END, AFTER_THE_END],
    )  # fmt: skip

    assert kinds(results) == ["IntegrityError", "done"]
    assert "art11_objection_never_follows_the_appointment" in str(results[1])


def test_a_notice_is_annulled_while_the_leader_appoints(intake, reviewer, leader):
    it = course(intake=intake, reviewer=reviewer)

    results = overtaking(
        lambda: actions.appoint(it.application, by=leader),
        lambda: actions.annul(fresh(it.notice), by=reviewer, reason="名单有误"),
        hold='INSERT INTO "experts_appointment"', moments=[AFTER_THE_END, AFTER_THE_END],
    )  # fmt: skip

    assert kinds(results) == ["Refused", "done"]
    assert fresh(it.notice).state == "published"


def test_somebody_objects_while_the_notice_is_annulled(intake, reviewer):
    it = course(intake=intake, reviewer=reviewer)

    results = overtaking(
        lambda: actions.annul(fresh(it.notice), by=reviewer, reason="名单有误"),
        lambda: make_objection(fresh(it.candidate)),
        hold='FROM "recruitment_notice" .* FOR UPDATE', moments=[BEFORE_THE_END, BEFORE_THE_END],
    )  # fmt: skip

    assert kinds(results) == ["Refused", "done"]
    assert Objection.objects.count() == 0


# Double clicks


def test_a_double_click_begins_one_application(db):
    user, selection = make_user(), make_round()

    results = together(
        *(lambda: actions.start(user, round=selection) for _ in range(2)),
        meet='FROM "recruitment_application" WHERE', moment=DAY,
    )  # fmt: skip

    assert len({each.pk for each in results}) == 1
    assert Counter.objects.get(key="application-2026").value == 1


def test_a_double_click_signs_once(db):
    user = make_user()

    results = together(
        *(lambda: consents.sign(user, "confidentiality") for _ in range(2)),
        meet='FROM "expertteam_consent"', moment=DAY,
    )  # fmt: skip

    assert len({each.pk for each in results}) == 1
    assert Consent.objects.count() == 1


# Certificate numbers


def number_eight(fail):
    """Eight appointments at once, some of which fail at the last moment; the numbers that stand."""
    users = [make_user(name=f"专家{n}") for n in range(8)]
    decider = make_user(name="局领导")
    for user in users:
        consents.sign(user, "confidentiality")

    def appoint(number, user):
        with transaction.atomic():
            appointment = experts.appoint(user, by=decider, name=user.name, category=2, first_day=DAY, topics=[])
            if number in fail:
                raise Refused("没有成功")
        return appointment

    with without_guards("art11_no_appointment_without_an_unopposed_notice"):
        return together(
            *(lambda n=n, user=user: appoint(n, user) for n, user in enumerate(users)),
            meet='FROM "expertteam_counter" WHERE "expertteam_counter"."key" = \'?certificate', moment=DAY,
        )  # fmt: skip


def test_certificates_are_numbered_without_gaps_or_doubles(db):
    results = number_eight(fail={1, 4, 6})

    assert kinds(results) == ["Refused"] * 3 + ["done"] * 5
    assert sorted(Appointment.objects.values_list("number", flat=True)) == [
        f"并创专〔2026〕00{n}号" for n in (1, 2, 3, 4, 5)
    ]


def test_without_the_lock_numbers_would_be_taken_twice(db, monkeypatch):
    with without_row_locks(monkeypatch):
        results = number_eight(fail=set())

    assert "IntegrityError" in kinds(results)


def test_a_number_is_taken_inside_the_act_that_uses_it(db):
    with pytest.raises(transaction.TransactionManagementError):
        Counter.take("certificate-2026")

    assert not connection.in_atomic_block
