import io
import os
import struct
import subprocess
import sys
import tempfile
import tracemalloc
import zipfile
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from hashlib import sha256

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from expertteam import clock, workbooks
from expertteam.uploads import SpreadsheetField
from tests.test_floors import ROOT

MADE_AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
SHEET = "xl/worksheets/sheet1.xml"
UNREADABLE = "读不出表格，请用Excel另存为.xlsx再传"
TOO_MUCH = "表格展开后太大，请把有内容的行复制到新表再传"
LOCKED = "这个表格加了密码，请取消密码后再传"


def sample(made_at=MADE_AT):
    rows = [["韩砚秋", "14010219900307123X", Decimal("1234.50"), date(2026, 11, 20), 3, None]]
    return workbooks.book({"发放表": (["姓名", "证件号码", "收入", "日期", "次数", "备注"], rows)}, made_at)


def one_cell(value):
    return workbooks.book({"表": (["列"], [[value]])}, MADE_AT)


def plain(*rows):
    """The same rows as openpyxl writes them when nobody guides it."""
    made = Workbook(write_only=True)
    page = made.create_sheet("表")
    for row in rows:
        page.append(row)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def part(content, name=SHEET):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def changed(content=None, **parts):
    """The workbook with the parts of these names (without folder and ending) put in place of its own."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content or sample())) as old, zipfile.ZipFile(packed, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name.split("/")[-1].split(".")[0], old.read(name)))
    return packed.getvalue()


def cells(xml, dtd=""):
    """A sheet of these cells."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?>{dtd}<worksheet xmlns="{space}"><sheetData>{xml}</sheetData></worksheet>'


def upload(content, name="回单.xlsx"):
    return SimpleUploadedFile(name, content)


def read(content, name="回单.xlsx"):
    return workbooks.read(upload(content, name))


def refusal(content, name="回单.xlsx"):
    with pytest.raises(ValidationError) as refused:
        read(content, name)
    return refused.value.message


# Out


def test_the_same_rows_give_the_same_bytes_whatever_the_day():
    with clock.at(date(2026, 11, 23)):
        first = sample()
    with clock.at(date(2031, 1, 5)):
        assert sample() == first


def test_the_same_rows_give_the_same_bytes_in_another_process_zone_and_order_of_hashes():
    code = "import django; django.setup(); from tests.expertteam.test_workbooks import *"
    code += "; print(sha256(sample()).hexdigest())"
    elsewhere = {"TZ": "America/Lima", "PYTHONHASHSEED": "7", "DJANGO_SETTINGS_MODULE": "expertteam.settings"}

    said = subprocess.run([sys.executable, "-c", code], env=os.environ | elsewhere, cwd=ROOT, capture_output=True)

    assert (said.stdout.decode().strip(), said.returncode) == (sha256(sample()).hexdigest(), 0)


def test_no_time_is_in_the_file_but_the_one_it_was_given():
    def stamps(content):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {entry.date_time for entry in archive.infolist()}

    assert stamps(sample()) == {(1980, 1, 1, 0, 0, 0)}
    assert part(sample(), "docProps/core.xml").count("2026-11-23T01:30:00Z") == 2
    assert sample(datetime(2026, 11, 23, 9, 30, tzinfo=timezone(timedelta(hours=8)))) == sample()
    assert sample(datetime(2026, 11, 23, 1, 31, tzinfo=UTC)) != sample()
    assert stamps(plain(["列"])) != {(1980, 1, 1, 0, 0, 0)}  # left alone, a zip tells


@pytest.mark.parametrize(
    "words",
    [
        "=1+1",
        '=HYPERLINK("http://example.org")',
        "+8613800000000",
        "-5",
        "@SUM(A1)",
        "\t=1+1",
        "＝1+1",
        "#N/A",
        "14010219900307123X",
        "110101199003071234",
        "007",
        "6222020502001234567",
        " 前后有空 ",
        "两行\n字",
        "<b>&amp;",
    ],
)
def test_a_text_is_a_text_whatever_it_begins_with(words):
    content = one_cell(words)

    cell = load_workbook(io.BytesIO(content)).active["A2"]
    assert (cell.value, cell.data_type, cell.number_format) == (words, "s", "@")
    assert "<f>" not in part(content)
    assert '<c r="A2" s="2" t="inlineStr"><is><t' in part(content)


def test_left_alone_such_a_text_is_a_formula():
    assert "<f>1+1</f>" in part(plain(["=1+1"]))


@pytest.mark.parametrize(
    ("amount", "in_the_file"),
    [
        (Decimal("1234.50"), "1234.5"),
        (Decimal("0.10"), "0.1"),
        (Decimal("300.00"), "300"),
        (Decimal("-26300.07"), "-26300.07"),
        (Decimal("9999999999.99"), "9999999999.99"),
        (Decimal("0.00"), "0"),
    ],
)
def test_an_amount_is_a_number_to_the_fen_shown_with_two_decimals(amount, in_the_file):
    content = one_cell(amount)

    assert f'<c r="A2" s="2" t="n"><v>{in_the_file}</v></c>' in part(content)
    assert load_workbook(io.BytesIO(content)).active["A2"].number_format == "#,##0.00"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 10, 22), "2026-10-22"),
        (datetime(2026, 10, 22, 6, 5, tzinfo=UTC), "2026-10-22 14:05"),
        (12, 12),
        (4.5, 4.5),
        (None, None),
        ("", None),
        ("铃\x07响\x00", "铃响"),
    ],
)
def test_days_are_iso_counts_are_numbers_and_nothing_is_no_cell(value, expected):
    assert load_workbook(io.BytesIO(one_cell(value))).active["A2"].value == expected


def test_sheets_stand_in_their_order_with_their_heads_kept_in_view():
    content = workbooks.book({"报酬": (["姓名"], [["韩砚秋"]]), "合计": (iter(["元"]), iter([]))}, MADE_AT)

    opened = load_workbook(io.BytesIO(content))
    assert [list(page.values) for page in opened] == [[("姓名",), ("韩砚秋",)], [("元",)]]
    assert [(page.title, page.freeze_panes, page["A1"].font.b) for page in opened] == [
        ("报酬", "A2", True),
        ("合计", "A2", True),
    ]


def test_a_mark_stands_above_and_below_and_over_every_printed_page():
    content = workbooks.book({"表": (["列"], [["甲"]])}, MADE_AT, mark="=内部", header="A&B 2026-11-23")

    page = load_workbook(io.BytesIO(content)).active
    assert [row[0].value for row in page.iter_rows()] == ["=内部", "列", "甲", "=内部"]
    assert (page["A1"].data_type, page.freeze_panes, page.print_title_rows) == ("s", "A3", "$2:$2")
    assert "<oddHeader>&amp;CA&amp;&amp;B 2026-11-23</oddHeader>" in part(content)
    assert (page.page_setup.orientation, page.page_setup.paperSize, page.sheet_properties.pageSetUpPr.fitToPage) == (
        "landscape", 9, True
    )  # fmt: skip
    assert content == workbooks.book({"表": (["列"], [["甲"]])}, MADE_AT, mark="=内部", header="A&B 2026-11-23")


def test_no_copy_lies_on_the_disk_even_when_a_row_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def rows():
        yield ["6222020502001234567"]
        assert list(tmp_path.iterdir()) == []
        raise LookupError("no such row")

    with pytest.raises(LookupError):
        workbooks.book({"表": (["账号"], rows())}, MADE_AT)

    assert list(tmp_path.iterdir()) == []
    page = Workbook(write_only=True).create_sheet("表")
    page.append(["6222020502001234567"])
    page.close()
    assert len(list(tmp_path.iterdir())) == 1  # left alone, openpyxl keeps one


def test_memory_does_not_grow_with_the_rows():
    def peak(number):
        tracemalloc.start()
        workbooks.book({"表": (["列"], (["十五个字的一句话在这里写着呢"] for _ in range(number)))}, MADE_AT)
        taken = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return taken

    peak(10)
    assert peak(2000) < peak(200) + 100_000


def test_it_is_a_file_to_keep_under_a_chinese_name():
    response = workbooks.workbook("发放表2026-11.xlsx", sample())

    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E5%8F%91%E6%94%BE%E8%A1%A82026-11.xlsx"
    assert response.content == sample()


# In


def test_what_was_written_is_read():
    assert read(sample()) == [
        ["姓名", "证件号码", "收入", "日期", "次数", "备注"],
        ["韩砚秋", "14010219900307123X", "1234.5", "2026-11-20", "3", ""],
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (" 李䶮　", "李䶮"),
        (300, "300"),
        (300.0, "300"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (1e21, "1000000000000000000000"),
        (13800000000, "13800000000"),
        (date(2026, 10, 22), "2026-10-22"),
        (datetime.fromisoformat("2026-10-22T14:05:30"), "2026-10-22 14:05:30"),
        (time(14, 5), "14:05:00"),
        (True, "True"),
        ("两行_x000D_\n字", "两行\n字"),
        ("=1+1", ""),  # never computed
    ],
)
def test_a_cell_is_read_as_the_text_it_shows(value, expected):
    assert read(plain(["头"], [value, "x"])) == [["头", ""], [expected, "x"]]


def test_of_a_formula_the_value_is_read():
    assert read(changed(sheet1=cells('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'))) == [["2"]]


def test_rows_keep_their_place_and_what_the_file_says_of_its_size_is_not_believed():
    rows = '<row r="2"><c r="B2"><v>1</v></c></row><row r="4"><c r="A4"><v>2</v></c><c r="C4" s="0"/></row>'
    xml = cells(rows).replace("<sheetData>", '<dimension ref="A1:A2"/><sheetData>')

    assert read(changed(sheet1=xml)) == [["", ""], ["", "1"], ["", ""], ["2", ""]]


def test_only_the_first_sheet_is_read():
    assert read(workbooks.book({"一": (["甲"], []), "二": (["乙"], [])}, MADE_AT)) == [["甲"]]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("姓名,账号\r\n李䶮, 6222 \r\n".encode(), id="utf-8"),
        pytest.param("\ufeff姓名,账号\n李䶮,6222\t\n\n,\n".encode(), id="utf-8 with mark"),
        pytest.param('姓名,账号\r\n李䶮,"6222"'.encode("gb18030"), id="gb18030"),
    ],
)
def test_a_csv_is_read_in_the_letters_it_is_written_in(content):
    assert read(content, "回单.CSV") == [["姓名", "账号"], ["李䶮", "6222"]]


# What cannot be taken


def zipped(content, method=zipfile.ZIP_DEFLATED):
    """An archive of one part."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr("xl/workbook.xml", content)
    return packed.getvalue()


def told(content, place, number):
    """The archive with another number at this place of what it says of its first entry."""
    start = content.index(b"PK\x01\x02") + place
    return content[:start] + struct.pack("<I", number) + content[start + 4 :]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
FLAGS, SIZE = 8, 24  # where the directory of a zip keeps them


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        pytest.param(b"", "a.xlsx", "这是一个空文件，请重新选择", id="empty"),
        pytest.param(plain(), "a.xlsx", "表格里没有内容，请重新选择", id="sheet with nothing on it"),
        pytest.param(b" ,\n,,\n", "a.csv", "表格里没有内容，请重新选择", id="commas only"),
        pytest.param(b"\x00\x01\x02" * 99, "a.xlsx", UNREADABLE, id="garbage"),
        pytest.param(b"\x00\x01\x02" * 99, "a.csv", UNREADABLE, id="garbage named csv"),
        pytest.param(b"\xff" * 99, "a.csv", UNREADABLE, id="letters of no encoding"),
        pytest.param(b"PK\x03\x04" + bytes(99), "a.xlsx", UNREADABLE, id="garbage that begins well"),
        pytest.param(sample()[:-400], "a.xlsx", UNREADABLE, id="cut off"),
        pytest.param("姓名,账号".encode(), "a.xlsx", UNREADABLE, id="words named xlsx"),
        pytest.param(b"%PDF-1.4 a,b", "a.csv", UNREADABLE, id="pdf named csv"),
        pytest.param(b"a," + b"x" * 200_000, "a.csv", UNREADABLE, id="csv with one endless cell"),
        pytest.param(zipped("<document/>"), "a.xlsx", UNREADABLE, id="archive that is no workbook"),
        pytest.param(changed(workbook="<workbook/>"), "a.xlsx", UNREADABLE, id="workbook without sheets"),
        pytest.param(changed(sheet1=cells("<row><c><v>x</v></c></row>")), "a.xlsx", UNREADABLE, id="no number"),
        pytest.param(changed(sheet1=cells("<row><c>")), "a.xlsx", UNREADABLE, id="broken off"),
        pytest.param(OLE, "a.xls", UNREADABLE, id="old xls"),
        pytest.param(OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", LOCKED, id="with a password"),
        pytest.param(told(zipped("x"), FLAGS, 1), "a.xlsx", LOCKED, id="zip with a password"),
        pytest.param(zipped("x", zipfile.ZIP_BZIP2), "a.xlsx", UNREADABLE, id="packed in a way Excel does not"),
        pytest.param(told(zipped("x" * 900), SIZE, 9), "a.xlsx", UNREADABLE, id="larger than it says"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(content, name, expected):
    assert refusal(content, name) == expected


def test_a_file_beyond_ten_megabytes_is_refused_unread():
    assert refusal(b"a,b\n" * 2_621_441, "a.csv") == "表格太大（11 MB，最多10 MB），请分成几份再传"


def test_twenty_thousand_rows_are_read_and_one_more_is_not():
    assert len(read(b"a,b\n" * 20_000 + b"\n" * 500, "a.csv")) == 20_000
    assert refusal(b"a,b\n" * 20_001, "a.csv") == "表格超过20000行，请分成几份再传"
    assert refusal(b"a\n" + b"\n" * 19_999 + b"b", "a.csv") == "表格超过20000行，请分成几份再传"


def test_a_hundred_columns_are_read_and_one_more_is_not():
    assert len(read(plain(["x"] * 100))[0]) == 100
    assert refusal(plain(["x"] * 101)) == "表格超过100列，请只留需要的列再传"


@pytest.mark.parametrize("row", [1_048_576, 99_999_999_999])
def test_a_row_far_below_costs_no_time(row):
    far = cells(f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c><v>2</v></c></row>')

    content = changed(sheet1=far)
    if row > 1_048_576:  # no sheet has it
        assert read(content) == [["1"]]
    else:
        assert refusal(content) == "表格超过20000行，请分成几份再传"


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = zipped(b"0" * (100 * 1024 * 1024 + 1))
    assert len(bomb) < 110_000

    tracemalloc.start()
    said = refusal(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert said == TOO_MUCH
    assert peak < 1_000_000


def test_more_cells_than_a_table_has_are_refused():
    assert refusal(changed(sheet1=cells("<row>" + "<c/>" * 3_000_000 + "</row>"))) == TOO_MUCH


LAUGH = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
FILE = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/hostname">]>'
WORD = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({"sheet1": cells(WORD.format("&i;"), LAUGH + "]>")}, id="billion laughs"),
        pytest.param({"sheet1": cells(WORD.format("&i;"), f"<!--{'-x' * 99_999}-->{LAUGH}]>")}, id="behind a comment"),
        pytest.param({"sheet1": cells(WORD.format("&i;"), FILE)}, id="another file"),
        pytest.param({"sheet1": cells(WORD.format("ha"), "<!DOCTYPE x>")}, id="nothing declared"),
        pytest.param({"styles": f"{LAUGH}]><styleSheet>&i;</styleSheet>"}, id="in the styles"),
        pytest.param({"core": f"{LAUGH}]><coreProperties>&i;</coreProperties>".encode("utf-16")}, id="in UTF-16"),
    ],
)
def test_a_part_that_declares_what_words_stand_for_is_refused_unread(parts):
    assert refusal(changed(**parts)) == UNREADABLE


def test_left_alone_openpyxl_lets_a_word_stand_for_many():
    content = changed(sheet1=cells(WORD.format("&c;"), LAUGH + "]>"))
    assert load_workbook(io.BytesIO(content)).active["A1"].value == "ha" * 100

    assert read(changed(sheet1=cells(WORD.format("haha")))) == [["haha"]]


# In a form


class Returned(forms.Form):
    file = SpreadsheetField(label="回单")


def test_a_form_gives_the_file_with_its_rows_and_it_can_be_read_again():
    form = Returned(files={"file": upload(sample())})

    assert form.is_valid()
    assert form.cleaned_data["file"].rows[1][1] == "14010219900307123X"
    assert form.cleaned_data["file"].read() == sample()
    assert 'accept=".xlsx,.csv"' in str(form["file"])


def test_a_form_says_what_to_do_about_what_it_cannot_read():
    assert Returned(files={"file": upload(b"just words")}).errors["file"] == [UNREADABLE]
