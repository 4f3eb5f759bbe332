"""What one year of an expert shows to whoever weighs an honour, in figures that are kept with it (Article 10(1))."""

from collections.abc import Iterator

from django.db.models import QuerySet

from evaluations import rules, workload
from evaluations.models import Assessment, Dismissal, Strike
from evaluations.rules.honour import why_not_honoured
from experts.models import Appointment, Expert
from expertteam.calendar import period
from expertteam.templatetags.terrace import duration


def terms(year: int) -> QuerySet[Appointment]:
    """Those with a day in that year, the latest first."""
    return Appointment.objects.overlapping(*period(year)).order_by("-first_day", "-pk")


def why_not(expert: Expert, year: int) -> str:
    """What stands in the way of honouring his work of that year; empty where nothing does."""
    cases = Dismissal.objects.filter(expert=expert)
    return why_not_honoured(
        served=terms(year).filter(expert=expert).exists(),
        dismissed=cases.filter(state=Dismissal.State.DISMISSED).exclude(ground=Dismissal.Ground.OWN_REQUEST).exists(),
        open_case=cases.open().exists(),
        strikes=Strike.objects.counted().filter(expert=expert, day__range=period(year)).count(),
    )


def figures(expert: Expert, year: int) -> dict:
    """The year in numbers, as JSON keeps them; the average is None below five ratings."""
    done = workload.of(expert, *period(year))
    average = rules.public_average(done.ratings)
    return {
        "assessment": assessed(expert, year),
        "services": done.sessions + done.activities + done.reviews,
        "sessions": done.sessions,
        "activities": done.activities,
        "reviews": done.reviews,
        "pairings": done.pairings,
        "minutes": done.minutes,
        "rated": done.rated,
        "average": None if average is None else str(average),
        "upheld": done.upheld,
        "late_logs": done.late_logs,
        "stand_downs": done.stand_downs,
    }


def assessed(expert: Expert, year: int) -> str:
    """How his year was assessed, as he was told; empty before."""
    sheet = Assessment.objects.standing().filter(expert=expert, year=year).first()
    return f"{sheet.get_grade_display()}，{sheet.total}分" if sheet else ""


def told(found: dict) -> Iterator[tuple[str, str]]:
    """The same in words, each with what it is about."""
    yield "年度评价", found["assessment"] or "还没有公布"
    yield "服务", f"{found['services']}次，{duration(found['minutes'])}"
    yield "指导和咨询", f"{found['sessions']}次（30分钟以上）"
    yield "活动", f"{found['activities']}次"
    yield "项目评审", f"{found['reviews']}次"
    yield "结对帮扶", f"{found['pairings']}个，跟踪满6个月"
    yield "满意度", satisfaction(found)
    yield "查实的差评", f"{found['upheld']}条"
    yield "补记服务", f"{found['late_logs']}次"
    yield "临时不能来", f"{found['stand_downs']}次"


def satisfaction(found: dict) -> str:
    """An average, or why there is none."""
    if found["average"] is None:
        return f"{found['rated']}条评价，不满{rules.FEWEST}条，不算平均分"
    return f"{found['average']}分（满分5分，{found['rated']}条评价）"
