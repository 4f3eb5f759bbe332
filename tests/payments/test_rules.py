"""What the package of rules offers, and that each rule is on the map of provisions."""

import inspect

import pytest

from expertteam.regulation import ENFORCED, provision
from payments import rules

RULES = [
    rules.by_day,
    rules.doubts,
    rules.fee,
    rules.gross_up,
    rules.income_of,
    rules.income_tax,
    rules.kind_of,
    rules.review_fee,
    rules.vat,
    rules.within_caps,
    rules.withholding,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_map_of_provisions_names_the_rule_and_the_rule_quotes_it(rule):
    quoted = inspect.getdoc(rule).splitlines()[0]

    assert rule in ENFORCED["13"]
    assert quoted in "".join(provision("a13").text)


def test_every_rule_of_the_article_is_offered():
    cited = {rule for rule in ENFORCED["13"] if rule.__module__.startswith("payments.rules.")}

    assert cited == set(RULES)


def test_all_that_is_offered_is_there():
    assert [name for name in rules.__all__ if not hasattr(rules, name)] == []
