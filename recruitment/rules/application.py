"""When an application may be handed in, recommended, supplemented (Article 11)."""

from collections.abc import Collection, Iterable
from datetime import date

from expertteam.regulation import article
from recruitment.facts import FAIL, PASS, PERSON, Finding


@article("11")
def may_submit(findings: Iterable[Finding]) -> bool:
    """自愿报名

    Open to whomever no condition rules out; open questions go along to the officer.
    """
    return all(finding.verdict is not FAIL for finding in findings)


@article("11")
def may_recommend(findings: Iterable[Finding], settled: Collection[str]) -> bool:
    """初审推荐

    ``settled`` holds the provisions that a person looked into and found fulfilled; every
    finding left to a person must be among them, and none of the others may be a *fail*.
    """
    return all(
        finding.verdict is PASS or (finding.verdict is PERSON and finding.article in settled) for finding in findings
    )


@article("11")
def supplement_in_time(deadline: date, on: date) -> bool:
    """初审推荐

    What was asked for may come until the end of the last day.
    """
    return on <= deadline
