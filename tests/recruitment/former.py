"""Tables of the old team as a clerk fills them in."""

from django.core.files.uploadedfile import SimpleUploadedFile

from expertteam import clock
from expertteam.workbooks import XLSX, book
from recruitment import actions
from recruitment.former_file import SHEET, TITLES

PERSON = {
    "姓名": "韩砚秋",
    "证件类型": "居民身份证",
    "证件号码": "11010519491231002X",
    "手机号": "138 0000 0001",
    "聘书编号": "并创〔2024〕12号",
    "聘期首日": "2024-05-01",
    "聘期末日": "2027-04-30",
    "类别": "2",
    "擅长领域": "经营管理、融资贷款",
    "工作单位": "太原某装备公司",
    "职务": "总经理",
    "可以上门": "是",
}
SECOND = PERSON | {
    "姓名": "马文远", "证件号码": "440524188001010014", "手机号": "13800000002", "聘书编号": "并创〔2024〕13号",
}  # fmt: skip


def somebody(number: int) -> dict:
    """A person of the old team by number: the same number is the same person."""
    return PERSON | {
        "证件类型": "护照", "证件号码": f"E{number:08}", "手机号": f"1366000{number:04}", "聘书编号": f"并创〔2024〕{number}号",
    }  # fmt: skip


def table(*people, titles=TITLES, name="原专家团.xlsx"):
    """An upload with these rows."""
    rows = [[person.get(title, "") for title in titles] for person in people]
    return SimpleUploadedFile(name, book({SHEET: (titles, rows)}, clock.now()), XLSX)


def taken(intake, reviewer, *people):
    """Read by one, taken in by the other."""
    record = actions.read_former(table(*(people or [PERSON, SECOND])), by=intake)
    return actions.take_in(record, by=reviewer)
