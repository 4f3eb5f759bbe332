"""The honours of the demo: one given, one sent on to the province, one that waits for the leader (Article 10(1))."""

from datetime import date

from evaluations import actions
from expertteam import clock
from expertteam.demo_life.agenda import Story, working_days_before
from expertteam.demo_life.endings import bureau_day, whose

CRITERIA = "《专家团年度通报表扬条件》：全年服务及时，服务对象满意，没有查实的差评。"
TALES = [  # kind, how many working days before the last, what was done, what the leader says to it
    ("praise", 35, "帮助十余家小店理顺成本和台账，两家因此拿到担保贷款。", "事迹属实，同意通报表扬。"),
    ("provincial", 28, "连续结对三户返乡创业家庭，半年内全部开业，带动就业九人。", "同意推荐评省级创业就业专家。"),
    ("commendation", 4, "牵头编写创业政策问答，全年义务宣讲，受到各区好评。", ""),
]


def honours(bureau, last: date) -> list[Story]:
    """Each as a story of its own."""
    return [honour(bureau, last, place, *tale) for place, tale in enumerate(TALES)]


def honour(bureau, last: date, place: int, kind: str, days: int, deeds: str, decision: str) -> Story:
    """Nominated by the reviewer, decided by the leader, unless it is left to whoever opens the demo."""
    yield clock.instant(working_days_before(last, days), 14, 30)
    expert = whose(place)
    if not expert:
        return
    said = {"year": clock.today().year, "criteria": CRITERIA, "deeds": deeds}
    nominated = actions.nominate(expert, by=bureau.accounts["reviewer"], kind=kind, **said)
    if decision:
        yield bureau_day(2)
        actions.confer(nominated, by=bureau.accounts["leader"], decision=decision)
