"""How far an application is: its seven tasks, what each still lacks, and what the rules say of it."""

from typing import NamedTuple

from expertteam import clock, consents
from recruitment import rules
from recruitment.categories import DECLARATIONS, missing_evidence
from recruitment.facts import Facts, Finding, Period
from recruitment.models import Application

PLEDGES = [*DECLARATIONS, "confidentiality", "public_notice"]


class Task(NamedTuple):
    """One task of the list; ``lacks`` names in words what is missing, and is empty when it is done."""

    slug: str
    title: str
    lacks: list[str]


def facts_of(application: Application) -> Facts:
    """The application as the rules look at it."""
    received = application.documents.current().exclude(state="rejected").values_list("kind", flat=True)
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


def tasks(application: Application) -> list[Task]:
    """The seven tasks in order; the last one, check and submit, lacks whatever the others lack."""
    lacks = {
        "kind": lacks_of_kind(application),
        "basics": lacks_of_basics(application),
        "history": [] if application.periods.exists() else ["工作经历"],
        "skills": lacks_of_skills(application),
        "proof": lacks_of_proof(application),
        "pledge": [
            consents.TEXTS[kind].title for kind in PLEDGES if kind not in consents.signed(application.applicant)
        ],
    }
    listed = [Task(slug, TITLES[slug], missing) for slug, missing in lacks.items()]
    return [*listed, Task("check", TITLES["check"], [task.title for task in listed if task.lacks])]


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


def lacks_of_skills(application) -> list[str]:
    wanted = {
        "擅长领域": application.topics,
        "一句话介绍": application.line,
        "个人经历": application.biography,
        "成功案例": application.success_cases.exists(),
    }
    return [label for label, value in wanted.items() if not value]


def lacks_of_proof(application) -> list[str]:
    if not application.category:
        return ["先选择类别"]
    received = set(application.documents.current().exclude(state="rejected").values_list("kind", flat=True))
    return [each.label for each in missing_evidence(application.category, application.profession, received)]
