"""Fifty made-up complainants against one expert: nothing that a person has not found counts (reliability.md B1, T17)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from evaluations import actions
from evaluations.models import Dismissal, Rating, RatingCase, Report, Strike
from expertteam import clock
from expertteam.celery import run_due_jobs
from expertteam.regulation import Refused
from services import callers
from services.models import Link
from tests.evaluations.ledger import attitude
from tests.make import make_expert, make_rating, make_service, make_user, sign_in

WAYS = 10  # puppets of each kind
FRIDAY = date(2026, 3, 6)
POOR = {"grade": "1", "wrong": ["attitude"], "text": "态度太差"}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def own():
    return make_expert()


def from_network(n):
    """Each writes from an address of its own, so that no limit keeps it away."""
    return {"REMOTE_ADDR": f"10.0.{n}.1"}


def by_unconfirmed_links(http, own):
    """Services that nobody has confirmed, with the links by which they could be."""
    for n in range(WAYS):
        service = make_service(expert=own, phone=f"1350000{n:04d}")
        token = Link.issue(Link.Purpose.CONFIRM, timedelta(days=30), service=service)
        yield http.post(f"/r/{token}/", POOR | {"key": f"a{n}"}, **from_network(n)).status_code


def by_foreign_phones(http, own, intake):
    """They ring up about a service of somebody else: the clerk finds nothing of their number that could be rated."""
    make_rating("open", expert=own)
    sign_in(http, intake)
    for n in range(WAYS):
        yield "代录评价" in http.get(callers.page_of(f"1360000{n:04d}")).text
    http.logout()


def by_reports(http, own):
    """Each with a name and a number, none of which anybody has checked."""
    for n in range(WAYS):
        said = {"kind": "12(2)", "about": own.no, "facts": "见面时一直看手机，不理人。", "way": "named"}
        said |= {"name": f"高明{n}", "phone": f"1390000{n:04d}", "agree": "on", "key": f"r{n}"}
        yield http.post("/report/", said, **from_network(n)).status_code


def by_services_not_theirs(http, own):
    """Guessed links, and accounts that were never advised."""
    rating = make_rating("open", expert=own)
    for n in range(WAYS):
        yield http.post(f"/r/{'x' * 20}{n}/", POOR | {"key": f"g{n}"}, **from_network(n)).status_code
        with pytest.raises(PermissionDenied):
            actions.give(rating, by=make_user(phone=f"1370000{n:04d}"), grade=1, wrong=["attitude"])


def by_one_service(http, own):
    """The one client there is, passing the link of his one service around."""
    rating = make_rating("open", expert=own)
    token = Link.issue(Link.Purpose.RATE, timedelta(days=30), service=rating.service)
    for n in range(WAYS):
        yield http.post(f"/r/{token}/", POOR | {"key": f"o{n}"}, **from_network(n)).status_code


def attacked(http, own, intake):
    """What the doors answered to fifty of them on Friday 2026-03-06."""
    with clock.at(FRIDAY):
        return {
            "unconfirmed": list(by_unconfirmed_links(http, own)),
            "foreign": list(by_foreign_phones(http, own, intake)),
            "reports": list(by_reports(http, own)),
            "not theirs": list(by_services_not_theirs(http, own)),
            "repeated": list(by_one_service(http, own)),
        }


def time_goes_by():
    """Every job on every tenth day of a quarter."""
    for days in range(0, 90, 10):
        with clock.at(FRIDAY + timedelta(days=days)):
            run_due_jobs()


def found_on(case, finding, intake, reviewer):
    """The call, the expert's word, the finding."""
    actions.call_back(case, by=intake, note="对方说不清楚")
    actions.explain(case, by=case.rating.expert.user, statement="没有这回事")
    return actions.find(case, by=reviewer, finding=finding, reasons="双方说法不一，无法核实")


def counted(own):
    return Strike.objects.counted().filter(expert=own).count()


def test_12_2_fifty_made_up_complainants_leave_no_entry_and_open_no_case(http, own, intake, reviewer, inspector):
    answers = attacked(http, own, intake)
    [case] = RatingCase.objects.filter(rating__expert=own)
    with clock.at(FRIDAY):
        found_on(case, RatingCase.Finding.UNVERIFIABLE, intake, reviewer)

    time_goes_by()

    assert answers == {
        "unconfirmed": [404] * WAYS,
        "foreign": [False] * WAYS,
        "reports": [302] * WAYS,
        "not theirs": [404] * WAYS,
        "repeated": [302] * WAYS,
    }
    assert (Rating.objects.given().count(), Report.objects.count()) == (1, WAYS)
    assert (counted(own), Strike.objects.count(), Dismissal.objects.count()) == (0, 0, 0)


def test_12_2_ten_reports_found_true_are_no_entries_of_the_ledger(http, own, inspector):
    with clock.at(FRIDAY):
        list(by_reports(http, own))
        for report in Report.objects.all():
            actions.examine(report, by=inspector)
            actions.uphold(report, by=inspector, findings="有人见过")

    time_goes_by()

    assert Report.objects.filter(upheld=True, expert=own).count() == WAYS
    assert (Strike.objects.count(), Dismissal.objects.count()) == (0, 0)


def test_12_2_whoever_rates_one_service_ten_times_is_one_entry_at_most(http, own, intake, reviewer):
    with clock.at(FRIDAY):
        list(by_one_service(http, own))
        [case] = RatingCase.objects.all()
        found_on(case, RatingCase.Finding.UPHELD_ATTITUDE, intake, reviewer)

    time_goes_by()

    assert (counted(own), Dismissal.objects.count()) == (1, 0)


def test_12_2_control_three_clients_who_were_advised_and_believed_do_count(http, own, intake, reviewer):
    for n, day in enumerate([date(2026, 3, 6), date(2026, 3, 13), date(2026, 3, 20)]):
        with clock.at(day):
            service = make_service("confirmed", expert=own, started_at=clock.now() - timedelta(days=1))
            rating = make_rating("open", service=service, made_at=clock.now(), until=clock.now() + timedelta(days=15))
            token = Link.issue(Link.Purpose.RATE, timedelta(days=30), service=service)
            agent = {"HTTP_USER_AGENT": f"phone {n}"}
            http.post(f"/r/{token}/", POOR | {"key": f"c{n}"}, **from_network(n), **agent)
            found_on(rating.case, RatingCase.Finding.UPHELD_ATTITUDE, intake, reviewer)

    [opened] = Dismissal.objects.all()
    assert (counted(own), opened.ground, opened.state, opened.flag) == (3, "12(2)", "proposed", "")
    assert own.appointments.get().void_from is None


def test_12_2_three_by_one_hand_wait_for_the_inspector(own, intake, inspector):
    """Even where a person believed all three, the case that follows goes no further before he has looked."""
    for day in (date(2026, 3, 6), date(2026, 3, 13), date(2026, 3, 20)):
        attitude(own, day, client="13600000001", network="n1")
    with clock.at(date(2026, 3, 21)):
        run_due_jobs()
        [opened] = Dismissal.objects.all()
        actions.take_up(opened, by=intake)

        with pytest.raises(Refused, match="先由纪检核查来源"):
            actions.issue_notice(opened, by=intake, facts="三次态度恶劣。", reasons="累计三次。")

    assert opened.flag == "3次计次来自1位服务对象；3条差评来自同一网络"
    assert inspector.notifications.filter(channel="inapp", url=opened.get_absolute_url()).exists()
