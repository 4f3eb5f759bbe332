"""How far an application is: its seven tasks, what each lacks, what may be changed, what the rules say."""

from typing import NamedTuple

from expertteam import clock, consents
from recruitment import rules
from recruitment.categories import DECLARATIONS, evidence_for, missing_evidence
from recruitment.facts import Facts, Finding, Period
from recruitment.models import Application, Document, Round

PLEDGES = [*DECLARATIONS, "confidentiality", "public_notice"]


class Task(NamedTuple):
    """One task of the list.

    ``lacks`` names in words what is missing, and is empty when it is done; ``begun`` is false while
    nothing of it has been entered.
    """

    slug: str
    title: str
    lacks: list[str]
    begun: bool = True


def facts_of(application: Application) -> Facts:
    """The application as the rules look at it."""
    received = kinds_received(application)
    return Facts(
        on=clock.today(),
        category=application.category,
        periods=tuple(Period(p.first, p.last, p.in_field, p.managed) for p in application.periods.all()),
        profession=application.profession,
        title_level=application.title_level or "none",
        title_series=application.title_series,
        licensed="practising_licence" in received,
        award=bool(application.award),
        specialities=len(application.topics),
        success_cases=application.success_cases.count(),
        declarations=frozenset(consents.signed(application.applicant)),
        evidence_received=frozenset(received),
    )


def findings(application: Application) -> list[Finding]:
    """Every condition of Articles 5 and 6 with its verdict, the same for applicant and officer."""
    return rules.assess(facts_of(application))


def months_served(application: Application, *, in_field: bool = False) -> int:
    """The months of the work history with overlaps merged; on demand only those of the category's own field."""
    periods = application.periods.filter(in_field=True) if in_field else application.periods.all()
    return rules.service_months([(period.first, period.last) for period in periods], clock.today())


def tasks(application: Application) -> list[Task]:
    """The seven tasks in order; the last one, check and submit, lacks whatever the others lack."""
    signed = consents.signed(application.applicant)
    received = kinds_received(application)
    history, cases = application.periods.exists(), application.success_cases.exists()
    lacks = {
        "kind": lacks_of_kind(application),
        "basics": lacks_of_basics(application),
        "history": [] if history else ["工作经历"],
        "skills": lacks_of_skills(application, cases),
        "proof": lacks_of_proof(application, received),
        "pledge": [consents.TEXTS[kind].title for kind in PLEDGES if kind not in signed],
    }
    begun = {
        "kind": application.category,
        "basics": application.applicant.id_number or application.employer or application.district,
        "history": history,
        "skills": application.topics or application.line or application.biography or cases,
        "proof": received,
        "pledge": signed.intersection(PLEDGES),
    }
    listed = [Task(slug, TITLES[slug], missing, bool(begun[slug])) for slug, missing in lacks.items()]
    return [*listed, Task("check", TITLES["check"], [task.title for task in listed if task.lacks], False)]


TITLES = {
    "kind": "以哪一类人员报名",
    "basics": "基本情况",
    "history": "工作经历",
    "skills": "擅长和成功案例",
    "proof": "证明材料",
    "pledge": "承诺和同意",
    "check": "检查并提交",
}


def lacks_of_kind(application) -> list[str]:
    if not application.category:
        return ["类别"]
    return ["专业方向"] if application.category == 2 and not application.profession else []


def lacks_of_basics(application) -> list[str]:
    person = application.applicant
    wanted = {
        "姓名": person.name,
        "证件号码": person.id_number,
        "手机号": person.phone,
        "工作单位": application.employer,
        "职务": application.position,
        "所在区县": application.district,
    }
    return [label for label, value in wanted.items() if not value]


def lacks_of_skills(application, cases: bool) -> list[str]:
    wanted = {
        "擅长领域": application.topics,
        "一句话介绍": application.line,
        "个人经历": application.biography,
        "成功案例": cases,
    }
    return [label for label, value in wanted.items() if not value]


def lacks_of_proof(application, received: set[str]) -> list[str]:
    if not application.category:
        return ["先选择类别"]
    return [each.label for each in missing_evidence(application.category, application.profession, received)]


def kinds_received(application: Application) -> set[str]:
    """The evidence that has come and was not rejected; costs no query where the documents are prefetched."""
    return {
        document.kind
        for document in application.documents.all()
        if document.replaced_at is None and document.state != Document.State.REJECTED
    }


def supplement_open(application: Application) -> bool:
    """Whether a returned application may still be handed in; a provisional deadline never cuts anybody off."""
    due = application.supplement_due
    return due.provisional or rules.supplement_in_time(due.day, clock.today())


def in_time(application: Application) -> bool:
    """Whether the applicant may work on it today: a draft while its round is open, a returned one until its day."""
    if application.state == Application.State.DRAFT:
        return application.round.phase(clock.today()) == Round.Phase.OPEN
    return application.state == Application.State.RETURNED and supplement_open(application)


def named_tasks(application: Application) -> set[str]:
    """The tasks for which an application was returned; a single piece of evidence stands for its task."""
    return {item if item in TITLES else "proof" for item in application.return_items}


def open_tasks(application: Application) -> set[str]:
    """The tasks that the applicant may change today.

    Of a returned application: those it was returned for, those that depend on them, and whatever is
    missing by now, so that he can always finish.
    """
    if not in_time(application):
        return set()
    if application.state == Application.State.DRAFT:
        return set(TITLES)
    named = named_tasks(application)
    depending = {"history", "proof"} if "kind" in named else set()
    return named | depending | {task.slug for task in tasks(application) if task.lacks} | {"check"}


def open_evidence(application: Application) -> set[str]:
    """Of the evidence asked for, what may be handed in or replaced today; never what has been verified."""
    if not application.category or "proof" not in open_tasks(application):
        return set()
    current = dict(application.documents.current().values_list("kind", "state"))
    asked = {each.code for each in evidence_for(application.category, application.profession)}
    unverified = {code for code in asked if current.get(code) != Document.State.VERIFIED}
    named = set(application.return_items)
    if application.state == Application.State.DRAFT or named & {"kind", "proof"}:
        return unverified
    received = kinds_received(application)
    missing = {each.code for each in missing_evidence(application.category, application.profession, received)}
    rejected = {code for code in unverified if current.get(code) == Document.State.REJECTED}
    return unverified & (named | missing | rejected)
