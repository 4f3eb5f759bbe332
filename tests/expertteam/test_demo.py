"""The demo's doors: its clock goes forward only and by staff only, its outbox is read by all, its keys are made."""

import stat
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import include, path

from expertteam import clock, demo_keys, notify, urls
from expertteam.management.commands import demo as command
from expertteam.models import ClockMove, Notification
from recruitment import actions
from tests.make import course, make_arranged, make_complete_application, make_expert, make_recommendable

urlpatterns = [*urls.urlpatterns, path("demo/", include("expertteam.demo"))]
doors = pytest.mark.urls(__name__)
TUESDAY = clock.instant(date(2026, 3, 3), 10)


@pytest.fixture
def tuesday(settings):
    """In the demo, at ten on Tuesday 2026-03-03."""
    settings.DEMO = True
    with clock.at(TUESDAY):
        yield


def reached():
    """The moment to which the last recorded move brought the clock."""
    last = ClockMove.objects.latest("pk")
    return last.moved_at + last.offset


@doors
@pytest.mark.parametrize(
    ("goal", "moment"),
    [("day", clock.instant(date(2026, 3, 4), 10)), ("workday", clock.instant(date(2026, 3, 4), 9))],
)
def test_staff_move_the_clock_and_it_is_recorded(tuesday, http, leader, goal, moment):
    http.force_login(leader)

    answer = http.post("/demo/clock/", {"to": goal, "next": "/rules/"})

    move = ClockMove.objects.get()
    assert answer.url == "/rules/"
    assert reached() == moment
    assert (move.by, move.reason) == (leader, {"day": "前进一天", "workday": "到下一个工作日"}[goal])
    assert abs(datetime.now(UTC) - move.moved_at) < timedelta(minutes=5)


@doors
def test_the_clock_moves_to_the_minute_after_the_notice_that_ends_first(tuesday, http, intake, reviewer, leader):
    notice = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2)).notice
    http.force_login(leader)

    http.post("/demo/clock/", {"to": "notice"})

    assert reached() == notice.ends_at + timedelta(minutes=1)


@doors
def test_what_fell_due_is_done_when_the_clock_has_moved(tuesday, http, intake, reviewer, leader):
    application = make_recommendable(make_complete_application(), by=intake)
    actions.send_back(application, by=intake, items=["basics"], note="请写清职务")
    course(intake=intake, reviewer=reviewer, released=date(2026, 3, 9))
    http.force_login(leader)

    http.post("/demo/clock/", {"to": "notice"})

    application.refresh_from_db()
    assert application.state == "declined"


@doors
def test_whoever_is_awaited_tomorrow_is_reminded_on_the_way(tuesday, http, matcher):
    expert = make_expert()
    starts_at = clock.instant(date(2026, 3, 4), 14)
    make_arranged(expert, starts_at)
    http.force_login(matcher)

    http.post("/demo/clock/", {"to": "day"})

    assert Notification.objects.filter(subject="明天的预约", channel="sms").exists()


@doors
def test_without_a_notice_the_clock_stays(tuesday, http, leader):
    http.force_login(leader)

    answer = http.post("/demo/clock/", {"to": "notice"}, follow=True)

    assert "现在没有还在进行的公示" in answer.content.decode()
    assert not ClockMove.objects.exists()


@doors
def test_into_an_unknown_year_the_clock_asks_for_the_year_first(settings, http, leader):
    settings.DEMO = True
    http.force_login(leader)

    with clock.at(date(2026, 12, 31)):
        answer = http.post("/demo/clock/", {"to": "workday"}, follow=True)

    assert "2027年的放假安排还没有录入" in answer.content.decode()
    assert not ClockMove.objects.exists()


@doors
@pytest.mark.parametrize("goal", ["", "yesterday"])
def test_there_is_no_way_back(tuesday, http, leader, goal):
    http.force_login(leader)

    answer = http.post("/demo/clock/", {"to": goal, "next": "https://elsewhere.example/"})

    assert answer.url == "/"
    assert not ClockMove.objects.exists()


@doors
def test_only_staff_move_the_clock(tuesday, http, client):
    anonymous = http.post("/demo/clock/", {"to": "day"})
    http.force_login(client)

    assert anonymous.status_code == 302
    assert anonymous.url.startswith("/accounts/login/")
    assert http.post("/demo/clock/", {"to": "day"}).status_code == 403
    assert http.get("/demo/clock/").status_code == 405
    assert not ClockMove.objects.exists()


@pytest.mark.parametrize("where", ["/demo/clock/", "/demo/outbox/"])
def test_outside_the_demo_there_are_no_such_doors(http, client, where):
    http.force_login(client)

    assert http.get(where).status_code == 404


@doors
def test_the_outbox_shows_codes_and_hides_numbers(tuesday, http, db):
    notify.text("code:1", "15400009001", "登录验证码", "验证码482913，5分钟内有效。")

    page = http.get("/demo/outbox/").content.decode()

    assert "482913" in page
    assert "154****9001" in page
    assert "15400009001" not in page


@doors
def test_a_link_in_the_outbox_can_be_followed(tuesday, http, db):
    notify.text("task:1", "15400009001", "有一项预约等您答复", "11月26日09:00预约请答复：http://127.0.0.1:8000/t/abc/")

    page = http.get("/demo/outbox/").content.decode()

    assert "：<a href='http://127.0.0.1:8000/t/abc/'>http://127.0.0.1:8000/t/abc/</a>" in page


def test_the_offset_is_asked_once_a_request(settings, leader, django_assert_num_queries):
    settings.DEMO = True
    ClockMove.objects.create(offset=timedelta(days=400), moved_at=TUESDAY, by=leader, reason="前进一天")

    with django_assert_num_queries(1), clock.steady():
        ahead = [clock.now() - clock.real() for _ in range(3)]

    assert all(timedelta(days=399) < each <= timedelta(days=400) for each in ahead)


def test_outside_the_demo_recorded_moves_mean_nothing(leader):
    ClockMove.objects.create(offset=timedelta(days=400), moved_at=TUESDAY, by=leader, reason="前进一天")

    assert abs(clock.now() - clock.real()) < timedelta(seconds=5)


def test_keys_are_made_once_and_kept_private(tmp_path):
    made = demo_keys.keys(tmp_path)

    assert made == demo_keys.keys(tmp_path)
    assert set(made) == {"SECRET_KEY", "FIELD_KEYS"}
    assert stat.S_IMODE((tmp_path / "demo.env").stat().st_mode) == 0o600


def test_keys_have_no_default(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    one, other = demo_keys.keys(tmp_path / "a"), demo_keys.keys(tmp_path / "b")

    assert not set(one.values()) & set(other.values())


def test_keys_are_not_made_anew_over_data_they_cannot_read(tmp_path):
    (tmp_path / "var/demo").mkdir(parents=True)
    (tmp_path / demo_keys.DATABASE).touch()

    with pytest.raises(SystemExit, match="demo-reset"):
        demo_keys.keys(tmp_path)


def test_the_demo_reaches_no_real_gateway(tmp_path, monkeypatch):
    monkeypatch.setenv("EMAIL_HOST", "mail.example")
    monkeypatch.setenv("DATABASE_URL", "postgres://real/portal")

    environment = demo_keys.environment(tmp_path)

    assert "EMAIL_HOST" not in environment
    assert environment["DATABASE_URL"] == "sqlite:///var/demo/portal.sqlite3"
    assert environment["DEMO"] == "1"


def test_the_password_is_kept_for_its_owner_in_a_line_an_account(tmp_path):
    file = tmp_path / command.FILE

    password = command.new_password(file)

    lines = [line.split() for line in file.read_text(encoding="utf8").splitlines()]
    assert command.password_of(file) == password
    assert len(password) >= 12
    assert ["leader", password, "leader"] in lines
    assert len(lines) == 10
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_demo_starts_only_as_the_demo(db):
    with pytest.raises(CommandError, match="make demo"):
        call_command("demo", port=8000)


def test_the_demo_says_when_its_port_is_taken(settings):
    settings.DEMO = True
    with command.socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(CommandError, match=f"端口{port}已被占用"):
            call_command("demo", port=port)


def test_run_jobs_runs_the_periodic_jobs_once(db, settings):
    settings.KEYS_GIVEN = True
    notify.text("code:1", "15400009001", "登录验证码", "验证码482913，5分钟内有效。")

    call_command("run_jobs")

    assert Notification.objects.get().sent_at
