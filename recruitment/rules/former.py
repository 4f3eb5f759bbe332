"""Terms that began under the document that the Measures replace (Articles 3 and 15)."""

from datetime import date

from experts.rules import last_day as last_day_of
from expertteam.regulation import IN_FORCE, article

DOCUMENT = "并人社发〔2020〕30号"
SINCE = date(2020, 1, 1)  # ours: no term under a document of 2020 began before that year


@article("15", "3")
def why_no_former_term(first_day: date, last_day: date) -> str:
    """原《关于印发太原市创业专家团服务管理办法的通知》（并人社发〔2020〕30号）废止。

    A term goes on by the former document alone where it began before the Measures were in force, and it lasts three
    years at most, as any other.  Why this one is none, in words; empty where it is one.
    """
    if first_day >= IN_FORCE[0]:
        return f"按{DOCUMENT}的聘期应在{IN_FORCE[0]:%Y年%-m月%-d日}以前开始，以后的按本办法选聘"
    if first_day < SINCE:
        return f"{DOCUMENT}是2020年的文件，聘期不会更早开始，请核对"
    if last_day <= first_day:
        return "聘期末日应在首日以后"
    latest = last_day_of(first_day)
    return f"聘期不超过三年，最晚到{latest:%Y年%-m月%-d日}" if last_day > latest else ""
