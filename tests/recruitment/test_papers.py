"""Selection on paper: what each paper says, to whom it is given, and that a long one repeats its heads."""

import io
import re
from datetime import date
from types import SimpleNamespace

import pytest
from django.urls import reverse
from pypdf import PdfReader

from expertteam import clock
from expertteam.models import User
from recruitment import actions, papers
from recruitment.models import Notice, WorkPeriod
from tests import make
from tests.conftest import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
FILES = {"intake", "reviewer", "leader", "inspector"}  # who reads applications
ROLES = [*FILES, "matcher", "cashier", "auditor", "admin", "expert", "client"]
IDENTITY = "14010519900307123X"


def said(pages) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def read(pdf: bytes) -> str:
    return said(PdfReader(io.BytesIO(pdf)).pages)


def handed(answer) -> str:
    assert answer["Content-Type"] == "application/pdf"
    return read(b"".join(answer.streaming_content))


@pytest.fixture
def house(db):
    """One person on a running notice, and a round with nobody else in it."""
    first, second = person("first", "intake"), person("second", "reviewer")
    round = make.make_round(name="2026年第一批", places=30)
    return make.course(intake=first, reviewer=second, round=round) and SimpleNamespace(
        round=round, notice=Notice.objects.get(), application=round.applications.get(), by=second
    )


def addresses(house) -> dict[str, str]:
    return {
        "form": reverse("recruitment:application_form", args=[house.application.pk]),
        "summary": reverse("recruitment:round_summary", args=[house.round.pk]),
    }


def test_the_form_says_all_that_was_entered_with_numbers_masked(house):
    applicant = house.application.applicant
    applicant.id_kind, applicant.id_number, applicant.phone = "resident_id", IDENTITY, "13812345678"
    applicant.save()

    text = read(papers.application_form(house.application))

    for words in [
        "创业就业指导专家团专家报名表", house.application.number, "2026年第一批", "姓名王芳", "性别男", "出生年月1990年3月",
        "居民身份证1401**********123X", "138****5678", "第五条第二项：职业经理人与专业技术人员", "太原某装备公司", "总经理",
        "经营管理、融资贷款", "2015-01至今", "直接相关，创办或管理", "合并重叠后共11年3个月", "某面馆2024帮助重做成本核算",
        "身份证件已核验", "保密承诺", "本人签名", "推荐单位意见", "初审推荐意见", "审核意见", "民族", "毕业院校及专业",
    ]:  # fmt: skip
        assert words in text
    assert (IDENTITY in text, "13812345678" in text, "材料齐全" in text) == (False, False, False)


def test_a_passport_tells_neither_sex_nor_birth(house):
    text = read(papers.application_form(house.application))

    assert "性别出生年月证件护照" in text


def test_the_summary_lists_whoever_handed_in(house, intake):
    make.make_application(round=house.round, applicant=make.make_user(name="草稿人"))
    make.make_application("submitted", applicant=make.make_user(name="别批人"))

    text = read(papers.round_summary(house.round, intake))

    for words in [
        "选聘申请汇总表",
        "计划30人",
        "人数1人",
        "王芳",
        "太原某装备公司总经理",
        "11年3个月",
        "同意",
        "公示中",
    ]:
        assert words in text
    for words in ["制表", "复核", "评审组组长", "日期"]:
        assert words in text
    assert ("草稿人" in text, "别批人" in text) == (False, False)


def test_a_long_summary_repeats_its_heads_and_keeps_rows_whole(house, intake):
    for number in range(2, 42):
        name = f"欧阳慕容{number}"
        employer = "山西省太原市某某科技创新创业孵化服务有限责任公司"
        application = make.make_application(
            "submitted", round=house.round, applicant=make.make_user(name=name), employer=employer
        )
        WorkPeriod.objects.create(application=application, employer=employer, position="部长", first=date(2015, 1, 1))

    pages = PdfReader(io.BytesIO(papers.round_summary(house.round, intake))).pages
    texts = [said([page]) for page in pages]

    assert len(pages) > 2
    assert all("从业年限" in text and "评审意见" in text for text in texts[:-1])
    assert all(any(f"欧阳慕容{number}" in text for text in texts) for number in range(2, 42))
    width, height = pages[0].mediabox[2:]
    assert (round(width), round(height)) == (842, 595)


def test_the_summary_asks_as_many_questions_for_one_as_for_five(house, intake, django_assert_num_queries):
    papers.round_summary(house.round, intake)
    for _ in range(4):
        make.make_complete_application(round=house.round, submitted_at=clock.now())

    with django_assert_num_queries(2):  # applications, periods
        papers.round_summary(house.round, intake)


def test_the_list_of_a_notice_says_what_is_public_and_nothing_else(house, http):
    with clock.at(date(2026, 3, 4)):
        text = handed(http.get(reverse("recruitment:notice_list", args=[house.notice.pk])))

    for words in ["拟聘任人选名单", "附件：拟聘任人选公示", "2026年3月3日至2026年3月9日18:00（5个工作日）", house.notice.digest,
                  "序号姓名工作单位及职务推荐类别擅长", "1王芳太原某装备公司总经理", "经营管理、融资贷款"]:  # fmt: skip
        assert words in text
    applicant = house.application.applicant
    for private in [applicant.phone, applicant.id_number, house.application.number, "管理制造企业十年", "材料齐全"]:
        assert private not in text


def test_an_annulled_list_says_so(house, http):
    with clock.at(date(2026, 3, 4)):
        actions.annul(house.notice, by=house.by, reason="名单有误")
        text = handed(http.get(reverse("recruitment:notice_list", args=[house.notice.pk])))

    assert "已撤销，名单不再有效" in text


def test_a_draft_is_for_the_office(house, http, reviewer):
    approved = make.make_approved(intake=person("third", "intake"), reviewer=house.by, round=house.round)
    draft = actions.draft_notice(
        by=house.by, round=house.round, title="拟稿", statement="拟聘任。", applications=[approved]
    )
    address = reverse("recruitment:notice_list", args=[draft.pk])

    strangers = http.get(address).status_code
    make.sign_in(http, reviewer)

    assert strangers == 404
    assert "公示期未发布" in handed(http.get(address))


@pytest.mark.parametrize("role", sorted(ROLES))
def test_form_and_summary_are_for_whoever_reads_applications(house, http, role):
    make.sign_in(http, person(f"{role}1", role))

    seen = {name: http.get(address).status_code for name, address in addresses(house).items()}

    assert seen == ({"form": 200, "summary": 200} if role in FILES else {"form": 404, "summary": 403})


def test_a_stranger_is_asked_to_sign_in(house, http):
    assert {http.get(address).status_code for address in addresses(house).values()} == {302}


def test_an_applicant_takes_his_own_form(house, http):
    make.sign_in(http, house.application.applicant)
    page = http.get(reverse("recruitment:apply_form"))

    own = handed(http.get(reverse("recruitment:own_form")))
    offices = http.get(addresses(house)["form"]).status_code
    make.sign_in(http, User.objects.create_user("nobody2", name="无关人"))

    assert reverse("recruitment:own_form") in page.text
    assert (house.application.number in own, offices) == (True, 403)
    assert http.get(reverse("recruitment:own_form")).status_code == 404


@pytest.mark.parametrize("role", ["intake", "matcher"])
def test_every_paper_is_linked_from_its_page(house, http, role):
    make.sign_in(http, person(f"{role}1", role))
    sees = role in FILES
    round_page = http.get(reverse("admin:recruitment_round_changelist"))
    notice_page = http.get(reverse("recruitment:staff_notice", args=[house.notice.pk]))

    assert (addresses(house)["summary"] in round_page.text) is sees
    assert reverse("recruitment:notice_list", args=[house.notice.pk]) in notice_page.text
    if sees:
        assert addresses(house)["form"] in http.get(house.application.get_absolute_url()).text
        narrowed = http.get(f"{reverse('recruitment:applications')}?round={house.round.pk}&state=all")
        assert addresses(house)["summary"] in narrowed.text
