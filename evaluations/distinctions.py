"""What stands beside an expert's name in public: praise and commendation, each as one line (Article 10(1))."""

from evaluations.models import Honour

MOST = 5


def told(expert: int) -> list[str]:
    return [honour.words for honour in Honour.objects.public().filter(expert=expert)[:MOST]]
