"""The pages of the old team: who opens them, what they show, what comes back to be mended."""

import io
import re
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from experts.models import CATEGORY_NAMES, Appointment
from expertteam.models import ROLES, ListExport
from recruitment import actions
from recruitment.models import FormerImport
from tests import make
from tests.conftest import person
from tests.make import sign_in
from tests.recruitment.former import PERSON, SECOND, somebody, table, taken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
OPEN, FORBIDDEN, MISSING, SIGN_IN = 200, 403, 404, 302
LIST, READ, TEMPLATE = (reverse(f"recruitment:{name}") for name in ("former_imports", "read_former", "former_template"))
SEES = {"intake", "reviewer", "leader", "inspector"}


def text(response):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", response.text))


def sheet(response):
    page = load_workbook(io.BytesIO(b"".join(response) if response.streaming else response.content)).worksheets[0]
    return page, [[cell.value for cell in row] for row in page.iter_rows()]


@pytest.mark.parametrize("role", [*ROLES, "stranger", "nobody"])
def test_a_page_opens_for_whom_it_should(http, intake, role):
    record = actions.read_former(table(PERSON), by=intake)
    of_record = [record.pk]
    if role != "nobody":
        sign_in(http, person(f"{role}9", *([role] if role in ROLES else [])))
    seen = OPEN if role in SEES else SIGN_IN if role == "nobody" else FORBIDDEN
    hidden = seen if seen != FORBIDDEN else MISSING
    reads = SIGN_IN if role == "nobody" else OPEN if role == "intake" else FORBIDDEN
    returned = hidden if role not in SEES - {"intake", "reviewer"} else FORBIDDEN

    assert [http.get(address).status_code for address in (
        LIST, record.get_absolute_url(), READ, TEMPLATE, reverse("recruitment:former_returned", args=of_record),
    )] == [seen, hidden, reads, reads, returned]  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "roles"),
    [("take_in", {"reviewer"}), ("put_aside", {"intake", "reviewer"}), ("undo", {"reviewer", "leader"})],
)
@pytest.mark.parametrize("role", ["intake", "reviewer", "leader", "matcher"])
def test_a_verb_opens_for_whom_it_should(http, intake, role, verb, roles):
    record = actions.read_former(table(PERSON), by=intake)
    sign_in(http, person(f"{role}9", role))
    expected = OPEN if role in roles else FORBIDDEN if role in SEES else MISSING

    assert http.get(f"{record.get_absolute_url()}{verb}/").status_code == expected


def test_the_journey_from_the_upload_to_the_taking(http, intake, reviewer, leader):
    sign_in(http, intake)
    read = http.post(READ, {"file": table(PERSON, SECOND)}, follow=True)
    address = read.redirect_chain[0][0]
    assert "还没有写入" in text(read)
    assert "1101**********002X" in text(read)
    assert PERSON["证件号码"] not in read.text
    assert f"{address}take_in/" not in read.text

    sign_in(http, reviewer)
    assert f"{address}take_in/" in http.get(address).text
    assert http.post(f"{address}take_in/", {}).status_code == 422
    done = http.post(f"{address}take_in/", {"checked": "on"}, follow=True)
    assert "已导入" in text(done)
    assert Appointment.objects.count() == 2

    again = http.post(f"{address}take_in/", {"checked": "on"})
    assert (again.status_code, Appointment.objects.count()) == (422, 2)
    assert f"{address}undo/" not in again.text + http.get(address).text
    sign_in(http, leader)
    assert f"{address}undo/" in http.get(address).text
    undone = http.post(f"{address}undo/", {"reason": "年份录错了"}, follow=True)
    assert "这次导入已经撤销：年份录错了" in text(undone)
    assert not Appointment.objects.exists()


def test_the_second_person_sees_what_he_confirms(http, intake, reviewer):
    """Every row, each with phone, category and employer; the numbers in full in a sheet, the taking of it on record."""
    people = [somebody(number) for number in range(230)]
    record = actions.read_former(table(*people), by=intake)
    sign_in(http, reviewer)
    page = http.get(record.get_absolute_url())

    assert page.text.count('data-l="聘书编号"') == 230
    assert "136****0229" in page.text
    assert people[229]["手机号"] not in page.text
    assert CATEGORY_NAMES[2] in page.text
    assert page.text.count("太原某装备公司") == 230
    returned = reverse("recruitment:former_returned", args=[record.pk])
    assert returned in page.text
    _, rows = sheet(http.get(returned))
    assert [rows[230][at] for at in (2, 3)] == [people[229]["证件号码"], people[229]["手机号"]]
    assert ListExport.objects.get().by == reviewer


def test_what_is_wrong_is_shown_by_row_and_comes_back_marked(http, intake):
    sign_in(http, intake)
    response = http.post(READ, {"file": table(PERSON, SECOND | {"手机号": "1380000", "姓名": "=1+1"})}, follow=True)
    assert "1行有问题，不能导入" in text(response)
    assert "手机号：手机号少了4位" in text(response)
    assert "待导入" not in text(response) + text(http.get(LIST))
    buttons = re.findall(r'class="(btn[^"]*)" href="[^"]+"[^>]*>([^<]+)', response.text)
    assert buttons == [("btn", "下载退回表"), ("btn ghost", "上传名单"), ("btn ghost", "放弃")]

    returned = http.get(f"{response.redirect_chain[0][0]}returned.xlsx")
    assert "退回表 DR" in unquote(returned["Content-Disposition"])
    page, rows = sheet(returned)
    assert rows[0][-1] == "问题"
    assert [row[-1] for row in rows[1:]] == [None, "手机号：手机号少了4位，应为11位数字"]
    assert rows[2][0] == "=1+1"
    assert page["A3"].data_type == "s"
    assert [cell.coordinate for row in page.iter_rows(min_row=2) for cell in row if cell.fill.fill_type] == ["D3"]


def test_the_returned_table_once_mended_is_read_as_it_is(http, intake):
    sign_in(http, intake)
    wrong = http.post(READ, {"file": table(PERSON | {"手机号": "1380000"})}, follow=True)
    returned = http.get(f"{wrong.redirect_chain[0][0]}returned.xlsx")
    book = load_workbook(io.BytesIO(returned.content))
    book.worksheets[0]["D2"] = "13800000001"
    mended = io.BytesIO()
    book.save(mended)
    mended.seek(0)
    mended.name = "改好.xlsx"
    http.post(READ, {"file": mended})

    assert FormerImport.objects.first().is_takeable


def test_what_is_no_table_is_refused_with_what_to_do(http, intake):
    sign_in(http, intake)
    picture = make.pdf("名单.xlsx")
    response = http.post(READ, {"file": picture})

    assert (response.status_code, "另存为.xlsx" in response.text) == (422, True)
    assert not FormerImport.objects.exists()


def test_the_same_file_leads_to_what_came_of_it(http, intake):
    sign_in(http, intake)
    file = table(PERSON)
    http.post(READ, {"file": file})
    file.seek(0)
    response = http.post(READ, {"file": file})

    assert FormerImport.objects.get().get_absolute_url() in response.text
    assert response.status_code == 422


def test_whoever_may_take_it_in_finds_it_among_what_waits(http, intake, reviewer):
    record = actions.read_former(table(PERSON), by=intake)
    wrong = actions.read_former(table(SECOND | {"手机号": "1"}), by=intake)
    sign_in(http, reviewer)
    page = http.get("/admin/")

    assert record.number in page.text
    assert "核对原专家团名单" in page.text
    assert wrong.number not in page.text


def test_lists_ask_as_often_for_many_as_for_one(http, intake, reviewer):
    sign_in(http, intake)
    pages = []
    for people in ([somebody(1)], [somebody(number) for number in range(2, 30)]):
        record = actions.read_former(table(*people), by=intake)
        http.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            http.get(LIST)
            http.get(record.get_absolute_url())
        pages.append(len(asked))

    assert pages[0] == pages[1]


def test_a_former_term_says_so_in_the_directory_and_on_the_certificate(http, intake, reviewer):
    taken(intake, reviewer, PERSON)
    term = Appointment.objects.get()
    make.consents.sign(term.expert.user, "confidentiality")
    make.consents.sign(term.expert.user, "public_directory")

    assert "按并人社发〔2020〕30号聘任" in text(http.get(term.expert.get_absolute_url()))
    assert "有效" in text(http.get(f"/verify/?no={term.number}"))
