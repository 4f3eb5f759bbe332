"""What clients say of a service, and what becomes of a poor word (Article 10(1))."""

from datetime import timedelta

from evaluations import actions
from evaluations.models import Rating
from expertteam import clock
from expertteam.demo_life.agenda import Story
from expertteam.workflow import LINK
from services.models import Service

GRADES = [5, 5, 5, 4, 4, 5, 3, 5, 4]
PRAISE = [["clear"], ["useful", "clear"], ["patient"], ["policy", "useful"], ["punctual"]]
QUOTES = ["老师把账一笔一笔算给我看，心里有底了。", "讲得实在，回去就照着办。", "没有套话，问什么答什么。", ""]


def rated(bureau, service: Service) -> Story:
    """Most say something within a few days; what may be published is looked at first."""
    dice = bureau.hours.random
    if dice.random() < 0.25:
        return
    yield clock.now() + timedelta(hours=dice.randint(1, 70))
    text = dice.choice(QUOTES)
    rating = Rating.objects.get(service=service)
    actions.give(
        rating, by=LINK, grade=dice.choice(GRADES), good=dice.choice(PRAISE), text=text, may_publish=dice.random() < 0.6
    )
    if rating.quote == Rating.Quote.WAITING:
        yield bureau.hours.soon(3)
        actions.show_quote(rating, by=bureau.accounts["reviewer"])


def rated_poorly(bureau, service: Service, settled: bool) -> Story:
    """A poor word is called back about, the expert explains, a person who had no part in it finds."""
    yield clock.now() + timedelta(hours=5)
    rating = Rating.objects.get(service=service)
    actions.give(rating, by=LINK, grade=2, wrong=["unsolved"], text="还是不知道该找哪个部门。")
    if not settled:
        return
    yield bureau.hours.soon(1)
    case = rating.case
    actions.call_back(case, by=bureau.accounts["intake"], note="对方希望知道具体找哪个窗口")
    yield bureau.hours.soon(2)
    actions.explain(case, by=service.expert.user, statement="当时窗口正在调整，没有给出准确地址，已补发给对方。")
    yield bureau.hours.soon(2)
    actions.find(
        case, by=bureau.accounts["reviewer"], finding="upheld_competence", reasons="意见没有落到具体窗口，属实"
    )
    yield bureau.hours.soon(1)
    actions.rectify(case, by=bureau.accounts["reviewer"], order="补充办事窗口和材料清单，发给对方")
    yield bureau.hours.soon(3)
    actions.close(case, by=bureau.accounts["intake"], outcome="清单已发给对方，对方认可")
