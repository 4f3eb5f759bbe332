"""Five suggestions out of everybody in term, against reading the same rows plainly; and out of ten times as many."""

from datetime import date, time

from benchmarks.measure import medians, report
from benchmarks.people import fill
from experts.models import Expert
from expertteam import clock
from services import matching
from services.models import Diary, ServiceRequest, WeeklyHours


def open_hours():
    """Weekday afternoons of everybody who has none yet."""
    without = Expert.objects.filter(weekly_hours=None)
    WeeklyHours.objects.bulk_create(
        [WeeklyHours(expert=e, weekday=n, begins=time(14), ends=time(17)) for e in without for n in range(5)], 2000
    )
    Diary.objects.bulk_create([Diary(expert=expert) for expert in Expert.objects.filter(diary=None)], 2000)


REQUEST = ServiceRequest(
    number="YY26030001", channel="web", name="刘小满", phone="13900000001", topics=["finance"], district="140105",
    question="想贷款。", answer_due=clock.instant(date(2026, 3, 5), 18),
)  # fmt: skip


def plainly():
    """Everybody with his topics, terms and hours, and nothing done with them."""
    related = Expert.objects.select_related("user", "diary")
    return list(related.prefetch_related("specialities", "appointments", "weekly_hours", "pauses", "disclosures"))


def suggesting(total: int) -> float:
    """With so many experts; returns milliseconds for each of them."""
    fill(total)
    open_hours()
    took = medians(5, ours=lambda: matching.suggest(REQUEST), plain=plainly)
    report(f"five suggestions out of {total} experts", took["ours"], took["plain"], 1)
    return took["ours"] / total


def small() -> float:
    REQUEST.save()
    return suggesting(300)


def large(few: float):
    report("an expert of 3,000 against one of 300", suggesting(3000), few, 1.5)
