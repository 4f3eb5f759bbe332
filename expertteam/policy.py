"""The numbers that the Measures leave open, each with its default and why that default."""

from typing import NamedTuple


class OpenNumber(NamedTuple):
    """A number the bureau may fix by a document; until then ``default`` holds."""

    label: str
    default: int
    ground: str


OPEN_NUMBERS = {
    "notice_days": OpenNumber("公示天数（工作日）", 5, "第十一条未定天数；各地人选公示惯例为5个工作日，首日计入"),
    "notice_end_hour": OpenNumber("公示末日截止时刻（点）", 18, "下班时间"),
    "supplement_days": OpenNumber("补正期限（工作日）", 5, "办法未定，留足一周"),
    "supplement_rounds": OpenNumber("每次报名最多退回补正次数", 2, "办法未定，避免无限退回"),
    "objection_days": OpenNumber("异议答复期限（工作日）", 10, "办法未定，惯例为10个工作日"),
}
