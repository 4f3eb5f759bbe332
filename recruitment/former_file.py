"""The table by which the team of the former document is brought in: its columns, what stands in them, what is wrong."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError

from experts.models import District, Topic
from experts.rules import CATEGORY_NAMES
from expertteam import clock
from expertteam.calendar import ONE_DAY
from expertteam.identifiers import ID_KINDS, ID_READERS, mobile, social_credit_code
from expertteam.regulation import IN_FORCE, numeral
from expertteam.workbooks import Marked, book
from recruitment import rules

SHEET, GUIDE, FAULT = "原专家团名单", "填写说明", "问题"
EXAMPLE = "示例"  # a name that begins so is the row that shows how to fill in the table
MOST = 500  # rows of a table: it is taken in at one go
DAY = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D?")
NUMBERED = re.compile(rf"{re.escape(settings.SITE['certificate_mark'])}\D?(\d{{4}})\D")


def words(most: int) -> Callable[[str], str]:
    """Words of so many characters at most."""

    def read(text: str) -> str:
        if len(text) > most:
            raise ValidationError(f"最多{most}字，现在是{len(text)}字")
        return text

    return read


def one_of(choices: dict[str, object]) -> Callable[[str], object]:
    """One of these words, and what it stands for."""

    def read(text: str):
        if text not in choices:
            raise ValidationError(f"只能填：{'、'.join(choices)}")
        return choices[text]

    return read


def day(text: str) -> date:
    """2023-05-01, as Excel or people write it."""
    if not (found := DAY.fullmatch(text)):
        raise ValidationError("日期请写成2023-05-01")
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise ValidationError("没有这一天，请核对") from None


def certificate(text: str) -> str:
    """The number of the certificate as it was issued; never one of those that the portal itself gives out."""
    number = words(30)("".join(text.split()))
    if (found := NUMBERED.match(number)) and int(found[1]) >= IN_FORCE[0].year:
        raise ValidationError("这是按本办法发的聘书编号，不是原聘书的")
    return number


def category(text: str) -> int:
    """The item of Article 5: 2, 二, （二） or 第二项."""
    plain = text.strip("第项（）()")
    found = next((each for each in CATEGORY_NAMES if plain in (str(each), numeral(each))), None)
    if found is None:
        raise ValidationError("请填第五条第几项，1到8")
    return found


def topics(text: str) -> list[str]:
    """Fields of Article 8(1), one after the other."""
    labels = {topic.label: topic.value for topic in Topic}
    return list(dict.fromkeys(one_of(labels)(each) for each in re.split(r"[、，,；;\s]+", text) if each))


class Column(NamedTuple):
    """A column: how its words are read, how the guide explains it, what the example says."""

    title: str
    name: str
    read: Callable[[str], object]
    needed: bool
    guide: str
    example: str


KINDS = {label: kind for kind, label in ID_KINDS.items()}
DISTRICTS = {label: value for value, label in District.choices}
COLUMNS = [
    Column("姓名", "name", words(50), True, "和证件上的一致", f"{EXAMPLE}：张三（这一行不会导入，可以删掉）"),
    Column("证件类型", "id_kind", one_of(KINDS), True, f"只能填：{'、'.join(KINDS)}", "居民身份证"),
    Column("证件号码", "id_number", str, True, "号码是文本，不要让Excel变成1.4E+17", "140105199001011234"),
    Column("手机号", "phone", mobile, True, "本人的手机号，凭它收验证码登录，每人一个", "13800000000"),
    Column("聘书编号", "number", certificate, True, "原聘书上的编号，一字不差，不能重复", "并创〔2024〕12号"),
    Column("聘期首日", "first_day", day, True, "写成2024-05-01；要在2026年2月1日以前", "2024-05-01"),
    Column("聘期末日", "last_day", day, True, "写成2027-04-30；聘期不超过三年", "2027-04-30"),
    Column("类别", "category", category, True, "对应本办法第五条第几项，填1到8："
           + "；".join(f"{key} {label}" for key, label in CATEGORY_NAMES.items()), "2"),
    Column("擅长领域", "topics", topics, True, f"一项或几项，用顿号隔开：{'、'.join(Topic.labels)}", "经营管理、融资贷款"),
    Column("工作单位", "employer", words(100), False, "可以不填", "太原某装备公司"),
    Column("单位统一社会信用代码", "employer_code", social_credit_code, False, "可以不填，18位", ""),
    Column("职务", "position", words(60), False, "可以不填", "总经理"),
    Column("职称", "title", words(60), False, "可以不填", "高级经济师"),
    Column("所在区县", "district", one_of(DISTRICTS), False, f"可以不填；填的话只能填：{'、'.join(DISTRICTS)}", "小店区"),
    Column("可以上门", "visits", one_of({"是": True, "否": False}), False, "填是或否，不填算否", "否"),
]  # fmt: skip
TITLES = [column.title for column in COLUMNS]
OF_THE_EXPERT = ["employer", "employer_code", "position", "title", "district", "visits"]
REMARKS = [
    ("怎样导入", "填好以后上传试读，只看会新建谁、哪里有问题，不会写入；有问题的下载退回表，改好再传。由另一个人核对后导入。"),
    ("导入以后", "专家用手机号收验证码登录，先签保密承诺；本人同意公开以后，名录里才显示他。"),
    ("一次多少", f"一个文件最多{MOST}行，每人一行；表头不要改，列的先后没有关系。"),
]  # fmt: skip


class Row(NamedTuple):
    """A row of the table: what was typed by title, what it means by name, what is wrong by title."""

    place: int
    cells: dict[str, str]
    values: dict[str, object]
    faults: dict[str, str]


def rows_of(table: list[list[str]]) -> list[Row]:
    """The rows of an uploaded table without blank ones and the example; ``ValidationError`` where it is another table."""
    head, *lines = table
    where = {title: head.index(title) for title in TITLES if title in head}
    if missing := [column.title for column in COLUMNS if column.needed and column.title not in where]:
        raise ValidationError(f"第一行缺少表头：{'、'.join(missing)}，请用模板")
    found = []
    for place, line in enumerate(lines, 2):
        cells = {title: line[at] for title, at in where.items() if line[at]}
        if cells and not cells.get("姓名", "").startswith(EXAMPLE):
            found.append(read(place, cells))
    if not found:
        raise ValidationError("表格里没有要导入的人")
    if len(found) > MOST:
        raise ValidationError(f"一个文件最多{MOST}行，现在是{len(found)}行，请分成几份")
    return found


def read(place: int, cells: dict[str, str]) -> Row:
    """What the words of a row mean."""
    values, faults = {}, {}
    for column in COLUMNS:
        typed = cells.get(column.title, "")
        if not typed:
            if column.needed:
                faults[column.title] = "没有填"
            continue
        try:
            values[column.name] = column.read(typed)
        except ValidationError as wrong:
            faults[column.title] = wrong.message
    check_together(values, faults)
    return Row(place, cells, values, faults)


def check_together(values: dict, faults: dict):
    """What two cells have to say of each other: kind and number of a paper, both days of a term."""
    if {"id_kind", "id_number"} <= values.keys():
        try:
            values["id_number"] = ID_READERS[values["id_kind"]](values["id_number"])
        except ValidationError as wrong:
            faults["证件号码"] = wrong.message
    if {"first_day", "last_day"} <= values.keys():
        first_day, last_day = values["first_day"], values["last_day"]
        if reason := rules.why_no_former_term(first_day, last_day):
            by_itself = rules.why_no_former_term(first_day, first_day + ONE_DAY)
            faults["聘期首日" if by_itself else "聘期末日"] = reason


def template() -> bytes:
    """The empty table, one row that shows how to fill it in, and a sheet that explains every column."""
    guide = [(column.title, "必填" if column.needed else "可以不填", column.guide) for column in COLUMNS]
    return book(
        {
            SHEET: (TITLES, [[Marked(column.example) for column in COLUMNS]]),
            GUIDE: (["列", "必填", "怎样填"], [*guide, *((title, "", text) for title, text in REMARKS)]),
        },
        clock.instant(IN_FORCE[0]),
        to_fill_in=SHEET,
    )


def returned(rows: Iterable[tuple[dict[str, str], dict[str, str]]]) -> bytes:
    """The rows as they came, each with what is wrong in a column of its own, and the wrong cells marked."""
    lines = [
        [
            *(Marked(cells.get(title, "")) if title in faults else cells.get(title, "") for title in TITLES),
            "；".join(f"{title}：{fault}" for title, fault in faults.items()),
        ]
        for cells, faults in rows
    ]
    return book({SHEET: ([*TITLES, FAULT], lines)}, clock.now(), to_fill_in=SHEET)
