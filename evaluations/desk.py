"""What stands on the expert's desk: what he is asked about, and how content people were; never who said it."""

from django.urls import reverse

from evaluations import figures, own_case
from evaluations.models import Assessment, Dismissal, Honour, RatingCase, Report
from experts.desk import Section
from experts.models import Expert
from expertteam import clock

ASKED = [RatingCase.State.AWAITING_STATEMENT, RatingCase.State.RECTIFYING]


def to_explain(expert: Expert) -> Section | None:
    """The ratings that wait for his statement or his mending."""
    asked = RatingCase.objects.filter(rating__expert=expert, state__in=ASKED)
    cases = list(asked.select_related("rating__service").order_by("pk"))
    if not cases:
        return None
    return Section("evaluations/desk/to_explain.html", {"cases": cases}, said=f"有{len(cases)}条评价要您处理")


def to_respond(expert: Expert) -> Section | None:
    """What was reported of him and he is asked about."""
    asked = Report.objects.asking(expert.user).filter(state=Report.State.EXAMINING, responded_at=None)
    reports = list(asked.order_by("statement_due", "pk"))
    if not reports:
        return None
    return Section("evaluations/desk/to_respond.html", {"reports": reports}, said=f"有{len(reports)}件反映请您说明")


def rated(expert: Expert) -> Section | None:
    found = figures.told([expert.pk]).get(expert.pk)
    return Section("evaluations/desk/figures.html", {"figures": found}, aside=True) if found else None


def assessed(expert: Expert) -> Section | None:
    """His latest year, once he is told; the greeting speaks of it as long as he may ask for another look."""
    sheet = Assessment.objects.standing().filter(expert=expert).order_by("-year").first()
    if sheet is None:
        return None
    may_contest = sheet.may_be_contested(clock.today())
    said = f"{sheet.year}年度评价已公布" if may_contest else ""
    context = {"sheet": sheet, "may_contest": may_contest}
    return Section("evaluations/desk/assessed.html", context, said=said, aside=not may_contest)


def honoured(expert: Expert) -> Section | None:
    """What he was given for his work, and what was taken back, with why."""
    given = list(Honour.objects.given().filter(expert=expert))
    return Section("evaluations/desk/honours.html", {"honours": given}, aside=True) if given else None


def in_question(expert: Expert) -> Section | None:
    """His case of Article 12 as far as it is his to know; the way to leave stands here while he has none."""
    case = Dismissal.objects.own(expert.user).order_by("-pk").first()
    serving = expert.appointments.in_force(clock.today()).exists()
    running = bool(case and case.is_open)
    if case is None and not serving:
        return None
    told = case and own_case.of(case)
    said = told.title if running and (told.answers or case.state in own_case.SIGNING) else ""
    context = {"case": case, "own": told, "running": running, "may_resign": serving and not running}
    shows = (reverse("evaluations:own_dismissal", args=[case.pk]),) if case else ()
    return Section("evaluations/desk/dismissal.html", context, said=said, aside=not running, shows=shows)
