"""One project to a page: points, drafts, the next one, and why somebody stands apart (Articles 8(4), 10(4) and 14)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from expertteam import clock
from services.actions import conclusion, panel, scoring, supervision
from services.models import ProjectPaper, ScoreSheet, Seat
from tests.make import pdf, sign_in
from tests.services import panels as on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
JSON = {"accept": "application/json"}
RIGHT = {"mark_team": "30", "mark_plan": "50.5", "comment": "账目清楚"}


@pytest.fixture
def review():
    """Three projects, one with a paper; everybody in the room has declared, and the clock stands at the beginning."""
    on.experts()
    it = on.drafted(projects=2)
    panel.add_project(
        it,
        by=on.operator(),
        name="项目3",
        applicant="某店",
        parties=on.PARTIES,
        papers=[pdf("方案.pdf")],
        summary="二十亩",
    )
    on.convened(it)
    with clock.at(on.BEGINS):
        yield it


@pytest.fixture
def own(review, http):
    """The first seat, signed in."""
    found = review.seats.get(place=1)
    http.force_login(found.expert.user)
    return found


def address(own, place=1, verb=""):
    return f"/desk/reviews/{own.pk}/projects/{own.panel.projects.get(place=place).pk}/{verb}"


def page(http, own, place=1, status=200):
    response = http.get(address(own, place))
    assert response.status_code == status
    return response.content.decode()


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def sheet(own, place=1):
    return ScoreSheet.objects.get(seat=own, project__place=place)


def give(seat, project, team="30", plan="50"):
    marks = {"team": Decimal(team), "plan": Decimal(plan)}
    scoring.submit(scoring.sheet_of(seat, project), by=seat.expert.user, marks=marks)


def others_give(own, **marks):
    for each in own.panel.seats.exclude(pk=own.pk):
        for project in own.panel.projects.all():
            give(each, project, **marks)


def test_a_sheet_shows_the_project_its_papers_and_what_each_criterion_is_worth(http, own):
    html = page(http, own, 3)

    assert "二十亩" in html
    assert f"/desk/reviews/{own.pk}/papers/{ProjectPaper.objects.get().pk}/" in html
    assert "团队（40分）" in html
    assert "计划（60分）" in html
    assert 'inputmode="decimal"' in html
    assert "第3个项目，共3个" in html
    assert not ScoreSheet.objects.exists()  # to look at it begins nothing


def test_submitting_leads_to_the_next_without_a_sheet_and_at_last_back(http, own):
    ways = [http.post(address(own, place), RIGHT) for place in (2, 3, 1)]

    assert [way["Location"] for way in ways] == [address(own, 3), address(own, 1), f"/desk/reviews/{own.pk}/"]
    assert said(ways[0])[-1:] == ["项目2已提交，总分80.50分。"]
    assert (sheet(own).state, sheet(own).total, sheet(own).comment) == ("submitted", Decimal("80.50"), "账目清楚")


def test_14_the_next_is_none_from_which_he_is_excused(http, own):
    scoring.recuse(own, by=own.expert.user, project=own.panel.projects.get(place=2), reason="顾问")

    response = http.post(address(own, 1), RIGHT)

    assert response["Location"] == address(own, 3)
    page(http, own, 2, status=404)
    assert http.post(address(own, 2), RIGHT).status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("41", "“团队”应在0到40分之间"),
        ("-1", "“团队”应在0到40分之间"),
        ("30.555", "“团队”最多两位小数"),
        ("三十", "“团队”要填数字"),
        ("NaN", "“团队”要填数字"),
        ("1e999999999", "“团队”应在0到40分之间"),
        ("", "“团队”还没有打分"),
    ],
)
def test_8_4_a_wrong_mark_comes_back_with_words_at_the_field(http, own, typed, words):
    response = http.post(address(own), RIGHT | {"mark_team": typed})

    html = response.content.decode()
    assert response.status_code == 422
    assert f'id="id_mark_team_error">{words}' in html
    assert f'value="{typed}"' in html or not typed
    assert 'value="50.5"' in html
    assert not ScoreSheet.objects.exists()


def test_full_width_digits_are_digits(http, own):
    http.post(address(own), RIGHT | {"mark_team": "３０．５"})

    assert sheet(own).marks == {"team": "30.50", "plan": "50.50"}


def test_a_draft_keeps_what_is_there(http, own):
    response = http.post(address(own, 1, "draft/"), {"mark_team": "30", "comment": "再看看"})

    html = page(http, own)
    assert (response["Location"], said(response)) == (address(own), ["草稿已保存。"])
    assert (sheet(own).state, sheet(own).marks) == ("draft", {"team": "30.00"})
    assert 'value="30.00"' in html
    assert '<output id="sum">30.00</output>' in html
    assert "再看看" in html
    assert "草稿</span>" in http.get(f"/desk/reviews/{own.pk}/").content.decode()


def test_a_draft_by_button_says_what_is_wrong(http, own):
    response = http.post(address(own, 1, "draft/"), {"mark_team": "41"})

    assert response.status_code == 422
    assert "“团队”应在0到40分之间" in response.content.decode()


def test_a_script_keeps_what_is_right_and_says_what_is_not(http, own):
    right = http.post(address(own, 1, "draft/"), {"mark_team": "30"}, headers=JSON)
    half = http.post(address(own, 1, "draft/"), {"mark_team": "30", "mark_plan": "61"}, headers=JSON)

    assert (right.status_code, right.json()) == (200, {"said": "09:30已存草稿"})
    assert (half.status_code, half.json()) == (422, {"said": "09:30已存草稿，有1处要改"})
    assert sheet(own).marks == {"team": "30.00"}


def test_a_script_that_comes_after_the_sheet_changes_nothing(http, own):
    http.post(address(own), RIGHT)

    response = http.post(address(own, 1, "draft/"), {"mark_team": "1"}, headers=JSON)

    assert response.status_code == 409
    assert "已提交" in response.json()["said"]
    assert sheet(own).total == Decimal("80.50")


def test_a_second_tap_is_told_and_changes_nothing(http, own):
    http.post(address(own), RIGHT)

    response = http.post(address(own), RIGHT | {"mark_team": "1"})

    assert said(response)[-1:] == ["这份评分表已经提交，要改请先收回。"]
    assert sheet(own).total == Decimal("80.50")


def test_a_submitted_sheet_is_taken_back_while_scoring_lasts(http, own):
    http.post(address(own), RIGHT)
    offered = page(http, own)

    response = http.post(address(own, 1, "take_back/"))

    assert "收回修改" in offered
    assert 'name="mark_team"' not in offered
    assert response["Location"] == address(own)
    assert (sheet(own).state, sheet(own).total) == ("draft", None)
    assert 'value="50.50"' in page(http, own)


def test_10_4_after_the_closing_one_sees_his_own_and_changes_nothing(http, own):
    others_give(own)
    for project in own.panel.projects.all():
        give(own, project)
    conclusion.close_scoring(own.panel, by=on.operator())

    html = page(http, own)
    refused = http.post(address(own, 1, "take_back/"))

    assert "80.00" in html
    assert "收回修改" not in html
    assert "方案.pdf" not in page(http, own, 3)
    assert (refused.status_code, sheet(own).state) == (422, "submitted")


def test_8_4_whoever_stands_apart_says_why_and_learns_no_figure(http, own):
    others_give(own, team="39.99", plan="59.98")
    for project in own.panel.projects.all():
        give(own, project, team="20", plan="20")

    html, seat_page = page(http, own), http.get(f"/desk/reviews/{own.pk}/").content.decode()
    nothing = http.post(address(own, 1, "explain/"))
    right = http.post(address(own, 1, "explain/"), {"explanation": "没有场地"})

    assert "您的总分比平均分高（低）20%以上，请说明" in html
    assert [figure for figure in ("99.97", "87.98", "39.99") if figure in html + seat_page] == []
    assert "要写偏离说明" in seat_page
    assert (nothing.status_code, right.status_code) == (422, 302)
    assert sheet(own).explanation == "没有场地"
    assert "请说明" not in page(http, own)


def test_8_4_nobody_is_asked_before_all_sheets_are_in(http, own):
    give(own, own.panel.projects.first(), team="1", plan="1")

    assert "请说明" not in page(http, own)


@pytest.mark.parametrize("verb", ["take_back/", "explain/"])
def test_an_act_on_a_sheet_that_was_never_begun_is_not_there(http, own, verb):
    assert http.post(address(own, 1, verb), {"explanation": "x"}).status_code == 404


@pytest.mark.parametrize("who", ["co-member", "operator", "inspector"])
def test_10_4_a_sheet_is_nobody_elses_page(http, own, who):
    give(own, own.panel.projects.first())
    users = {"operator": on.operator, "inspector": on.inspector}
    sign_in(http, users[who]() if who in users else own.panel.seats.get(place=2).expert.user)

    for verb in ("", "draft/", "take_back/", "explain/", "recuse/"):
        assert http.post(address(own, 1, verb), RIGHT | {"explanation": "x", "reason": "x"}).status_code == 404
    page(http, own, status=404)
    assert sheet(own).total == Decimal("80.00")


def test_14_before_the_declaration_there_is_no_sheet(http, own):
    Seat.objects.filter(pk=own.pk).update(declared_at=None)

    page(http, own, status=404)
    assert http.post(address(own), RIGHT).status_code == 404


def test_a_project_of_another_review_has_no_sheet_here(http, own):
    later = {"starts_at": on.BEGINS + timedelta(days=1), "ends_at": on.BEGINS + timedelta(days=1, hours=3)}
    other = on.drafted(**later)

    assert http.get(f"/desk/reviews/{own.pk}/projects/{other.projects.get().pk}/").status_code == 404


def test_10_4_while_the_review_is_halted_a_sheet_is_read_and_not_written(http, own):
    supervision.halt(own.panel, by=on.inspector(), reason="有人打听")

    html = page(http, own)
    refused = http.post(address(own), RIGHT)
    script = http.post(address(own, 1, "draft/"), RIGHT, headers=JSON)

    assert "评审暂停" in html
    assert 'name="mark_team"' not in html
    assert (refused.status_code, script.status_code) == (422, 409)
    assert not ScoreSheet.objects.exists()


def test_the_pages_ask_as_often_whatever_has_been_given(http, own):
    def asked(*addresses):
        with CaptureQueriesContext(connection) as counted:
            assert [http.get(each).status_code for each in addresses] == [200, 200, 200]
        return len(counted)

    pages = ("/desk/", f"/desk/reviews/{own.pk}/", address(own, 3))
    before = asked(*pages)
    others_give(own)
    for project in own.panel.projects.all()[:2]:
        give(own, project)

    assert asked(*pages) == before
