from datetime import date

import pytest
from django.contrib.messages import get_messages

from experts.models import Appointment
from expertteam import clock, consents, documents
from expertteam.consents import signed
from expertteam.models import Consent, Notification
from expertteam.notify import notify
from recruitment.actions import appoint
from tests import make
from tests.conftest import person
from tests.make import course, make_appointment, make_expert, make_user, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
CONSENT_DOORS = ["/desk/directory/join/", "/desk/directory/leave/"]


@pytest.fixture
def own(expert):
    """The expert of this desk, in term from 2026-03-01, listed."""
    return make_expert(user=expert, first_day=date(2026, 3, 1))


def desk(http, user):
    http.force_login(user)
    return http.get("/desk/").content.decode()


def test_the_desk_greets_by_surname_and_says_how_the_term_stands(http, own):
    html = desk(http, own.user)

    assert "韩老师，上午好" in html
    assert "聘期还有1094天，2029年2月28日是最后一天" in html
    assert "并创专〔2026〕001号" in html
    assert "这是大家现在看到的您" in html


@pytest.mark.parametrize(
    ("hour", "word"), [(0, "上午"), (11, "上午"), (12, "下午"), (17, "下午"), (18, "晚上"), (23, "晚上")]
)
def test_the_greeting_goes_by_the_hour_in_taiyuan(http, own, hour, word):
    with clock.at(clock.instant(date(2026, 3, 2), hour)):
        assert f"韩老师，{word}好" in desk(http, own.user)


@pytest.mark.parametrize(
    ("on", "void_from", "sentence"),
    [
        (date(2026, 2, 28), None, "聘期从2026年3月1日开始"),
        (date(2029, 2, 28), None, "今天是聘期的最后一天"),
        (date(2029, 3, 1), None, "聘期到2029年2月28日为止，已经自动终止"),
        (date(2027, 6, 1), date(2027, 6, 1), "从2027年6月1日起不再聘任"),
    ],
)
def test_the_desk_has_a_sentence_for_every_state_of_the_term(http, own, on, void_from, sentence):
    make.end_early(Appointment.objects.filter(expert=own), void_from)

    with clock.at(on):
        assert sentence in desk(http, own.user)


@pytest.mark.parametrize(("first_day", "warned"), [(date(2028, 2, 1), False), (date(2028, 2, 2), True)])
def test_15_the_desk_warns_where_the_term_outlives_the_measures(http, expert, first_day, warned):
    make_expert(user=expert, first_day=first_day)

    with clock.at(first_day):
        assert ("有效期长" in desk(http, expert)) is warned


def test_the_present_term_stands_first_and_every_certificate_is_there(http, own):
    make_appointment(user=own.user, first_day=date(2029, 3, 1))

    html = desk(http, own.user)

    assert "聘期还有1094天" in html
    assert html.index("001号") < html.index("并创专〔2029〕001号")


def test_whoever_is_no_expert_is_told_where_to_apply(http, client):
    notify("k", client, "报名已收到", "请留意审核结果")

    html = desk(http, client)

    assert "您还不是专家团成员" in html
    assert 'href="/apply/"' in html
    assert "报名已收到" in html


@pytest.mark.parametrize("path", ["/desk/", "/desk/certificate/1.pdf", "/desk/certificate/1/"])
def test_the_desk_asks_to_sign_in(http, path):
    response = http.get(path)

    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_a_consent_taken_back_takes_the_expert_off_the_list_at_once(http, own):
    http.force_login(own.user)

    response = http.post("/desk/directory/leave/")

    assert (response.status_code, response["Location"]) == (302, "/desk/")
    assert [str(message) for message in get_messages(response.wsgi_request)] == ["已撤回，名录里不再显示您"]
    assert http.get(own.get_absolute_url()).status_code == 410
    assert "public_directory" not in signed(own.user)
    assert "名录里不显示您" in http.get("/desk/").content.decode()


def test_a_consent_given_again_puts_the_expert_back_at_once(http, own):
    http.force_login(own.user)
    http.post("/desk/directory/leave/")

    http.post("/desk/directory/join/")
    http.post("/desk/directory/join/")

    assert http.get(own.get_absolute_url()).status_code == 200
    assert Consent.objects.filter(user=own.user, kind="public_directory").count() == 2


def test_the_desk_shows_the_words_that_were_signed(http, own):
    earlier = consents.VERSIONS["public_directory", "2026-1"]
    own.user.consents.filter(kind=earlier.kind).update(version=earlier.version, digest=earlier.digest)
    http.force_login(own.user)

    shown = http.get("/desk/").text

    assert (earlier.body in shown, consents.TEXTS["public_directory"].body in shown) == (True, False)


@pytest.mark.parametrize("door", CONSENT_DOORS)
def test_a_consent_is_the_experts_own(http, own, client, door):
    http.force_login(client)

    assert http.post(door).status_code == 404
    assert http.get(door).status_code == 405
    assert "public_directory" in signed(own.user)


def test_messages_are_read_one_by_one_and_only_ones_own(http, own, client):
    for number, to in enumerate([own.user, own.user, client]):
        notify(f"k{number}", to, f"消息{number}", "正文")
    mine = Notification.objects.inbox(own.user).order_by("pk")
    others = Notification.objects.inbox(client).get()
    http.force_login(own.user)

    http.post("/desk/read/", {"message": [mine[0].pk, others.pk, "x", "9" * 30]})

    assert [message.read_at for message in mine] == [clock.now(), None]
    assert Notification.objects.get(pk=others.pk).read_at is None
    html = http.get("/desk/").content.decode()
    assert "消息0" not in html
    assert "消息1" in html


def test_a_message_is_text_and_nothing_else(http, own):
    notify("k", own.user, "<b>题</b>", "<script>alert(1)</script>")

    assert "<script>alert" not in desk(http, own.user)


def test_the_desk_asks_the_same_number_of_times_for_1_and_15_messages(http, own, django_assert_max_num_queries):
    http.force_login(own.user)
    for number in range(15):
        notify(f"k{number}", own.user, "消息", "正文")

    with django_assert_max_num_queries(28):
        http.get("/desk/")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("own", 200),
        ("intake", 200),
        ("reviewer", 200),
        ("auditor", 200),
        ("admin", 404),
        ("client", 404),
        ("stranger", 404),
    ],
)
@pytest.mark.parametrize("path", ["/desk/certificate/{}.pdf", "/desk/certificate/{}/"])
def test_a_certificate_opens_for_its_holder_and_for_the_office(http, own, who, status, path):
    user = own.user if who == "own" else person(who, who) if who != "stranger" else make_user()
    sign_in(http, user)

    assert http.get(path.format(own.appointments.get().pk)).status_code == status


def test_a_certificate_is_a_pdf_named_by_its_number(http, own):
    http.force_login(own.user)

    response = http.get(f"/desk/certificate/{own.appointments.get().pk}.pdf")

    assert response["Content-Type"] == "application/pdf"
    assert "attachment" in response["Content-Disposition"]
    assert b"".join(response.streaming_content).startswith(b"%PDF")


def test_a_name_no_font_can_print_becomes_a_page_to_print(http, client):
    rare = "王\ue000"
    term = make_appointment(user=client, name=rare)
    assert documents.missing_glyphs(rare)
    http.force_login(client)

    response = http.get(f"/desk/certificate/{term.pk}.pdf", follow=True)

    assert response.redirect_chain == [(f"/desk/certificate/{term.pk}/", 302)]
    assert rare in response.content.decode()
    assert 'class="qr"' in response.content.decode()


def test_the_page_to_print_names_the_former_rules_where_they_were_the_basis(http, client):
    term = make_appointment(user=client)
    http.force_login(client)

    html = http.get(f"/desk/certificate/{term.pk}/").content.decode()

    assert "依据并人社发〔2020〕30号，兹聘任" in html


def test_the_page_to_print_names_the_measures_where_they_were_the_basis(http, intake, reviewer, leader):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2))
    with clock.at(date(2026, 3, 10)):
        appoint(it.application, by=leader)
    http.force_login(it.application.applicant)

    html = http.get(f"/desk/certificate/{it.application.appointment.pk}/").content.decode()

    assert "依据《创业就业指导专家团管理办法》第五条第二项，经初审推荐、审核和公示，兹聘任" in html
