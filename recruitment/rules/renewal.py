"""When an expert may ask for another term, when it begins, and who has to wait (Articles 3 and 12)."""

from datetime import date, timedelta

from expertteam.regulation import article

ONE_DAY = timedelta(days=1)
OWN_REQUEST = "12(1)"


@article("3")
def renewal_open(last_day: date, void_from: date | None, on: date, days: int) -> bool:
    """可根据工作需要、专家意愿及过往服务评估情况，按程序重新组织选聘

    The wish is spoken in the last ``days`` before ``last_day``, which itself still belongs to the
    term; whose term was ended early has none that could be followed by another.
    """
    return void_from is None and last_day - timedelta(days=days) <= on <= last_day


@article("3")
def renewal_begins(last_day: date, on: date) -> date:
    """聘期届满后聘任关系自动终止……按程序重新组织选聘

    A new term, never a longer old one: from the day after, or from today where that has gone by.
    """
    return max(last_day + ONE_DAY, on)


@article("3")
def renewal_reasoned(opinion: str) -> bool:
    """可根据工作需要、专家意愿及过往服务评估情况，按程序重新组织选聘

    Whoever recommends it says what speaks for it.
    """
    return bool(opinion.strip())


@article("12")
def reapply_open(ground: str, dismissed_on: date, on: date, years: int) -> bool:
    """有下列情况之一的，经市人社部门确认后予以解聘

    Whoever was dismissed on one of the grounds (2) to (6) may apply again from the anniversary of that
    day on (of 29 February 1 March); ``years`` 0 bars nobody, and who left at his own request never waits.
    How long is ours, the Measures name none.
    """
    return ground == OWN_REQUEST or years == 0 or on >= years_later(dismissed_on, years)


def years_later(day: date, years: int) -> date:
    """The same day so many years later; for 29 February, where that does not exist, 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
