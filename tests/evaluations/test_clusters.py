"""集中差评: several poor ratings that may be one hand's; the inspector looks before any counts as attitude (12(2))."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from evaluations import actions, today
from evaluations.models import Rating, RatingCase
from expertteam import clock
from expertteam.models import Notification
from expertteam.regulation import Refused
from expertteam.workflow import LINK
from services.models import Link
from tests.conftest import person
from tests.make import make_expert, make_offer, make_rating, make_rating_case, make_request, make_service, sign_in

Finding = RatingCase.Finding
FRIDAY = date(2026, 3, 6)
UPHELD = ["upheld_attitude", "upheld_competence", "absence", "other"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def poor(expert, day=FRIDAY, phone="", **marks):
    """The case of a poor rating of this expert, given on that day."""
    service = make_service("confirmed", expert=expert, **({"phone": phone} if phone else {}))
    with clock.at(day):
        rating = actions.give(make_rating("open", service=service), by=LINK, grade=1, wrong=["attitude"], **marks)
    return RatingCase.objects.get(rating=rating)


def flags():
    return list(RatingCase.objects.order_by("pk").values_list("flag", flat=True))


def flagged(state="awaiting_finding", **fields):
    return make_rating_case(state, flag="同一天有3条差评", **fields)


def inspected(case, inspector, genuine):
    return actions.inspect_cluster(case, by=inspector, genuine=genuine, report="逐一核对了预约记录")


# Seen


@pytest.mark.parametrize(
    ("days", "marks", "flag"),
    [
        ([6, 6], {"network": "n1"}, ""),
        ([6, 6, 6], {}, "同一天有3条差评"),
        ([6, 9, 10], {}, ""),
        ([6, 9, 10], {"network": "n1"}, "30天内同一网络有3条差评"),
        ([6, 9, 10], {"device": "d1"}, "30天内同一设备有3条差评"),
        ([6, 9, 10], {"phone": "13955550147"}, "同一服务对象有3条差评"),
        ([6, 6, 6], {"network": "n1", "device": "d1"}, "同一天有3条差评；30天内同一网络有3条差评；30天内同一设备有3条差评"),
    ],
)  # fmt: skip
def test_three_that_share_something_are_flagged_all_three(days, marks, flag):
    expert = make_expert()

    for day in days:
        poor(expert, date(2026, 3, day), **marks)

    assert flags() == [flag] * len(days)


@pytest.mark.parametrize(("last", "flag"), [(date(2026, 3, 20), "30天内同一设备有3条差评"), (date(2026, 3, 21), "")])
def test_a_device_counts_for_thirty_days(last, flag):
    expert = make_expert()
    with clock.at(date(2026, 2, 18)):
        made = clock.now()
    for day in (date(2026, 2, 18), date(2026, 2, 25), last):
        rating = make_rating("open", expert=expert, made_at=made, until=made + timedelta(days=60))
        with clock.at(day):
            actions.give(rating, by=LINK, grade=1, wrong=["late"], device="d1")

    assert flags()[-1] == flag


def test_another_expert_and_contented_words_are_no_part_of_it():
    expert = make_expert()
    for _ in range(2):
        poor(expert, device="d1")
    poor(make_expert(), device="d1")
    with clock.at(FRIDAY):
        actions.give(make_rating("open", expert=expert), by=LINK, grade=5, device="d1")

    assert flags() == ["", "", ""]


def test_the_earlier_ones_are_flagged_as_far_as_nothing_is_found_and_by_what_they_share(intake, reviewer):
    expert = make_expert()
    done, other = poor(expert), poor(expert)
    actions.call_back(done, by=intake, note="x")
    actions.explain(done, by=expert.user, statement="x")
    actions.find(done, by=reviewer, finding=Finding.UPHELD_ATTITUDE, reasons="x")

    last = poor(expert, network="n1")

    done.refresh_from_db()
    other.refresh_from_db()
    assert (done.flag, other.flag, last.flag) == ("", "同一天有3条差评", "同一天有3条差评")
    assert other.history.first().history_change_reason == "列入集中差评（第12(2)条）"


def test_the_inspector_is_told_of_it_and_finds_it_on_his_list(inspector, intake, reviewer):
    expert = make_expert()
    for _ in range(3):
        case = poor(expert)

    assert Notification.objects.get(to=inspector).subject == "差评集中出现，请查看"
    assert [row.what for row in today.queue(inspector)[0].rows] == ["查看集中差评"] * 3
    inspected(case, inspector, genuine=True)
    assert today.to_inspect_of(inspector).count() == 2
    assert not today.to_inspect_of(reviewer).exists()


def test_fifty_from_one_device_and_not_one_counts_as_attitude_unseen(intake, reviewer):
    expert = make_expert()
    cases = [poor(expert, device="d1") for _ in range(50)]

    for case in cases:
        actions.call_back(case, by=intake, note="x")
        actions.explain(case, by=expert.user, statement="x")
        with pytest.raises(Refused, match="纪检查看以后才能认定"):
            actions.find(case, by=reviewer, finding=Finding.UPHELD_ATTITUDE, reasons="x")

    assert not RatingCase.objects.exclude(finding="").exists()


# Looked at


@pytest.mark.parametrize(
    ("genuine", "open_to"),
    [
        (None, ["upheld_competence", "absence", "other", "not_upheld", "mistaken", "malicious", "unverifiable"]),
        (True, list(Finding.values)),
        (False, ["not_upheld", "mistaken", "malicious", "unverifiable"]),
    ],
)
def test_what_can_be_found_of_it(inspector, reviewer, genuine, open_to):
    reached = []
    for finding in Finding.values:
        case = flagged()
        if genuine is not None:
            inspected(case, inspector, genuine)
        try:
            actions.find(case, by=reviewer, finding=finding, reasons="见笔录")
        except Refused:
            continue
        reached.append(finding)

    assert reached == open_to


def test_what_is_not_flagged_is_found_as_ever(reviewer):
    case = make_rating_case("awaiting_finding")

    assert actions.find(case, by=reviewer, finding=Finding.UPHELD_ATTITUDE, reasons="见笔录").state == "found"


def test_what_he_saw_is_kept_with_who_and_when(inspector, reviewer):
    case = inspected(flagged(), inspector, genuine=False)

    case.refresh_from_db()
    assert (case.state, case.flag_genuine, case.flag_report) == ("awaiting_finding", False, "逐一核对了预约记录")
    assert (case.flag_seen_by, case.flag_seen_at) == (inspector, clock.now())
    assert Notification.objects.get(to=reviewer).subject == "纪检已查看集中差评"
    with pytest.raises(Refused, match="纪检已经看过"):
        inspected(case, inspector, genuine=True)


@pytest.mark.parametrize("state", ["found", "rectifying", "closed"])
def test_after_the_finding_it_is_too_late_to_look(inspector, state):
    fields = {"finding": "other"} | ({} if state == "found" else {"order": "x"})

    with pytest.raises(Refused, match="现在的状态是"):
        inspected(flagged(state, **fields), inspector, genuine=True)


def test_nothing_is_looked_at_that_is_not_flagged(inspector):
    with pytest.raises(Refused, match="不是集中差评"):
        inspected(make_rating_case(), inspector, genuine=True)


@pytest.mark.parametrize("role", ["intake", "reviewer", "leader", "matcher", "admin", "expert"])
def test_only_the_inspector_looks(role):
    with pytest.raises(PermissionDenied):
        inspected(flagged(), person("someone", role), genuine=True)


def test_whoever_looked_neither_calls_nor_finds_and_whoever_called_does_not_look():
    everything = person("everything", "inspector", "reviewer", "intake")
    seen = inspected(flagged("awaiting_call"), everything, genuine=True)
    with pytest.raises(Refused, match="不能回访"):
        actions.call_back(seen, by=everything, note="x")
    with pytest.raises(Refused, match="不能再办理“认定”"):
        actions.find(inspected(flagged(), everything, genuine=True), by=everything, finding=Finding.OTHER, reasons="x")
    called = actions.call_back(flagged("awaiting_call"), by=everything, note="x")
    with pytest.raises(Refused, match="不能再办理“查看集中差评”"):
        inspected(called, everything, genuine=True)


def test_whoever_matched_the_expert_does_not_look():
    both, expert = person("both", "matcher", "inspector"), make_expert()
    request = make_request("confirmed", expert=expert)
    make_offer("done", request=request, expert=expert, offered_by=both)
    service = make_service("confirmed", request=request, expert=expert)
    case = flagged(rating=make_rating(service=service, grade=1, wrong=["attitude"]))

    with pytest.raises(Refused, match="匹配这位专家的人不能查看"):
        inspected(case, both, genuine=True)
    assert not today.to_inspect_of(both).exists()


# The last door


@pytest.mark.parametrize(
    ("genuine", "finding", "stands"),
    [
        (None, "upheld_attitude", False),
        (None, "other", True),
        (True, "upheld_attitude", True),
        (False, "upheld_attitude", False),
        (False, "upheld_competence", False),
        (False, "malicious", True),
    ],
)
def test_the_database_knows_it_too(inspector, reviewer, genuine, finding, stands):
    case = flagged()
    if genuine is not None:
        inspected(case, inspector, genuine)
    found = {"finding": finding, "reasons": "x", "found_by": reviewer, "found_at": clock.now()}

    def write():
        with transaction.atomic():
            RatingCase.objects.filter(pk=case.pk).update(**found)

    if stands:
        write()
    else:
        with pytest.raises(IntegrityError, match="art12_2_cluster_is_looked_at_before_attitude"):
            write()
    assert RatingCase.objects.filter(pk=case.pk, finding=finding).exists() is stands


@pytest.mark.parametrize(
    "written", [{"flag": ""}, {"flag_genuine": True}, {"flag_seen_at": None, "flag_seen_by": None}]
)
def test_a_flag_stays_and_is_looked_at_once(inspector, written):
    case = inspected(flagged(), inspector, genuine=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        RatingCase.objects.filter(pk=case.pk).update(**written)


@pytest.mark.parametrize("field", ["called_by", "found_by"])
def test_the_database_knows_that_the_inspector_neither_called_nor_found(inspector, field):
    case = inspected(flagged(), inspector, genuine=True)

    with pytest.raises(IntegrityError, match="art12_2_inspector_neither"), transaction.atomic():
        RatingCase.objects.filter(pk=case.pk).update(**{field: inspector})


# Its pages


def test_the_link_leaves_a_mark_of_network_and_device_and_neither_itself(http):
    rating = make_rating("open")
    address = f"/r/{Link.issue(Link.Purpose.RATE, timedelta(days=30), service=rating.service)}/"
    headers = {"user-agent": "Mozilla/5.0 (鹪鹩)", "accept-language": "zh-CN"}

    with clock.at(FRIDAY):
        http.post(address, {"grade": "4", "key": "k1"}, headers=headers)

    rating.refresh_from_db()
    assert (len(rating.network), len(rating.device)) == (64, 64)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM evaluations_rating")
        assert "鹪鹩" not in str(cursor.fetchall())


def device_of(http, **headers):
    rating = make_rating("open")
    address = f"/r/{Link.issue(Link.Purpose.RATE, timedelta(days=30), service=rating.service)}/"
    with clock.at(FRIDAY):
        http.post(address, {"grade": "4", "key": f"k{rating.pk}"}, headers=headers)
    return Rating.objects.get(pk=rating.pk).device


def test_one_device_is_known_again_and_another_is_not(http):
    phone = {"user-agent": "A", "accept-language": "zh-CN"}

    marks = [device_of(http, **phone), device_of(http, **phone), device_of(http, **phone | {"accept-language": "en"})]

    assert (marks[0] == marks[1], marks[0] == marks[2]) == (True, False)


def test_the_inspector_looks_on_the_case_page(http, inspector):
    expert = make_expert()
    cases = [poor(expert, device="d1") for _ in range(3)]
    sign_in(http, inspector)
    page = cases[0].get_absolute_url()

    shown = http.get(page).text
    assert "同一天有3条差评；30天内同一设备有3条差评" in shown
    assert [case.get_absolute_url() in shown for case in cases[1:]] == [True, True]
    assert http.get(f"{page}inspect_cluster/").status_code == 200
    assert http.post(f"{page}inspect_cluster/", {"report": "x"}).status_code == 422
    answer = http.post(f"{page}inspect_cluster/", {"genuine": "no", "report": "三条出自一人"}, follow=True)

    assert "纪检查看：不是真实评价" in answer.text
    assert "三条出自一人" in answer.text
    assert f"{page}inspect_cluster/" not in answer.text


@pytest.mark.parametrize(("genuine", "offered"), [(None, 7), (True, 8), (False, 4)])
def test_the_form_offers_what_can_be_found(http, inspector, reviewer, genuine, offered):
    case = flagged()
    if genuine is not None:
        inspected(case, inspector, genuine)
    sign_in(http, reviewer)

    page = http.get(f"{case.get_absolute_url()}find/").text

    assert page.count('name="finding"') == offered


def test_the_case_page_asks_as_often_for_three_as_for_nine(http, inspector):
    expert = make_expert()
    sign_in(http, inspector)
    counts = []
    for more in (3, 6):
        for _ in range(more):
            case = poor(expert, device="d1")
        http.get(case.get_absolute_url())
        with CaptureQueriesContext(connection) as asked:
            http.get(case.get_absolute_url())
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_the_expert_learns_nothing_of_it(http):
    case = flagged("awaiting_statement")
    http.force_login(case.rating.expert.user)

    assert "集中" not in http.get(f"/desk/ratings/{case.pk}/").text
