"""Every list of the office goes out as Excel: what the page shows, for a reason, on record."""

import gc
import io
import re
import tracemalloc
from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest
from django.contrib import admin
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver, reverse
from django.views.generic import ListView
from openpyxl import load_workbook

from expertteam import clock, exports
from expertteam.admin import ListedAdmin
from expertteam.exports import Extract, take_out
from expertteam.models import Counter, ListExport, Notification, Policy
from expertteam.regulation import Refused
from expertteam.roles import PERMISSIONS
from payments.models import ReturnRow
from services.models import Engagement, Reading
from tests import listing, make
from tests.conftest import person
from tests.payments import pay
from tests.test_floors import ROOT
from tests.test_histories import RECORDS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = date(2026, 3, 5)


def unread():
    return Notification.objects.create(
        key=f"a{Notification.objects.count()}", channel="sms", address="13800001234", subject="预约已安排", body="见面码", attempts=8, error="通道不通",
    )  # fmt: skip


def paid():
    with clock.at(date(2026, 4, 2)):
        pay.confirm_rates()
        expert = make.make_expert()
        pay.account(expert)
        pay.reviewed(expert)
        made, checked, out = (person(f"{role}0", role) for role in ("cashier", "auditor", "leader"))
        return pay.released(made, checked, out)


def stray():
    row = {"place": 1, "reference": "BC26", "amount": Decimal("12.00"), "fault": "unknown", "words": "查无此户"}
    return ReturnRow.objects.create(bank_return=make.make_bank_return("applied"), **row)


LISTS = {  # of each list page: who opens it, what makes a row of it
    "/admin/matching/": ("matcher", make.make_request),
    "/admin/requests/": ("matcher", make.make_request),
    "/admin/services/": ("matcher", make.make_service),
    "/admin/callbacks/": ("intake", lambda: make.make_service("unanswered", call_due=DAY)),
    "/admin/activities/": ("matcher", make.make_activity),
    "/admin/pairings/": ("matcher", make.make_pairing),
    "/admin/draws/": ("intake", make.make_panel),
    "/admin/ratings/": ("intake", make.make_rating),
    "/admin/reports/": ("inspector", make.make_report),
    "/admin/assessments/?year=2026": ("leader", make.make_assessment),
    "/admin/assessments/merits/?year=2026": ("intake", make.make_merit),
    "/admin/refusals/": ("intake", make.make_refusal),
    "/admin/strikes/": ("intake", make.make_strike),
    "/admin/dismissals/": ("intake", make.make_dismissal),
    "/admin/honours/": ("leader", make.make_honour),
    "/admin/applications/": ("intake", lambda: make.make_application("submitted")),
    "/admin/renewals/": ("intake", lambda: make.make_appointment(first_day=date(2023, 3, 20))),
    "/admin/former/": ("intake", make.make_former_import),
    "/admin/notices/": ("inspector", make.make_bare_notice),
    "/admin/objections/": ("inspector", make.make_bare_objection),
    "/admin/payments/rates/": ("cashier", make.make_rate_schedule),
    "/admin/payments/accounts/": ("cashier", make.make_bank_account),
    "/admin/payments/payees/": ("cashier", make.make_expert),
    "/admin/payments/returns/": ("cashier", make.make_bank_return),
    "/admin/payments/suspense/": ("cashier", stray),
    "/admin/payments/tax/": ("cashier", paid),
    "/admin/payments/items/": ("cashier", make.make_claim),
    "/admin/payments/year/2026/": ("cashier", paid),
    "/admin/payments/": ("cashier", make.make_batch),
    "/admin/letters/": ("admin", unread),
    "/admin/changes/": ("inspector", make.make_account_change),
}
LEDGERS = {  # what keeps no history, as it is written once; and an hour that is no secret
    Engagement: lambda: make.make_engagement(
        make.make_expert(), clock.instant(DAY, 14), purpose="activity", activity=make.make_activity()
    ),
    Reading: lambda: Reading.objects.create(request=make.make_request(), reader=make.make_user(), why="核对服务时间"),
    ListExport: lambda: ListExport.objects.create(
        title="计次台账",
        address="/admin/strikes/",
        filters="搜索：甲",
        rows=3,
        digest="0" * 64,
        reason="送审",
        by=make.make_user(),
    ),
}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
APPLICATIONS = "/admin/applications/"
UNSAID = [  # a page writes days and ticks in its own way, and has the whole of a receipt, which does not leave the house
    r"\d{4}-\d\d-\d\d( \d\d:\d\d)?", r"\S{10}至\S{10}", "是|否", r"\*{4}\d{4}",
]  # fmt: skip
EXCUSED = {"操作", "文件", "办理"}  # columns that only lead somewhere
REGISTERS = {
    model: register
    for model, register in admin.site._registry.items()
    if any(f"{model._meta.app_label}.view_{model._meta.model_name}" in held for held in PERMISSIONS.values())
}


def doors(resolver, before=""):
    """Every address of the portal's own pages, with the class that answers it, if it is one."""
    for entry in resolver.url_patterns:
        if not isinstance(entry, URLResolver):
            yield before + str(entry.pattern), getattr(entry.callback, "view_class", object)
        elif entry.namespace != "admin":
            yield from doors(entry, before + str(entry.pattern))


def text(cell) -> str:
    return re.sub(r"\s", "", str(cell))


def is_said(cell, said: str) -> bool:
    """Whether the page says what the cell says; of a number in one of the ways a page writes it."""
    if isinstance(cell, int | float):
        return str(cell) in said or f"{cell:,.2f}" in said
    return cell is None or text(cell) in said or any(re.fullmatch(way, cell) for way in UNSAID)


def test_every_list_of_the_office_is_tried_here():
    lists = {f"/{address}": view for address, view in doors(get_resolver()) if issubclass(view, ListView)}
    offices = {address: view for address, view in lists.items() if address.startswith("/admin/")}

    assert {address.replace("<int:year>", "2026") for address in offices} == {each.partition("?")[0] for each in LISTS}
    assert [address for address, view in offices.items() if not hasattr(view, "listing")] == []


def test_every_register_of_the_admin_goes_out():
    assert [model for model, register in REGISTERS.items() if not isinstance(register, ListedAdmin)] == []


def test_every_page_of_a_list_leads_to_its_export():
    """Of a batch the lines and payouts have pages, too: they are printed as 报酬发放表 and go to finance as a file."""
    pages = {path.relative_to(ROOT / "templates").as_posix(): path.read_text("utf8") for path in TEMPLATES}
    lists = {name for name, page in pages.items() if "staff_base.html" in page and "ui/pager" in page}

    assert {name for name in lists if "ui/export" not in pages[name]} == {"payments/batches/detail.html"}


@pytest.mark.parametrize("address", LISTS)
def test_a_list_goes_out_as_it_is_on_screen(http, address):
    role, made = LISTS[address]
    made()
    user = person(f"{role}1", role)
    make.sign_in(http, user)
    page = http.get(address)
    said = listing.shown(page)

    taken = listing.read(listing.take(http, address))

    missing = [head for head in listing.columns_of(page) if head not in EXCUSED and head not in taken.heads]
    assert (missing, len(taken.rows)) == ([], page.context["paginator"].count)
    assert [cell for row in taken.rows for cell in row if not is_said(cell, said)] == []


@pytest.mark.parametrize(
    "model", [each for each in REGISTERS if each in RECORDS or each in LEDGERS], ids=lambda model: model.__name__
)
def test_a_register_goes_out_as_it_is_on_screen(http, model):
    (RECORDS | LEDGERS)[model]()
    view = f"{model._meta.app_label}.view_{model._meta.model_name}"
    role = next(role for role, held in PERMISSIONS.items() if view in held)
    make.sign_in(http, person(f"{role}1", role))
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    page = http.get(address)
    said = listing.shown(page)

    taken = listing.read(listing.take(http, address))

    assert len(taken.rows) == page.context["cl"].result_count > 0
    assert [head for head in taken.heads if text(head) not in said] == []
    assert [cell for row in taken.rows for cell in row if not is_said(cell, said)] == []


@pytest.fixture
def applicant(intake):
    """Somebody whose number must not be read from a list; his name is what a spreadsheet would run."""
    user = make.make_user(name="=1+1", phone="13812345678")
    return make.make_application("submitted", applicant=user, number="SQ20260001", employer="太原某厂").applicant


@pytest.fixture
def desk(http, intake, applicant):
    make.sign_in(http, intake)
    return http


def test_a_reason_is_asked_and_nothing_happens_before_it_is_given(desk):
    page = desk.get(f"{APPLICATIONS}?export=1")
    without = desk.post(f"{APPLICATIONS}?export=1", {"reason": "查"})

    assert (page.status_code, without.status_code) == (200, 422)
    assert "导出事由至少4个字，现在只有1个" in without.text
    assert not ListExport.objects.exists()


def test_no_number_stands_in_a_reason(desk):
    answer = desk.post(f"{APPLICATIONS}?export=1", {"reason": "核对13812345678的报名"})

    assert (answer.status_code, "事由里不写电话、证件和编号" in answer.text) == (422, True)
    assert not ListExport.objects.exists()


def test_the_file_says_who_took_it_when_and_what_for(desk):
    answer = listing.take(desk, APPLICATIONS)

    page = load_workbook(io.BytesIO(answer.content)).active
    assert listing.read(answer).mark == f"内部资料，孙受理（intake）2026-03-02 09:00导出，事由：{listing.REASON}"
    assert page.oddHeader.center.text == "孙受理（intake）2026-03-02 09:00导出"
    assert (page.print_title_rows, page.freeze_panes) == ("$2:$2", "A3")
    assert "2026-03-02%200900.xlsx" in answer["Content-Disposition"]


def test_that_it_was_taken_is_on_record(desk, intake):
    content = listing.take(desk, f"{APPLICATIONS}?q=13812345678&state=submitted", "送局领导审阅").content
    nothing = ListExport.objects.count()
    answer = listing.take(desk, f"{APPLICATIONS}?q=SQ20260001&state=submitted", "送局领导审阅")

    record = ListExport.objects.get()
    assert (nothing, content) == (0, b"") or "没有可以导出的内容" in content.decode()
    assert (record.title, record.address, record.rows, record.reason) == ("选聘申请", APPLICATIONS, 1, "送局领导审阅")
    assert (record.filters, record.by, record.at) == ("编号或姓名：SQ***0001；状态：已提交", intake, clock.now())
    assert record.digest == sha256(answer.content).hexdigest()


@pytest.mark.parametrize(
    "statement", ["UPDATE expertteam_listexport SET rows = 0", "DELETE FROM expertteam_listexport"]
)
def test_the_record_is_never_changed(desk, statement):
    listing.take(desk, APPLICATIONS)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("role", "status"), [("inspector", 200), ("admin", 200), ("leader", 403), ("intake", 403), ("cashier", 403)]
)
def test_inspector_and_administrator_see_what_was_taken(desk, role, status):
    listing.take(desk, APPLICATIONS)
    make.sign_in(desk, person(f"{role}1", role))

    page = desk.get(reverse("admin:expertteam_listexport_changelist"))

    assert page.status_code == status
    assert (listing.REASON in page.text) is (status == 200)


def test_a_name_is_text_and_a_number_is_masked(desk):
    taken = listing.take(desk, APPLICATIONS)

    page = load_workbook(io.BytesIO(taken.content)).active
    row = dict(zip(listing.read(taken).heads, page[3], strict=True))
    assert (row["申请人"].value, row["申请人"].data_type, row["申请人"].number_format) == ("=1+1", "s", "@")
    assert (row["手机号"].value, row["编号"].data_type) == ("138****5678", "s")
    assert b"13812345678" not in taken.content


def test_filters_and_search_on_screen_hold_for_the_file(desk):
    make.make_application("submitted", number="SQ20260002")
    make.make_application("declined", number="SQ20260003")

    def numbers(query):
        taken = listing.read(listing.take(desk, f"{APPLICATIONS}?{query}"))
        return [row[taken.heads.index("编号")] for row in taken.rows]

    assert numbers("") == ["SQ20260002", "SQ20260001"]
    assert numbers("q=SQ20260002") == ["SQ20260002"]
    assert numbers("state=all&page=1") == ["SQ20260003", "SQ20260002", "SQ20260001"]


def test_all_pages_go_out_in_the_order_of_the_page(desk):
    for number in range(2, 55):
        make.make_application("submitted", number=f"SQ2026{number:04d}")

    taken = listing.read(listing.take(desk, f"{APPLICATIONS}?page=2"))

    assert [row[1] for row in taken.rows] == [f"SQ2026{number:04d}" for number in range(54, 0, -1)]


def test_above_the_limit_it_is_refused_with_what_to_do(desk):
    make.make_application("submitted")
    Policy.objects.create(key="export_rows", value=1, effective_from=clock.today(), source="局务会纪要")

    page = desk.get(f"{APPLICATIONS}?export=1")
    answer = desk.post(f"{APPLICATIONS}?export=1", {"reason": listing.REASON})

    assert [each.status_code for each in (page, answer)] == [200, 422]
    assert all("共2行，一次最多导出1行，请先筛选，分几次导出" in each.text for each in (page, answer))
    assert not ListExport.objects.exists()


def test_what_is_written_is_what_is_on_record_and_limited(intake):
    """A row that comes after they were counted: here each of two rows brings the next one along."""

    def taken(most):
        Policy.objects.create(key="export_rows", value=most, effective_from=clock.today(), source="局务会纪要")
        rows = [1]

        def cells(row):
            rows.extend([row + 1] * (row < 3))
            return [f"第{row}行"]

        content = take_out(Extract("编号", ["键"], cells, rows, "", "/"), by=intake, reason=listing.REASON)[1]
        return load_workbook(io.BytesIO(content)).active.max_row - 3  # two marks and the heads

    with pytest.raises(Refused, match="共3行，一次最多导出2行"), transaction.atomic():
        taken(2)
    assert not ListExport.objects.exists()
    assert (taken(3), ListExport.objects.get().rows) == (3, 3)


@pytest.mark.parametrize(
    ("address", "made"),
    [
        ("/admin/reports/", make.make_report),
        ("/admin/evaluations/report/", make.make_report),
        ("/admin/objections/", make.make_bare_objection),
        ("/admin/recruitment/objection/", make.make_bare_objection),
    ],
)
def test_of_a_receipt_only_the_tail_leaves_the_house(http, inspector, address, made):
    receipt = made().receipt
    make.sign_in(http, inspector)

    taken = listing.read(listing.take(http, address))

    assert [row[taken.heads.index("受理编号")] for row in taken.rows] == [f"****{receipt[-4:]}"]
    assert receipt not in str(taken)


@pytest.mark.parametrize("role", ["matcher", "cashier", "expert", "client"])
@pytest.mark.parametrize("address", ["/admin/applications/?export=1", "/admin/recruitment/application/export/"])
def test_who_may_not_see_the_page_gets_no_file(desk, role, address):
    make.sign_in(desk, person(f"{role}1", role))

    asked, taken = desk.get(address), desk.post(address, {"reason": listing.REASON})

    assert {asked.status_code, taken.status_code} <= {302, 403}
    assert not ListExport.objects.exists()


@pytest.mark.parametrize("address", ["/admin/applications/?export=1", "/admin/recruitment/application/export/"])
def test_a_stranger_is_asked_to_sign_in(http, db, address):
    answer = http.post(address, {"reason": listing.REASON})

    assert (answer.status_code, ListExport.objects.count()) == (302, 0)


def test_a_list_takes_nothing_else(desk):
    assert desk.post(APPLICATIONS, {"reason": listing.REASON}).status_code == 405


def test_of_a_register_search_and_filters_hold_too(http, inspector):
    for name in ("甲某", "乙某"):
        refusal = make.make_refusal("judged", expert=make.make_expert(user=make.make_user(name=name)))
        make.make_strike(refusal=refusal)
    make.sign_in(http, inspector)

    taken = listing.read(listing.take(http, "/admin/evaluations/strike/?q=甲某&state__exact=standing"))
    record = ListExport.objects.get()

    assert [row[1] for row in taken.rows] == ["甲某"]
    assert (record.filters, record.address) == ("搜索：甲某；状态：有效", "/admin/evaluations/strike/")


def test_a_filter_that_makes_no_sense_leads_back_to_the_register(http, inspector):
    make.sign_in(http, inspector)

    answer = http.get("/admin/evaluations/strike/export/?appointment__first_day__year=甲")

    assert answer.status_code in (302, 400)


def test_how_many_objections_are_open_goes_out_to_whoever_sees_it(http, inspector, reviewer):
    make.make_bare_notice()

    def heads(user):
        make.sign_in(http, user)
        return listing.read(listing.take(http, "/admin/notices/")).heads

    assert "未办结异议" in heads(inspector)
    assert "未办结异议" not in heads(reviewer)


def test_memory_does_not_grow_with_the_rows(intake):
    Policy.objects.create(key="export_rows", value=20_000, effective_from=clock.today(), source="局务会纪要")

    def peak(number):
        Counter.objects.bulk_create(Counter(key=f"{number}-{each}", value=each) for each in range(number))
        rows = Counter.objects.filter(key__startswith=f"{number}-").order_by("pk")
        gc.collect()
        gc.freeze()  # the more lies there from other tests, the later what is done with would be taken away
        tracemalloc.start()
        take_out(Extract("编号", ["键"], lambda row: ["甲"], rows, "", "/"), by=intake, reason=listing.REASON)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        gc.unfreeze()
        return found

    peak(10)  # what is only made once
    assert peak(10_000) < 1.3 * peak(2 * exports.CHUNK)


ONCE = (paid, make.make_rate_schedule)  # a row a month or a year; one draft of a scope
ROWS = {address: row for address, row in LISTS.items() if row[1] not in ONCE} | {
    "/admin/experts/expert/": ("intake", make.make_expert),
    "/admin/evaluations/strike/": ("intake", make.make_strike),
    "/admin/recruitment/wish/": ("intake", make.make_wish),
    "/admin/payments/correction/": ("cashier", make.make_correction),
}


@pytest.mark.parametrize("address", ROWS)
def test_a_file_asks_as_many_questions_for_one_row_as_for_four(http, address):
    role, made = ROWS[address]
    made()
    make.sign_in(http, person(f"{role}1", role))
    leads = listing.address_of(http.get(address), address)

    def questions():
        with CaptureQueriesContext(connection) as asked:
            assert http.post(leads, {"reason": listing.REASON}).status_code == 200
        return len(asked)

    questions()
    one = questions()
    for _ in range(3):
        made()

    assert questions() == one
