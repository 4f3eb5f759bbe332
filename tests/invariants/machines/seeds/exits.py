"""What cases, ratings and assessments begin with."""

from datetime import date, timedelta

from evaluations import actions as evaluations
from expertteam import clock
from expertteam.models import CalendarYear
from expertteam.workflow import LINK
from services import actions as services
from tests import make
from tests.invariants.machines.seeds.office import NUMBERS, experts, he, office

JANUARY = clock.instant(date(2027, 1, 11), 9)


def exit_():
    """The year's assessments; cases of dismissal at every stage; ratings, refusals, reports; on 11 January 2027."""
    office()
    CalendarYear.objects.create(year=2027, source="试录")
    *people, first, second, watched, praised = experts(14)
    assessed(praised, second)
    for expert, stage in zip(people, range(len(STAGES) + 1), strict=False):
        brought(expert, stage)
    evaluations.ask_hearing(brought(people[8], 4), by=people[8].user)
    evaluations.resign(by=people[9].user, words="身体原因", waives=True)
    evaluations.resign(by=first.user, words="身体原因")
    judged(watched)
    poorly_rated(watched)
    make.make_report(expert=watched)
    make.make_report(about="某专家")
    make.make_honour(expert=praised)


def assessed(*experts):
    """The year is worked out and told to these, of whom the first contests it."""
    evaluations.assess(2026, by=he("reviewer"))
    for expert in experts:
        evaluations.release(expert.assessments.get(), by=he("leader"), reason="属实")
    evaluations.contest(experts[0].assessments.get(), by=experts[0].user, plea="少算了两次")


STAGES = [
    lambda case: evaluations.take_up(case, by=he("intake2")),
    lambda case: evaluations.add_evidence(case, by=he("intake2"), upload=make.pdf(), shows="卖课记录"),
    lambda case: evaluations.issue_notice(case, by=he("intake2"), facts="向来访者卖课", reasons="谋取私利"),
    lambda case: evaluations.receive_notice(case, by=case.expert.user),
    lambda case: evaluations.defend(case, by=case.expert.user, points=["没有卖课"]),
    lambda case: evaluations.weigh(
        case, by=he("reviewer-leader"), answers={case.pleas.get().pk: (False, "有付款记录")}, opinion="属实", advice="dismiss"
    ),
    lambda case: evaluations.confirm(case, by=he("leader"), decision="予以解聘"),
]  # fmt: skip


def brought(expert, stage: int):
    """A case of Article 12(4) against somebody who has things in hand, so many steps on."""
    in_hand(expert)
    case = evaluations.propose(expert, by=he("intake"), ground="12(4)", clue="有人反映他卖课")
    for step in STAGES[:stage]:
        step(case)
    return case


def in_hand(expert):
    """A part in an activity, a pairing, and somebody's wish for his time."""
    begins = JANUARY + timedelta(days=9)
    activity = make.make_activity(starts_at=begins, ends_at=begins + timedelta(hours=2))
    make.make_activity_role(activity=activity, expert=expert)
    make.make_pairing(expert=expert, ends_on=date(2027, 8, 31))
    services.ask(
        by=None, channel="web", wanted=expert, starts_at=begins + timedelta(days=1), name="刘小满",
        phone=f"1350000{next(NUMBERS):04d}", group="veteran", topics=["finance"], question="怎么办？",
    )  # fmt: skip


def judged(expert):
    """Six leads; of two it was found that there was no proper reason, of which one is appealed against."""
    leads = [make.make_refusal(expert=expert, kind="other", what="约好的培训没有来") for _ in range(6)]
    for lead, finder in zip(leads, ("everything", "reviewer"), strict=False):
        evaluations.ask_reason(lead, by=he("intake"))
        evaluations.give_reason(lead, by=expert.user, statement="忘了")
        evaluations.judge(lead, by=he(finder), finding="no_reason", reasons="没有说明")
    evaluations.appeal(leads[0].strike, by=expert.user, words="那天在医院")


def poorly_rated(expert):
    """Ratings that nobody has given yet, and poor ones: not called back, missed twice, to be found, mended, taken back."""
    for _ in range(3):
        make.make_rating(state="open", expert=expert, made_at=JANUARY, until=JANUARY + timedelta(days=15))
    cases = [case_of_poor_rating(expert) for _ in range(6)]
    for day in (2, 1):
        with clock.at(JANUARY - timedelta(days=day)):
            evaluations.miss_call(cases[1], by=he("intake"), note="没有人接")
    for case in cases[2:]:
        evaluations.call_back(case, by=he("intake"), note="没讲清楚")
        evaluations.explain(case, by=expert.user, statement="那天人多")
    for case in cases[3:5]:
        evaluations.find(case, by=he("reviewer"), finding="upheld_competence", reasons="双方说法一致")
    evaluations.rectify(cases[4], by=he("reviewer"), order="当面说明")
    evaluations.close(cases[4], by=he("reviewer"), outcome="已当面说明")
    evaluations.revise(cases[5].rating, by=LINK, grade=4)


def case_of_poor_rating(expert):
    rating = make.make_rating(state="open", expert=expert, made_at=JANUARY, until=JANUARY + timedelta(days=15))
    evaluations.give(rating, by=LINK, grade=1, wrong=["attitude"], text="不好", may_publish=True)
    return rating.case
